// Who starves: agents against settings, replications without one completion in each cell; where nobody starves, how long each waits.
import { agentRows, agentsTotal, anyStarved, harmedSettings, MOST_COLUMNS, worstAgents, type AgentCell } from '../agents.ts';
import { whoCaption, whoFinding, whoRepeats } from '../findings/who.ts';
import { worstRun } from '../outliers.ts';
import { commandCell } from '../repeat.ts';
import { decimalsFor, fixed } from '../numbers.ts';
import type { Study } from '../study.ts';
import { columnDecimals, type Table } from '../table.ts';
import { shorten, textWidth } from '../text-width.ts';
import { INK } from '../tokens.ts';
import { durationUnit } from '../units.ts';
import type { Chart, Place } from './chart.ts';
import { columnHeads, headOf } from './heads.ts';
import { fields, framed, layer, scaled } from './parts.ts';
import type { Spec } from '../svg.ts';

const MOST_ROWS = 20;

/** Ramp of harm, always with the number in the cell. */
const RAMP = [
  { fill: INK.s2, ink: INK.text },
  { fill: INK.s3, ink: INK.text },
  { fill: INK.s4, ink: INK.page },
  { fill: INK.s5, ink: INK.page },
] as const;
const shade = (part: number): (typeof RAMP)[number] => RAMP[part <= 0.25 ? 0 : part <= 0.5 ? 1 : part <= 0.75 ? 2 : 3];

function build(study: Study, { width, narrow }: Place): Spec {
  const columns = harmedSettings(study, MOST_COLUMNS),
    all = agentRows(columns),
    starving = anyStarved(all),
    rows = worstAgents(all, MOST_ROWS);
  const name = (r: (typeof rows)[number]): string =>
    r.callClass && !r.name.includes(r.callClass) && study.classes.length > 1 ? `${r.name}, ${r.callClass}` : r.name;
  const left = Math.ceil(Math.min(narrow ? 96 : 170, 14 + Math.max(20, ...rows.map((r) => textWidth(name(r), 12))))),
    right = 2,
    plot = width - left - right,
    cell = Math.min(plot / columns.length, 132);
  const x = scaled({ domain: [0, plot / cell], values: [], decimals: 0 }, { hidden: true }),
    y = scaled({ domain: [0, rows.length], values: [], decimals: 0 }, { reverse: true, hidden: true });
  const longest = Math.max(0, ...rows.flatMap((r) => r.cells.map((c) => c.waitS ?? 0))),
    unit = durationUnit(longest),
    decimals = decimalsFor(longest * unit.factor, narrow ? 2 : 3);
  const value = (c: AgentCell): string =>
    c.runs === 0 ? '–' : starving ? (c.starved ? String(c.starved) : '·') : fixed((c.waitS ?? 0) * unit.factor, decimals);
  const waits = all.flatMap((r) => r.cells.flatMap((c) => (c.waitS === null ? [] : [c.waitS]))),
    usual = waits.reduce((sum, w) => sum + w, 0) / Math.max(1, waits.length);
  /** Share of runs, or how far the wait is above the mean of all agents. */
  const part = (c: AgentCell): number => (c.runs === 0 ? 0 : starving ? c.starved / Math.max(1, c.runs) : usual > 0 ? (c.waitS ?? 0) / usual - 1 : 0);
  const cells = rows.flatMap((r, j) =>
    r.cells.map((c, i) => {
      const none = c.runs === 0 || part(c) <= (starving ? 0 : 1e-9),
        look = none ? { fill: INK.panel, ink: INK.muted } : shade(part(c)),
        setting = columns[i];
      return {
        id: setting.cell.id,
        x0: i + 0.03,
        x1: i + 0.97,
        y0: j + 0.05,
        y1: j + 0.95,
        x: i + 0.5,
        y: j + 0.5,
        t: value(c),
        ...look,
        tip: `${name(r)} at ${setting.name}: ${c.runs ? `${c.completed} of ${c.arrived} calls completed; ${c.starved} of ${c.runs} runs without one` : 'not among those listed'}`,
      };
    }),
  );
  const headSize = narrow ? 10 : 12,
    heads = columnHeads(columns, cell, headSize, columns.length > 5 ? Infinity : 0),
    lines = Math.max(0, ...heads.map((head) => head.length));
  const dim = { condition: { test: 'chosen === null || datum.id === chosen', value: 1 }, value: 0.3 },
    size = narrow ? Math.min(12, cell / 2.2) : 12.5,
    room = Math.max(0, ...cells.map((c) => textWidth(c.t, size)));
  return framed(width, {
    title: starving ? `Runs without one completion, of ${study.n.high}` : `Mean wait of every call, ${unit.word}`,
    plot: rows.length * 26,
    left,
    right,
    bottom: 6,
    above: 22 + 15 * Math.max(0, lines - 1),
    layers: [
      layer(
        cells,
        { type: 'rect' },
        {
          x: x('x0'),
          x2: { field: 'x1' },
          y: y('y0'),
          y2: { field: 'y1' },
          color: { field: 'fill', scale: null, legend: null },
          opacity: dim,
          tooltip: fields.tip,
        },
      ),
      layer(
        cells,
        { type: 'text', align: 'center', fontSize: room > cell ? Math.max(8, (size * cell) / room) : size },
        { x: x('x'), y: y('y'), text: { field: 't' }, color: { field: 'ink', scale: null, legend: null }, opacity: dim },
      ),
      ...[0, 1].map((line) =>
        layer(
          heads.flatMap((head, i) => (head[line] === undefined ? [] : [{ ...headOf(columns[i]), x: i + 0.5, t: head[line] }])),
          { type: 'text', align: 'center', fontSize: headSize, fontWeight: 600 },
          { x: x('x'), y: { value: -12 - 15 * (lines - 1 - line) }, text: { field: 't' }, color: fields.color, tooltip: fields.tip },
        ),
      ),
      layer(
        rows.map((r, j) => ({ y: j + 0.5, t: shorten(name(r), left - 10), tip: name(r) })),
        { type: 'text', align: 'right', color: INK.text },
        { x: { value: -8 }, y: y('y'), text: { field: 't' }, tooltip: fields.tip },
      ),
    ],
  });
}

function table(study: Study): Table {
  const settings = harmedSettings(study, 24),
    all = agentRows(settings),
    starving = anyStarved(all),
    longest = Math.max(0, ...all.flatMap((r) => r.cells.map((c) => c.waitS ?? 0))),
    unit = durationUnit(longest);
  const worst = all.map((r) => worstRun(study.settings, r.name)),
    commands = worst.map((run) => commandCell(study, run?.setting, run?.replication)),
    known = commands.some((command) => command !== '');
  const decimals = settings.map((_, i) => columnDecimals(all.map((r) => (r.cells[i].waitS === null ? null : r.cells[i].waitS! * unit.factor))));
  return {
    label: starving ? 'replications without one completion, by agent' : 'mean wait by agent',
    columns: [
      { head: 'agent', words: true },
      { head: 'class', words: true },
      ...settings.map((s) => ({ head: s.label, unit: starving ? 'runs' : unit.word })),
      ...(known ? [{ head: starving ? 'repeat a run that starves it, else its longest wait' : 'repeat its longest wait', code: true }] : []),
    ],
    rows: all.map((r, j) => ({
      cells: [
        r.name,
        r.callClass || 'none',
        ...r.cells.map((c, i) =>
          c.runs === 0 ? 'not listed' : starving ? `${c.starved} of ${c.runs}` : fixed((c.waitS ?? 0) * unit.factor, decimals[i]),
        ),
        ...(known ? [commands[j]] : []),
      ],
    })),
    ...(agentsTotal(study) > all.length ? { note: `Listed: the agents with the fewest completions, of ${agentsTotal(study)}.` } : {}),
  };
}

export const who: Chart = {
  id: 'who',
  short: 'Who starves?',
  question: (study) => (anyStarved(agentRows(study.settings)) ? 'Who starves?' : 'Who waits longest?'),
  applies: (study) => agentsTotal(study) > 1 && study.settings.some((s) => s.runs.some((r) => r.detail.agents.some((a) => a.arrived > 0))),
  abreast: () => 1,
  panels: (study) => [
    {
      label:
        'Agents against settings; each cell holds the number of replications without one completion, or the mean wait where nobody starves; the numbers are in the table.',
      build: (at) => build(study, at),
    },
  ],
  finding: whoFinding,
  repeats: whoRepeats,
  caption: whoCaption,
  table,
};
