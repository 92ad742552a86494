// The first-divergence finder against a plain comparison of two lists.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstDivergence, recordWindows } from '../../sim/kernel/divergence.ts';
import type { Replay } from '../../sim/kernel/divergence.ts';

/** A run of `n` events; `changes` replaces the detail of some. */
function run(n: number, changes: Readonly<Record<number, number>> = {}): Replay {
  return (sink) => { for (let i = 0; i < n; i++) sink(i * 10, i & 3, i % 97, changes[i] ?? 0); };
}

describe('first divergence', () => {
  it('is null for equal runs, empty ones too', () => {
    expect(firstDivergence(run(10_000), run(10_000))).toBeNull();
    expect(firstDivergence(run(0), run(0))).toBeNull();
  });

  it('finds the first event that differs, with what came before and after', () => {
    const found = firstDivergence(run(20_000, { 12_345: 1, 12_350: 9, 19_000: 5 }), run(20_000))!;
    expect(found.index).toBe(12_345);
    expect(found.a).toEqual({ index: 12_345, timeUs: 123_450, kind: 1, a: 12_345 % 97, b: 1 });
    expect(found.b).toEqual({ ...found.a, b: 0 });
    expect(found.before.map((row) => row.index)).toEqual([12_337, 12_338, 12_339, 12_340, 12_341, 12_342, 12_343, 12_344]);
    expect(found.afterA[0]).toEqual(found.a);
    expect(found.afterB[0]).toEqual(found.b);
    expect(found.afterA).toHaveLength(8);
  });

  it('agrees with a comparison of the whole lists, wherever the runs part or end', () => {
    fc.assert(fc.property(fc.nat(60), fc.nat(60), fc.array(fc.nat(60), { maxLength: 3 }), (lengthA, lengthB, changed) => {
      const changes = Object.fromEntries(changed.map((i) => [i, 7]));
      const first = Array.from({ length: Math.max(lengthA, lengthB) }, (_, i) => i).find((i) => i >= lengthA || i >= lengthB || changes[i] !== undefined);
      const found = firstDivergence(run(lengthA, changes), run(lengthB), 8);
      expect(found?.index).toBe(first);
      if (found !== null) {
        expect(found.a?.index).toBe(found.index < lengthA ? found.index : undefined);
        expect(found.b?.index).toBe(found.index < lengthB ? found.index : undefined);
      }
    }), { numRuns: 500 });
  });

  it('finds the end of the shorter run at the edge of a window', () => {
    const found = firstDivergence(run(4096), run(8192))!;
    expect(found.index).toBe(4096);
    expect(found.a).toBeNull();
    expect(found.b?.index).toBe(4096);
    expect(found.before).toHaveLength(8);
  });

  it('refuses a run that does not replay to itself', () => {
    let runs = 0;
    const moody: Replay = (sink) => { runs++; run(5000, { 10: runs })(sink); };
    expect(() => firstDivergence(moody, run(5000))).toThrow('run A replayed differently');
  });

  it('keeps one digest a window, not one an event', () => {
    expect(recordWindows(run(100_000)).digests).toHaveLength(25);
    expect(recordWindows(run(8192)).digests).toHaveLength(2);
  });
});
