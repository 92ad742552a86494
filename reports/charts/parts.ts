// The pieces that charts are built from: frames with explicit padding, scales that every layer repeats, ticks, marks that light up.
import { decimalsFor, fixed } from '../numbers.ts';
import { INK } from '../tokens.ts';
import { shorten, wrap } from '../text-width.ts';
import type { Setting } from '../settings.ts';
import type { Spec } from '../svg.ts';
import { durationUnit } from '../units.ts';

export type Datum = Readonly<Record<string, unknown>>;
export type Encoding = Readonly<Record<string, unknown>>;

interface Frame {
  readonly title: string;
  readonly subtitle?: string;
  readonly plot: number;
  readonly left?: number;
  readonly right?: number;
  readonly bottom?: number;
  readonly above?: number;
  readonly layers: readonly Spec[];
}

export const layer = (values: readonly Datum[], mark: Datum, encoding: Encoding): Spec => ({ data: { values }, mark, encoding });

/** How a line over a plot is made where the plot begins lower by so many pixels. */
const HEADS = new WeakMap<Spec, (raised: number) => Spec>();

/** Panels side by side: titles at one height, and plots at one height below the longest head. */
export function levelled(specs: readonly Spec[]): Spec[] {
  const padding = (spec: Spec): { readonly top: number } => spec['padding'] as { readonly top: number },
    top = Math.max(...specs.map((spec) => padding(spec).top));
  return specs.map((spec) => {
    const by = top - padding(spec).top;
    return by === 0 ? spec : { ...spec, padding: { ...padding(spec), top }, layer: (spec['layer'] as readonly Spec[]).map((one) => HEADS.get(one)?.(by) ?? one) };
  });
}

/** Title, padding and size written out: plots of stacked panels align, and nothing depends on measured text. `plot` is the height of the drawing. */
export function framed(width: number, { title, subtitle, plot, left: from = 44, right: to = 12, bottom = 46, above = 0, layers }: Frame): Spec {
  const left = Math.ceil(from),
    right = Math.ceil(to);
  const lines = wrap(title, width - 6, 13, true),
    under = subtitle ? wrap(subtitle, width - 6, 12, false, 2) : [];
  // Titles are text marks: a title of Vega's own moves with whatever sticks out above the plot.
  const head = 4 + lines.length * 17,
    top = head + under.length * 16 + (under.length ? 2 : 0) + 16 + above;
  const words = (texts: readonly string[], first: number, step: number, look: Datum): readonly Spec[] => {
    if (!texts.length) return [];
    const values = texts.map((t, i) => ({ t, y: first + i * step - top })),
      of = (raised: number): Spec =>
        layer(
          values.map(({ t, y }) => ({ t, y: y - raised })),
          { type: 'text', ...look },
          { x: { value: 1 - left }, y: { field: 'y', type: 'quantitative', scale: null, axis: null }, text: { field: 't' } },
        ),
      made = of(0);
    HEADS.set(made, of);
    return [made];
  };
  return {
    autosize: 'none',
    width: width - left - right,
    height: plot,
    padding: { left, right, top, bottom },
    params: [{ name: 'chosen', value: null }],
    layer: [
      ...layers,
      ...words(lines, 12, 17, { fontSize: 13, fontWeight: 600, color: INK.text }),
      ...words(under, head + 10, 16, { fontSize: 12, color: INK.muted }),
    ],
  };
}

/** Opacity of a mark that belongs to a setting: full, or faint while another setting is lit up. */
export const lit = (full = 1): Spec => ({ condition: { test: 'chosen === null || datum.id === chosen', value: full }, value: full * 0.16 });

export const fields = {
  color: { field: 'color', scale: null, legend: null },
  shape: { field: 'shape', scale: null, legend: null },
  dash: { field: 'dash', scale: null, legend: null },
  size: { field: 'size', type: 'quantitative', scale: null, legend: null },
  tip: { field: 'tip', type: 'nominal' },
} as const;

/** What every mark of a setting carries. */
export const markOf = (setting: Setting, large = 70, small = 28): Datum => ({
  id: setting.cell.id,
  color: setting.look.color,
  shape: setting.look.shape,
  size: setting.featured ? large : small,
});

export interface Ticks {
  readonly domain: readonly [number, number];
  readonly values: readonly number[];
  readonly decimals: number;
}

/** Round steps that cover [low, high]: about `want` of them. The domain ends on a step where `snap`, else at the data with a margin. */
export function ticks(low: number, high: number, want = 5, snap = true): Ticks {
  if (!(high > low)) {
    const size = Math.abs(low) || 1;
    low -= size * 0.1;
    high += size * 0.1;
    if (low < 0 && low > -size) low = 0;
  }
  const rough = (high - low) / want,
    power = Number(`1e${Math.floor(Math.log10(rough))}`),
    lead = rough / power;
  const step = power * (lead <= 1.2 ? 1 : lead <= 2.4 ? 2 : lead <= 3 ? 2.5 : lead <= 6 ? 5 : 10);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) + (Math.abs(step / power - 2.5) < 1e-9 ? 1 : 0);
  const from = snap ? Math.floor(low / step + 1e-9) : Math.ceil(low / step - 1e-9),
    to = snap ? Math.ceil(high / step - 1e-9) : Math.floor(high / step + 1e-9);
  const values: number[] = [];
  for (let k = from; k <= to && values.length < 40; k++) values.push(Number((k * step).toFixed(12)) + 0);
  return { domain: snap ? [values[0], values[values.length - 1]] : [low, high], values, decimals: Math.min(digits, 8) };
}

interface AxisOptions {
  readonly title?: string;
  readonly signed?: boolean;
  readonly word?: string;
  readonly labels?: readonly string[];
  readonly log?: boolean;
  readonly reverse?: boolean;
  readonly hidden?: boolean;
  readonly y?: boolean;
}

const quoted = (text: string): string => `'${text.replace(/[\\'\u0000-\u001f]/g, '')}'`;

/** A quantitative channel; call it with a field, in every layer alike, so that layers cannot stretch each other's domain. */
export function scaled(
  of: Ticks,
  { title, signed = false, word = '', labels, log = false, reverse = false, hidden = false }: AxisOptions = {},
): (field: string, more?: Datum) => Datum {
  const format = `${signed ? '+' : ''},.${of.decimals}~f`;
  const shown = labels
    ? labels.map((text, i) => `abs(datum.value - ${of.values[i]}) <= ${Math.abs(of.values[i]) * 1e-6} ? ${quoted(text)} : `).join('') + "''"
    : `${signed ? "datum.value === 0 ? '0' : " : ''}datum.label${word ? ` + ${quoted(`\u00a0${word}`)}` : ''}`;
  const axis = hidden
    ? null
    : { title: title ?? null, values: of.values, ...(labels ? {} : { format }), ...(labels || signed || word ? { labelExpr: shown } : {}) };
  const scale = { domain: of.domain, nice: false, ...(log ? { type: 'log' } : { zero: false }), ...(reverse ? { reverse: true } : {}) };
  return (field, more = {}) => ({ field, type: 'quantitative', title: null, scale, axis, ...more });
}

/** Decades of seconds as marks of a log axis, each in its own unit. */
export function decades(low: number, high: number, length: number): Ticks & { readonly labels: readonly string[] } {
  const from = Math.floor(Math.log10(low) + 1e-9),
    to = Math.ceil(Math.log10(high) - 1e-9),
    values: number[] = [];
  for (let k = from; k <= Math.max(to, from + 1); k++) values.push(Number(`1e${k}`));
  const step = Math.ceil((values.length * 62) / length);
  const labels = values.map((v, i) => {
    if (i % step) return '';
    const unit = v >= 60 ? { factor: 1, word: 's' } : durationUnit(v);
    return `${fixed(v * unit.factor, decimalsFor(v * unit.factor, 1))}\u00a0${unit.word}`;
  });
  return { domain: [values[0], values[values.length - 1]], values, decimals: 0, labels };
}

/** Pushes labels apart that would touch: `at` rises by at least `gap`, and none leaves [low, high]. */
export function dodge<T extends { readonly at: number }>(
  rows: readonly T[],
  gap: number,
  low: number,
  high: number,
): (T & { readonly put: number })[] {
  const sorted = rows.map((row) => ({ ...row, put: Math.max(row.at, low) })).sort((a, b) => a.at - b.at);
  for (let i = 1; i < sorted.length; i++) sorted[i].put = Math.max(sorted[i].put, sorted[i - 1].put + gap);
  for (let i = sorted.length - 1, top = high; i >= 0; i--, top = sorted[i + 1].put - gap) sorted[i].put = Math.min(sorted[i].put, top);
  return sorted;
}

/** Row labels as text beside the plot: coloured where the setting is, shortened to fit, whole in the tooltip. */
export function rowLabels(settings: readonly Setting[], room: number, y: (field: string) => Datum): Spec {
  const values = settings.map((s, row) => ({
    id: s.cell.id,
    row,
    t: shorten(s.label, room - 10, 12, s.featured),
    tip: s.name,
    color: s.featured ? s.look.color : INK.text,
    weight: s.featured ? 600 : 400,
  }));
  return layer(
    values,
    { type: 'text', align: 'right' },
    { x: { value: -8 }, y: y('row'), text: { field: 't' }, color: fields.color, opacity: lit(), tooltip: fields.tip },
  );
}
