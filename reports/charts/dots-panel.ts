// One metric as dots with intervals, a row a setting: where names are compared, not numbers.
import { capital, phrase, type Asked } from '../asked.ts';
import type { Setting } from '../settings.ts';
import type { Study } from '../study.ts';
import type { Spec } from '../svg.ts';
import { INK } from '../tokens.ts';
import type { Place } from './chart.ts';
import { fields, framed, layer, lit, markOf, rowLabels, scaled, type Ticks } from './parts.ts';
import { capOf, fitTicks, labelRoom, pointsOf, rowsShown, subtitleOf, tickWidth, valueTicks } from './values.ts';

export function dotsPanel(study: Study, metric: Asked, { width }: Place): Spec {
  const shown = rowsShown(study, metric, study.settings),
    { points, unit } = pointsOf(shown, metric);
  const left = labelRoom(shown, width),
    make = (want: number): Ticks => valueTicks(points, metric.definition.unit === 'count', want, capOf(metric, unit)),
    right = Math.ceil(Math.max(16, tickWidth(fitTicks(make, width - left - 30, 5)) / 2 + 2)),
    plot = width - left - right;
  const xTicks = fitTicks(make, plot, 5),
    x = scaled(xTicks);
  const row = (s: Setting): number => shown.indexOf(s);
  const y = scaled({ domain: [-0.6, shown.length - 0.4], values: shown.map((_, i) => i), decimals: 0 }, { reverse: true, hidden: true });
  const cut = (v: number): number => Math.min(Math.max(v, xTicks.domain[0]), xTicks.domain[1]);
  const rows = points.map((p) => ({
    ...markOf(p.setting, 80, 44),
    row: row(p.setting),
    mean: p.mean,
    low: p.low === null ? p.mean : cut(p.low),
    high: p.high === null ? p.mean : cut(p.high),
    tip: p.tip,
  }));
  const missing = shown.filter((s) => !points.some((p) => p.setting === s)).map((s) => ({ row: row(s), id: s.cell.id, t: 'no value' }));
  return framed(width, {
    title: capital(phrase(metric)),
    subtitle: subtitleOf(metric, unit),
    plot: Math.max(40, shown.length * 26),
    left,
    right,
    bottom: 30,
    layers: [
      layer(
        shown.map((s) => ({ row: row(s) })),
        { type: 'rule', color: INK.grid },
        { x: { value: 0 }, x2: { value: plot }, y: y('row') },
      ),
      layer(
        rows.filter((r) => r.high > r.low),
        { type: 'rule', strokeWidth: 3 },
        { x: x('low'), x2: { field: 'high' }, y: y('row'), color: fields.color, opacity: lit() },
      ),
      layer(
        rows,
        { type: 'point' },
        { x: x('mean'), y: y('row'), color: fields.color, shape: fields.shape, size: fields.size, opacity: lit(), tooltip: fields.tip },
      ),
      ...(missing.length ? [layer(missing, { type: 'text', fontSize: 12 }, { x: { value: 6 }, y: y('row'), text: { field: 't' } })] : []),
      rowLabels(shown, left, y),
    ],
  });
}
