// Values on an axis: points of a metric in one unit, ticks that fit their values and their room, rows that are drawn.
import { direction, type Asked } from '../asked.ts';
import { fixed } from '../numbers.ts';
import type { Setting } from '../settings.ts';
import { summaryOf, type Study } from '../study.ts';
import { textWidth } from '../text-width.ts';
import { showEstimate, unitOf, type Unit } from '../units.ts';
import { ticks, type Ticks } from './parts.ts';

export interface Point {
  readonly setting: Setting;
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly tip: string;
}

/** The metric's values in the unit that suits the largest. */
export function pointsOf(settings: readonly Setting[], metric: Asked): { points: Point[]; unit: Unit } {
  const summaries = settings.flatMap((setting) => {
    const s = summaryOf(setting, metric.text);
    return s && s.mean !== null ? [{ setting, s, mean: s.mean }] : [];
  });
  const unit = unitOf(metric.definition, Math.max(0, ...summaries.map(({ mean }) => Math.abs(mean)))),
    f = unit.factor;
  return {
    unit,
    points: summaries.map(({ setting, s, mean }) => ({
      setting,
      mean: mean * f,
      low: s.low === null ? null : s.low * f,
      high: s.high === null ? null : s.high * f,
      tip: `${setting.name}: ${showEstimate(metric, s)}, n = ${s.n}`,
    })),
  };
}

/** Steps for values that count: from zero where the data come near it or are a count. */
export function valueTicks(
  points: readonly { readonly mean: number; readonly low?: number | null; readonly high?: number | null }[],
  zero: boolean,
  want = 5,
  cap = Infinity,
): Ticks {
  const all = points.flatMap((p) => [p.mean, p.low ?? p.mean, p.high ?? p.mean]);
  // Differences of less than two percent are not blown up to the size of the panel.
  const pad = Math.max(0, 0.02 * Math.max(...all.map(Math.abs)) - (Math.max(...all) - Math.min(...all))) / 2;
  const low = Math.min(...all) - pad,
    high = Math.max(...all) + pad,
    fromZero = low >= 0 && (zero || low < high * 0.35);
  const means = points.map((p) => p.mean);
  // An interval that reaches below zero is cut there where no mean is negative: the quantity cannot be.
  const floor = Math.min(...means) >= 0 && (fromZero || low < 0) ? 0 : low;
  const t = ticks(fromZero ? 0 : floor, high === floor && fromZero ? high + 1 : high, want);
  return Math.max(...means) <= cap && t.domain[1] > cap && t.domain[0] < cap
    ? { ...t, domain: [t.domain[0], cap], values: t.values.filter((v) => v <= cap) }
    : t;
}

/** The most that an index or a share can be, in shown units. */
export const capOf = (metric: Asked, unit: Unit): number => (unit.word === '%' ? 100 : /^jain\./.test(metric.definition.name) ? 1 : Infinity);

export const startsAtZero = (t: Ticks): boolean => t.domain[0] <= 0;

/** The widest tick label, with its thin spaces. */
export const tickWidth = (t: Ticks): number => Math.max(0, ...t.values.map((v) => textWidth(fixed(v, t.decimals), 12)));

/** Fewer ticks until their labels stand apart. */
export function fitTicks(make: (want: number) => Ticks, length: number, most = 6): Ticks {
  for (let want = most; want > 1; want--) {
    const t = make(want),
      widest = tickWidth(t);
    if (t.values.length * (widest + 14) <= length + widest) return t;
  }
  return make(1);
}

export const gutter = (t: Ticks, word = ''): number =>
  Math.ceil(
    Math.max(...t.values.map((v) => textWidth(Math.abs(v) >= 1000 ? `${v.toFixed(t.decimals)} ` : v.toFixed(t.decimals), 12) + (v < 0 ? 6 : 0))),
  ) +
  10 +
  Math.ceil(word ? textWidth(` ${word}`) : 0);

/** Unit, population and direction, in words. */
export const subtitleOf = (metric: Asked, unit: Unit): string =>
  [unit.word, metric.definition.population === 'served calls' && metric.definition.distribution ? 'served calls only' : '', direction(metric)]
    .filter(Boolean)
    .join(', ');

/** Rows that are drawn: all up to `most`, else the coloured ones and those furthest from the baseline's mean, in their order. */
export function rowsShown(study: Study, metric: Asked | undefined, settings: readonly Setting[], most = 24): readonly Setting[] {
  if (settings.length <= most) return settings;
  const mean = (s: Setting): number => (metric && summaryOf(s, metric.text)?.mean) ?? 0,
    anchor = study.baseline ? mean(study.baseline) : 0;
  const rank = [...settings]
    .sort((a, b) => Number(b.featured) - Number(a.featured) || Math.abs(mean(b) - anchor) - Math.abs(mean(a) - anchor) || a.index - b.index)
    .slice(0, most);
  return settings.filter((s) => rank.includes(s));
}

/** Room for row labels at the left of a panel. */
export const labelRoom = (settings: readonly Setting[], width: number): number =>
  Math.ceil(Math.min(width * 0.42, 16 + Math.max(...settings.map((s) => textWidth(s.label, 12, s.featured)))));
export const longNames = (settings: readonly Setting[]): boolean => Math.max(...settings.map((s) => textWidth(s.label, 12, s.featured))) > 84;
