// Calls whose ranks follow from one value each, against a list that is sorted anew: values change, ranks of all change, calls run, wait again and leave.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CallTable, type CallSlot } from '../../../src/dispatch/calls.ts';
import { RankedGroups } from '../../../src/policies/ranked-groups.ts';
import { RUNS } from './rig.ts';

const step = fc.record({ do: fc.constantFrom('add', 'add', 'grant', 'preempt', 'move', 'remove', 'renew'), which: fc.nat(30), value: fc.nat(6), pin: fc.constantFrom(-1, -1, 0, 1), open: fc.nat(7) });

it('ranked groups answer and walk as a sorted list does, whatever ranks the values get', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
    const calls = new CallTable(2), all: { slot: CallSlot; value: number; runs: boolean; pin: number }[] = [];
    let made = 0, factor = 1;
    const rankOf = (value: number): number => (value * factor) % 5, order = new RankedGroups(calls, rankOf);
    for (const { do: what, which, value, pin, open } of steps) {
      const one = all[which % Math.max(1, all.length)];
      if (what === 'add') {
        const slot = calls.allocate(made++, 0, 0);
        calls.pin[slot] = pin; calls.arrivedUs[slot] = made >> 2;
        all.push({ slot, value, runs: false, pin });
        order.add(slot, value);
      } else if (what === 'renew') { factor = value; order.renew(); } else if (one === undefined) continue;
      else if (what === 'move') { one.value = value; order.move(one.slot, value); } else if (what === 'remove') { all.splice(all.indexOf(one), 1); order.remove(one.slot); calls.release(one.slot); } else if (what === 'grant' && !one.runs) { one.runs = true; order.grant(one.slot); } else if (what === 'preempt' && one.runs) { one.runs = false; order.preempt(one.slot); }
      const wanted = [...all].sort((a, b) => rankOf(a.value) - rankOf(b.value) || Number(b.runs) - Number(a.runs) || calls.arrivedUs[a.slot]! - calls.arrivedUs[b.slot]! || calls.key[a.slot]! - calls.key[b.slot]!);
      const shown: CallSlot[] = [], doors = Uint8Array.of(open & 1, (open >> 1) & 1, open >> 2), may = wanted.filter((other) => !other.runs && doors[other.pin + 1] === 1);
      order.walk((call) => { shown.push(call); return true; });
      if (shown.join() !== wanted.map(({ slot }) => slot).join()) expect(shown).toEqual(wanted.map(({ slot }) => slot));
      const answer = order.first({ open: doors, version: 0 }), tied = may.filter((other) => rankOf(other.value) === rankOf(may[0]!.value)).length, waiting = all.filter(({ runs }) => !runs).length;
      if (answer !== (may[0]?.slot ?? -1) || order.tied() !== tied || order.waiting !== waiting) expect([answer, order.tied(), order.waiting]).toEqual([may[0]?.slot ?? -1, tied, waiting]);
    }
  }), { numRuns: RUNS });
});
