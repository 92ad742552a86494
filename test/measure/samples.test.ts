// Quantiles: exact while samples are few, within 1/2048 when they are folded.
import fc from 'fast-check';
import { quantile } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { Samples, quantilesOf } from '../../sim/measure/samples.ts';
import { quantile as ours } from '../../sim/measure/statistics.ts';
import { Streams } from '../../sim/random/streams.ts';

const PS = [0, 0.1, 0.5, 0.9, 0.95, 0.99, 1];
const bagOf = (values: Iterable<number>): Samples => { const bag = new Samples(); for (const value of values) bag.add(value); return bag; };

/** Type 7: linear between order statistics. */
function naive(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b), at = p * (sorted.length - 1), low = Math.floor(at);
  return sorted[low]! + (at - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}

describe('exact samples', () => {
  it('have the quantiles of a sorted list, in several bags as in one', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.oneof(fc.nat(20), fc.double({ min: 0, max: 1e12, noNaN: true })), { maxLength: 60 }), { minLength: 1, maxLength: 4 }), (lists) => {
      const all = lists.flat(), got = Samples.quantiles(lists.map(bagOf), PS);
      if (all.length === 0) { expect(got).toEqual(PS.map(() => null)); return; }
      PS.forEach((p, i) => { expect(got[i]).toBeCloseTo(naive(all, p), 9); });
      expect(quantilesOf(Float64Array.from(all), PS)).toEqual(got);
      expect(PS.map((p) => ours(all, p)!)).toEqual(PS.map((_, i) => expect.closeTo(got[i]!, 9)));
    }), { numRuns: 300 });
  });

  it('agree with simple-statistics at its own kind of quantile: medians and extremes', () => {
    fc.assert(fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 99 }), (values) => {
      const [least, median, most] = Samples.quantiles([bagOf(values)], [0, 0.5, 1]);
      expect([least, median, most]).toEqual([Math.min(...values), quantile(values, 0.5), Math.max(...values)]);
    }));
  });

  it('have no mean where there are none', () => {
    expect([new Samples().mean, bagOf([2, 4]).mean, bagOf([2, 4]).count, bagOf([2, 4]).sum]).toEqual([null, 3, 2, 6]);
  });

  it('tell their steps ascending, equal ones together, over several bags', () => {
    const { values, counts } = Samples.steps([bagOf([3, 1, 1]), bagOf([3, 0])]);
    expect([[...values], [...counts]]).toEqual([[0, 1, 3], [1, 2, 2]]);
    expect(Samples.steps([new Samples()]).values).toHaveLength(0);
  });

  it('are not disturbed by being asked', () => {
    const bag = bagOf([5, 1, 4]);
    Samples.quantiles([bag], PS);
    expect(bag.pieces.flatMap((piece) => [...piece])).toEqual([5, 1, 4]);
  });
});

describe('folded samples', () => {
  const u = new Streams('samples').stream('x'), laws: readonly (readonly [string, () => number])[] = [
    ['microseconds of exponential waits', () => Math.round(-1e6 * Math.log(1 - u.next()))],
    ['a wide range', () => Math.exp(40 * u.next() - 20)],
    ['half zeros', () => (u.next() < 0.5 ? 0 : u.next())],
    ['one value', () => 12345],
  ];

  it.each(laws)('of %s have quantiles within 1/2048, and exact count and mean', (_name, draw) => {
    const values = Array.from({ length: 300_000 }, draw), bag = bagOf(values);
    expect([bag.isExact, bag.count]).toEqual([false, 300_000]);
    expect(bag.mean).toBe(values.reduce((a, b) => a + b, 0) / values.length);
    const sorted = Float64Array.from(values).sort(), got = Samples.quantiles([bag], [0.5, 0.9, 0.99, 0.999]);
    [0.5, 0.9, 0.99, 0.999].forEach((p, i) => {
      const exact = sorted[Math.floor(p * (values.length - 1))]!;
      expect(Math.abs(got[i]! - exact)).toBeLessThanOrEqual(exact / 2048);
    });
    let seen = 0, last = -1;
    const steps = Samples.steps([bag]);
    steps.values.forEach((value, i) => { expect(value).toBeGreaterThan(last); last = value; seen += steps.counts[i]; });
    expect(seen).toBe(300_000);
  });

  it('may be mixed with exact ones', () => {
    const many = Array.from({ length: 300_000 }, (_, i) => i % 1000), few = [5000, 6000];
    const [most, median] = [Samples.quantiles([bagOf(many), bagOf(few)], [1])[0]!, Samples.quantiles([bagOf(few), bagOf(many)], [0.5])[0]!];
    expect(Math.abs(most / 6000 - 1)).toBeLessThan(1 / 2048);
    expect(Math.abs(median / 500 - 1)).toBeLessThan(1 / 500);
  });
});
