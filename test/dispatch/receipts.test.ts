// Receipts: what was decided, from what, and how old that was.
import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../src/observe/lifecycle.ts';
import { Rig } from './rig.ts';

describe('receipts', () => {
  it('of a grant show the call, the ones behind it and their terms', () => {
    const receipts: Receipt[] = [], rig = new Rig({ receipts, policy: 'atlas' });
    const calls = [0, 1, 2].map((p) => rig.submit(p));
    rig.flush(7);
    expect(receipts).toEqual([{ atUs: 7, kind: 'grant', call: calls[0], chosen: 0, candidates: calls.map((id) => ({ id, terms: { level: 0, service: 0 } })), ageUs: 0, reason: 'first of 3 waiting' }]);
  });

  it('list at most eight candidates of a long queue', () => {
    const receipts: Receipt[] = [], rig = new Rig({ receipts });
    for (let p = 0; p < 50; p++) rig.submit(p);
    rig.flush();
    expect(receipts.map((r) => r.candidates.length)).toEqual([8]);
  });

  it('of a route show what was believed of each engine, and its age', () => {
    const receipts: Receipt[] = [], rig = new Rig({ receipts, dispatch: 'immediate', windows: [1, 1], viewRefreshUs: 100 });
    rig.submit(0, { atUs: 130 });
    rig.flush(130);
    expect(receipts[0]).toMatchObject({ kind: 'route', ageUs: 30, candidates: [{ id: 0, terms: { inFlight: 0 } }, { id: 1, terms: { inFlight: 0 } }], reason: 'one of 2 engines' });
    expect(receipts.map((r) => r.kind)).toEqual(['route', 'grant']);
  });

  it('of a refusal name its reason', () => {
    const receipts: Receipt[] = [], rig = new Rig({ receipts, maxWaiters: 0 });
    const calls = [0, 1].map((p) => rig.submit(p));
    rig.flush();
    expect(receipts[1]).toEqual({ atUs: 0, kind: 'refuse', call: calls[1], chosen: -1, candidates: [], ageUs: 0, reason: 'backpressure' });
  });

  it.each(['fcfs', 'oldest-first', 'round-robin', 'atlas', 'loco', 'loco-clock'])('change nothing that %s decides', (policy) => {
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
});
