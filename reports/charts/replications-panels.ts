// Panels behind the trust in the intervals: every replication as a dot, the interval narrowing, the windows of a single trace.
import { phrase, type Asked } from '../asked.ts';
import { estimate } from '../bands.ts';
import { fixed } from '../numbers.ts';
import { MOST_DOTS, narrowing, valuesOf, windowsOf } from '../precision.ts';
import type { Study } from '../study.ts';
import type { Spec } from '../svg.ts';
import { columnDecimals } from '../table.ts';
import { INK } from '../tokens.ts';
import { durationUnit, unitOf } from '../units.ts';
import type { Panel, Place } from './chart.ts';
import { columnHeads, headOf } from './heads.ts';
import { lineOf, lines } from './lines.ts';
import { fields, framed, layer, lit, scaled, ticks } from './parts.ts';
import { fitTicks, gutter, rowsShown, valueTicks } from './values.ts';

/** Dots side by side within a column of each setting, placed by replication number: no chance in the drawing. */
export function dotsPanel(study: Study, metric: Asked, { width }: Place): Spec {
  const shown = rowsShown(study, metric, study.settings, MOST_DOTS),
    all = shown.map((s) => valuesOf(s, metric)),
    largest = Math.max(0, ...all.flat().map((v) => Math.abs(v.value))),
    unit = unitOf(metric.definition, largest),
    f = unit.factor;
  const means = all.map((v) => ({ mean: (estimate(v.map((x) => x.value)).mean ?? 0) * f })),
    y = valueTicks(
      all.flat().map((v) => ({ mean: v.value * f })),
      metric.definition.unit === 'count',
    ),
    Y = scaled(y),
    left = gutter(y),
    right = 10,
    plot = width - left - right,
    height = 210;
  const X = scaled({ domain: [-0.5, shown.length - 0.5], values: [], decimals: 0 }, { hidden: true }),
    room = plot / shown.length,
    bar = Math.min(0.32, 26 / room);
  const rows = all.flatMap((values, i) =>
    values.map((v, k) => ({
      id: shown[i].cell.id,
      color: shown[i].look.color,
      x: i + (values.length > 1 ? ((k * 7) % values.length) / values.length - 0.5 : 0) * Math.min(0.5, 26 / room),
      y: v.value * f,
      tip: `${shown[i].name}, replication ${v.replication}: ${fixed(v.value * f, columnDecimals(values.map((x) => x.value * f)))}`,
    })),
  );
  const heads = columnHeads(shown, room - 2, 12, 60);
  return framed(width, {
    title: 'All replications',
    subtitle: [phrase(metric), unit.word].filter(Boolean).join(', '),
    plot: height,
    left,
    right,
    bottom: 34 + 15 * Math.max(0, ...heads.map((head) => head.length - 1)),
    layers: [
      layer(rows, { type: 'point', size: 16, opacity: 0.6 }, { x: X('x'), y: Y('y'), color: fields.color, opacity: lit(0.6), tooltip: fields.tip }),
      layer(
        means.map((m, i) => ({ id: shown[i].cell.id, a: i - bar, b: i + bar, y: m.mean })).filter((_, i) => all[i].length > 0),
        { type: 'rule', color: INK.text, strokeWidth: 2 },
        { x: X('a'), x2: { field: 'b' }, y: Y('y'), opacity: lit() },
      ),
      ...[0, 1].map((line) =>
        layer(
          heads.flatMap((head, i) => (head[line] === undefined ? [] : [{ ...headOf(shown[i]), x: i, t: head[line] }])),
          { type: 'text', align: 'center', fontWeight: 600 },
          { x: X('x'), y: { value: height + 16 + 15 * line }, text: { field: 't' }, color: fields.color, tooltip: fields.tip },
        ),
      ),
    ],
  });
}

export function precisionPanel(study: Study, metric: Asked): Panel {
  return {
    label: `Half-width of the paired difference in ${phrase(metric)} after the first replications, one line a coloured setting.`,
    build: ({ width }) => {
      const all = narrowing(study, metric),
        top = Math.max(...all.flatMap((l) => l.points.map((p) => p.half))),
        unit = unitOf(metric.definition, top),
        n = Math.max(...all.flatMap((l) => l.points.map((p) => p.n)));
      return lines(
        all.map((l) =>
          lineOf(
            l.setting,
            l.points.map((p) => ({ x: p.n, y: p.half * unit.factor })),
          ),
        ),
        {
          width,
          title: 'Precision reached',
          subtitle: ['half-width of the paired difference', unit.word].filter(Boolean).join(', '),
          height: 210,
          x: fitTicks(
            (want) => {
              const t = ticks(3, n, want, false);
              return { ...t, values: t.values.filter(Number.isInteger) };
            },
            width - 100,
            5,
          ),
          y: ticks(0, top * unit.factor, 4),
          xTitle: 'replications',
        },
      );
    },
  };
}

export function windowsPanel(study: Study): Panel {
  const { lines: of } = windowsOf(study)!;
  return {
    label: 'Mean wait of every call by window of the trace, one line a coloured setting.',
    build: ({ width }) => {
      const top = Math.max(1e-9, ...of.flatMap((l) => l.values.map((v) => v ?? 0))),
        unit = durationUnit(top),
        n = Math.max(...of.map((l) => l.values.length));
      return lines(
        of.map((l) =>
          lineOf(
            l.setting,
            l.values.flatMap((v, i) => (v === null ? [] : [{ x: i + 1, y: v * unit.factor }])),
          ),
        ),
        {
          width,
          title: `Mean wait of every call, by window, ${unit.word}`,
          height: 220,
          x: fitTicks(
            (want) => {
              const t = ticks(1, n, want, false);
              return { ...t, values: t.values.filter((v) => Number.isInteger(v) && v > 0) };
            },
            width - 120,
            8,
          ),
          y: ticks(0, top * unit.factor, 4),
          xTitle: 'window of the trace',
        },
      );
    },
  };
}
