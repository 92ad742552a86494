// Policies with accounts of agents: each is what its plainest form says, and keeps what it promises.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlainDrr, PlainLas, PlainVtc, PlainWfq, TooClose } from './fair-references.ts';
import { compare, makePolicy, RUNS, steps } from './fair-rig.ts';
import { serve, type Demand } from './token-engine.ts';

const OPEN = { open: Uint8Array.of(1, 1, 1), version: 0 };

describe('vtc', () => {
  it('is what its plain form says, with the lift and without', () => {
    fc.assert(fc.property(steps, fc.boolean(), (history, lift) => { const { policy, calls } = makePolicy('vtc', { lift }); compare(policy, calls, new PlainVtc(lift), history); }), { numRuns: RUNS });
  });

  const demand: fc.Arbitrary<Demand> = fc.record({
    seed: fc.nat(), agents: fc.integer({ min: 2, max: 4 }), poolTokens: fc.constantFrom(400, 1000, 3000), longest: fc.constantFrom(20, 60, 150), load: fc.constantFrom(0.9, 1.2, 2), steps: fc.constantFrom(300, 800),
  });

  it('spreads counters of waiting agents by at most U at every step, and no counter falls', () => {
    fc.assert(fc.property(demand, (one) => { const { spread, unit, hasFallen } = serve('vtc', {}, one); expect(spread).toBeLessThanOrEqual(unit); expect(hasFallen).toBe(false); }), { numRuns: Math.ceil(RUNS / 10) });
  });
  it('keeps two agents that always wait within 2 U over every window', () => {
    fc.assert(fc.property(demand, (one) => { const { gap, unit } = serve('vtc', {}, one); expect(gap).toBeLessThanOrEqual(2 * unit); }), { numRuns: Math.ceil(RUNS / 10) });
  });
  it('lets no gap grow with the horizon, where first come, first served does', () => {
    const at = (policy: string, steps: number): number => serve(policy, {}, { seed: 5, agents: 2, poolTokens: 2000, longest: 100, load: 4, steps }).gap;
    expect(at('vtc', 8000)).toBeLessThan(1.5 * at('vtc', 2000));
    expect(at('fcfs', 8000)).toBeGreaterThan(3 * at('fcfs', 2000));
  });
  it('gives shares in proportion to weights within 2 %, though who has least sends most', () => {
    const { served } = serve('vtc', { weights: '4+3+2+1' }, { seed: 1, agents: 4, poolTokens: 2000, longest: 100, load: 6, steps: 8000 }), all = served.reduce((sum, one) => sum + one, 0);
    served.forEach((one, agent) => { expect(Math.abs(one / all / ((4 - agent) / 10) - 1)).toBeLessThan(0.02); });
  });
  it('is first come, first served for an agent alone', () => {
    const orderOf = (policy: string): readonly number[] => serve(policy, {}, { seed: 3, agents: 1, poolTokens: 1000, longest: 60, load: 3, steps: 600 }).order;
    expect(orderOf('vtc')).toEqual(orderOf('fcfs'));
    expect(orderOf('vtc').length).toBeGreaterThan(50);
  });

  /** A first agent that has been served, and what a second gets when it comes. */
  const later = (isWaiting: boolean, lift: boolean): readonly number[] => {
    const { policy, calls } = makePolicy('vtc', { lift }), send = (agent: number, k: number): number => { const call = calls.allocate(agent, k, agent); calls.promptTokens[call] = 100; policy.arrive(call, 0); return call; };
    for (let k = 0; k < 5; k++) { const call = send(0, k); policy.grant(call, 0); policy.finish(call, true, 0); }
    if (isWaiting) send(0, 10);
    send(1, 0);
    return [0, 1].map((agent) => policy.explain!(send(agent, 20), 0)['counter']!);
  };
  it('lifts who comes back to the least counter that waits', () => { expect(later(true, true)).toEqual([500, 500]); });
  it('lifts who comes to an empty queue to the counter of the last to leave', () => { expect(later(false, true)).toEqual([500, 500]); });
  it('lifts nobody with lift=off', () => { expect([later(true, false), later(false, false)]).toEqual([[500, 0], [500, 0]]); });
  it('charges prompt tokens found in a cache to nobody', () => {
    const { policy, calls } = makePolicy('vtc'), call = calls.allocate(0, 0, 0), next = calls.allocate(0, 1, 0);
    calls.promptTokens[call] = 100; calls.outputTokens[call] = 7; calls.cachedTokens[call] = 90;
    policy.arrive(call, 0); policy.grant(call, 0); policy.finish(call, true, 0); policy.arrive(next, 0);
    expect(policy.explain!(next, 0)['counter']).toBe(10 + 14);
  });
  it('charges output that is foreseen at the grant, and puts it right at the end', () => {
    const { policy, calls } = makePolicy('vtc', { predict: 'told' }, undefined, () => 50), call = calls.allocate(0, 0, 0), next = calls.allocate(0, 1, 0), counter = (): number => policy.explain!(next, 0)['counter']!;
    calls.promptTokens[call] = 10;
    policy.arrive(call, 0); policy.arrive(next, 0); policy.grant(call, 0);
    expect(counter()).toBe(110);
    policy.progress!(call, 60, 0);
    expect(counter()).toBe(130);
    calls.outputTokens[call] = 20; policy.finish(call, true, 0);
    expect(counter()).toBe(50);
  });
});

describe('drr', () => {
  it('is what its plain form says, turn by turn', () => {
    fc.assert(fc.property(steps, fc.constantFrom(1, 30, 64, 1000), (history, quantum) => { const { policy, calls } = makePolicy('drr', { quantum }); compare(policy, calls, new PlainDrr(quantum), history); }), { numRuns: RUNS });
  });
  it('keeps agents that always wait within two quanta and two calls of each other over every window, one call after another', () => {
    fc.assert(fc.property(fc.nat(), fc.constantFrom(10, 200, 1000), fc.constantFrom(20, 100), (seed, quantum, longest) => {
      const { gap } = serve('drr', { quantum }, { seed, agents: 3, poolTokens: 2 * longest, longest, load: 5, steps: 600, isAlone: true });
      expect(gap).toBeLessThanOrEqual(2 * (quantum + longest + 2 * longest));
    }), { numRuns: Math.ceil(RUNS / 10) });
  });
});

describe('wfq', () => {
  it('is what its plain form says, weights included', () => {
    fc.assert(fc.property(steps, fc.constantFrom('equal', '1+2', '4+1+2'), (history, weights) => { const { policy, calls } = makePolicy('wfq', { weights, predict: 'none' }); compare(policy, calls, new PlainWfq(weights === 'equal' ? [1] : weights.split('+').map(Number)), history); }), { numRuns: RUNS });
  });

  interface Packet { readonly atUs: number; readonly agent: number; readonly cost: number }
  const packets: fc.Arbitrary<readonly Packet[]> = fc.array(fc.record({ gap: fc.constantFrom(0, 0, 1, 5, 40, 200), agent: fc.nat(2), cost: fc.integer({ min: 1, max: 100 }) }), { minLength: 1, maxLength: 40 })
    .map((list) => { let atUs = 0; return list.map(({ gap, agent, cost }) => ({ atUs: (atUs += gap), agent, cost })); });

  it('ends every call within the longest of each other agent after its share of the server would, costs known', () => {
    fc.assert(fc.property(packets, fc.constantFrom([1, 1, 1], [1, 2, 3], [5, 1, 1]), (list, weights) => {
      const { policy, calls } = makePolicy('wfq', { predict: 'told', weights: weights.join('+'), wq: 1 }, undefined, (call) => costs[call]!), costs: number[] = [], slots: number[] = [], all = weights.reduce((a, b) => a + b, 0);
      const longest = weights.map((_, agent) => Math.max(0, ...list.filter((one) => one.agent === agent).map(({ cost }) => cost))), promised: number[] = [], last = [0, 0, 0];
      let arrived = 0, nowUs = 0;
      const admit = (): void => { for (; arrived < list.length && list[arrived]!.atUs <= nowUs; arrived++) {
        const { atUs, agent, cost } = list[arrived]!, call = calls.allocate(arrived, 0, agent);
        costs[call] = cost; slots[call] = arrived; calls.arrivedUs[call] = atUs;
        promised[arrived] = last[agent] = Math.max(atUs, last[agent]!) + (cost * all) / weights[agent]!;
        policy.arrive(call, nowUs);
      } };
      for (let done = 0; done < list.length; done++) {
        admit();
        if (policy.waiting === 0) { nowUs = list[arrived]!.atUs; admit(); }
        const call = policy.first(OPEN, nowUs), number = slots[call]!, { agent, cost } = list[number]!;
        policy.grant(call, nowUs);
        nowUs += cost;
        // What arrives while the call is served is told before it ends.
        admit();
        calls.outputTokens[call] = cost; policy.finish(call, true, nowUs);
        expect(nowUs).toBeLessThanOrEqual(promised[number]! + longest.reduce((sum, most, other) => (other === agent ? sum : sum + most), 0) + 1e-6);
      }
    }), { numRuns: RUNS });
  });
});

describe('las-decay', () => {
  it('is what its plain form says', () => {
    fc.assert(fc.property(steps, fc.constantFrom(0, 1, 60), (history, halfLife) => {
      const { policy, calls } = makePolicy('las-decay', { halfLife });
      try { compare(policy, calls, new PlainLas(halfLife * 1e6), history, 137_000); } catch (error) { fc.pre(!(error instanceof TooClose)); throw error; }
    }), { numRuns: RUNS });
  });

  const after = (given: Readonly<Record<string, number>>, idleS: number): number => {
    const { policy, calls } = makePolicy('las-decay', given), call = calls.allocate(0, 0, 0), next = calls.allocate(0, 1, 0);
    calls.promptTokens[call] = 1000;
    policy.arrive(call, 0); policy.grant(call, 0); policy.finish(call, true, 0);
    policy.arrive(next, idleS * 1e6);
    return policy.explain!(next, idleS * 1e6)['service']!;
  };
  it('halves service with every half-life, to the bit', () => { expect([60, 120, 600].map((idleS) => after({}, idleS))).toEqual([500, 250, 1000 / 1024]); });
  it('never lets service fade with half-life 0', () => { expect(after({ halfLife: 0 }, 3600)).toBe(1000); });
  it('takes an agent that was idle for longer than it remembers as new', () => { expect([after({ halfLife: 0 }, 3600.000001), after({ halfLife: 0, forget: 10 }, 10), after({ halfLife: 0, forget: 10 }, 11)]).toEqual([0, 1000, 0]); });
  it('knows an agent that waits or runs as long as it does', () => {
    const { policy, calls } = makePolicy('las-decay', { halfLife: 0, forget: 10 }), call = calls.allocate(0, 0, 0), next = calls.allocate(0, 1, 0);
    calls.promptTokens[call] = 1000;
    policy.arrive(call, 0); policy.grant(call, 0); policy.arrive(next, 60e6);
    expect(policy.explain!(next, 60e6)['service']).toBe(1000);
  });
});
