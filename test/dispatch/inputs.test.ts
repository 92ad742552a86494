// The canonical order of a round's inputs, few or many.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Inputs } from '../../src/dispatch/inputs.ts';

describe('inputs', () => {
  it('are sorted by rank, then key, stable within one call, however many there are', () => {
    fc.assert(fc.property(fc.array(fc.record({ rank: fc.nat(4), call: fc.nat(40) }), { maxLength: 120 }), fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 41, maxLength: 41 }), (list, keys) => {
      const inputs = new Inputs(), key = Float64Array.from(keys);
      for (const { rank, call } of list) inputs.add(rank, call);
      inputs.sort(key);
      const wanted = list.map((x, at) => ({ ...x, at })).sort((a, b) => a.rank - b.rank || key[a.call]! - key[b.call]! || a.at - b.at);
      expect(inputs.count).toBe(list.length);
      expect(list.map((_, i) => [inputs.rank[i], inputs.call[i]])).toEqual(wanted.map((x) => [x.rank, x.call]));
    }), { numRuns: 300 });
  });

  it('keep what they hold when they grow', () => {
    const inputs = new Inputs();
    for (let i = 0; i < 1000; i++) inputs.add(i % 5, i);
    expect([inputs.count, inputs.call[0], inputs.call[999], inputs.rank[999]]).toEqual([1000, 0, 999, 4]);
  });
});
