// Settings as points with crosses on two metrics, labelled directly: shared by latency against throughput, and by class against class.
import type { Setting } from '../settings.ts';
import type { Study } from '../study.ts';
import { along, around, placeLabels, pixelOf, type Box, type Spot } from './labels.ts';
import { fields, framed, layer, lit, markOf, type Ticks, scaled } from './parts.ts';
import { gutter, tickWidth } from './values.ts';
import type { Spec } from '../svg.ts';
import { INK } from '../tokens.ts';
import { shorten } from '../text-width.ts';

export interface Cross {
  readonly setting: Setting;
  readonly x: number;
  readonly y: number;
  readonly xLow: number | null;
  readonly xHigh: number | null;
  readonly yLow: number | null;
  readonly yHigh: number | null;
  readonly tip: string;
}
export interface Cloud {
  readonly points: readonly Cross[];
  readonly hollow?: boolean;
}
interface Axes {
  readonly title: string;
  readonly subtitle?: string;
  readonly xTitle: string;
  readonly x: Ticks;
  readonly y: Ticks;
  readonly width: number;
  readonly height: number;
  readonly under?: (x: (field: string) => object, y: (field: string) => object) => readonly Spec[];
}

/** Settings of one group, joined in the order of the swept key. */
function paths(study: Study, points: readonly Cross[]): Record<string, unknown>[] {
  if (!study.axis) return [];
  const size = new Map<string, number>();
  for (const p of points) size.set(p.setting.group, (size.get(p.setting.group) ?? 0) + 1);
  return points.filter((p) => size.get(p.setting.group)! > 1).map((p) => ({ x: p.x, y: p.y, at: p.setting.at, g: p.setting.group }));
}

export function scatter(study: Study, clouds: readonly Cloud[], { title, subtitle, xTitle, x: xTicks, y: yTicks, width, height, under }: Axes): Spec {
  const left = gutter(yTicks),
    right = Math.ceil(Math.max(14, tickWidth(xTicks) / 2 + 2)),
    plot = width - left - right,
    x = scaled(xTicks, { title: xTitle }),
    y = scaled(yTicks),
    order = { order: { field: 'at', type: 'quantitative' }, detail: { field: 'g' } };
  const px = (p: Cross): number => pixelOf(p.x, xTicks.domain, plot),
    py = (p: Cross): number => height - pixelOf(p.y, yTicks.domain, height);
  const layers = clouds.flatMap(({ points, hollow = false }): Spec[] => {
    const rows = points.map((p) => ({
        ...markOf(p.setting),
        x: p.x,
        y: p.y,
        xLow: p.xLow ?? p.x,
        xHigh: p.xHigh ?? p.x,
        yLow: p.yLow ?? p.y,
        yHigh: p.yHigh ?? p.y,
        tip: p.tip,
      })),
      faint = hollow ? 0.5 : 0.7;
    return [
      layer(
        paths(study, points),
        { type: 'line', color: INK.c8, strokeWidth: 1.5, ...(hollow ? { strokeDash: [2, 4] } : {}) },
        { x: x('x'), y: y('y'), ...order },
      ),
      layer(
        rows.filter((r) => r.xHigh > r.xLow),
        { type: 'rule', clip: true },
        { x: x('xLow'), x2: { field: 'xHigh' }, y: y('y'), color: fields.color, opacity: lit(faint) },
      ),
      layer(
        rows.filter((r) => r.yHigh > r.yLow),
        { type: 'rule', clip: true },
        { x: x('x'), y: y('yLow'), y2: { field: 'yHigh' }, color: fields.color, opacity: lit(faint) },
      ),
      hollow
        ? layer(
            rows,
            { type: 'point', fill: INK.page, strokeWidth: 1.6, size: 44 },
            { x: x('x'), y: y('y'), stroke: fields.color, shape: fields.shape, opacity: lit(), tooltip: fields.tip },
          )
        : layer(
            rows,
            { type: 'point' },
            { x: x('x'), y: y('y'), color: fields.color, shape: fields.shape, size: fields.size, opacity: lit(), tooltip: fields.tip },
          ),
    ];
  });
  const atX = (v: number): number => pixelOf(v, xTicks.domain, plot),
    atY = (v: number): number => height - pixelOf(v, yTicks.domain, height);
  const bars = (p: Cross): Box[] => [
    ...(p.xLow !== null && p.xHigh !== null ? [{ left: atX(p.xLow), right: atX(p.xHigh), top: py(p) - 2, bottom: py(p) + 2 }] : []),
    ...(p.yLow !== null && p.yHigh !== null ? [{ left: px(p) - 2, right: px(p) + 2, top: atY(p.yHigh), bottom: atY(p.yLow) }] : []),
  ];
  const joined = (points: readonly Cross[]): Box[] => {
    const path = [...points].sort((a, b) =>
      a.setting.group < b.setting.group ? -1 : a.setting.group > b.setting.group ? 1 : (a.setting.at ?? 0) - (b.setting.at ?? 0),
    );
    return study.axis
      ? path.slice(1).flatMap((p, i) => (p.setting.group === path[i].setting.group ? along(px(path[i]), py(path[i]), px(p), py(p)) : []))
      : [];
  };
  const all = clouds.flatMap((c) => c.points),
    main = clouds[clouds.length - 1].points;
  const named = main.length <= 4 ? main : main.filter((p) => p.setting.featured);
  const spots: Spot[] = named.map((p) => ({
    id: p.setting.cell.id,
    x: px(p),
    y: py(p),
    text: shorten(p.setting.label, plot * 0.45, 12, true),
    color: p.setting.look.color,
  }));
  return framed(width, {
    title,
    ...(subtitle ? { subtitle } : {}),
    plot: height,
    left,
    right,
    layers: [
      ...(under?.(x, y) ?? []),
      ...layers,
      placeLabels(spots, [...all.map((p) => around(px(p), py(p))), ...all.flatMap(bars), ...clouds.flatMap((c) => joined(c.points))], {
        left: 2,
        right: plot + right - 2,
        top: 0,
        bottom: height - 2,
      }),
    ],
  });
}
