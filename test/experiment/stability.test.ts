// Whether a queue grows: told of overload, not of little over nothing, and not of too few calls.
import { describe, expect, it } from 'vitest';
import { queueStability } from '../../sim/experiment/stability.ts';
import { summarise } from '../../sim/experiment/summarise.ts';
import type { QueueGrowth, ReplicationRecord } from '../../sim/results.ts';
import { seededRandom } from '../../src/random.ts';

const queue = (more: Partial<QueueGrowth> = {}): QueueGrowth => ({ calls: 1000, earlier: 5, later: 6, waiting: 3, places: 4, ...more });
const each = (n: number, one: (k: number) => Partial<QueueGrowth>): QueueGrowth[] => Array.from({ length: n }, (_, k) => queue(one(k)));

describe('a queue', () => {
  it('that nobody waits in does not grow, however the ratio of its quarters looks', () => {
    expect(queueStability([queue({ calls: 5, earlier: 0.1, later: 1.2, waiting: 0, places: 8 })])).toBe(true);
    expect(queueStability([queue({ calls: 5000, earlier: 0.1, later: 1.2, waiting: 0, places: 8 })])).toBe(true);
  });
  it('of few calls that seems to grow cannot be told', () => {
    expect(queueStability(each(3, (k) => ({ calls: 100, earlier: 4, later: 9 + k })))).toBe(null);
    expect(queueStability([queue({ calls: 8, earlier: 1, later: 6 })])).toBe(null);
  });
  it('of few calls grows where only overload explains it', () => {
    expect(queueStability(each(3, () => ({ calls: 100, earlier: 18, later: 43, waiting: 22 })))).toBe(false);
    expect(queueStability([queue({ calls: 100, earlier: 18, later: 43, waiting: 22 })])).toBe(false);
  });
  it('grows where the paired interval of many replications shows it', () => {
    expect(queueStability(each(10, (k) => ({ earlier: 20 + k, later: 40 + k })))).toBe(false);
    expect(queueStability(each(10, (k) => ({ earlier: 20, later: k % 2 ? 70 : 0 })))).toBe(true);
  });
  it('of shared places, where nobody waits, grows with the number of calls in them', () => {
    expect(queueStability(each(10, (k) => ({ earlier: 200 + k, later: 480, waiting: 0 })))).toBe(false);
    expect(queueStability(each(3, (k) => ({ earlier: 200 + k, later: 480, waiting: 0, places: null })))).toBe(false);
  });
});

/** One first-come queue by Lindley's recursion on `load`; the same two quarters as a run is measured by. */
function simulated(load: number, calls: number, seed: string): QueueGrowth {
  const random = seededRandom(seed), arrivals: number[] = [], ends: number[] = [];
  let now = 0, free = 0, waited = 0;
  for (let i = 0; i < calls; i++) {
    now -= Math.log(1 - random()) / load;
    const start = Math.max(now, free);
    waited += start - now;
    free = start - Math.log(1 - random());
    arrivals.push(now);
    ends.push(free);
  }
  const present = (from: number, to: number): number => arrivals.reduce((sum, at, i) => sum + Math.max(0, Math.min(to, ends[i]) - Math.max(from, at)), 0) / (to - from);
  return { calls, earlier: present(now / 4, now / 2), later: present((3 * now) / 4, now), waiting: waited / free, places: 1 };
}

const share = (load: number, calls: number, reps: number): number => {
  let unstable = 0;
  for (let k = 0; k < 100; k++) if (queueStability(Array.from({ length: reps }, (_, r) => simulated(load, calls, `${load}/${calls}/${k}/${r}`))) === false) unstable++;
  return unstable / 100;
};

describe('over a hundred experiments on one place', () => {
  it.each([[0.5, 200, 1], [0.8, 100, 3], [0.8, 200, 3], [0.8, 1000, 3], [0.8, 1000, 10], [0.9, 2000, 5]])('load %s with %s calls × %s is hardly ever called growing', (load, calls, reps) => { expect(share(load, calls, reps)).toBeLessThanOrEqual(0.05); });
  it.each([[2, 100, 1], [2, 100, 3], [1.5, 300, 1], [1.5, 1000, 3], [1.2, 1000, 3], [1.2, 1000, 10], [1.1, 4000, 5]])('load %s with %s calls × %s is almost always called growing', (load, calls, reps) => { expect(share(load, calls, reps)).toBeGreaterThanOrEqual(0.9); });
});

const record = (replication: number, detail: QueueGrowth): ReplicationRecord => ({ cell: 'aaaaaaaaaaaa', replication, seed: '', params: {}, metrics: { arrived: detail.calls }, orderDigest: '', resultDigest: '', events: 1, checks: {}, notes: [], detail: { agents: [], agentsTotal: 0, waitCurves: {}, queue: detail }, draws: {} });

it('says that the calls are too few, and does not call a steady study invalid for it', () => {
  const cells = [{ id: 'aaaaaaaaaaaa', label: 'queueing', varied: {}, params: {} }];
  const { valid, cells: [cell], notes } = summarise({ scenario: { name: 'queueing' }, cells, baseline: -1, headline: [], thresholds: [], study: 'steady', traced: false }, [0, 1, 2].map((k) => record(k, queue({ calls: 100, earlier: 4, later: 9 }))));
  expect(valid).toBe(true);
  expect(cell.stable).toBe(null);
  expect(notes[0]).toBe('too few calls to tell whether the queue grows: 100 in a replication; 200 or more would tell');
});
