// What each agent got, over the replications of a setting: runs without one completion, mean wait, share of its calls completed.
import type { AgentDetail } from '../sim/results.ts';
import type { Setting } from './settings.ts';
import type { Study } from './study.ts';

export interface AgentRow {
  readonly name: string;
  readonly callClass: string;
  readonly cells: readonly AgentCell[];
}
/** `runs`: replications in which the agent asked for something. Null: not listed in this setting, which lists those with the fewest completions. */
export interface AgentCell {
  readonly starved: number;
  readonly runs: number;
  readonly waitS: number | null;
  readonly completed: number;
  readonly arrived: number;
}

function cellOf(setting: Setting, name: string): AgentCell {
  let starved = 0,
    runs = 0,
    wait = 0,
    completed = 0,
    arrived = 0;
  for (const run of setting.runs) {
    const agent = agentsOf(run.detail.agents).get(name);
    if (!agent || agent.arrived === 0) continue;
    runs++;
    wait += agent.waitAllMeanS;
    completed += agent.completed;
    arrived += agent.arrived;
    if (agent.completed === 0) starved++;
  }
  return { starved, runs, waitS: runs ? wait / runs : null, completed, arrived };
}

const cache = new WeakMap<readonly AgentDetail[], ReadonlyMap<string, AgentDetail>>();
function agentsOf(agents: readonly AgentDetail[]): ReadonlyMap<string, AgentDetail> {
  let map = cache.get(agents);
  if (!map) {
    map = new Map(agents.map((a) => [a.name, a]));
    cache.set(agents, map);
  }
  return map;
}

const natural = (a: string, b: string): number => {
  const x = a.match(/\d+|\D+/g) ?? [],
    y = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] === y[i]) continue;
    const n = Number(x[i]),
      m = Number(y[i]);
    return Number.isNaN(n) || Number.isNaN(m) || n === m ? (x[i] < y[i] ? -1 : 1) : n - m;
  }
  return x.length - y.length;
};

/** Every agent that any run lists, by class and name, with one cell a setting. */
export function agentRows(settings: readonly Setting[]): AgentRow[] {
  const classes = new Map<string, string>();
  for (const s of settings) for (const run of s.runs) for (const a of run.detail.agents) if (!classes.has(a.name)) classes.set(a.name, a.class);
  const names = [...classes.keys()].sort((a, b) => natural(classes.get(a)!, classes.get(b)!) || natural(a, b));
  return names.map((name) => ({ name, callClass: classes.get(name)!, cells: settings.map((s) => cellOf(s, name)) }));
}

export const agentsTotal = (study: Study): number => Math.max(0, ...study.settings.flatMap((s) => s.runs.map((r) => r.detail.agentsTotal)));
export const agentsListed = (study: Study): number => Math.max(0, ...study.settings.flatMap((s) => s.runs.map((r) => r.detail.agents.length)));
export const anyStarved = (rows: readonly AgentRow[]): boolean => rows.some((r) => r.cells.some((c) => c.starved > 0));

/** Rows that are drawn: up to `most`, those with the most starved runs, then the longest waits; in their order. */
export function worstAgents(rows: readonly AgentRow[], most: number): readonly AgentRow[] {
  if (rows.length <= most) return rows;
  const harm = (r: AgentRow): readonly [number, number] => [
    r.cells.reduce((sum, c) => sum + c.starved, 0),
    Math.max(0, ...r.cells.map((c) => c.waitS ?? 0)),
  ];
  const kept = new Set(
    [...rows]
      .sort((a, b) => {
        const x = harm(a),
          y = harm(b);
        return y[0] - x[0] || y[1] - x[1] || natural(a.name, b.name);
      })
      .slice(0, most),
  );
  return rows.filter((r) => kept.has(r));
}

/** Settings abreast in a drawing of agents. */
export const MOST_COLUMNS = 13;

/** Columns that are drawn: up to `most`: the coloured settings, then those with the most starved runs; in their order. */
export function harmedSettings(study: Study, most: number): readonly Setting[] {
  if (study.settings.length <= most) return study.settings;
  const starved = (s: Setting): number =>
    s.runs.reduce((sum, r) => sum + r.detail.agents.filter((a) => a.arrived > 0 && a.completed === 0).length, 0);
  const harm = new Map(study.settings.map((s) => [s, starved(s)]));
  const kept = new Set(
    [...study.settings].sort((a, b) => Number(b.featured) - Number(a.featured) || harm.get(b)! - harm.get(a)! || a.index - b.index).slice(0, most),
  );
  return study.settings.filter((s) => kept.has(s));
}
