// Engines over time in small multiples: running, waiting, KV blocks, hits, preemptions, tokens of a step; panels without anything are left out.
import { drawn, engineRuns, isSeen, MEASURES, overall, valueOf, type EngineRun, type Measure } from '../engines.ts';
import { enginesCaption, enginesFinding } from '../findings/engines.ts';
import type { Study } from '../study.ts';
import { fixed } from '../numbers.ts';
import { valueColumn, type Row, type Table } from '../table.ts';
import { durationUnit } from '../units.ts';
import type { Chart, Panel } from './chart.ts';
import { lineOf, lines } from './lines.ts';
import { ticks } from './parts.ts';
import { fitTicks } from './values.ts';

/** Stretches of time that a table tells. */
const SLICES = 8;

const LOOKS: Readonly<Record<Measure, { readonly title: string; readonly head: string; readonly unit?: string; readonly factor: number }>> = {
  running: { title: 'Requests running, by engine', head: 'running', factor: 1 },
  waiting: { title: 'Requests waiting, by engine', head: 'waiting', factor: 1 },
  kvUse: { title: 'KV blocks held, % of an engine’s', head: 'KV blocks held', unit: '%', factor: 100 },
  hits: { title: 'Found in the cache, % of prompt tokens', head: 'cache hits', unit: '%', factor: 100 },
  preempted: { title: 'Preemptions a minute, by engine', head: 'preempted', unit: 'a minute', factor: 1 },
  decode: { title: 'Decode tokens a step', head: 'decode', unit: 'tokens a step', factor: 1 },
  prefill: { title: 'Prompt tokens a step', head: 'prompt', unit: 'tokens a step', factor: 1 },
  busy: { title: 'Time in steps, %', head: 'in steps', unit: '%', factor: 100 },
};

/** Always told, also where they are nothing. */
const ALWAYS: readonly Measure[] = ['running', 'kvUse', 'decode', 'prefill', 'busy'];

const shown = (runs: readonly EngineRun[]): readonly Measure[] => MEASURES.filter((measure) => ALWAYS.includes(measure) || isSeen(runs, measure));

function panel(study: Study, measure: Measure): Panel {
  const { title, factor } = LOOKS[measure];
  return {
    label: `${title}, over one run, one line a coloured setting; the figures are in the table.`,
    build: ({ width }) => {
      const runs = engineRuns(study),
        end = Math.max(...runs.map(({ record }) => record.endS)),
        time = durationUnit(end);
      const of = runs.map((run) =>
        lineOf(
          run.setting,
          drawn(run, measure).flatMap(({ fromS, toS, mean, low, high }) =>
            mean === null ? [] : [{ x: ((fromS + toS) / 2) * time.factor, y: mean * factor, low: (low ?? mean) * factor, high: (high ?? mean) * factor }],
          ),
        ),
      );
      const top = Math.max(1e-9, ...of.flatMap(({ points }) => points.map(({ y, high }) => high ?? y)));
      return lines(of, {
        width,
        title,
        height: 120,
        x: fitTicks((want) => ticks(0, end * time.factor, want), width - 110, 5),
        y: ticks(0, factor === 100 ? Math.min(100, top) : top, 3),
        xTitle: `time, ${time.word}`,
      });
    },
  };
}

function table(study: Study): Table {
  const runs = engineRuns(study),
    measures = shown(runs),
    several = runs.length > 1;
  const rows = runs.flatMap((run) => {
    const { setting, record } = run,
      { endS, engines, all, each } = record,
      time = durationUnit(endS),
      of = several ? `${setting.label}, ` : '';
    const slices = Array.from({ length: SLICES }, (_, i) => [(endS * i) / SLICES, (endS * (i + 1)) / SLICES] as const),
      at = (s: number): string => String(Number((s * time.factor).toPrecision(3)));
    return [
      { id: setting.cell.id, name: `${of}whole run`, values: measures.map((m) => overall(run, m).mean) },
      ...each.map((one, e) => ({ id: setting.cell.id, name: `${of}engine ${e}`, values: measures.map((m) => valueOf(one, 1, endS, m, 0, endS)) })),
      ...slices.map(([from, to]) => ({ id: setting.cell.id, name: `${of}${at(from)} to ${at(to)}\u00a0${time.word}`, values: measures.map((m) => valueOf(all, engines, endS, m, from, to)) })),
    ];
  });
  const columns = measures.map((measure, i) => valueColumn(rows.map(({ values }) => (values[i] === null ? null : values[i]! * LOOKS[measure].factor))));
  return {
    label: 'engines over one run',
    columns: [{ head: 'part of the run', words: true }, ...measures.map((m) => ({ head: LOOKS[m].head, ...(LOOKS[m].unit ? { unit: LOOKS[m].unit } : {}) }))],
    rows: rows.map(({ id, name }, r): Row => ({ id, cells: [name, ...columns.map((column) => column[r])] })),
    note: `By engine: where a row says no engine, the mean of ${runs.map(({ record, setting }) => `${fixed(record.engines, 0)}${several ? ` at ${setting.short}` : ''}`).join(', ')}.`,
  };
}

export const engines: Chart = {
  id: 'engines',
  short: 'Inside the engines',
  question: () => 'What goes on inside the engines?',
  applies: (study) => engineRuns(study).length > 0,
  abreast: () => 2,
  panels: (study) => shown(engineRuns(study)).map((measure) => panel(study, measure)),
  finding: enginesFinding,
  caption: enginesCaption,
  table,
};
