// Lines of the coloured settings over time, each with its band and its name at its end: tails, queues, precision.
import { shorten, textWidth } from '../text-width.ts';
import type { Setting } from '../settings.ts';
import type { Spec } from '../svg.ts';
import { along, endLabels, pixelOf } from './labels.ts';
import { fields, framed, layer, lit, scaled, type Ticks } from './parts.ts';
import { gutter } from './values.ts';

export interface LinePoint {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}
export interface Line {
  readonly setting: Setting | null;
  readonly name: string;
  readonly color: string;
  readonly dash: readonly number[];
  readonly points: readonly LinePoint[];
}
interface Drawing {
  readonly width: number;
  readonly title: string;
  readonly subtitle?: string;
  readonly height: number;
  readonly x: Ticks & { readonly labels?: readonly string[] };
  readonly y: Ticks & { readonly labels?: readonly string[] };
  readonly xTitle?: string;
  readonly xLog?: boolean;
  readonly yLog?: boolean;
  readonly yWord?: string;
  readonly step?: boolean;
  readonly under?: (plot: number) => readonly Spec[];
}

export const lineOf = (setting: Setting, points: readonly LinePoint[]): Line => ({
  setting,
  name: setting.label,
  color: setting.look.color,
  dash: setting.look.dash,
  points,
});

/** Names stand right of the plot at the height of the line's end, pushed apart; long ones are shortened. */
export function lines(
  of: readonly Line[],
  { width, title, subtitle, height, x: xTicks, y: yTicks, xTitle, xLog = false, yLog = false, yWord, step = false, under }: Drawing,
): Spec {
  // A line alone needs no name.
  const drawn = of.filter((l) => l.points.length > 0).map((l) => (of.length === 1 && l.setting !== null ? { ...l, name: '' } : l)),
    left = Math.ceil(yTicks.labels ? 10 + Math.max(...yTicks.labels.map((t) => textWidth(t))) : gutter(yTicks, yWord ?? ''));
  const right = Math.ceil(Math.min(width * 0.36, 16 + Math.max(0, ...drawn.map((l) => textWidth(l.name, 12, true))))),
    plot = width - left - right;
  const x = scaled(xTicks, { title: xTitle ?? '', log: xLog, ...(xTicks.labels ? { labels: xTicks.labels } : {}) }),
    y = scaled(yTicks, { log: yLog, ...(yTicks.labels ? { labels: yTicks.labels } : yWord ? { word: yWord } : {}) });
  const py = (v: number): number => height - pixelOf(v, yTicks.domain, height, yLog);
  const spots = drawn.map((l) => {
    const end = l.points[l.points.length - 1];
    return {
      id: l.setting?.cell.id ?? null,
      t: shorten(l.name, right - 12, 12, true),
      color: l.color,
      x: Math.min(plot, pixelOf(end.x, xTicks.domain, plot, xLog)),
      y: py(end.y),
    };
  });
  const ends = endLabels(
    spots,
    drawn.flatMap((l) => {
      const at = l.points.map((p) => ({ x: pixelOf(p.x, xTicks.domain, plot, xLog), y: py(p.y) }));
      return at.slice(1).flatMap((p, i) => along(at[i].x, at[i].y, p.x, p.y).map((box) => ({ x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 })));
    }),
    height,
  );
  const banded = drawn.some((l) => l.points.some((p) => (p.high ?? p.y) > (p.low ?? p.y)));
  const each = drawn.map((l) =>
    l.points.map((p) => ({ id: l.setting?.cell.id ?? null, x: p.x, y: p.y, ...(banded ? { low: p.low ?? p.y, high: p.high ?? p.y } : {}) })),
  );
  const interpolate = step ? { interpolate: 'step-after' } : {};
  const pixel = (field: string): object => ({ field, type: 'quantitative', scale: null, axis: null });
  return framed(width, {
    title,
    ...(subtitle ? { subtitle } : {}),
    plot: height,
    left,
    right,
    ...(xTitle ? {} : { bottom: 28 }),
    layers: [
      ...(under?.(plot) ?? []),
      ...(banded
        ? each.map((rows, n) =>
            layer(
              rows,
              { type: 'area', color: drawn[n].color, ...interpolate },
              { x: x('x'), y: y('low'), y2: { field: 'high' }, opacity: lit(0.16) },
            ),
          )
        : []),
      ...each.map((rows, n) =>
        layer(
          rows,
          { type: 'line', color: drawn[n].color, strokeDash: drawn[n].dash, strokeCap: 'butt', ...interpolate },
          { x: x('x'), y: y('y'), opacity: lit() },
        ),
      ),
      layer(ends, { type: 'text', fontWeight: 600 }, { x: pixel('px'), y: pixel('py'), text: { field: 't' }, color: fields.color, opacity: lit() }),
    ],
  });
}
