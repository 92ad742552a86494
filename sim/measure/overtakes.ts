// Overtaking, found from the calls of a run: who began to be served while somebody who had come earlier still waited.
import type { MetricCall, MetricRun } from '../metric.ts';

/** By call, in the order of the run: earlier ones that it passed, and later ones that passed it; NaN for calls that take no part. */
export interface Overtakes { readonly passed: Float64Array; readonly suffered: Float64Array }

/** Counts by rank, with sums of what is below a rank in O(log n) (Fenwick, 1994). */
class RankCounts {
  readonly #sums: Int32Array;
  count = 0;
  constructor(ranks: number) { this.#sums = new Int32Array(ranks + 1); }
  add(rank: number): void { this.count++; for (let i = rank + 1; i < this.#sums.length; i += i & -i) this.#sums[i]++; }
  /** How many were added with a rank of at most so much. */
  upTo(rank: number): number { let sum = 0; for (let i = rank + 1; i > 0; i -= i & -i) sum += this.#sums[i]; return sum; }
}

/** A call takes part where it is known until when it waited: to the start of its service, or to the end of the window. */
const takesPart = ({ scheduled, outcome }: MetricCall): boolean => scheduled !== null || outcome === 'unfinished';

/** O(n log n). Arrivals of one instant do not overtake each other, nor do starts of one instant. */
export function overtakesOf(calls: readonly MetricCall[]): Overtakes {
  const n = calls.length, passed = new Float64Array(n).fill(NaN), suffered = new Float64Array(n).fill(NaN);
  const beginsAt = (i: number): number => calls[i].scheduled ?? Infinity, order = Array.from({ length: n }, (_, i) => i).filter((i) => takesPart(calls[i]));
  const starts = [...new Set(order.map(beginsAt))].sort((a, b) => a - b), rankOf = new Map(starts.map((start, rank) => [start, rank]));
  const rank = (i: number): number => rankOf.get(beginsAt(i))!;
  order.sort((i, j) => calls[i].arrival - calls[j].arrival);
  const earlier = new RankCounts(starts.length), later = new RankCounts(starts.length);
  instants(order, calls, (i) => { if (calls[i].scheduled !== null) passed[i] = earlier.count - earlier.upTo(rank(i)); }, (i) => { earlier.add(rank(i)); });
  instants(order.reverse(), calls, (i) => { suffered[i] = later.upTo(rank(i) - 1); }, (i) => { later.add(rank(i)); });
  return { passed, suffered };
}

/** Asks for all calls of one arrival before any of them is added. */
function instants(order: readonly number[], calls: readonly MetricCall[], ask: (i: number) => void, add: (i: number) => void): void {
  for (let at = 0; at < order.length;) {
    let end = at;
    while (end < order.length && calls[order[end]].arrival === calls[order[at]].arrival) ask(order[end++]);
    for (; at < end; at++) add(order[at]);
  }
}

/** Values of the calls that a metric is asked for, which are all of the run or a part of them in the same order; without those that take no part. */
function ofPart({ calls, everyone = calls }: MetricRun, values: Float64Array): number[] {
  const out: number[] = [];
  for (let i = 0, k = 0; k < calls.length; i++) if (everyone[i] === calls[k]) { k++; if (!Number.isNaN(values[i])) out.push(values[i]); }
  return out;
}

/** Earlier calls that a served call passed, on average. Null where nobody was served. */
export function meanOvertakes(run: MetricRun): number | null {
  const passed = ofPart(run, overtakesOf(run.everyone ?? run.calls).passed);
  return passed.length === 0 ? null : passed.reduce((sum, value) => sum + value, 0) / passed.length;
}

/** Most later calls that passed one call. Null where there is none. */
export function mostOvertaken(run: MetricRun): number | null {
  const suffered = ofPart(run, overtakesOf(run.everyone ?? run.calls).suffered);
  return suffered.length === 0 ? null : suffered.reduce((most, value) => Math.max(most, value), 0);
}
