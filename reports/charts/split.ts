// Where the time of a call goes: one bar a setting, its parts in the order of a call's life, service in grey and what is lost in the ramp of harm.
import { splitCaption, splitFinding } from '../findings/split.ts';
import { decimalsFor, fixed, NBSP, percent } from '../numbers.ts';
import { PARTS, splitsOf } from '../splits.ts';
import type { Study } from '../study.ts';
import type { Spec } from '../svg.ts';
import { valueColumn, type Table } from '../table.ts';
import { textWidth } from '../text-width.ts';
import { INK } from '../tokens.ts';
import { durationUnit } from '../units.ts';
import type { Chart, Place } from './chart.ts';
import { fields, framed, layer, lit, rowLabels, scaled } from './parts.ts';
import { labelRoom, rowsShown } from './values.ts';

const LOOKS: readonly { readonly fill: string; readonly ink: string }[] = [
  { fill: INK.s2, ink: INK.text },
  { fill: INK.c8, ink: INK.page },
  { fill: INK.s3, ink: INK.text },
  { fill: INK.axis, ink: INK.text },
  { fill: INK.set, ink: INK.text },
  { fill: INK.s4, ink: INK.page },
  { fill: INK.s5, ink: INK.page },
];

const duration = (s: number): string => {
  const unit = durationUnit(s);
  return `${fixed(s * unit.factor, decimalsFor(s * unit.factor))}${NBSP}${unit.word}`;
};

function build(study: Study, { width }: Place): Spec {
  const splits = splitsOf(rowsShown(study, study.headline[0], study.settings)),
    several = splits.length > 1;
  const left = several ? labelRoom(splits.map((s) => s.setting), width) : 10,
    right = Math.ceil(10 + Math.max(...splits.map((s) => textWidth(duration(s.meanS), 12)))),
    plot = width - left - right;
  const x = scaled({ domain: [0, 1], values: [0, 0.25, 0.5, 0.75, 1], decimals: 2 }, { labels: ['0', '25\u00a0%', '50\u00a0%', '75\u00a0%', '100\u00a0%'] }),
    y = scaled({ domain: [-0.5, splits.length - 0.5], values: [], decimals: 0 }, { reverse: true, hidden: true });
  const cells = splits.flatMap(({ setting, shares }, row) => {
    let from = 0;
    return shares.flatMap((share, p) => {
      const x0 = from;
      from += share;
      if (share === 0) return [];
      const room = share * plot - 8,
        whole = `${PARTS[p].word} ${percent(share)}`,
        t = [whole, PARTS[p].word, percent(share)].find((text) => textWidth(text, 12) <= room) ?? '';
      return [{ id: setting.cell.id, x0, x1: from, x: (x0 + from) / 2, y0: row - 0.38, y1: row + 0.38, row, t, ...LOOKS[p], tip: `${several ? `${setting.name}: ` : ''}${whole}` }];
    });
  });
  return framed(width, {
    title: 'Parts of the response time, share of all of it',
    plot: splits.length * 34,
    left,
    right,
    bottom: 28,
    layers: [
      layer(
        cells,
        { type: 'rect', stroke: INK.page, strokeWidth: 1 },
        { x: x('x0'), x2: { field: 'x1' }, y: y('y0'), y2: { field: 'y1' }, color: { field: 'fill', scale: null, legend: null }, opacity: lit(), tooltip: fields.tip },
      ),
      layer(
        cells.filter(({ t }) => t !== ''),
        { type: 'text', align: 'center' },
        { x: x('x'), y: y('row'), text: { field: 't' }, color: { field: 'ink', scale: null, legend: null }, opacity: lit() },
      ),
      layer(
        splits.map(({ setting, meanS }, row) => ({ id: setting.cell.id, row, t: duration(meanS) })),
        { type: 'text', color: INK.text },
        { x: { value: plot + 8 }, y: y('row'), text: { field: 't' }, opacity: lit() },
      ),
      ...(several ? [rowLabels(splits.map((s) => s.setting), left, y)] : []),
    ],
  });
}

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
