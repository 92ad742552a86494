// Replications against a formula: the theory must lie inside the 99 % interval of their means. Seeds are fixed, so a test never flakes.
import { expect } from 'vitest';
import type { ReplicationRecord } from '../../sim/results.ts';
import type { Model } from '../../sim/scenario.ts';
import { meanAndError } from '../scenarios/setup.ts';
import { play } from '../worlds/scripted-model.ts';

export const REPLICATIONS = 20;
/** Two-sided 99 % of Student's t with 19 degrees of freedom. */
const T_99 = 2.8609;

/** Plays a model twenty times; every run has asserted conservation and Little's law in whole microseconds. */
export async function replicate(model: Model, seed: string, replications = REPLICATIONS): Promise<ReplicationRecord[]> {
  const records: ReplicationRecord[] = [];
  for (let r = 0; r < replications; r++) {
    const record = await play(model, { seed: `theory/${seed}/${r}`, replication: r, trail: false });
    expect(record.checks).toEqual({ conservation: 1, little: 1 });
    records.push(record);
  }
  return records;
}

export function valuesOf(records: readonly ReplicationRecord[], metric: string): number[] { return records.map((record) => record.metrics[metric]!); }

/** The theory lies inside the 99 % interval, and the interval is narrow enough to mean something. */
export function agrees(values: readonly number[], theory: number, narrowness = 0.1): void {
  const { mean, error } = meanAndError(values), half = T_99 * error;
  expect(Math.abs(mean - theory), `${mean} ± ${half} against ${theory}`).toBeLessThanOrEqual(half);
  expect(half, `the interval of ${mean} against ${theory} is too wide`).toBeLessThanOrEqual(narrowness * theory);
}

/** Mean wait of M/M/c with mean service 1. */
export function erlangWait(servers: number, load: number): number {
  const a = servers * load;
  let term = 1, sum = 0;
  for (let k = 0; k < servers; k++) { sum += term; term *= a / (k + 1); }
  const delayed = (term * servers) / (servers - a);
  return delayed / (sum + delayed) / (servers - a);
}
