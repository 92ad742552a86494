// Mean and 95 % t interval of curves and lists over replications, for what the summary does not hold: tails, dots, precision.
import type { Estimate } from './numbers.ts';

const T975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08,
  2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** 97.5 % quantile of Student's t; past 30 degrees the expansion in 1/df (Fisher and Cornish 1960), right to four digits. */
export function t975(df: number): number {
  if (df <= T975.length) return T975[Math.max(1, df) - 1];
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * df) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * df * df);
}

/** Mean with its interval; no interval for fewer than two values. */
export function estimate(values: readonly number[]): Estimate & { readonly half: number | null } {
  const n = values.length;
  if (!n) return { mean: null, low: null, high: null, n, half: null };
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  if (n < 2) return { mean, low: null, high: null, n, half: null };
  const variance = values.reduce((sum, v) => sum + (v - mean) * (v - mean), 0) / (n - 1),
    half = t975(n - 1) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half, n, half };
}

/** Value of a step curve at `at`: the last knot not after it; `before` ahead of the first. O(log n). */
export function stepAt(xs: readonly number[], ys: readonly number[], at: number, before: number): number {
  let low = 0,
    high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= at) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? before : ys[low - 1];
}
