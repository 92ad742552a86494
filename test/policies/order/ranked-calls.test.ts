// The heaps of ranked calls against a list that is sorted anew: numbers go up and down, calls run, wait again and leave.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CallTable, type CallSlot } from '../../../src/dispatch/calls.ts';
import { RankedCalls } from '../../../src/policies/ranked-calls.ts';
import { RUNS } from './rig.ts';

const step = fc.record({ do: fc.constantFrom('add', 'add', 'grant', 'preempt', 'move', 'remove'), which: fc.nat(30), major: fc.nat(5), minor: fc.nat(2), pin: fc.constantFrom(-1, -1, 0, 1), open: fc.nat(7) });

it.each([true, false])('ranked calls answer and walk as a sorted list does, keeping places: %s', (keepsPlaces) => {
  fc.assert(fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
    const calls = new CallTable(2), order = new RankedCalls(calls, { keepsPlaces }), all: { slot: CallSlot; major: number; minor: number; runs: boolean; pin: number }[] = [];
    let made = 0;
    const sorted = () => [...all].sort((a, b) => a.major - b.major || a.minor - b.minor || (keepsPlaces ? Number(b.runs) - Number(a.runs) : 0) || calls.arrivedUs[a.slot]! - calls.arrivedUs[b.slot]! || calls.key[a.slot]! - calls.key[b.slot]!);
    for (const { do: what, which, major, minor, pin, open } of steps) {
      const one = all[which % Math.max(1, all.length)];
      if (what === 'add') {
        const slot = calls.allocate(made++, 0, 0);
        calls.pin[slot] = pin; calls.arrivedUs[slot] = made >> 2;
        all.push({ slot, major, minor, runs: false, pin });
        order.add(slot, major, minor);
      } else if (one === undefined) continue;
      else if (what === 'move') { one.major = major; one.minor = minor; order.move(one.slot, major, minor); } else if (what === 'remove') { all.splice(all.indexOf(one), 1); order.remove(one.slot); calls.release(one.slot); } else if (what === 'grant' && !one.runs) { one.runs = true; order.grant(one.slot); } else if (what === 'preempt' && one.runs) { one.runs = false; order.preempt(one.slot); }
      const shown: CallSlot[] = [], wanted = sorted(), doors = Uint8Array.of(open & 1, (open >> 1) & 1, open >> 2), may = wanted.filter((other) => !other.runs && doors[other.pin + 1] === 1);
      order.walk((call) => { shown.push(call); return true; });
      if (shown.join() !== wanted.map(({ slot }) => slot).join()) expect(shown).toEqual(wanted.map(({ slot }) => slot));
      const answer = order.first({ open: doors, version: 0 }), tied = may.filter((other) => other.major === may[0]!.major && other.minor === may[0]!.minor).length;
      if (answer !== (may[0]?.slot ?? -1) || order.tied() !== tied || order.waiting !== all.filter(({ runs }) => !runs).length) expect([answer, order.tied(), order.waiting]).toEqual([may[0]?.slot ?? -1, tied, all.filter(({ runs }) => !runs).length]);
    }
  }), { numRuns: RUNS });
});
