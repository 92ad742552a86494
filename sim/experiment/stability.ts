// Whether the queue of a cell grows: shown over replications, large enough to matter, and of calls that find no place.
import { meanInterval } from '../measure/statistics.ts';
import type { CellSummary, ReplicationRecord } from '../results.ts';

/** Growth over half of the arrivals beyond which the queue is called growing, as a share of what it was. */
const GROWTH_LIMIT = 0.3;
/** Replications from which their interval decides alone; that of fewer is wide, and a queue that clearly grows need not wait for it. */
export const FEW = 5;
/** What growth must then be of what the queue was. */
const GROWTH_LIMIT_ALONE = 0.5;
/** Calls a replication, below which a queue that has just begun looks like one that grows. */
export const ENOUGH_CALLS = 200;
/** Below which nothing is told at all. */
const LEAST_CALLS = 20;
/** With few calls, growth over half of them that only overload explains, as a share of all calls: work at one and a half of what places can do. */
const OVERLOAD_SHARE = 0.15;
/** A growing queue is made of waiting: at least so much of the growth. */
const WAITING_SHARE = 0.25;

type Queue = NonNullable<ReplicationRecord['detail']['queue']>;

/**
 * True: no growth is shown; false: the queue grows; null: it seems to, and the calls are too few to tell. `queues`: one a replication.
 * The difference of the two quarters is taken within each replication (a paired t interval, 95 %), so that a chance ratio to an almost
 * empty system counts for nothing. O(replications).
 */
export function queueStability(queues: readonly Queue[]): boolean | null {
  if (queues.length === 0) return true;
  const mean = (pick: (queue: Queue) => number): number => queues.reduce((sum, queue) => sum + pick(queue), 0) / queues.length;
  const calls = mean((q) => q.calls), earlier = mean((q) => q.earlier), later = mean((q) => q.later), growth = later - earlier;
  if (!(growth > GROWTH_LIMIT * earlier)) return true;
  // Shared places and preemption keep nobody waiting in the sense of the metric: there, more calls than places are the queue, or more than chance brings.
  const isCrowded = queues.every((q) => q.places !== null) ? later > mean((q) => q.places ?? 0) : growth > Math.sqrt(calls);
  if (!isCrowded && !(mean((q) => q.waiting) >= WAITING_SHARE * growth)) return true;
  const { low } = meanInterval(queues.map((q) => q.later - q.earlier)), isShown = low !== null && low > 0;
  if (calls < ENOUGH_CALLS) return calls >= LEAST_CALLS && growth > OVERLOAD_SHARE * calls && (queues.length < FEW || isShown) ? false : null;
  // Chance moves the number in the system by about the root of the calls.
  return !(isShown || (queues.length < FEW && growth > GROWTH_LIMIT_ALONE * earlier && growth > Math.sqrt(calls)));
}

/** What to say of cells of which it cannot be told. */
export function untoldNote(cells: readonly CellSummary[], labels: string): string {
  const fewest = Math.min(...cells.map((cell) => cell.metrics['arrived']?.mean ?? 0));
  return `too few calls to tell whether the queue grows${labels}: ${Number(fewest.toFixed(1))} in a replication; ${ENOUGH_CALLS} or more would tell`;
}
