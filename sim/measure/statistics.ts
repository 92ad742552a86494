// Statistics over replications: means with Student-t intervals, paired and unpaired differences, batch means, proportions.
import { mean as meanOf, quantileSorted, sampleStandardDeviation, sum as sumOf } from 'simple-statistics';
import { assert } from '../../src/errors.ts';
import { upperQuantile } from './student-t.ts';

/** Confidence of every interval unless another level is asked for. */
export const LEVEL = 0.95;

/** An estimate with its interval. `low` and `high` are null where one value or none gives no interval; `n` counts the values used. */
export interface Interval { readonly mean: number | null; readonly low: number | null; readonly high: number | null; readonly sd: number | null; readonly n: number }

/** t factors by level and degrees of freedom: a summary asks for the same few thousands of times. */
const factors = new Map<number, Map<number, number>>();
const MOST_FACTORS = 1000;

function tFactor(level: number, df: number): number {
  let byDf = factors.get(level);
  if (!byDf) { if (factors.size > MOST_FACTORS) factors.clear(); factors.set(level, byDf = new Map()); }
  let t = byDf.get(df);
  if (t === undefined) { if (byDf.size > MOST_FACTORS) byDf.clear(); byDf.set(df, t = upperQuantile(1 - level, df)); }
  return t;
}

const NOTHING: Interval = { mean: null, low: null, high: null, sd: null, n: 0 };

/** Drops what is missing; a NaN or an infinity is a bug of whoever measured it. */
function present(values: readonly (number | null | undefined)[]): number[] {
  const out: number[] = [];
  for (const value of values) {
    if (value === null || value === undefined) continue;
    assert(Number.isFinite(value), 'measured values are finite', { value });
    out.push(value);
  }
  return out;
}

function allEqual(values: readonly number[]): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/**
 * mean ± t(1 − (1 − level)/2, n − 1) · s/√n over independent values, one per replication. Missing values are dropped and `n` says so.
 * Equal values give exactly their value with width 0: rounding must not look like variance. O(n).
 */
export function meanInterval(values: readonly (number | null | undefined)[], level = LEVEL): Interval {
  const x = present(values);
  if (x.length === 0) return NOTHING;
  if (x.length === 1) return { mean: x[0], low: null, high: null, sd: null, n: 1 };
  if (allEqual(x)) return { mean: x[0], low: x[0], high: x[0], sd: 0, n: x.length };
  const mean = meanOf(x), sd = sampleStandardDeviation(x);
  const half = (tFactor(level, x.length - 1) * sd) / Math.sqrt(x.length);
  return { mean, low: mean - half, high: mean + half, sd, n: x.length };
}

/** a[i] − b[i] wherever both exist: the pairs that common random numbers give. */
export function pairs(a: readonly (number | null | undefined)[], b: readonly (number | null | undefined)[]): number[] {
  const out: number[] = [];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const x = a[i], y = b[i];
    if (x !== null && x !== undefined && y !== null && y !== undefined) out.push(x - y);
  }
  return out;
}

/** Interval of the mean difference a − b over pairs with the same index. Valid where pairs share their random numbers and differ from each other in them. */
export function pairedDifference(a: readonly (number | null | undefined)[], b: readonly (number | null | undefined)[], level = LEVEL): Interval {
  return meanInterval(pairs(a, b), level);
}

/** Difference of two independent means with unequal variances; Welch–Satterthwaite degrees of freedom. `n` is the smaller sample. Source: Welch (1947). */
export function welchDifference(a: readonly (number | null | undefined)[], b: readonly (number | null | undefined)[], level = LEVEL): Interval {
  const x = meanInterval(a, level), y = meanInterval(b, level), n = Math.min(x.n, y.n);
  if (x.mean === null || y.mean === null) return NOTHING;
  const mean = x.mean - y.mean;
  if (x.sd === null || y.sd === null) return { mean, low: null, high: null, sd: null, n };
  const vx = (x.sd * x.sd) / x.n, vy = (y.sd * y.sd) / y.n, v = vx + vy;
  if (v === 0) return { mean, low: mean, high: mean, sd: 0, n };
  const df = (v * v) / ((vx * vx) / (x.n - 1) + (vy * vy) / (y.n - 1));
  const half = upperQuantile(1 - level, df) * Math.sqrt(v);
  return { mean, low: mean - half, high: mean + half, sd: Math.sqrt(v), n };
}

export interface BatchDifference extends Interval {
  /** Correlation of neighbouring windows' differences; above about 0.2 the interval is too narrow. Null below three windows. */
  readonly lag1: number | null;
}

/**
 * Paired difference by call windows: the same window of the same trace under two settings gives one difference, and a t interval is taken over
 * windows. `weights` are the calls of each window: with them the mean is the difference over all calls (a ratio estimator), as windows of equal
 * length hold unequally many. Valid where neighbouring windows are nearly independent, which `lag1` tells.
 * Source: batch means and ratio estimators (Law, Simulation Modeling and Analysis, 9.5).
 */
export function batchMeansDifference(a: readonly (number | null)[], b: readonly (number | null)[], level = LEVEL, weights?: readonly number[]): BatchDifference {
  const d: number[] = [], w: number[] = [];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const x = a[i], y = b[i], weight = weights ? weights[i] ?? 0 : 1;
    if (x === null || y === null || weight <= 0) continue;
    d.push(x - y);
    w.push(weight);
  }
  const lag1 = lag1Correlation(d);
  if (!weights || d.length < 2 || allEqual(d)) return { ...meanInterval(d, level), lag1 };
  const n = d.length, total = sumOf(w), mean = sumOf(d.map((x, i) => x * w[i])) / total;
  // Spread of the window totals around what the mean would give each, per call of an average window.
  const squares = sumOf(d.map((x, i) => { const off = (w[i] * n * (x - mean)) / total; return off * off; }));
  const sd = Math.sqrt(squares / (n - 1)), half = (tFactor(level, n - 1) * sd) / Math.sqrt(n);
  return { mean, low: mean - half, high: mean + half, sd, n, lag1 };
}

/**
 * Interval of the difference of one figure of two runs of the same calls, from that figure over equal consecutive parts of both: the figure of the
 * whole is the estimate, the parts tell its spread around it, with t over their number. For percentiles, which are no means and so have no batch
 * means. Valid where the parts are long beside the time over which calls depend on each other, and hold enough calls for the percentile.
 * Source: sectioning (Asmussen and Glynn, Stochastic Simulation, III.5; Nakayama 2014, for quantiles of simulations).
 */
export function sectioningDifference(whole: number, a: readonly number[], b: readonly number[], level = LEVEL): Interval {
  const d = pairs(a, b), n = d.length;
  if (n < 2) return { mean: whole, low: null, high: null, sd: null, n };
  const sd = Math.sqrt(sumOf(d.map((x) => (x - whole) * (x - whole))) / (n - 1)), half = (tFactor(level, n - 1) * sd) / Math.sqrt(n);
  return { mean: whole, low: whole - half, high: whole + half, sd, n };
}

/** Lag-1 autocorrelation; null below three values or without variance. */
export function lag1Correlation(x: readonly number[]): number | null {
  if (x.length < 3 || allEqual(x)) return null;
  const m = meanOf([...x]);
  let above = 0, below = 0;
  for (let i = 0; i < x.length; i++) {
    below += (x[i] - m) * (x[i] - m);
    if (i > 0) above += (x[i] - m) * (x[i - 1] - m);
  }
  return below > 0 ? above / below : null;
}

/** Level of each of `count` intervals so that all hold together with `level` (Bonferroni: no assumption on their dependence). */
export function familyLevel(count: number, level = LEVEL): number {
  return 1 - (1 - level) / Math.max(1, count);
}

/**
 * Upper confidence bound of a proportion after `hits` of `n`, one-sided and exact (Clopper and Pearson 1934): the p at which as few hits
 * or fewer have probability 1 − level. For no hits it is 1 − (1 − level)^(1/n), near 3/n. O(n) at worst.
 */
export function proportionUpperBound(hits: number, n: number, level = LEVEL): number {
  assert(Number.isInteger(hits) && Number.isInteger(n) && hits >= 0 && n >= 1 && hits <= n, 'hits are a part of n', { hits, n });
  if (hits === n) return 1;
  const alpha = 1 - level;
  if (hits === 0) return -Math.expm1(Math.log(alpha) / n);
  let low = hits / n, high = 1;
  for (let i = 0; i < 60; i++) {
    const p = (low + high) / 2;
    if (binomialAtMost(hits, n, p) > alpha) low = p; else high = p;
  }
  return high;
}

/** P(X ≤ k) for a binomial, summed from its first term in logarithms. */
function binomialAtMost(k: number, n: number, p: number): number {
  const odds = Math.log(p) - Math.log1p(-p);
  let log = n * Math.log1p(-p), sum = Math.exp(log);
  for (let i = 1; i <= k; i++) { log += Math.log((n - i + 1) / i) + odds; sum += Math.exp(log); }
  return Math.min(1, sum);
}

/** Quantile by linear interpolation between order statistics (type 7). Sorts a copy: O(n log n). Null for no values. */
export function quantile(values: readonly number[] | Float64Array, p: number): number | null {
  return quantileOfSorted(Float64Array.from(values).sort(), p);
}

/** The same of values already in ascending order: O(1). */
export function quantileOfSorted(sorted: Float64Array, p: number): number | null {
  // simple-statistics declares plain arrays and reads by index only.
  return sorted.length === 0 ? null : quantileSorted(sorted as unknown as number[], p);
}
