// The indexed heap of deadlines against a list that is searched.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Deadlines } from '../../src/dispatch/deadlines.ts';

const operation = fc.oneof(
  fc.record({ op: fc.constant('push' as const), call: fc.nat(80), timeUs: fc.nat(20), key: fc.nat(1000) }),
  fc.record({ op: fc.constant('remove' as const), call: fc.nat(120) }),
  fc.record({ op: fc.constant('pop' as const) }),
);

describe('deadlines', () => {
  it('come out by time, then key, whatever was put in and taken out before', () => {
    fc.assert(fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const heap = new Deadlines(), model = new Map<number, { timeUs: number; key: number }>();
      const first = (): number => [...model].sort(([a, x], [b, y]) => x.timeUs - y.timeUs || x.key - y.key || a - b)[0]?.[0] ?? -1;
      operations.forEach((o, i) => {
        if (o.op === 'push' && !model.has(o.call)) { const key = o.key * 1000 + i; heap.push(o.call, o.timeUs, key); model.set(o.call, { timeUs: o.timeUs, key }); }
        else if (o.op === 'remove') { heap.remove(o.call); model.delete(o.call); }
        else if (o.op === 'pop' && model.size > 0) { const wanted = first(); expect(heap.pop()).toBe(wanted); model.delete(wanted); }
        expect([heap.size, heap.nextUs]).toEqual([model.size, model.size === 0 ? Infinity : model.get(first())!.timeUs]);
      });
      while (model.size > 0) { const wanted = first(); expect(heap.pop()).toBe(wanted); model.delete(wanted); }
      expect(heap.nextUs).toBe(Infinity);
    }), { numRuns: 300 });
  });
});
