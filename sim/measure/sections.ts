// A percentile of one long run by consecutive parts of its calls: what an interval of it is found from.
import { quantileOfSorted } from './statistics.ts';

/** Parts of a run: few and long, because a percentile of a short part is biased. */
export const SECTIONS = 10;
/** Calls on the rarer side of a percentile that each part should hold. */
const LEAST_BEYOND = 10;
/** Percentiles as the dictionary spells them. */
const PERCENTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

/** Calls that a run needs for an interval of this percentile: 2000 for p95, 10 000 for p99. Undefined where it is none. */
export function callsNeeded(statistic: string | undefined): number | undefined {
  const p = (PERCENTILES as Readonly<Record<string, number>>)[statistic ?? ''];
  return p === undefined ? undefined : Math.ceil((SECTIONS * LEAST_BEYOND) / Math.min(p, 1 - p) - 1e-9);
}

/**
 * The percentiles of each of ten parts with equally many calls, for those percentiles that have enough calls in every part.
 * `values`: one a call in the order of arrival, NaN where the call has none. The parts depend on the arrivals alone, so settings pair. O(n log n).
 */
export function sectionPercentiles(values: Float64Array): Record<string, number[]> {
  const parts = Array.from({ length: SECTIONS }, (_, s) => values.slice(Math.floor((s * values.length) / SECTIONS), Math.floor(((s + 1) * values.length) / SECTIONS)).filter((v) => !Number.isNaN(v)).sort());
  const fewest = Math.min(...parts.map((part) => part.length));
  return Object.fromEntries(Object.entries(PERCENTILES).flatMap(([name, p]) => (fewest * SECTIONS < (callsNeeded(name) as number) ? [] : [[name, parts.map((part) => quantileOfSorted(part, p) as number)]])));
}
