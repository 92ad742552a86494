// A profile of thousands of measurements as a few hundred figures: the grids of a `table` cost model.
import type { GridData } from '../../sim/engine/cost/grid.ts';
import type { TableCost } from '../../sim/engine/cost/table.ts';
import { monotone } from './monotone.ts';
import type { AttentionPoint, Profile } from './profile.ts';

/** Least and most context that was measured for a decode. */
const LEAST = 16;
const powers = (from: number, to: number, by = 2): number[] => { const out = [from]; while (out[out.length - 1] * by <= to) out.push(out[out.length - 1] * by); return out; };
const round = (value: number): number => Number(value.toPrecision(4));
const median = (values: readonly number[]): number => { const sorted = [...values].sort((a, b) => a - b), n = sorted.length; return n % 2 === 1 ? sorted[(n - 1) / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2; };
const unique = (values: Iterable<number>): number[] => [...new Set(values)].sort((a, b) => a - b);

/** The five tables. Attention is of all layers. What lies beyond the measurements goes on as their last two points do. */
export function condense(profile: Profile): Pick<TableCost, 'dense' | 'head' | 'prefill' | 'decode' | 'mixed'> {
  const { layers, attention } = profile;
  const prefill = prefillGrid(attention, layers), decode = decodeGrid(attention, layers);
  return {
    dense: thinned(curve(profile.dense, 131_072)), head: thinned(curve(profile.head, 4096)),
    prefill, decode, mixed: mixedGrid(attention, layers),
  };
}

/** One dimension, made monotone, and carried on to `to` with the slope of its last quarter. */
function curve(points: ReadonlyMap<number, number>, to: number): GridData {
  const at = unique(points.keys()), us = monotone([at], at.map((x) => points.get(x) as number));
  const last = at.length - 1, before = at.findIndex((x) => x >= at[last] * 0.75);
  const slope = Math.max(0, (us[last] - us[before]) / (at[last] - at[before]));
  return { axes: [[...at, to]], values: [...us, us[last] + slope * (to - at[last])] };
}

/** Leaves out points that a straight line between their neighbours gives within 0.3 %. */
function thinned({ axes: [at], values }: GridData): GridData {
  const keep = [0];
  for (let from = 0; from < at.length - 1;) {
    let to = from + 1;
    while (to + 1 < at.length - 1 && isStraight(at, values, from, to + 1)) to++;
    keep.push(to);
    from = to;
  }
  return { axes: [keep.map((i) => at[i])], values: keep.map((i) => round(values[i])) };
}

function isStraight(at: readonly number[], us: readonly number[], from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) {
    const line = us[from] + (us[to] - us[from]) * (at[i] - at[from]) / (at[to] - at[from]);
    if (Math.abs(line - us[i]) > 0.003 * us[i]) return false;
  }
  return true;
}

/** The value at `x` of measurements by context: a straight line between two, the first below all; beyond all, on as from half the last. */
function along(points: readonly (readonly [number, number])[], x: number): number {
  if (x <= points[0][0]) return points[0][1];
  const [last, most] = points[points.length - 1];
  if (x > last) { const half = along(points, last / 2); return most + (most - half) * (x - last) / (last / 2); }
  let i = 0;
  while (i < points.length - 2 && points[i + 1][0] < x) i++;
  const [[a, u], [b, v]] = [points[i], points[i + 1]];
  return u + (v - u) * (x - a) / (b - a);
}

/** Measurements of decodes by number, each a list by context of one. `value` gives nothing where there is none. */
type Curves = ReadonlyMap<number, readonly (readonly [number, number])[]>;

function curves(points: readonly AttentionPoint[]): Curves {
  const byNumber = new Map<number, Map<number, number[]>>();
  for (const { decodes, decodeContext, us } of points) {
    const ofNumber = byNumber.get(decodes) ?? new Map<number, number[]>();
    byNumber.set(decodes, ofNumber);
    ofNumber.set(decodeContext, [...(ofNumber.get(decodeContext) ?? []), us]);
  }
  return new Map([...byNumber].map(([number, of]) => [number, unique(of.keys()).map((k) => [k, median(of.get(k) as number[])] as const)]));
}

/** Time of so many decodes whose contexts sum up to `sum`; beyond the largest number that was measured, on as from half of it. */
function ofSum(of: Curves, number: number, sum: number): number {
  const known = of.get(number);
  if (known) return along(known, Math.max(LEAST, sum / number));
  const most = Math.max(...of.keys()), last = ofSum(of, most, sum), half = ofSum(of, most / 2, sum);
  return last + Math.max(0, last - half) * (number - most) / (most / 2);
}

function decodeGrid(attention: readonly AttentionPoint[], layers: number): GridData {
  const of = curves(attention.filter((p) => p.chunk === 0)), numbers = powers(1, 1024), sums = powers(LEAST, LEAST << 21);
  const values = numbers.flatMap((number) => sums.map((sum) => layers * ofSum(of, number, sum)));
  return { axes: [numbers, sums], values: monotone([numbers, sums], spread(numbers, sums.length, values)).map(round) };
}

function prefillGrid(attention: readonly AttentionPoint[], layers: number): GridData {
  const alone = attention.filter((p) => p.decodes === 0), at = new Map(alone.map((p) => [`${p.chunk} ${p.chunkContext}`, p.us]));
  const chunks = powers(LEAST, 2048), contexts = [0, ...powers(LEAST, 16_384)];
  const rows = chunks.map((chunk) => contexts.map((context) => {
    const us = at.get(`${chunk} ${context}`);
    if (us === undefined) throw new Error(`no measurement of a chunk of ${chunk} tokens after ${context}.`);
    return layers * us;
  }));
  // The last two points of context, and then of chunks, go on: by pairs of (query, context), to which time is proportional out there.
  const far = contexts.length, deep = 131_072, long = 16_384;
  for (const row of rows) row.push(row[far - 1] + (row[far - 1] - row[far - 2]) * (deep - contexts[far - 1]) / (contexts[far - 1] - contexts[far - 2]));
  const pairs = (chunk: number, context: number): number => chunk * (context + chunk / 2), last = rows[rows.length - 1];
  rows.push([...contexts, deep].map((context, i) => last[i] * pairs(long, context) / pairs(2048, context)));
  const axes = [[...chunks, long], [...contexts, deep]];
  return { axes, values: monotone(axes, rows.flat()).map(round) };
}

const MIXED_CHUNKS = [16, 128, 256, 512, 1024, 2048], MOST_CONTEXT = 4096;

/** What decodes add to a chunk: the median over the chunk's own context up to 4096, on which it hardly depends. */
function mixedGrid(attention: readonly AttentionPoint[], layers: number): GridData {
  const numbers = powers(1, 256), sums = powers(LEAST, LEAST << 18), alone = new Map(attention.filter((p) => p.decodes === 0).map((p) => [`${p.chunk} ${p.chunkContext}`, p.us]));
  const values = MIXED_CHUNKS.flatMap((chunk) => {
    const of = curves(attention.filter((p) => p.decodes > 0 && p.chunk === chunk && p.chunkContext <= MOST_CONTEXT)
      .map((p) => ({ ...p, us: Math.max(0, p.us - (alone.get(`${chunk} ${p.chunkContext}`) ?? NaN)) })));
    return spread(numbers, sums.length, numbers.flatMap((number) => sums.map((sum) => layers * ofSum(of, number, sum))));
  });
  const axes = [MIXED_CHUNKS, numbers, sums];
  return { axes, values: monotone(axes, values).map(round) };
}

/** Decodes from which on it does not matter over how many sequences a sum of contexts is spread. */
const MANY = 32;

/**
 * A few long decodes take longer than many short ones of the same sum, because each is one chain of work. A model that
 * knows the sum alone, and must never fall as decodes are added, takes the time of the many.
 */
function spread(numbers: readonly number[], width: number, values: readonly number[]): number[] {
  const out = [...values];
  for (let at = numbers.indexOf(MANY) * width - 1; at >= 0; at--) out[at] = Math.min(out[at], out[at + width]);
  return out;
}
