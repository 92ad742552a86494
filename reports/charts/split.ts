// Where the time of a call goes: one bar a setting, its parts in the order of a call's life, service in grey and what is lost in the ramp of harm.
import { splitCaption, splitFinding } from '../findings/split.ts';
import { fixed, percent } from '../numbers.ts';
import { PARTS, splitsOf } from '../splits.ts';
import type { Study } from '../study.ts';
import type { Spec } from '../svg.ts';
import { valueColumn, type Table } from '../table.ts';
import { INK } from '../tokens.ts';
import { durationUnit } from '../units.ts';
import { stackedBars, type BarPart } from './bars.ts';
import type { Chart, Place } from './chart.ts';
import { rowsShown } from './values.ts';

const LOOKS = [
  { fill: INK.s2, ink: INK.text },
  { fill: INK.c8, ink: INK.page },
  { fill: INK.s3, ink: INK.text },
  { fill: INK.axis, ink: INK.text },
  { fill: INK.set, ink: INK.text },
  { fill: INK.s4, ink: INK.page },
  { fill: INK.s5, ink: INK.page },
];

const BAR_PARTS: readonly BarPart[] = PARTS.map(({ word }, p) => ({ word, ...LOOKS[p] }));

const build = (study: Study, { width }: Place): Spec =>
  stackedBars(splitsOf(rowsShown(study, study.headline[0], study.settings)), BAR_PARTS, 'Parts of the response time, share of all of it', width);

function table(study: Study): Table {
  const splits = splitsOf(study.settings),
    unit = durationUnit(Math.max(...splits.map((s) => s.meanS))),
    means = valueColumn(splits.map((s) => s.meanS * unit.factor)),
    columns = PARTS.map((_, p) => splits.map((s) => percent(s.shares[p], 3)));
  return {
    label: 'parts of the response time',
    columns: [{ head: 'setting', words: true }, ...PARTS.map(({ word }) => ({ head: word, unit: 'of the time' })), { head: 'mean response', unit: unit.word }, { head: 'completed', unit: 'calls' }],
    rows: splits.map(({ setting, calls }, row) => ({ id: setting.cell.id, base: setting === study.baseline, cells: [setting.label || 'the run', ...columns.map((c) => c[row]), means[row], fixed(calls, 0)] })),
  };
}

export const split: Chart = {
  id: 'split',
  short: 'Where the time goes',
  question: () => 'Where does the time of a call go?',
  applies: (study) => splitsOf(study.settings).length > 0,
  abreast: () => 1,
  panels: (study) => [{ label: 'Shares of gate, front end, engine wait, prefill, decode, preempted and recomputed, one bar a setting; the numbers are in the table.', build: (at) => build(study, at) }],
  finding: splitFinding,
  caption: splitCaption,
  table,
};
