// The call table: slots, generations, growth.
import { describe, expect, it } from 'vitest';
import { CALL_FREE, CALL_SUBMITTED, CallTable, ORDINALS_PER_PROGRAM } from '../../src/dispatch/calls.ts';

describe('the call table', () => {
  it('gives the slot that was freed last, cleared', () => {
    const calls = new CallTable(2), a = calls.allocate(1, 2, 3), b = calls.allocate(4, 5, 6);
    calls.pin[a] = 7; calls.weight[a] = 9; calls.deadlineUs[a] = 1; calls.engine[a] = 2; calls.firstTokenUs[a] = 3; calls.scheduledUs[a] = 3; calls.preemptions[a] = 1; calls.outputTokens[a] = 5; calls.cachedTokens[a] = 5; calls.grantedUs[a] = 8; calls.callClass[a] = 1; calls.maxTokens[a] = 2; calls.promptTokens[a] = 2;
    calls.release(a);
    expect(calls.state[a]).toBe(CALL_FREE);
    expect(calls.allocate(8, 0, 9)).toBe(a);
    const row = [calls.pin, calls.weight, calls.deadlineUs, calls.engine, calls.firstTokenUs, calls.scheduledUs, calls.preemptions, calls.outputTokens, calls.cachedTokens, calls.grantedUs, calls.callClass, calls.maxTokens, calls.promptTokens].map((column) => column[a]);
    expect(row).toEqual([-1, 1, Infinity, -1, -1, -1, 0, 0, 0, -1, 0, 0, 0]);
    expect([calls.state[a], calls.key[b], calls.open]).toEqual([CALL_SUBMITTED, 4 * ORDINALS_PER_PROGRAM + 5, 2]);
  });

  it('keeps every column when it grows', () => {
    const calls = new CallTable(1), slots = Array.from({ length: 100 }, (_, p) => { const slot = calls.allocate(p, p, p); calls.weight[slot] = p / 2; calls.deadlineUs[slot] = p; return slot; });
    expect(new Set(slots).size).toBe(100);
    for (const [p, slot] of slots.entries()) expect([calls.program[slot], calls.ordinal[slot], calls.agent[slot], calls.weight[slot], calls.deadlineUs[slot]]).toEqual([p, p, p, p / 2, p]);
    for (const slot of slots) calls.release(slot);
    expect(calls.open).toBe(0);
  });

  it('knows the parents of a call that named some, and of no call that has its slot later', () => {
    const calls = new CallTable(1), a = calls.allocate(0, 2, 0), b = calls.allocate(0, 3, 0), c = calls.allocate(0, 4, 0);
    calls.setParents(a, [0, 1]);
    calls.setParents(c, []);
    expect([a, b, c, 99].map((call) => calls.parentsOf(call))).toEqual([[0, 1], undefined, [], undefined]);
    calls.release(a);
    expect(calls.parentsOf(calls.allocate(1, 0, 0))).toBeUndefined();
  });

  it('makes a handle stale with the end of its call', () => {
    const calls = new CallTable(1), slot = calls.allocate(0, 0, 0), handle = calls.handle(slot);
    expect(calls.resolve(handle)).toBe(slot);
    calls.release(slot);
    expect(calls.resolve(handle)).toBe(-1);
    calls.allocate(1, 0, 0);
    expect(calls.resolve(handle)).toBe(-1);
    expect(calls.resolve(calls.handle(slot))).toBe(slot);
  });

  it('answers −1 for a handle that never was', () => {
    const calls = new CallTable(2);
    for (const handle of [-1, 77, NaN, 2 ** 60]) expect(calls.resolve(handle)).toBe(-1);
  });

  it('keeps handles exact however often a slot was reused', () => {
    const calls = new CallTable(3), slot = calls.allocate(0, 0, 0);
    calls.generation[slot] = 2 ** 27 - 1;
    const last = calls.handle(slot);
    expect(Number.isSafeInteger(last)).toBe(true);
    expect(calls.resolve(last)).toBe(slot);
    calls.release(slot);
    expect(calls.resolve(last)).toBe(-1);
    expect(calls.generation[slot]).toBe(0);
  });
});
