// The share still waiting, against a Kaplan–Meier estimate written down as the paper has it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Samples } from '../../sim/measure/samples.ts';
import { waitCurve } from '../../sim/measure/wait-curve.ts';

const bagOf = (values: Iterable<number>): Samples => { const bag = new Samples(); for (const value of values) bag.add(value); return bag; };

/** S(t) = Π over distinct served times u ≤ t of 1 − served at u ÷ watched just before u. */
function kaplanMeier(served: readonly number[], unserved: readonly number[], t: number): number {
  let share = 1;
  for (const u of [...new Set(served)].sort((a, b) => a - b)) {
    if (u > t) break;
    const watched = [...served, ...unserved].filter((x) => x >= u).length;
    share *= 1 - served.filter((x) => x === u).length / watched;
  }
  return share;
}

describe('the wait curve', () => {
  it('is the product-limit estimate at every grid point, over several bags, censored or not', () => {
    const waits = fc.array(fc.oneof(fc.nat(60).map((t) => t * 1e6), fc.nat(60_000_000)), { maxLength: 40 });
    fc.assert(fc.property(waits, waits, waits, fc.boolean(), fc.constantFrom(Infinity, 50e6, 33_333_333), (a, b, censored, withCensored, windowUs) => {
      const unserved = withCensored ? censored : [], all = [...a, ...b, ...unserved], { atS, share } = waitCurve([bagOf(a), bagOf(b)], [bagOf(unserved)], windowUs);
      atS.forEach((s, i) => { expect(share[i]).toBeCloseTo(kaplanMeier([...a, ...b], unserved, Math.round(s * 1e6)), 9); });
      if (all.length === 0) expect(atS).toEqual([]);
      else if (Math.max(...all) <= (Number.isFinite(windowUs) ? windowUs : 1e12)) {
        // Ends with the first grid point at which nobody is watched any more.
        const longest = Math.max(...all) / 1e6;
        expect(atS.at(-1)).toBeGreaterThanOrEqual(longest);
        expect(atS.at(-2) ?? -1).toBeLessThan(longest);
      }
    }), { numRuns: 300 });
  });

  it('counts a wait of exactly a grid point at that point, in every window of whole ticks', () => {
    for (const ticks of [100, 250, 500, 1000]) {
      const windowUs = ticks * 1e6, waits = Array.from({ length: ticks }, (_, t) => t * 1e6);
      for (const unserved of [[], [windowUs]]) {
        const { atS, share } = waitCurve([bagOf(waits)], [bagOf(unserved)], windowUs);
        atS.forEach((s, i) => { expect(share[i]).toBeCloseTo(kaplanMeier(waits, unserved, s * 1e6), 9); });
        expect(atS[1]).toBe(ticks / 50);
      }
    }
  });

  it('of folded samples is the same to within their cells', () => {
    const waits = Array.from({ length: 300_000 }, (_, i) => (i % 3000) * 1e4), exact = waitCurve([bagOf(waits.slice(0, 3000))], [], 30e6), folded = waitCurve([bagOf(waits)], [], 30e6);
    exact.share.forEach((x, i) => { expect(Math.abs(folded.share[i]! - x)).toBeLessThan(0.003); });
  });

  it('starts with the share of those that waited at all, and never rises', () => {
    const { atS, share } = waitCurve([bagOf([0, 0, 5e6, 9e6])], [], 10e6);
    expect([atS[0], share[0]]).toEqual([0, 0.5]);
    expect(share.every((x, i) => i === 0 || x <= share[i - 1]!)).toBe(true);
  });
});
