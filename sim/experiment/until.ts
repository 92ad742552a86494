// Sequential stopping: replications are added in blocks until the interval of one metric is narrow enough in every cell.
import type { ReplicationRecord } from '../results.ts';
import { meanInterval } from '../measure/statistics.ts';

/** Replications added at a time. Looking after each one would stop too often by luck; the size never depends on the workers. */
export const BLOCK = 5;
/** Most replications a cell where no other limit is given. */
export const DEFAULT_MAX_REPS = 50;

/**
 * Half-width ÷ |mean| at most g/(1 + g), which bounds the error relative to the unknown true mean by g. A mean without variance is precise.
 * Source: Law, Simulation Modeling and Analysis, 9.4.1.
 */
export function preciseEnough(values: readonly (number | null)[], relative: number): boolean {
  const { mean, low, high, sd } = meanInterval(values);
  if (mean === null || low === null || high === null) return false;
  return sd === 0 || (high - low) / 2 <= (Math.abs(mean) * relative) / (1 + relative);
}

/** Whether every cell is. `grouped`: the records of each cell. */
export function allPrecise(grouped: readonly (readonly ReplicationRecord[])[], metric: string, relative: number): boolean {
  return grouped.every((records) => preciseEnough(records.map((record) => record.metrics[metric] ?? null), relative));
}
