// The published overload study, redone: who starves and how even service is, against alpha; and what the guard does about it.
import { describe, expect, it } from 'vitest';
import { LocoPolicy } from '../../src/loco/policy.ts';
import { seededRandom } from '../../src/random.ts';
import { poissonArrivals, runSync, type SyncResult } from './sync-driver.ts';

const TICKS = 500;
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
const standardError = (xs: readonly number[]): number => Math.sqrt(xs.reduce((s, x) => s + (x - mean(xs)) ** 2, 0) / (xs.length - 1) / xs.length);

/** Arrivals are the same for every alpha: drawn once. */
const drawn = new Map<string, ReturnType<typeof poissonArrivals>>();
function arrivalsOf(busyRate: number, seed: number): ReturnType<typeof poissonArrivals> {
  const key = `${busyRate}/${seed}`, known = drawn.get(key);
  if (known !== undefined) return known;
  const rates = Array.from({ length: 10 }, (_, i) => (i < 5 ? busyRate : 0.1)), made = poissonArrivals(rates, TICKS, `overload/${seed}`);
  drawn.set(key, made);
  return made;
}

function runs(seeds: number, busyRate: number, alpha: number, guardWindow: number): SyncResult[] {
  return Array.from({ length: seeds }, (_, seed) => {
    const arrivals = arrivalsOf(busyRate, seed);
    return runSync(10, TICKS, (t) => arrivals[t], (calls) => new LocoPolicy(calls, { alpha, guardWindow, autoTune: false, draw: seededRandom(`ties/${seed}`), ageUnit: 'ticks' }));
  });
}

describe('LOCO at 2.5 arrivals a service, guard off, 200 seeds', () => {
  for (const [alpha, starved, jain] of [[0, 0, 0.727], [0.25, 0, 0.65], [0.5, 1.14, 0.517], [0.75, 3.4, 0.498], [1, 3.69, 0.496]]) {
    it(`starves ${starved} of 10 agents at alpha ${alpha}, Jain over completions ${jain}`, () => {
      const results = runs(200, 0.4, alpha, 0), starving = results.map((r) => r.starved), evenness = results.map((r) => r.jain);
      expect(Math.abs(mean(starving) - starved)).toBeLessThanOrEqual(4.3 * standardError(starving));
      expect(Math.abs(mean(evenness) - jain)).toBeLessThanOrEqual(4.3 * standardError(evenness));
    });
  }
});

describe('LOCO at 5.5 arrivals a service, alpha 0.25', () => {
  it('starves 4 to 5 of 10 agents without the guard', () => {
    const starved = mean(runs(40, 1, 0.25, 0).map((r) => r.starved));
    expect(starved).toBeGreaterThanOrEqual(4);
    expect(starved).toBeLessThanOrEqual(5);
  });

  it('starves at most 0.1 of 10 agents with the guard', () => {
    expect(mean(runs(40, 1, 0.25, 100).map((r) => r.starved))).toBeLessThanOrEqual(0.1);
  });
});

describe('LOCO in a burst', () => {
  for (const alpha of [0, 0.25, 0.5, 0.75, 1]) {
    it(`serves 36 tasks of 8 agents in 36 ticks, 1 to 8 each, at alpha ${alpha}`, () => {
      const arrivals = Array.from({ length: 8 }, (_, agent) => Array.from({ length: agent + 1 }, () => ({ agent, weight: 1 }))).flat();
      const { completed, remaining } = runSync(8, 36, (t) => (t === 0 ? arrivals : []), (calls) => new LocoPolicy(calls, { alpha, guardWindow: 100, autoTune: false, draw: seededRandom('burst'), ageUnit: 'ticks' }));
      expect(completed).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(remaining).toBe(0);
    });
  }
});
