// Measured against simulated, request by request: means, quantiles, and how far single requests are off.
import type { Curve, MetricPair, Quantiles } from '../../reports/accuracy/figures.ts';
import type { Life } from './drive.ts';
import type { Times } from './measured.ts';

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Linear interpolation between order statistics on (n − 1). */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b), at = (sorted.length - 1) * p, low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (at - low);
}

const quantiles = (values: readonly number[]): Quantiles => ({ mean: mean(values), p50: quantile(values, 0.5), p90: quantile(values, 0.9), p95: quantile(values, 0.95), p99: quantile(values, 0.99) });

/** Times as the measured run counts them: from the moment at which the engine queued the request. */
export function timesOf({ queuedUs, firstUs, lastUs, outputTokens }: Life): Times {
  return { ttftMs: (firstUs - queuedUs) / 1e3, e2eMs: (lastUs - queuedUs) / 1e3, tpotMs: (lastUs - firstUs) / 1e3 / Math.max(1, outputTokens - 1) };
}

export const FIELDS = { TTFT: 'ttftMs', TPOT: 'tpotMs', E2E: 'e2eMs' } as const satisfies Record<MetricPair['metric'], keyof Times>;

export function pairs(measured: readonly Times[], simulated: readonly Times[]): readonly MetricPair[] {
  return (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).map((metric) => {
    const field = FIELDS[metric], error = errors(measured, simulated, field);
    return {
      metric, measured: quantiles(measured.map((times) => times[field])), simulated: quantiles(simulated.map((times) => times[field])),
      error: { p50: quantile(error, 0.5), p90: quantile(error, 0.9), p95: quantile(error, 0.95), p99: quantile(error, 0.99), most: Math.max(...error) },
    };
  });
}

/** Absolute error of each request, as a share of what was measured. */
export const errors = (measured: readonly Times[], simulated: readonly Times[], field: keyof Times): readonly number[] => measured.map((times, i) => Math.abs(simulated[i][field] / times[field] - 1));

/** Relative error of the means. */
export const bias = (measured: readonly Times[], simulated: readonly Times[], field: keyof Times): number => mean(simulated.map((times) => times[field])) / mean(measured.map((times) => times[field])) - 1;

/** A distribution function of at most a hundred points. */
export function curveOf(values: readonly number[]): Curve {
  const share = Array.from({ length: 100 }, (_, i) => (i + 1) / 100);
  return { at: share.map((p) => Number(quantile(values, p).toPrecision(4))), share };
}
