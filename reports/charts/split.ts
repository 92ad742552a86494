// Where the time of a call goes: one bar a setting, its parts in the order of a call's life, service in grey and what is lost in the ramp of harm.
import { splitCaption, splitFinding } from '../findings/split.ts';
import { decimalsFor, fixed, NBSP, percent } from '../numbers.ts';
import { PARTS, splitsOf, type Split } from '../splits.ts';
import type { Study } from '../study.ts';
import type { Spec } from '../svg.ts';
import { valueColumn, type Table } from '../table.ts';
import { textWidth } from '../text-width.ts';
import { INK } from '../tokens.ts';
import { durationUnit } from '../units.ts';
import type { Chart, Place } from './chart.ts';
import { fields, framed, layer, lit, rowLabels, scaled, type Datum } from './parts.ts';
import { rowsShown } from './values.ts';

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

/** Height of a line of the key. */
const KEY_PX = 18;

/** The parts that occur, each with its field and word, on as many lines as they need; slim segments have no other name. */
function keyOf(splits: readonly Split[], width: number): readonly { readonly px: number; readonly line: number; readonly word: string; readonly fill: string }[] {
  let px = 0,
    line = 0;
  return PARTS.flatMap(({ word }, p) => {
    if (splits.every(({ shares }) => shares[p] === 0)) return [];
    const room = 18 + textWidth(word, 12);
    if (px > 0 && px + room > width) [px, line] = [0, line + 1];
    const item = { px, line, word, fill: LOOKS[p].fill };
    px += room + 14;
    return [item];
  });
}

/** Long names take what the bars can spare: up to half of a wide page. */
const roomFor = (splits: readonly Split[], width: number): number =>
  Math.ceil(Math.min(width * (width > 500 ? 0.5 : 0.42), 16 + Math.max(...splits.map(({ setting: s }) => textWidth(s.label, 12, s.featured)))));

function build(study: Study, { width }: Place): Spec {
  const splits = splitsOf(rowsShown(study, study.headline[0], study.settings)),
    several = splits.length > 1;
  const left = several ? roomFor(splits, width) : 10,
    // As much again at the edge: fonts that are wider than the estimate must not lose their last letter.
    right = Math.ceil(18 + Math.max(...splits.map((s) => textWidth(duration(s.meanS), 12)))),
    plot = width - left - right;
  const at = plot < 260 ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1],
    x = scaled({ domain: [0, 1], values: at, decimals: 2 }, { labels: at.map((v) => (v === 0 ? '0' : `${v * 100}\u00a0%`)) }),
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
  const key = keyOf(splits, width - 8),
    lines = key[key.length - 1].line + 1,
    pixels = (axis: 'px' | 'y'): Datum => ({ field: axis, type: 'quantitative', scale: null, axis: null }),
    keyed = (dx: number, dy: number): Datum[] => key.map((item) => ({ ...item, px: 1 - left + item.px + dx, y: dy - (lines - item.line) * KEY_PX }));
  return framed(width, {
    title: 'Parts of the response time, share of all of it',
    above: lines * KEY_PX - 4,
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
      layer(keyed(6, 0), { type: 'point', shape: 'square', size: 120, stroke: INK.axis, strokeWidth: 0.5 }, { x: pixels('px'), y: pixels('y'), color: { field: 'fill', scale: null, legend: null } }),
      layer(keyed(18, 0), { type: 'text', color: INK.text }, { x: pixels('px'), y: pixels('y'), text: { field: 'word' } }),
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
