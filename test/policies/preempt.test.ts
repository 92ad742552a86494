// Calls that lose their places: what waits again stands where it should, in whatever order the engine tells of it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallTable, type CallSlot } from '../../src/dispatch/calls.ts';
import { resolveOptions } from '../../src/options.ts';
import { KNOWS_NOTHING, type Admits, type Policy } from '../../src/policies/policy.ts';
import { POLICIES } from '../../src/policies/registry.ts';
import { seededRandom } from '../../src/random.ts';

const OPEN: Admits = { open: new Uint8Array(8).fill(1), version: 0 } as unknown as Admits;

/** A policy with the calls that it is told of: one for each agent named, a microsecond apart, or all at once. */
function rig(name: string, agents: readonly number[], stepUs = 1): { policy: Policy; slots: CallSlot[]; calls: CallTable; waiting(): number[] } {
  const calls = new CallTable(), definition = POLICIES[name]!;
  const policy = definition.create({ calls, random: seededRandom('preempt'), knowledge: KNOWS_NOTHING, options: resolveOptions(definition.params, {}, name) });
  const slots = agents.map((agent, i) => { const call = calls.allocate(agent, i, agent); calls.arrivedUs[call] = i * stepUs; policy.arrive(call, i * stepUs); return call; });
  const running = new Set<CallSlot>(), { grant, preempt } = policy;
  policy.grant = (call, at) => { running.add(call); grant.call(policy, call, at); };
  policy.preempt = (call, at) => { running.delete(call); preempt!.call(policy, call, at); };
  return { policy, slots, calls, waiting: () => { const seen: number[] = []; policy.walk((call) => { if (!running.has(call)) seen.push(slots.indexOf(call)); return true; }, 100); return seen; } };
}

const grantFirst = (policy: Policy, n: number, at: number): CallSlot[] => Array.from({ length: n }, () => { const call = policy.first(OPEN, at); policy.grant(call, at); return call; });

describe('preempted calls', () => {
  for (const name of ['fcfs', 'round-robin', 'oldest-first', 'vtc', 'wfq', 'drr', 'las-decay', 'program-fcfs', 'mlfq', 'hrrn', 'priority', 'lpm', 'sjf', 'srpt', 'program-srpt', 'gittins']) {
    it(`of one instant stand in the order of their arrival under ${name}, told in any order`, () => {
      fc.assert(fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 1 }), (told) => {
        const { policy, slots, waiting } = rig(name, [0, 1, 2, 3, 4, 5, 6]);
        grantFirst(policy, 5, 10);
        for (const i of told) policy.preempt!(slots[i], 20);
        expect(waiting()).toEqual([...[...told].sort((a, b) => a - b), 5, 6]);
      }), { numRuns: 200 });
    });
  }
  it('of several instants stand in the order of their arrival under fcfs, whatever ran in between', () => {
    fc.assert(fc.property(fc.array(fc.record({ grant: fc.boolean(), pick: fc.nat(20) }), { maxLength: 40 }), (steps) => {
      const { policy, slots, waiting } = rig('fcfs', [0, 0, 1, 1, 2, 2, 3, 3]), running: CallSlot[] = [];
      steps.forEach(({ grant, pick }, k) => {
        if (grant && policy.waiting > 0) running.push(...grantFirst(policy, 1, 10 + k));
        else if (running.length > 0) policy.preempt!(running.splice(pick % running.length, 1)[0], 10 + k);
        const order = waiting();
        expect(order).toEqual([...order].sort((a, b) => a - b));
        expect(policy.waiting).toBe(order.length);
        expect(policy.first(OPEN, 10 + k)).toBe(order.length ? slots[order[0]] : -1);
      });
    }), { numRuns: 200 });
  });
  it('of pinned classes are merged by arrival under fcfs', () => {
    const calls = new CallTable(), policy = POLICIES['fcfs']!.create({ calls, random: () => 0, knowledge: KNOWS_NOTHING, options: {} });
    const slots = [0, 1, 2, 3].map((i) => { const call = calls.allocate(i, i, 0); calls.pin[call] = i % 2 === 0 ? -1 : 0; policy.arrive(call, i); return call; });
    grantFirst(policy, 4, 10);
    for (const i of [2, 0, 3, 1]) policy.preempt!(slots[i], 20);
    expect(grantFirst(policy, 4, 30).map((call) => slots.indexOf(call))).toEqual([0, 1, 2, 3]);
  });
  it('give their agents the next turns under round-robin, and stand before its later calls', () => {
    const { policy, slots, waiting } = rig('round-robin', [0, 0, 1, 1, 2, 2]);
    const ran = grantFirst(policy, 5, 10);
    expect(ran.map((call) => slots.indexOf(call))).toEqual([0, 2, 4, 1, 3]);
    for (const i of [3, 2, 0, 1]) policy.preempt!(slots[i], 20);
    expect(waiting()).toEqual([0, 2, 5, 1, 3]);
    policy.grant(slots[0], 20);
    policy.preempt!(slots[4], 20);
    expect(waiting()).toEqual([2, 4, 1, 3, 5]);
  });
});
