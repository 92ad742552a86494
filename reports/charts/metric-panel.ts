// One metric over all settings: a curve with its band where a number is swept, else a row of dots with intervals.
import { capital, direction, phrase, type Asked } from '../asked.ts';
import { fixed, halfWidth, plain } from '../numbers.ts';
import { summaryOf, type Study } from '../study.ts';
import type { Setting } from '../settings.ts';
import { shorten, textWidth } from '../text-width.ts';
import { INK } from '../tokens.ts';
import { showEstimate, unitOf, type Unit } from '../units.ts';
import type { Panel, Place } from './chart.ts';
import { dodge, fields, framed, layer, lit, markOf, rowLabels, scaled, ticks, type Ticks } from './parts.ts';
import type { Spec } from '../svg.ts';

export interface Point { readonly setting: Setting; readonly mean: number; readonly low: number | null; readonly high: number | null; readonly tip: string }

/** The metric's values in the unit that suits the largest. */
export function pointsOf(settings: readonly Setting[], metric: Asked): { points: Point[]; unit: Unit } {
  const summaries = settings.flatMap((setting) => { const s = summaryOf(setting, metric.text); return s && s.mean !== null ? [{ setting, s, mean: s.mean }] : []; });
  const unit = unitOf(metric.definition, Math.max(0, ...summaries.map(({ mean }) => Math.abs(mean)))), f = unit.factor;
  return { unit, points: summaries.map(({ setting, s, mean }) => ({ setting, mean: mean * f, low: s.low === null ? null : s.low * f, high: s.high === null ? null : s.high * f, tip: `${setting.name}: ${showEstimate(metric, s)}, n = ${s.n}` })) };
}

/** Steps for values that count: from zero where the data come near it or are a count. */
export function valueTicks(points: readonly { readonly mean: number; readonly low?: number | null; readonly high?: number | null }[], zero: boolean, want = 5, cap = Infinity): Ticks {
  const all = points.flatMap((p) => [p.mean, p.low ?? p.mean, p.high ?? p.mean]);
  // Differences of less than two percent are not blown up to the size of the panel.
  const pad = Math.max(0, 0.02 * Math.max(...all.map(Math.abs)) - (Math.max(...all) - Math.min(...all))) / 2;
  const low = Math.min(...all) - pad, high = Math.max(...all) + pad, fromZero = low >= 0 && (zero || low < high * 0.35);
  const means = points.map((p) => p.mean);
  // An interval that reaches below zero is cut there where no mean is negative: the quantity cannot be.
  const floor = Math.min(...means) >= 0 && (fromZero || low < 0) ? 0 : low;
  const t = ticks(fromZero ? 0 : floor, high === floor && fromZero ? high + 1 : high, want);
  return Math.max(...means) <= cap && t.domain[1] > cap && t.domain[0] < cap ? { ...t, domain: [t.domain[0], cap], values: t.values.filter((v) => v <= cap) } : t;
}

/** The most that an index or a share can be, in shown units. */
const capOf = (metric: Asked, unit: Unit): number => (unit.word === '%' ? 100 : /^jain\./.test(metric.definition.name) ? 1 : Infinity);

export const startsAtZero = (t: Ticks): boolean => t.domain[0] <= 0;

/** The widest tick label, with its thin spaces. */
export const tickWidth = (t: Ticks): number => Math.max(0, ...t.values.map((v) => textWidth(fixed(v, t.decimals), 12)));

/** Fewer ticks until their labels stand apart. */
export function fitTicks(make: (want: number) => Ticks, length: number, most = 6): Ticks {
  for (let want = most; want > 1; want--) {
    const t = make(want), widest = tickWidth(t);
    if (t.values.length * (widest + 14) <= length + widest) return t;
  }
  return make(1);
}

export const gutter = (t: Ticks, word = ''): number => Math.ceil(Math.max(...t.values.map((v) => textWidth(Math.abs(v) >= 1000 ? `${v.toFixed(t.decimals)} ` : v.toFixed(t.decimals), 12) + (v < 0 ? 6 : 0)))) + 10 + Math.ceil(word ? textWidth(` ${word}`) : 0);

/** More bands than these hide each other. */
export const MOST_BANDS = 4;

const subtitleOf = (metric: Asked, unit: Unit): string => [unit.word, metric.definition.population === 'served calls' && metric.definition.distribution ? 'served calls only' : '', direction(metric)].filter(Boolean).join(', ');

/** Neighbours of the baseline on the axis that cannot be told apart from it, as an interval of the axis. */
function alikeRegion(study: Study, metric: Asked): readonly [number, number] | null {
  const { baseline, settings, input } = study;
  if (!baseline || new Set(settings.map((s) => s.group)).size > 1) return null;
  const sorted = [...settings].sort((a, b) => a.at! - b.at!), here = sorted.indexOf(baseline);
  const alike = (s: Setting): boolean => s === baseline || input.summary.comparisons.some((c) => c.metric === metric.text && c.cell === s.cell.id && (c.verdict === 'same' || c.verdict === 'equal') && c.method !== 'none' && c.mean !== null);
  let from = here, to = here;
  while (from > 0 && alike(sorted[from - 1])) from--;
  while (to < sorted.length - 1 && alike(sorted[to + 1])) to++;
  return from === to ? null : [sorted[from].at!, sorted[to].at!];
}
export const hasRegion = (study: Study, metrics: readonly Asked[]): boolean => study.axis !== null && metrics.some((m) => alikeRegion(study, m) !== null);

function curve(study: Study, metric: Asked, { width }: Place): Spec {
  const axis = study.axis!, { points, unit } = pointsOf(study.settings, metric);
  const yTicks = valueTicks(points, metric.definition.unit === 'count', 5, capOf(metric, unit)), y = scaled(yTicks), left = gutter(yTicks);
  const groups = [...new Set(points.map((p) => p.setting.group))], many = groups.length > 1;
  const ends = many ? groups.flatMap((g) => { const of = points.filter((p) => p.setting.group === g).sort((a, b) => a.setting.at! - b.setting.at!); return of.length > 1 && groups.length <= 8 ? [{ t: g, at: of[of.length - 1].mean }] : []; }) : [];
  const right = ends.length ? Math.ceil(Math.min(width * 0.42, 14 + Math.max(...ends.map((e) => textWidth(e.t, 12))))) : 14;
  const span = axis.values[axis.values.length - 1] - axis.values[0], plot = width - left - right, height = 200;
  const xTicks: Ticks = axis.log ? { domain: [axis.values[0], axis.values[axis.values.length - 1]], values: axis.values, decimals: 0 } : { ...sweptTicks(axis.values, plot), domain: [axis.values[0] - span * 0.02, axis.values[axis.values.length - 1] + span * 0.02] };
  const x = scaled(axis.log ? thin(xTicks, plot) : xTicks, { title: axis.key, log: axis.log, ...(axis.log ? { labels: thin(xTicks, plot).values.map((v) => plain(v)) } : {}) });
  const region = alikeRegion(study, metric);
  const cut = (v: number): number => Math.min(Math.max(v, yTicks.domain[0]), yTicks.domain[1]);
  const rows = points.map((p) => ({ ...markOf(p.setting), x: p.setting.at, mean: p.mean, low: p.low === null ? p.mean : cut(p.low), high: p.high === null ? p.mean : cut(p.high), g: p.setting.group, tip: p.tip }));
  const size = (g: string): number => points.filter((p) => p.setting.group === g).length;
  const lines = rows.filter((r) => size(r.g) > 1), lone = rows.filter((r) => size(r.g) === 1 && r.high > r.low), banded = groups.length <= MOST_BANDS && lines.some((r) => r.high > r.low);
  const labels = dodge(ends, (yTicks.domain[1] - yTicks.domain[0]) * (15 / height), yTicks.domain[0], yTicks.domain[1]).map((e) => ({ ...e, t: shorten(e.t, right - 12), x: axis.values[axis.values.length - 1] }));
  return framed(width, { title: capital(phrase(metric)), subtitle: subtitleOf(metric, unit), plot: height, left, right, layers: [
    ...(region ? [layer([{ a: region[0], b: region[1] }], { type: 'rect', color: INK.set }, { x: x('a'), x2: { field: 'b' } })] : []),
    ...(banded ? [layer(lines, { type: 'area', color: INK.c8, opacity: many ? 0.12 : 0.22 }, { x: x('x'), y: y('low'), y2: { field: 'high' }, detail: { field: 'g' } })] : []),
    layer(lines, { type: 'line', color: INK.c8, strokeWidth: 1.5 }, { x: x('x'), y: y('mean'), detail: { field: 'g' } }),
    layer(lone, { type: 'rule', strokeWidth: 1.5 }, { x: x('x'), y: y('low'), y2: { field: 'high' }, color: fields.color, opacity: lit() }),
    layer(rows, { type: 'point' }, { x: x('x'), y: y('mean'), color: fields.color, shape: fields.shape, size: fields.size, opacity: lit(), tooltip: fields.tip }),
    ...(labels.length ? [layer(labels, { type: 'text', dx: 10 }, { x: x('x'), y: y('put'), text: { field: 't' } })] : []),
  ] });
}

/** The swept values themselves where their labels stand apart, else round steps. */
function sweptTicks(values: readonly number[], length: number): Ticks {
  const decimals = Math.min(6, Math.max(...values.map((v) => String(v).split('.')[1]?.length ?? 0))), span = values[values.length - 1] - values[0], width = Math.max(...values.map((v) => textWidth(v.toFixed(decimals))));
  const gaps = values.slice(1).map((v, i) => ((v - values[i]) / span) * length);
  return Math.min(...gaps) >= width + 8 ? { domain: [values[0], values[values.length - 1]], values, decimals } : fitTicks((want) => ticks(values[0], values[values.length - 1], want, false), length);
}

/** Values of a log axis whose labels stand apart. */
function thin(t: Ticks, length: number): Ticks {
  const kept: number[] = [], span = Math.log(t.domain[1] / t.domain[0]);
  let free = -Infinity;
  for (const v of t.values) { const at = (Math.log(v / t.domain[0]) / span) * length, half = textWidth(plain(v)) / 2 + 6; if (at - half >= free) { kept.push(v); free = at + half; } }
  return { ...t, values: kept };
}

/** Rows that are drawn: all up to `most`, else the coloured ones and those furthest from the baseline's mean, in their order. */
export function rowsShown(study: Study, metric: Asked | undefined, settings: readonly Setting[], most = 24): readonly Setting[] {
  if (settings.length <= most) return settings;
  const mean = (s: Setting): number => (metric && summaryOf(s, metric.text)?.mean) ?? 0, anchor = study.baseline ? mean(study.baseline) : 0;
  const rank = [...settings].sort((a, b) => Number(b.featured) - Number(a.featured) || Math.abs(mean(b) - anchor) - Math.abs(mean(a) - anchor) || a.index - b.index).slice(0, most);
  return settings.filter((s) => rank.includes(s));
}

/** Room for row labels at the left of a panel. */
export const labelRoom = (settings: readonly Setting[], width: number): number => Math.ceil(Math.min(width * 0.42, 16 + Math.max(...settings.map((s) => textWidth(s.short, 12, s.featured)))));
export const longNames = (settings: readonly Setting[]): boolean => Math.max(...settings.map((s) => textWidth(s.short, 12, s.featured))) > 84;

/** Several curves in a panel whose names need room at their ends. */
export const longGroups = (study: Study): boolean => { const groups = new Set(study.settings.map((s) => s.group)); return groups.size > 1 && Math.max(...[...groups].map((g) => textWidth(g))) > 56; };

function dots(study: Study, metric: Asked, { width }: Place): Spec {
  const shown = rowsShown(study, metric, study.settings), { points, unit } = pointsOf(shown, metric);
  const left = labelRoom(shown, width), make = (want: number): Ticks => valueTicks(points, metric.definition.unit === 'count', want, capOf(metric, unit)), right = Math.ceil(Math.max(16, tickWidth(fitTicks(make, width - left - 30, 5)) / 2 + 2)), plot = width - left - right;
  const xTicks = fitTicks(make, plot, 5), x = scaled(xTicks);
  const row = (s: Setting): number => shown.indexOf(s);
  const y = scaled({ domain: [-0.6, shown.length - 0.4], values: shown.map((_, i) => i), decimals: 0 }, { reverse: true, hidden: true });
  const cut = (v: number): number => Math.min(Math.max(v, xTicks.domain[0]), xTicks.domain[1]);
  const rows = points.map((p) => ({ ...markOf(p.setting, 80, 44), row: row(p.setting), mean: p.mean, low: p.low === null ? p.mean : cut(p.low), high: p.high === null ? p.mean : cut(p.high), tip: p.tip }));
  const missing = shown.filter((s) => !points.some((p) => p.setting === s)).map((s) => ({ row: row(s), id: s.cell.id, t: 'no value' }));
  return framed(width, { title: capital(phrase(metric)), subtitle: subtitleOf(metric, unit), plot: Math.max(40, shown.length * 26), left, right, bottom: 30, layers: [
    layer(shown.map((s) => ({ row: row(s) })), { type: 'rule', color: INK.grid }, { x: { value: 0 }, x2: { value: plot }, y: y('row') }),
    layer(rows.filter((r) => r.high > r.low), { type: 'rule', strokeWidth: 3 }, { x: x('low'), x2: { field: 'high' }, y: y('row'), color: fields.color, opacity: lit() }),
    layer(rows, { type: 'point' }, { x: x('mean'), y: y('row'), color: fields.color, shape: fields.shape, size: fields.size, opacity: lit(), tooltip: fields.tip }),
    ...(missing.length ? [layer(missing, { type: 'text', fontSize: 12 }, { x: { value: 6 }, y: y('row'), text: { field: 't' } })] : []),
    rowLabels(shown, left, y),
  ] });
}

export function metricPanel(study: Study, metric: Asked): Panel {
  return {
    label: `${capital(phrase(metric))} ${study.axis ? `over ${study.axis.key}` : 'of each setting'}, mean and interval; the numbers are in the table.`,
    build: (at) => (study.axis ? curve(study, metric, at) : dots(study, metric, at)),
  };
}

export const halfOf = (s: { readonly low: number | null; readonly high: number | null } | undefined, factor: number): number | null => { const half = s && halfWidth(s); return half === null || half === undefined ? null : half * factor; };
