// LOCO behind the policy contract: news, ties, ticks, pins, walks, figures.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallTable } from '../../src/dispatch/calls.ts';
import { LocoPolicy, type LocoPolicyOptions } from '../../src/loco/policy.ts';
import { resolveOptions } from '../../src/options.ts';
import { locoClock } from '../../src/policies/loco-clock.ts';
import { loco } from '../../src/policies/loco.ts';
import { KNOWS_NOTHING, type Admits, type Policy } from '../../src/policies/policy.ts';
import { ReferencePolicy } from './reference-loco.ts';

const ALL: Admits = { open: Uint8Array.of(1, 1, 1), version: 1 };

function bench(options: Partial<LocoPolicyOptions> = {}) {
  const calls = new CallTable();
  const policy = new LocoPolicy(calls, { alpha: 0.25, guardWindow: 0, autoTune: false, draw: null, ageUnit: 'ticks', ...options });
  let ordinal = 0;
  const submit = (agent: number, weight = 1, pin = -1, nowUs = 0): number => {
    const call = calls.allocate(0, ordinal++, agent);
    calls.weight[call] = weight;
    calls.pin[call] = pin;
    policy.arrive(call, nowUs);
    return call;
  };
  const serve = (): number => { const call = policy.first(ALL, 0); policy.grant(call, 0); policy.finish(call, true, 0); return call; };
  const walked = (limit = Infinity): number[] => {
    const seen: number[] = [];
    policy.walk((call) => { seen.push(call); return seen.length < limit; }, 0);
    return seen;
  };
  return { calls, policy, submit, serve, walked };
}

describe('LocoPolicy', () => {
  it('grants what a full scan grants, with pinned calls, cancels and several running at once', () => {
    const step = fc.record({ op: fc.nat(9), agent: fc.nat(5), weight: fc.constantFrom(0, 0.3, 1, 1, 2, 5), pin: fc.integer({ min: -1, max: 1 }), pick: fc.nat(), open: fc.integer({ min: 1, max: 7 }) });
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(0, 0.25, 0.6, 1), (steps, alpha) => {
      const calls = new CallTable(), policies: Policy[] = [new LocoPolicy(calls, { alpha, guardWindow: 0, autoTune: false, draw: null, ageUnit: 'ticks' }), new ReferencePolicy(calls, alpha)];
      const waiting: number[] = [], running: number[] = [];
      const take = (list: number[], pick: number): number => list.splice(pick % list.length, 1)[0];
      steps.forEach(({ op, agent, weight, pin, pick, open }, i) => {
        if (op < 4) {
          const call = calls.allocate(0, i, agent);
          calls.weight[call] = weight;
          calls.pin[call] = pin;
          for (const p of policies) p.arrive(call, i);
          waiting.push(call);
        } else if (op === 4 && waiting.length > 0) { const call = take(waiting, pick); for (const p of policies) p.cancel(call, false, i); } else if (op === 5 && running.length > 0) { const call = take(running, pick); for (const p of policies) p.cancel(call, true, i); } else if (op === 6 && running.length > 0) { const call = take(running, pick); for (const p of policies) p.finish(call, true, i); }
        const admits: Admits = { open: Uint8Array.of(open & 1, (open >> 1) & 1, (open >> 2) & 1), version: i };
        const [first, expected] = policies.map((p) => p.first(admits, i));
        expect(first).toBe(expected);
        if (op >= 7 && first >= 0) {
          for (const p of policies) p.grant(first, i);
          waiting.splice(waiting.indexOf(first), 1);
          running.push(first);
        }
        expect(policies[0].waiting).toBe(waiting.length);
      });
    }), { numRuns: 200 });
  });

  it('ages what waits by one a release, however the release came about', () => {
    const { policy, submit, calls } = bench();
    const [a, b, c, waits] = [submit(0), submit(1), submit(2), submit(3)];
    for (const call of [a, b, c]) policy.grant(call, 0);
    policy.finish(a, true, 0);
    policy.finish(b, false, 0);
    policy.cancel(c, true, 0);
    expect(policy.explain(waits, 0).age).toBe(3);
    expect(calls.agent[policy.first(ALL, 0)]).toBe(3);
  });

  it('does not age for a waiting call that goes, and takes its task along', () => {
    const { policy, submit } = bench();
    const stays = submit(0), goes = submit(1, 5);
    policy.cancel(goes, false, 0);
    expect(policy.explain(stays, 0)).toEqual({ score: 0.25, backlog: 1, age: 0, alpha: 0.25 });
    expect(policy.explain(goes, 0).backlog).toBe(0);
    expect(policy.waiting).toBe(1);
  });

  it('draws once where agents tie, and keeps the answer until there is news', () => {
    let draws = 0;
    const { policy, submit } = bench({ draw: () => { draws++; return 0.7; } });
    const calls = [0, 1, 2].map((agent) => submit(agent));
    for (let version = 1; version < 5; version++) expect(policy.first({ open: Uint8Array.of(1), version }, 0)).toBe(calls[2]);
    policy.walk(() => false, 0);
    expect(draws).toBe(1);
    submit(3);
    expect(policy.first(ALL, 0)).toBe(calls[2]);
    expect(draws).toBe(2);
  });

  it('draws nothing where one agent is ahead', () => {
    const { policy, submit } = bench({ draw: () => { throw new Error('drawn'); } });
    submit(0);
    const heavy = submit(1, 2);
    expect(policy.first(ALL, 0)).toBe(heavy);
  });

  it('takes the agent of the lowest number where ties go by registration', () => {
    const { policy, submit } = bench();
    submit(4);
    const low = submit(2);
    submit(3);
    expect(policy.first(ALL, 0)).toBe(low);
  });

  it('skips calls that have no room and counts them in the denominators', () => {
    const { policy, submit } = bench({ alpha: 1 });
    submit(0, 10, 0);
    const free = submit(1, 1);
    expect(policy.first({ open: Uint8Array.of(1, 0, 1), version: 7 }, 0)).toBe(free);
    expect(policy.explain(free, 0).score).toBe(0.1);
    expect(policy.first({ open: Uint8Array.of(0, 0, 1), version: 8 }, 0)).toBe(-1);
  });

  it('walks running calls in the order of their grants, then waiting ones in the order in which they would be granted', () => {
    const { policy, submit, walked } = bench({ alpha: 0.5 });
    for (const [agent, weight] of [[0, 3], [1, 1], [0, 1], [2, 2], [1, 4]]) submit(agent, weight);
    const second = policy.first(ALL, 0);
    policy.grant(second, 0);
    const third = policy.first(ALL, 0);
    policy.grant(third, 0);
    const order = walked(), granted: number[] = [];
    expect(walked()).toEqual(order);
    expect(walked(3)).toEqual(order.slice(0, 3));
    for (let call = policy.first(ALL, 0); call >= 0; call = policy.first(ALL, 0)) { policy.grant(call, 0); granted.push(call); }
    expect(order).toEqual([second, third, ...granted]);
  });

  it('walks in the order of the coming grants under the guard as well', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(4), fc.double({ min: 0.1, max: 5, noNaN: true }), fc.boolean()), { minLength: 40, maxLength: 60 }), (arrivals) => {
      const { policy, submit, serve, walked } = bench({ guardWindow: 100, alpha: 0.5 });
      for (const [agent, weight, isServed] of arrivals) { submit(agent, weight); if (isServed) serve(); }
      const order = walked(), granted: number[] = [];
      for (let call = policy.first(ALL, 0); call >= 0; call = policy.first(ALL, 0)) { policy.grant(call, 0); granted.push(call); }
      expect(order).toEqual(granted);
    }), { numRuns: 40 });
  });

  it('lets a preempted call wait again at its old place, with its old age', () => {
    const { policy, submit, serve } = bench();
    const first = submit(0), second = submit(0);
    policy.grant(first, 0);
    submit(1);
    expect(serve()).toBe(second);
    policy.preempt(first, 0);
    const third = submit(0);
    expect(policy.explain(first, 0)).toMatchObject({ backlog: 2, age: 1 });
    expect([serve(), serve(), serve()].filter((call) => call === first || call === third)).toEqual([first, third]);
  });

  it('tells how often the guard lowered alpha, and the mean alpha in force', () => {
    const { policy, submit, serve } = bench({ guardWindow: 100 });
    expect(policy.metrics()).toEqual({ 'guard.share': 0, 'alpha.mean': 0.25 });
    submit(0);
    serve();
    expect(policy.metrics()).toEqual({ 'guard.share': 0, 'alpha.mean': 0.25 });
    for (let i = 0; i < 5; i++) submit(i);
    serve();
    const s = 2 / 6;
    expect(policy.metrics()).toEqual({ 'guard.share': 0.5, 'alpha.mean': (0.25 + 0.5 * s / (1 + s)) / 2 });
  });

  it('moves alpha once a release when it tunes itself', () => {
    const { policy, submit, serve } = bench({ autoTune: true });
    const shares: number[] = [];
    for (let n = 1; n < 40; n *= 2) { for (let i = 0; i < 2 * n; i++) submit(0); serve(); shares.push(policy.alpha); }
    expect(shares.map((alpha) => Math.round(alpha * 100))).toEqual([25, 26, 27, 28, 29, 30]);
  });
});

describe('the definitions of loco and loco-clock', () => {
  const create = (definition: typeof loco, given: Record<string, unknown>, calls = new CallTable()): LocoPolicy =>
    definition.create({ calls, random: () => 0, knowledge: KNOWS_NOTHING, options: resolveOptions(definition.params, given, 'test') }) as LocoPolicy;

  it('take alpha as a number or as the name of a preset, 0.25 where nothing is said', () => {
    expect([{}, { alpha: 'latency' }, { alpha: 'throughput' }, { alpha: 0.4 }].map((given) => create(loco, { guard: false, ...given }).alpha)).toEqual([0.25, 0, 0.5, 0.4]);
    expect(() => create(loco, { alpha: 'speed' })).toThrow(/latency, balanced, throughput/);
    expect(() => create(loco, { alpha: 1.5 })).toThrow(/from 0 to 1/);
  });

  it('guard unless told otherwise', () => {
    expect(create(loco, {}).guard?.window).toBe(100);
    expect(create(loco, { guard: 'off' }).guard).toBeUndefined();
  });

  it('differ in what an age is: releases for loco, microseconds for loco-clock', () => {
    for (const [definition, age] of [[loco, 0], [locoClock, 700]] as const) {
      const calls = new CallTable(), policy = create(definition, {}, calls), call = calls.allocate(0, 0, 0);
      policy.arrive(call, 300);
      expect(policy.first(ALL, 1000)).toBe(call);
      expect(policy.explain(call, 1000).age).toBe(age);
    }
  });

  it('lets loco-clock age while nobody releases', () => {
    const calls = new CallTable(), policy = create(locoClock, { alpha: 0.5, guard: false }, calls);
    const early = calls.allocate(0, 0, 0), heavy = calls.allocate(1, 0, 1);
    calls.weight[heavy] = 2;
    policy.arrive(early, 0);
    policy.arrive(heavy, 100);
    expect(policy.first(ALL, 110)).toBe(heavy === early ? -1 : early);
    expect(policy.first(ALL, 1_000_000)).toBe(heavy);
  });
});
