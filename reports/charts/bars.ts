// One bar a setting, split into parts whose lengths are shares, a key above and a time at the right.
import { decimalsFor, fixed, NBSP, percent } from '../numbers.ts';
import type { Setting } from '../settings.ts';
import type { Spec } from '../svg.ts';
import { textWidth } from '../text-width.ts';
import { INK } from '../tokens.ts';
import { durationUnit } from '../units.ts';
import { fields, framed, layer, lit, rowLabels, scaled, type Datum } from './parts.ts';

/** A part: its word, its colour and that of the text on it. */
export interface BarPart { readonly word: string; readonly fill: string; readonly ink: string }
export interface Bar { readonly setting: Setting; readonly meanS: number; /** Of the parts, in their order; they add up to one. */ readonly shares: readonly number[] }

export const duration = (s: number): string => {
  const unit = durationUnit(s);
  return `${fixed(s * unit.factor, decimalsFor(s * unit.factor))}${NBSP}${unit.word}`;
};

/** Height of a line of the key. */
export const KEY_PX = 18;

/** Parts as a key, on as many lines as they need; slim segments have no other name. */
export function keyOf(parts: readonly BarPart[], width: number): readonly (BarPart & { readonly px: number; readonly line: number })[] {
  let px = 0,
    line = 0;
  return parts.map((part) => {
    const room = 18 + textWidth(part.word, 12);
    if (px > 0 && px + room > width) [px, line] = [0, line + 1];
    const item = { ...part, px, line };
    px += room + 14;
    return item;
  });
}

/** The key as layers, above a plot that begins `left` pixels from the edge. */
export function keyLayers(key: ReturnType<typeof keyOf>, left: number): readonly Spec[] {
  const lines = (key[key.length - 1]?.line ?? -1) + 1,
    pixels = (axis: 'px' | 'y'): Datum => ({ field: axis, type: 'quantitative', scale: null, axis: null }),
    keyed = (dx: number): Datum[] => key.map(({ px, line, word, fill }) => ({ word, fill, px: 1 - left + px + dx, y: -(lines - line) * KEY_PX }));
  return [
    layer(keyed(6), { type: 'point', shape: 'square', size: 120, stroke: INK.axis, strokeWidth: 0.5 }, { x: pixels('px'), y: pixels('y'), color: { field: 'fill', scale: null, legend: null } }),
    layer(keyed(18), { type: 'text', color: INK.text }, { x: pixels('px'), y: pixels('y'), text: { field: 'word' } }),
  ];
}

/** Long names take what the bars can spare: up to half of a wide page. */
const roomFor = (bars: readonly Bar[], width: number): number =>
  Math.ceil(Math.min(width * (width > 500 ? 0.5 : 0.42), 16 + Math.max(...bars.map(({ setting: s }) => textWidth(s.label, 12, s.featured)))));

/** Parts of no length in any bar stand neither in a bar nor in the key. */
export function stackedBars(splits: readonly Bar[], parts: readonly BarPart[], title: string, width: number): Spec {
  const several = splits.length > 1;
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
        whole = `${parts[p].word} ${percent(share)}`,
        t = [whole, parts[p].word, percent(share)].find((text) => textWidth(text, 12) <= room) ?? '';
      return [{ id: setting.cell.id, x0, x1: from, x: (x0 + from) / 2, y0: row - 0.38, y1: row + 0.38, row, t, fill: parts[p].fill, ink: parts[p].ink, tip: `${several ? `${setting.name}: ` : ''}${whole}` }];
    });
  });
  const key = keyOf(parts.filter((_, p) => splits.some(({ shares }) => shares[p] > 0)), width - 8),
    lines = key[key.length - 1].line + 1;
  return framed(width, {
    title,
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
      ...keyLayers(key, left),
      ...(several ? [rowLabels(splits.map((s) => s.setting), left, y)] : []),
    ],
  });
}
