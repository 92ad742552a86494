// Sets of tied agents against sorted arrays.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PointTable } from '../../src/loco/point-table.ts';
import { TieSets } from '../../src/loco/tie-sets.ts';

describe('TieSets', () => {
  it('keeps members in order of agent number, whatever the order of coming and going', () => {
    fc.assert(fc.property(fc.array(fc.nat(200), { maxLength: 300 }), (toggles) => {
      const sets = new TieSets(), members = new Set<number>();
      let root = -1;
      for (const agent of toggles) {
        root = members.has(agent) ? sets.remove(root, agent) : sets.insert(root, agent);
        if (!members.delete(agent)) members.add(agent);
        expect(sets.size(root)).toBe(members.size);
      }
      const sorted = [...members].sort((a, b) => a - b), copied = new Int32Array(members.size);
      expect(sets.copy(root, copied, 0)).toBe(members.size);
      expect([...copied]).toEqual(sorted);
      expect(sorted.map((_, rank) => sets.at(root, rank))).toEqual(sorted);
    }), { numRuns: 100 });
  });

  it('stays shallow for agents that come in ascending order', () => {
    const sets = new TieSets();
    let root = -1;
    for (let agent = 0; agent < 100_000; agent++) root = sets.insert(root, agent);
    for (let rank = 0; rank < 100_000; rank += 997) expect(sets.at(root, rank)).toBe(rank);
  });
});

describe('PointTable', () => {
  it('finds every pair that is in and none that is not, while pairs come and go', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { maxLength: 300 }), (pairs) => {
      const table = new PointTable(), known = new Map<string, number>();
      for (const [q, a] of pairs) {
        const key = `${q}/${a}`, at = table.find(q, a);
        expect(at).toBe(known.get(key) ?? -1);
        if (at >= 0) { table.remove(at); known.delete(key); } else known.set(key, table.add(q, a));
        expect(table.count).toBe(known.size);
      }
    }), { numRuns: 100 });
  });
});
