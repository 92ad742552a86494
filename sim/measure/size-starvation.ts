// Starvation among equals: who waited many times as long as the median of the calls of its own size.
import { STARVED_MEDIANS } from '../../src/observe/metrics.ts';
import type { MetricCall, MetricRun } from '../metric.ts';
import { quantileOfSorted } from './statistics.ts';

/** Calls of one size: their output tokens lie between two powers of two. What was not served to its end has no known size, and is held against all. */
const UNKNOWN = -1;
const sizeOf = ({ output_tokens: tokens, outcome }: MetricCall): number => (outcome === 'completed' ? 32 - Math.clz32(tokens) : UNKNOWN);

/** Undefined where it is not known until when the call waited. */
function waitOf({ scheduled, arrival, outcome }: MetricCall, windowS: number): number | undefined {
  return scheduled !== null ? scheduled - arrival : outcome === 'unfinished' ? Math.max(0, windowS - arrival) : undefined;
}

/** Share of the calls that waited more than `medians` times the median wait of their size. Null where nobody waited for anything known. O(n log n). */
export function starvedBySize(run: MetricRun, medians = STARVED_MEDIANS): number | null {
  const { calls, everyone = calls, windowS } = run, waits = new Map<number, number[]>([[UNKNOWN, []]]);
  for (const call of everyone) {
    const wait = waitOf(call, windowS), size = sizeOf(call);
    if (wait === undefined) continue;
    waits.get(UNKNOWN)!.push(wait);
    if (size === UNKNOWN) continue;
    const alike = waits.get(size);
    if (alike) alike.push(wait); else waits.set(size, [wait]);
  }
  const limits = new Map([...waits].map(([size, all]) => [size, medians * medianOf(all)]));
  let known = 0, starved = 0;
  for (const call of calls) {
    const wait = waitOf(call, windowS);
    if (wait === undefined) continue;
    known++;
    if (wait > limits.get(sizeOf(call))!) starved++;
  }
  return known === 0 ? null : starved / known;
}

/** Where most do not wait at all, the median of those that do: else whoever waits for an instant would starve. */
function medianOf(waits: number[]): number {
  const sorted = Float64Array.from(waits).sort(), median = quantileOfSorted(sorted, 0.5) ?? 0;
  return median > 0 ? median : quantileOfSorted(sorted.filter((wait) => wait > 0), 0.5) ?? 0;
}
