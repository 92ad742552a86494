// One metric as a curve over the swept number, one line a group, with bands where they do not hide each other.
import { capital, phrase, type Asked } from '../asked.ts';
import { plain } from '../numbers.ts';
import type { Setting } from '../settings.ts';
import type { Study } from '../study.ts';
import type { Spec } from '../svg.ts';
import { shorten, textWidth } from '../text-width.ts';
import { INK } from '../tokens.ts';
import type { Place } from './chart.ts';
import { dodge, fields, framed, layer, lit, markOf, scaled, ticks, type Ticks } from './parts.ts';
import { capOf, fitTicks, gutter, pointsOf, subtitleOf, valueTicks } from './values.ts';

/** More bands than these hide each other. */
export const MOST_BANDS = 4;

/** Several curves in a panel whose names need room at their ends. */
export const longGroups = (study: Study): boolean => {
  const groups = new Set(study.settings.map((s) => s.group));
  return groups.size > 1 && Math.max(...[...groups].map((g) => textWidth(g))) > 56;
};

/** Neighbours of the baseline on the axis that cannot be told apart from it, as an interval of the axis. */
function alikeRegion(study: Study, metric: Asked): readonly [number, number] | null {
  const { baseline, input } = study,
    settings = study.settings.filter((s) => s.at !== null);
  if (!baseline || baseline.at === null || new Set(settings.map((s) => s.group)).size > 1) return null;
  const sorted = [...settings].sort((a, b) => a.at! - b.at!),
    here = sorted.indexOf(baseline);
  const alike = (s: Setting): boolean =>
    s === baseline ||
    input.summary.comparisons.some(
      (c) =>
        c.metric === metric.text && c.cell === s.cell.id && (c.verdict === 'same' || c.verdict === 'equal') && c.method !== 'none' && c.mean !== null,
    );
  let from = here,
    to = here;
  while (from > 0 && alike(sorted[from - 1])) from--;
  while (to < sorted.length - 1 && alike(sorted[to + 1])) to++;
  return from === to ? null : [sorted[from].at!, sorted[to].at!];
}
export const hasRegion = (study: Study, metrics: readonly Asked[]): boolean =>
  study.axis !== null && metrics.some((m) => alikeRegion(study, m) !== null);

export function curvePanel(study: Study, metric: Asked, { width }: Place): Spec {
  const axis = study.axis!,
    { points: all, unit } = pointsOf(study.settings, metric),
    points = all.filter((p) => p.setting.at !== null),
    besides = all.filter((p) => p.setting.at === null);
  const yTicks = valueTicks(all, metric.definition.unit === 'count', 5, capOf(metric, unit)),
    y = scaled(yTicks),
    left = gutter(yTicks);
  const groups = [...new Set(points.map((p) => p.setting.group))],
    many = groups.length > 1;
  const ends = [
    ...besides.map((p) => ({ t: p.setting.label, at: p.mean })),
    ...(many ? groups : []).flatMap((g) => {
      const of = points.filter((p) => p.setting.group === g).sort((a, b) => a.setting.at! - b.setting.at!);
      return of.length > 1 && groups.length <= 8 ? [{ t: g, at: of[of.length - 1].mean }] : [];
    }),
  ];
  const right = ends.length ? Math.ceil(Math.min(width * 0.42, 14 + Math.max(...ends.map((e) => textWidth(e.t, 12))))) : 14;
  const span = axis.values[axis.values.length - 1] - axis.values[0],
    plot = width - left - right,
    height = 200;
  const xTicks: Ticks = axis.log
    ? { domain: [axis.values[0], axis.values[axis.values.length - 1]], values: axis.values, decimals: 0 }
    : { ...sweptTicks(axis.values, plot), domain: [axis.values[0] - span * 0.02, axis.values[axis.values.length - 1] + span * 0.02] };
  const x = scaled(axis.log ? thin(xTicks, plot) : xTicks, {
    title: axis.key,
    log: axis.log,
    ...(axis.log ? { labels: thin(xTicks, plot).values.map((v) => plain(v)) } : {}),
  });
  const region = alikeRegion(study, metric);
  const cut = (v: number): number => Math.min(Math.max(v, yTicks.domain[0]), yTicks.domain[1]);
  const rows = points.map((p) => ({
    ...markOf(p.setting),
    x: p.setting.at,
    mean: p.mean,
    low: p.low === null ? p.mean : cut(p.low),
    high: p.high === null ? p.mean : cut(p.high),
    g: p.setting.group,
    tip: p.tip,
  }));
  const size = (g: string): number => points.filter((p) => p.setting.group === g).length;
  const lines = rows.filter((r) => size(r.g) > 1),
    lone = rows.filter((r) => size(r.g) === 1 && r.high > r.low),
    banded = groups.length <= MOST_BANDS && lines.some((r) => r.high > r.low);
  const labels = dodge(ends, (yTicks.domain[1] - yTicks.domain[0]) * (15 / height), yTicks.domain[0], yTicks.domain[1]).map((e) => ({
    ...e,
    t: shorten(e.t, right - 12),
    x: axis.values[axis.values.length - 1],
  }));
  return framed(width, {
    title: capital(phrase(metric)),
    subtitle: subtitleOf(metric, unit),
    plot: height,
    left,
    right,
    layers: [
      ...(region ? [layer([{ a: region[0], b: region[1] }], { type: 'rect', color: INK.set }, { x: x('a'), x2: { field: 'b' } })] : []),
      ...(banded
        ? [
            layer(
              lines,
              { type: 'area', color: INK.c8, opacity: many ? 0.12 : 0.22 },
              { x: x('x'), y: y('low'), y2: { field: 'high' }, detail: { field: 'g' } },
            ),
          ]
        : []),
      layer(lines, { type: 'line', color: INK.c8, strokeWidth: 1.5 }, { x: x('x'), y: y('mean'), detail: { field: 'g' } }),
      // What is beside the sweep has no place on the axis: a level through the whole panel.
      layer(
        besides.map((p) => ({ id: p.setting.cell.id, color: p.setting.look.color, from: axis.values[0], to: axis.values[axis.values.length - 1], mean: p.mean, tip: p.tip })),
        { type: 'rule', strokeWidth: 1.5, strokeDash: [2, 4] },
        { x: x('from'), x2: { field: 'to' }, y: y('mean'), color: fields.color, opacity: lit(), tooltip: fields.tip },
      ),
      layer(lone, { type: 'rule', strokeWidth: 1.5 }, { x: x('x'), y: y('low'), y2: { field: 'high' }, color: fields.color, opacity: lit() }),
      layer(
        rows,
        { type: 'point' },
        { x: x('x'), y: y('mean'), color: fields.color, shape: fields.shape, size: fields.size, opacity: lit(), tooltip: fields.tip },
      ),
      ...(labels.length ? [layer(labels, { type: 'text', dx: 10 }, { x: x('x'), y: y('put'), text: { field: 't' } })] : []),
    ],
  });
}

/** The swept values themselves where their labels stand apart, else round steps. */
function sweptTicks(values: readonly number[], length: number): Ticks {
  const decimals = Math.min(6, Math.max(...values.map((v) => String(v).split('.')[1]?.length ?? 0))),
    span = values[values.length - 1] - values[0],
    width = Math.max(...values.map((v) => textWidth(v.toFixed(decimals))));
  const gaps = values.slice(1).map((v, i) => ((v - values[i]) / span) * length);
  return Math.min(...gaps) >= width + 8
    ? { domain: [values[0], values[values.length - 1]], values, decimals }
    : fitTicks((want) => ticks(values[0], values[values.length - 1], want, false), length);
}

/** Values of a log axis whose labels stand apart. */
function thin(t: Ticks, length: number): Ticks {
  const kept: number[] = [],
    span = Math.log(t.domain[1] / t.domain[0]);
  let free = -Infinity;
  for (const v of t.values) {
    const at = (Math.log(v / t.domain[0]) / span) * length,
      half = textWidth(plain(v)) / 2 + 6;
    if (at - half >= free) {
      kept.push(v);
      free = at + half;
    }
  }
  return { ...t, values: kept };
}
