// Intervals of percentiles from parts of one run: which percentiles have them, and how often they hold the truth.
import { describe, expect, it } from 'vitest';
import { callsNeeded, sectionPercentiles } from '../../sim/measure/sections.ts';
import { quantile, sectioningDifference } from '../../sim/measure/statistics.ts';
import { seededRandom } from '../../src/random.ts';

describe('parts of a run', () => {
  it('need a hundred calls beyond the percentile', () => {
    expect(['p50', 'p90', 'p95', 'p99'].map(callsNeeded)).toEqual([200, 1000, 2000, 10_000]);
    expect([callsNeeded('mean'), callsNeeded(undefined)]).toEqual([undefined, undefined]);
  });
  it('have equally many calls, those without a value among them', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => (i % 2 ? NaN : i));
    expect(sectionPercentiles(values)).toEqual({ p50: Array.from({ length: 10 }, (_, s) => 100 * s + 49) });
  });
  it('give no percentile that a part has too few calls for', () => {
    expect(Object.keys(sectionPercentiles(new Float64Array(1999)))).toEqual(['p50', 'p90']);
    expect(Object.keys(sectionPercentiles(new Float64Array(2000)))).toEqual(['p50', 'p90', 'p95']);
    expect(sectionPercentiles(Float64Array.from({ length: 5000 }, (_, i) => (i < 4600 ? i : NaN)))).not.toHaveProperty('p95');
    expect(sectionPercentiles(new Float64Array(0))).toEqual({});
  });
});

describe('sectioning', () => {
  it('is the figure of the whole with the spread of the parts around it', () => {
    // Around 2: deviations −1, 1, 1, −1 → s² = 4/3; t(0.975, 3) = 3.18245.
    const { mean, low, high, n } = sectioningDifference(2, [4, 6, 6, 4], [3, 3, 3, 3]);
    expect([mean, n]).toEqual([2, 4]);
    expect(high! - 2).toBeCloseTo(3.182446305 * Math.sqrt(4 / 3) / 2, 8);
    expect(2 - low!).toBeCloseTo(high! - 2, 12);
    expect(sectioningDifference(2, [1], [0])).toMatchObject({ mean: 2, low: null, high: null });
  });
  it('holds the true difference of two percentiles about as often as it says, also where calls depend on their neighbours', () => {
    const draw = seededRandom('sections'), normal = (): number => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
    const n = 4000, runs = 300, rho = 0.8, z95 = 1.6448536269514722;
    let held = 0;
    for (let run = 0; run < runs; run++) {
      // Exponentials of a normal process whose neighbours correlate by 0.8; the second is 1.2 times as long and has a little noise of its own.
      const a = new Float64Array(n), b = new Float64Array(n);
      let x = normal();
      for (let i = 0; i < n; i++) { x = rho * x + Math.sqrt(1 - rho * rho) * normal(); a[i] = Math.exp(x); b[i] = 1.2 * Math.exp(0.95 * x + Math.sqrt(1 - 0.95 * 0.95) * normal()); }
      const { low, high } = sectioningDifference(quantile(b, 0.95)! - quantile(a, 0.95)!, sectionPercentiles(b).p95, sectionPercentiles(a).p95);
      const truth = 0.2 * Math.exp(z95);
      if (low! <= truth && truth <= high!) held++;
    }
    expect(held / runs).toBeGreaterThan(0.91);
    expect(held / runs).toBeLessThan(0.995);
  });
});
