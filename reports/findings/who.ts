// Who starves: which classes, in how many runs, at which setting most; the bound where nobody does; who waits longest.
import { agentRows, agentsListed, agentsTotal, anyStarved, harmedSettings, MOST_COLUMNS, type AgentRow } from '../agents.ts';
import { fixed, noneOf, percent, spell } from '../numbers.ts';
import { worstRun } from '../outliers.ts';
import { repeat, repeatCommand, type Repeat } from '../repeat.ts';
import type { Setting } from '../settings.ts';
import type { Study } from '../study.ts';
import { showValue } from '../units.ts';
import { EVERY } from '../waits.ts';
import { names, numberedText } from './words.ts';

const starvedAt = (rows: readonly AgentRow[], i: number): AgentRow[] => rows.filter((r) => r.cells[i].starved > 0);
const several = (study: Study): boolean => study.settings.length > 1;
const at = (study: Study, s: Setting): string => (several(study) ? ` at ${s.short}` : '');

export function whoFinding(study: Study): string[] {
  const rows = agentRows(study.settings),
    all = agentsTotal(study);
  if (!anyStarved(rows)) return [...nobody(study), ...longest(study, rows)];
  const counts = study.settings.map((_, i) => rows.reduce((sum, r) => sum + r.cells[i].starved, 0)),
    most = Math.max(...counts),
    worst = study.settings[counts.indexOf(most)],
    i = worst.index;
  const hit = starvedAt(rows, i),
    runs = hit.map((r) => r.cells[i].starved).sort((a, b) => a - b),
    n = Math.max(...hit.map((r) => r.cells[i].runs));
  const everHit = rows.filter((r) => r.cells.some((c) => c.starved > 0)),
    hitClasses = [...new Set(everHit.map((r) => r.callClass))],
    classes = [...new Set(rows.map((r) => r.callClass))];
  const who =
    classes.length > 1 && hitClasses.length === 1
      ? `Only agents of class ${hitClasses[0]}.`
      : `${fixed(everHit.length, 0)} of ${fixed(Math.max(all, rows.length), 0)} agents${several(study) ? ', in one setting or another' : ''}.`;
  const times = runs[0] === runs[runs.length - 1] ? `${runs[0]}` : `${runs[0]} to ${runs[runs.length - 1]}`;
  const where =
    n === 1
      ? `${several(study) ? `At ${worst.name},` : 'In this run'} ${hit.length === 1 ? `${hit[0].name} gets` : `${spell(hit.length)} agents get`} no call through.`
      : `${several(study) ? `At ${worst.name},` : 'Here'} ${hit.length === 1 ? `${hit[0].name} ends` : `${spell(hit.length)} agents end`} ${times} of ${n} runs without one completion${hit.length > 1 ? ' each' : ''}.`;
  const safe = study.settings.filter((_, k) => counts[k] === 0);
  return [who, where, ...(safe.length ? [`None starves at ${names(study, safe)}.`] : several(study) ? ['Some agent starves at every setting.'] : [])];
}

function nobody(study: Study): string[] {
  const n = study.n.low;
  return [
    n > 1
      ? `Nobody starves: every agent completes a call in each of ${n} runs${several(study) ? ' of every setting' : ''}, so the chance of a run that starves a given agent is at most ${percent(noneOf(n))} (95\u00a0%).`
      : `Nobody starves: every agent completes a call in ${several(study) ? 'the run of each setting' : 'this run'}.`,
  ];
}

function longest(study: Study, rows: readonly AgentRow[]): string[] {
  let top: { r: AgentRow; s: Setting; wait: number } | null = null,
    low: { r: AgentRow; s: Setting; wait: number } | null = null;
  for (const s of study.settings)
    for (const r of rows) {
      const wait = r.cells[s.index].waitS;
      if (wait !== null && (!top || wait > top.wait)) top = { r, s, wait };
    }
  if (top)
    for (const r of rows) {
      const wait = r.cells[top.s.index].waitS;
      if (wait !== null && (!low || wait < low.wait)) low = { r, s: top.s, wait };
    }
  if (!top || !low || top.wait === 0) return ['No call waits.'];
  return [
    top.wait === low.wait
      ? `All agents wait alike, ${showValue(EVERY, top.wait)} on average.`
      : `The longest mean wait is that of ${top.r.name}, ${showValue(EVERY, top.wait)}${at(study, top.s)}, where ${low.r.name} waits ${showValue(EVERY, low.wait)}.`,
  ];
}

/** One run of the agent that is treated worst: without a completion, else with the longest mean wait. */
export function whoRepeats(study: Study): Repeat[] {
  const rows = agentRows(study.settings),
    worst = rows
      .map((r) => ({ name: r.name, starved: Math.max(...r.cells.map((c) => c.starved)), run: worstRun(study.settings, r.name) }))
      .filter((r) => r.run !== undefined)
      .sort((a, b) => b.starved - a.starved || b.run!.waitS - a.run!.waitS)[0];
  if (!worst) return [];
  const { setting, replication, starved, waitS } = worst.run!;
  if (!starved && waitS === 0) return [];
  return repeat(
    `${starved ? `Replication ${replication}${at(study, setting)} is one in which ${worst.name} gets no call through` : `The longest mean wait of an agent in one run is ${showValue(EVERY, waitS)}, of ${worst.name} in replication ${replication}${at(study, setting)}`}. Again:`,
    repeatCommand(study, setting, replication),
  );
}

export function whoCaption(study: Study): string[] {
  const starving = anyStarved(agentRows(study.settings)),
    total = agentsTotal(study),
    listed = agentsListed(study),
    n = study.n.high;
  return [
    'Estimand: ',
    starving
      ? `replications, of ${n}, in which the agent completes no call in the window; a point is none.`
      : `mean wait of an agent’s calls, the unserved counted to the end of the window, ${n > 1 ? `mean over ${n} replications` : 'one run'}.`,
    ...(starving ? [] : ['Colour: above the mean of all agents, by up to 25, 50, 75\u00a0% and more.']),
    ...(starving && n > 1 ? [`None of ${n} means a probability of at most ${percent(noneOf(n))} per agent (95\u00a0%).`] : []),
    ...(total > listed ? [`Each run lists the ${listed} agents with the fewest completions, of ${fixed(total, 0)}.`] : []),
    ...numberedText(harmedSettings(study, MOST_COLUMNS)),
    ...(study.settings.length > MOST_COLUMNS ? ['Columns: the coloured settings and those that starve the most.'] : []),
  ];
}
