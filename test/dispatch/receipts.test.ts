// Receipts: what was decided, from what, and how old that was; and that telling them changes nothing.
import { describe, expect, it } from 'vitest';
import { BALANCERS } from '../../src/balancers/registry.ts';
import type { Receipt } from '../../src/observe/lifecycle.ts';
import { POLICIES } from '../../src/policies/registry.ts';
import { Rig } from './rig.ts';

describe('receipts', () => {
  it('of a grant show the call, the ones behind it and their terms', () => {
    const receipts: Receipt[] = [], rig = new Rig({ receipts, policy: 'atlas' });
    const calls = [0, 1, 2].map((p) => rig.submit(p));
    rig.flush(7);
    expect(receipts).toEqual([{
      atUs: 7, kind: 'grant', place: 'gate', call: calls[0], engine: 0, chosen: calls[0], waiting: 3, candidates: calls.map((id) => ({ id, score: 0, terms: { level: 0, service: 0 } })),
      ageUs: 0, tied: 3, reason: 'first to come of 3 in the lowest level',
    }]);
  });

  it('list at most eight candidates of a long queue', () => {
    const receipts: Receipt[] = [], rig = new Rig({ receipts });
    for (let p = 0; p < 50; p++) rig.submit(p);
    rig.flush();
    expect(receipts.map((r) => r.candidates.length)).toEqual([8]);
  });

  it('list calls that wait, never calls that run', () => {
    const receipts: Receipt[] = [], rig = new Rig({ receipts, windows: [3] });
    const calls = [0, 1, 2].map((p) => rig.submit(p));
    rig.flush();
    expect(receipts.map((r) => r.candidates.map(({ id }) => id))).toEqual([calls, calls.slice(1), calls.slice(2)]);
    expect(receipts.map(({ reason }) => reason)).toEqual(['first of 3 waiting calls', 'first of 2 waiting calls', 'the only call that waits']);
  });

  it('list only calls that the free engines may serve', () => {
    const receipts: Receipt[] = [], rig = new Rig({ receipts, windows: [1, 0] });
    const free = rig.submit(0, { pin: 0 });
    rig.submit(1, { pin: 1 });
    rig.flush();
    expect(receipts.map((r) => r.candidates.map(({ id }) => id))).toEqual([[free]]);
  });

  it('of a route show what was believed of each engine, and its age', () => {
    const receipts: Receipt[] = [], rig = new Rig({ receipts, dispatch: 'immediate', windows: [1, 1], viewRefreshUs: 100 });
    rig.submit(0, { atUs: 130 });
    rig.flush(130);
    expect(receipts[0]).toMatchObject({ kind: 'route', ageUs: 30, tied: 2, reason: 'drawn among 2 engines with the fewest calls in flight' });
    expect([...receipts[0]!.candidates].sort((a, b) => a.id - b.id)).toEqual([0, 1].map((id) => ({ id, score: 0, terms: { inFlight: 0 } })));
    expect(receipts[0]!.candidates[0]!.id).toBe(receipts[0]!.chosen);
    expect(receipts.map((r) => r.kind)).toEqual(['route', 'grant']);
  });

  it('of a grant on one of several engines come with the choice of the engine', () => {
    const receipts: Receipt[] = [], rig = new Rig({ receipts, windows: [1, 2], balancer: 'round-robin' });
    for (let p = 0; p < 4; p++) rig.submit(p);
    rig.flush();
    expect(receipts.map((r) => [r.kind, r.engine, r.candidates.length])).toEqual([['route', 0, 2], ['grant', 0, 4], ['route', 1, 1], ['grant', 1, 3], ['route', 1, 1], ['grant', 1, 2]]);
    expect(receipts.filter(({ kind }) => kind === 'route').map(({ reason }) => reason)).toEqual(['its turn', 'the only engine to choose from', 'the only engine to choose from']);
    expect(rig.core.board.picks).toBe(1);
  });

  it('of a refusal name its reason', () => {
    const receipts: Receipt[] = [], rig = new Rig({ receipts, maxWaiters: 0 });
    const calls = [0, 1].map((p) => rig.submit(p));
    rig.flush();
    expect(receipts[1]).toEqual({ atUs: 0, kind: 'refuse', place: 'gate', call: calls[1], engine: -1, chosen: -1, waiting: 1, candidates: [], ageUs: 0, tied: null, reason: 'backpressure' });
  });

  it('of loco show one call an agent with the terms of its score, the highest first', () => {
    const receipts: Receipt[] = [], rig = new Rig({ receipts, policy: 'loco', policyOptions: { alpha: 0.5, guard: false } });
    const ask = [{ agent: 2, weight: 1 }, { agent: 0, weight: 4 }, { agent: 0, weight: 1 }, { agent: 1, weight: 2 }];
    const calls = ask.map((one, p) => rig.submit(p, one));
    rig.flush();
    expect(receipts[0]).toMatchObject({
      chosen: calls[1], waiting: 4, tied: 1, reason: 'highest score of 3 waiting agents',
      candidates: [
        { id: calls[1], score: 0.5, terms: { backlog: 5, age: 0, alpha: 0.5 } }, { id: calls[3], score: 0.2, terms: { backlog: 2, age: 0, alpha: 0.5 } }, { id: calls[0], score: 0.1, terms: { backlog: 1, age: 0, alpha: 0.5 } },
      ],
    });
  });

  it('of loco say when the guard has lowered alpha, and when a tie was drawn', () => {
    const receipts: Receipt[] = [], rig = new Rig({ receipts, policy: 'loco', policyOptions: { alpha: 0.75 } });
    for (let p = 0; p < 4; p++) rig.submit(p, { agent: p });
    rig.flush();
    expect(receipts[0]).toMatchObject({ tied: 4, reason: 'drawn among 4 of 4 waiting agents, equal in score; the guard lowered alpha from 0.75 to 0.1' });
  });

  it.each(Object.keys(POLICIES))('change nothing that %s decides', (policy) => {
    const histories = [undefined, []].map((receipts) => {
      const rig = new Rig({ windows: [1, 2], policy, ...(receipts ? { receipts } : {}) });
      for (let t = 0; t < 60; t++) {
        rig.submit(t, { agent: (t * 7) % 4, weight: 1 + (t % 3), atUs: t });
        if (t % 2 === 0) for (let c = 0, ended = 0; c < rig.calls.capacity && ended < 2; c++) if (rig.calls.state[c] === 3) { rig.core.complete(c, 1, 0); ended++; }
        rig.flush(t);
      }
      return rig.log;
    });
    expect(histories[1]).toEqual(histories[0]);
    expect(histories[0]!.filter((line) => line.includes('grant')).length).toBeGreaterThan(20);
  });

  it.each(Object.keys(POLICIES))('change nothing that %s draws where all calls are alike', (policy) => {
    const histories = [undefined, []].map((receipts) => {
      const rig = new Rig({ policy, ...(receipts ? { receipts } : {}) });
      for (let p = 0; p < 40; p++) rig.submit(p, { agent: p % 20 });
      for (let t = 0; t < 40; t++) {
        rig.flush(t);
        for (let c = 0; c < rig.calls.capacity; c++) if (rig.calls.state[c] === 3) rig.core.complete(c, 1, 0);
      }
      return rig.log;
    });
    expect(histories[1]).toEqual(histories[0]);
  });

  it.each(Object.keys(BALANCERS))('name what %s chose first, and every engine once', (balancer) => {
    const receipts: Receipt[] = [], rig = new Rig({ receipts, windows: [2, 2, 2, 2, 2], balancer, dispatch: 'immediate' });
    for (let p = 0; p < 9; p++) rig.submit(p);
    rig.flush();
    const routes = receipts.filter(({ kind }) => kind === 'route');
    expect(routes).toHaveLength(9);
    for (const { chosen, engine, candidates } of routes) expect([chosen, candidates[0]!.id, candidates.map(({ id }) => id).sort()]).toEqual([engine, engine, [0, 1, 2, 3, 4]]);
  });
});
