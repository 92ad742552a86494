// The table of integers against a Map, over random histories with keys that fall on each other.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IntTable } from '../../../sim/engine/batch/int-table.ts';

const step = fc.tuple(fc.constantFrom('set', 'delete', 'get'), fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 30 }).map((n) => n << 16)), fc.nat(1000));

test('answers as a Map does, whatever was put in and taken out before', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
    const table = new IntTable(), map = new Map<number, number>();
    for (const [what, key, value] of steps) {
      if (what === 'set') { table.set(key, value); map.set(key, value); }
      if (what === 'delete') { table.delete(key); map.delete(key); }
      expect(table.get(key)).toBe(map.get(key) ?? -1);
    }
    expect(table.size).toBe(map.size);
    for (const [key, value] of map) expect(table.get(key)).toBe(value);
  }), { numRuns: 300 });
});
