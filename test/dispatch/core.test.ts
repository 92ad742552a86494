// The rule for simultaneous events, command by command: inputs are buffered, put in order, applied; then grants; then overflow.
import { describe, expect, it } from 'vitest';
import { NOTHING_LEFT, Rig } from './rig.ts';

const codeOf = (fn: () => unknown): string => { try { fn(); } catch (error) { return (error as { code?: string }).code ?? String(error); } return 'nothing thrown'; };

describe('a round', () => {
  it('decides nothing at an input', () => {
    const rig = new Rig();
    rig.submit(0);
    expect([rig.core.dirty, rig.core.pending, rig.core.waiting, rig.core.commands.count]).toEqual([true, 1, 0, 0]);
  });

  it('applies submits by program and ordinal, whatever slot they have and in whatever order they came', () => {
    const rig = new Rig({ windows: [4] });
    rig.submit(2); rig.submit(0, { ordinal: 1 }); rig.submit(1); rig.submit(0, { ordinal: 0 });
    expect(rig.flush()).toEqual(['grant p0.0 on 0', 'grant p0.1 on 0', 'grant p1.0 on 0', 'grant p2.0 on 0']);
  });

  it('sorts many inputs as it sorts few', () => {
    const rig = new Rig({ windows: [200] });
    for (let i = 0; i < 100; i++) rig.submit((i * 37) % 100);
    expect(rig.flush()).toEqual(Array.from({ length: 100 }, (_, p) => `grant p${p}.0 on 0`));
  });

  it('sees the next call of a program before it gives the place of the last one away', () => {
    const rig = new Rig(), first = rig.submit(0);
    rig.flush();
    rig.submit(1, { atUs: 5 });
    rig.flush(5);
    rig.core.complete(first, 1, 0);
    rig.submit(0, { ordinal: 1, atUs: 9 });
    expect(rig.flush(9)).toEqual(['grant p1.0 on 0']);
    expect(rig.log.slice(-3)).toEqual(['9 finish p0.0 on 0', '9 arrive p0.1', '9 grant p1.0 on 0']);
  });

  it('counts a call that ends at an instant as done, whatever a withdrawal of the same instant says', () => {
    const rig = new Rig(), call = rig.submit(0);
    rig.flush();
    rig.core.cancel(call);
    rig.core.complete(call, 7, 3);
    expect(rig.flush(4)).toEqual([]);
    expect(rig.log.at(-1)).toBe('4 finish p0.0 on 0');
    expect([rig.calls.outputTokens[call], rig.calls.cachedTokens[call]]).toEqual([7, 3]);
  });

  it('lets a call that is submitted and withdrawn at once arrive and go', () => {
    const rig = new Rig(), call = rig.submit(0);
    rig.core.cancel(call);
    expect(rig.flush()).toEqual(['reject p0.0 cancelled']);
    expect(rig.log).toEqual(['0 arrive p0.0', '0 drop p0.0 cancelled waiting']);
  });

  it('grants nothing once the window has ended, and still takes what ends', () => {
    const rig = new Rig(), call = rig.submit(0);
    rig.submit(1);
    rig.flush();
    rig.core.complete(call, 0, 0);
    expect(rig.flush(10, false)).toEqual([]);
    expect([rig.core.waiting, rig.core.running]).toEqual([1, 0]);
  });

  it('frees the slots of ended calls only with the next round, so that shells can read them', () => {
    const rig = new Rig(), call = rig.submit(0);
    rig.flush();
    rig.core.complete(call, 0, 0);
    rig.flush(1);
    expect([rig.core.endedCount, rig.core.ended[0], rig.calls.open]).toEqual([1, call, 1]);
    rig.flush(2);
    expect([rig.core.endedCount, rig.calls.open]).toEqual([0, 0]);
  });

  it('takes every input on a call that has ended for a no-op, before and after its slot is freed', () => {
    const rig = new Rig(), call = rig.submit(0);
    rig.flush();
    rig.core.complete(call, 0, 0);
    rig.flush(1);
    for (const nowUs of [2, 3]) {
      rig.core.complete(call, 0, 0); rig.core.fail(call); rig.core.cancel(call);
      expect(rig.flush(nowUs)).toEqual([]);
    }
    expect(rig.residue()).toEqual(NOTHING_LEFT);
  });

  it('takes an end told twice in one round once', () => {
    const rig = new Rig(), call = rig.submit(0);
    rig.flush();
    rig.core.complete(call, 0, 0); rig.core.complete(call, 0, 0); rig.core.fail(call);
    rig.flush(1);
    expect(rig.log.filter((line) => line.includes('finish') || line.includes('drop'))).toEqual(['1 finish p0.0 on 0']);
    expect(rig.core.running).toBe(0);
  });
});

describe('capacity and backpressure', () => {
  it('never has more calls in flight than the windows say', () => {
    const rig = new Rig({ windows: [2, 1] });
    for (let p = 0; p < 9; p++) rig.submit(p);
    rig.flush();
    expect([rig.core.running, rig.core.waiting, [...rig.core.board.runningNow]]).toEqual([3, 6, [2, 1]]);
  });

  it('refuses the newest of the round above maxWaiters, by key from the back, after the grants', () => {
    const rig = new Rig({ windows: [1], maxWaiters: 2 });
    for (const p of [4, 1, 3, 0, 2]) rig.submit(p);
    expect(rig.flush()).toEqual(['grant p0.0 on 0', 'reject p4.0 backpressure', 'reject p3.0 backpressure']);
    expect(rig.core.waiting).toBe(2);
  });

  it('never refuses a call of an earlier round for one of this', () => {
    const rig = new Rig({ windows: [1], maxWaiters: 1 });
    rig.submit(5); rig.flush();
    rig.submit(9, { atUs: 1 }); rig.flush(1);
    rig.submit(0, { atUs: 2 });
    expect(rig.flush(2)).toEqual(['reject p0.0 backpressure']);
  });

  it('with maxWaiters 0 serves at once or refuses', () => {
    const rig = new Rig({ windows: [1], maxWaiters: 0 });
    rig.submit(0); rig.submit(1);
    expect(rig.flush()).toEqual(['grant p0.0 on 0', 'reject p1.0 backpressure']);
  });

  it('grants more when a window grows, and none until calls have ended when it shrinks', () => {
    const rig = new Rig({ windows: [2] }), calls = [0, 1, 2, 3].map((p) => rig.submit(p));
    rig.flush();
    rig.core.setWindow(0, 1);
    expect(rig.core.dirty).toBe(true);
    rig.core.complete(calls[0]!, 0, 0);
    expect(rig.flush(1)).toEqual([]);
    rig.core.setWindow(0, 3);
    expect(rig.flush(2)).toEqual(['grant p2.0 on 0', 'grant p3.0 on 0']);
  });

  it.each([[-1], [1.5], [NaN]])('refuses a window of %s', (window) => {
    const rig = new Rig();
    expect(codeOf(() => { rig.core.setWindow(0, window); })).toBe('ERR_OPTION_RANGE');
    expect(codeOf(() => rig.core.addEngine(window, 0))).toBe('ERR_OPTION_RANGE');
    expect(rig.core.engines).toBe(1);
  });

  it.each([['setWindow'], ['engineUp'], ['engineDown']] as const)('%s of an engine that does not exist is an error and changes nothing', (what) => {
    const rig = new Rig();
    expect(codeOf(() => { rig.core[what](5, 1); })).toBe('ERR_ENGINE_UNKNOWN');
    rig.submit(0);
    expect(rig.flush()).toEqual(['grant p0.0 on 0']);
  });
});

describe('deadlines', () => {
  it('wakes at the earliest deadline of a waiting call, and forgets it with the grant', () => {
    const rig = new Rig(), first = rig.submit(0, { deadlineUs: 50 });
    rig.submit(1, { deadlineUs: 30 }); rig.submit(2, { deadlineUs: 20 });
    rig.flush();
    expect(rig.core.wakeUs).toBe(20);
    rig.core.complete(first, 0, 0);
    rig.flush(10);
    expect(rig.core.wakeUs).toBe(20);
    expect(rig.flush(20)).toEqual(['reject p2.0 expired']);
    expect(rig.core.wakeUs).toBe(Infinity);
  });

  it('refuses a waiting call whose deadline is now even if a place frees now', () => {
    const rig = new Rig(), first = rig.submit(0);
    rig.submit(1, { deadlineUs: 30 });
    rig.flush();
    rig.core.complete(first, 0, 0);
    expect(rig.flush(30)).toEqual(['reject p1.0 expired']);
  });

  it('expires calls in the order of their keys where their deadlines are one', () => {
    const rig = new Rig();
    for (const p of [3, 1, 0, 2]) rig.submit(p, { deadlineUs: 10 });
    rig.flush();
    expect(rig.flush(10)).toEqual(['reject p1.0 expired', 'reject p2.0 expired', 'reject p3.0 expired']);
  });

  it('serves a call whose deadline is the instant of its arrival where a place is free, and refuses it in the next round where none is', () => {
    const rig = new Rig();
    rig.submit(0, { deadlineUs: 0 }); rig.submit(1, { deadlineUs: 0 });
    expect(rig.flush(0)).toEqual(['grant p0.0 on 0']);
    expect(rig.core.wakeUs).toBe(0);
    expect(rig.flush(0)).toEqual(['reject p1.0 expired']);
  });

  it('prefers a withdrawal to a deadline of the same instant', () => {
    const rig = new Rig();
    rig.submit(0);
    const call = rig.submit(1, { deadlineUs: 7 });
    rig.flush();
    rig.core.cancel(call);
    expect(rig.flush(7)).toEqual(['reject p1.0 cancelled']);
  });
});

describe('withdrawals', () => {
  it('of a running call abort it and free its place in the same round', () => {
    const rig = new Rig(), call = rig.submit(0);
    rig.submit(1);
    rig.flush();
    rig.core.cancel(call);
    expect(rig.flush(5)).toEqual(['abort p0.0 on 0', 'grant p1.0 on 0']);
    expect(rig.log.slice(-2)).toEqual(['5 drop p0.0 cancelled running', '5 grant p1.0 on 0']);
  });

  it('leave nothing behind, whether the call was just submitted, waiting, running, routed or in limbo', () => {
    for (const dispatch of ['late', 'immediate'] as const) {
      const rig = new Rig({ dispatch, windows: [1, 1] });
      const running = rig.submit(0), other = rig.submit(1), waiting = rig.submit(2, { deadlineUs: 99 });
      rig.flush();
      const fresh = rig.submit(3);
      for (const call of [running, other, waiting, fresh]) rig.core.cancel(call);
      rig.flush(1);
      rig.core.engineDown(0, 2); rig.core.engineDown(1, 2);
      const stranded = rig.submit(4, { deadlineUs: 99, atUs: 2 });
      rig.flush(2);
      rig.core.cancel(stranded);
      rig.flush(3);
      expect(rig.residue()).toEqual(NOTHING_LEFT);
    }
  });

  it('a failure frees the place and is told as failed', () => {
    const rig = new Rig(), call = rig.submit(0);
    rig.submit(1);
    rig.flush();
    rig.core.fail(call);
    expect(rig.flush(5)).toEqual(['grant p1.0 on 0']);
    expect(rig.log).toContain('5 drop p0.0 failed running');
    expect(rig.calls.outcome[call]).toBe(6);
  });
});

describe('pinned calls', () => {
  it('wait for their engine while others pass them, late', () => {
    const rig = new Rig({ windows: [1, 1] });
    rig.submit(0, { pin: 0 }); rig.submit(1, { pin: 0 }); rig.submit(2, { pin: 0 }); rig.submit(3);
    expect(rig.flush()).toEqual(['grant p0.0 on 0', 'grant p3.0 on 1']);
  });

  it('are refused where their engine does not exist or is down', () => {
    const rig = new Rig({ windows: [1, 1] });
    rig.core.engineDown(1, 0);
    rig.submit(0, { pin: 1 }); rig.submit(1, { pin: 7 }); rig.submit(2, { pin: 0 });
    expect(rig.flush()).toEqual(['reject p0.0 unroutable', 'reject p1.0 unroutable', 'grant p2.0 on 0']);
  });
});

describe('engines that come and go', () => {
  it('an engine added at run time gets calls at once', () => {
    for (const dispatch of ['late', 'immediate'] as const) {
      const rig = new Rig({ dispatch, windows: [1] });
      rig.submit(0); rig.submit(1);
      rig.flush();
      expect(rig.core.addEngine(1, 5)).toBe(1);
      rig.submit(2, { atUs: 5 });
      expect(rig.flush(5)).toEqual(dispatch === 'late' ? ['grant p1.0 on 1'] : ['grant p2.0 on 1']);
    }
  });

  it('what was queued for an engine that goes down is routed to others, in order of arrival', () => {
    const rig = new Rig({ dispatch: 'immediate', windows: [1, 1], balancer: 'round-robin' });
    const served = [5, 1].map((p) => rig.submit(p));
    rig.flush(0);
    rig.submit(8, { atUs: 1 }); rig.submit(9, { atUs: 1 });
    rig.flush(1);
    rig.submit(2, { atUs: 2 }); rig.submit(3, { atUs: 2 });
    rig.flush(2);
    expect([...rig.core.board.queuedNow]).toEqual([2, 2]);
    rig.core.engineDown(0, 3);
    expect([...rig.core.board.queuedNow]).toEqual([0, 4]);
    expect(rig.flush(3)).toEqual([]);
    // Running calls go on; the one whose engine is up makes place.
    for (const call of served) rig.core.complete(call, 0, 0);
    const order: string[] = [];
    for (let t = 4; t < 8; t++) {
      order.push(...rig.flush(t));
      const { call, count } = rig.core.commands;
      if (count > 0) rig.core.complete(call[0]!, 0, 0);
    }
    expect(order).toEqual(['grant p9.0 on 1', 'grant p3.0 on 1', 'grant p8.0 on 1', 'grant p2.0 on 1']);
  });

  it.each(['fcfs', 'oldest-first', 'round-robin', 'atlas', 'loco', 'loco-clock'])('%s takes over calls that are older than its own, and loses none', (policy) => {
    const rig = new Rig({ dispatch: 'immediate', windows: [1, 1], balancer: 'round-robin', policy });
    for (let t = 0; t < 10; t++) { rig.submit(t, { atUs: t, agent: t % 3 }); rig.flush(t); }
    rig.core.engineDown(1, 10);
    rig.flush(10);
    const order: string[] = [];
    for (let t = 11; t < 40 && rig.core.running > 0; t++) {
      for (let c = 0; c < rig.calls.capacity; c++) if (rig.calls.state[c] === 3) rig.core.complete(c, 1, 0);
      order.push(...rig.flush(t));
    }
    rig.flush(99);
    expect(order.length).toBe(8);
    expect(rig.residue()).toEqual(NOTHING_LEFT);
    if (policy === 'oldest-first') expect(order.map((line) => Number(/p(\d+)/.exec(line)![1]))).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('calls pinned to an engine that goes down are refused at the end of the instant', () => {
    for (const dispatch of ['late', 'immediate'] as const) {
      const rig = new Rig({ dispatch, windows: [1, 1] });
      rig.submit(0, { pin: 1 }); rig.submit(1, { pin: 1 });
      rig.flush();
      rig.core.engineDown(1, 3);
      expect(rig.flush(3)).toEqual(['reject p1.0 unroutable']);
      expect(rig.core.running).toBe(1);
    }
  });

  it('an engine that goes down and comes back within an instant has lost nothing', () => {
    for (const dispatch of ['late', 'immediate'] as const) {
      const rig = new Rig({ dispatch, windows: [1, 1] });
      const first = rig.submit(0, { pin: 1 });
      rig.submit(1, { pin: 1 });
      rig.flush();
      rig.core.engineDown(1, 3); rig.core.engineUp(1, 3);
      expect(rig.flush(3)).toEqual([]);
      rig.core.complete(first, 0, 0);
      expect(rig.flush(4)).toEqual(['grant p1.0 on 1']);
    }
  });

  it('a withdrawal of a pinned call is a withdrawal, even where its engine goes down in the same instant', () => {
    const rig = new Rig({ windows: [1, 1] });
    rig.submit(0, { pin: 1 });
    const call = rig.submit(1, { pin: 1 });
    rig.flush();
    rig.core.cancel(call);
    rig.core.engineDown(1, 3);
    expect(rig.flush(3)).toEqual(['reject p1.0 cancelled']);
  });

  it('with no engine up calls wait in limbo, expire there, and are routed when one comes back', () => {
    const rig = new Rig({ dispatch: 'immediate', windows: [1, 1] });
    rig.core.engineDown(0, 0); rig.core.engineDown(1, 0);
    rig.submit(0); rig.submit(1, { deadlineUs: 5 }); rig.submit(2);
    expect(rig.flush()).toEqual([]);
    expect(rig.core.waiting).toBe(3);
    expect(rig.flush(5)).toEqual(['reject p1.0 expired']);
    rig.core.engineUp(1, 6);
    expect(rig.flush(6)).toEqual(['grant p0.0 on 1']);
    expect(rig.core.waiting).toBe(1);
  });

  it('queued calls go to limbo when the last engine goes down, and come back in order', () => {
    const rig = new Rig({ dispatch: 'immediate', windows: [0], balancer: 'round-robin' });
    for (const p of [3, 1, 2]) { rig.submit(p, { atUs: p }); rig.flush(p); }
    rig.core.engineDown(0, 5);
    expect(rig.residue()).toMatchObject({ waiting: 3, queued: 0, inPolicies: 0 });
    rig.core.addEngine(3, 6);
    expect(rig.flush(6)).toEqual(['grant p1.0 on 1', 'grant p2.0 on 1', 'grant p3.0 on 1']);
  });

  it('a balancer is told when engines come and go', () => {
    const told: string[] = [];
    const rig = new Rig({
      dispatch: 'immediate', windows: [1, 1],
      balancer: { pick: (_call, candidates) => candidates[0]!, engineUp: (e, t) => { told.push(`${t} up ${e}`); }, engineDown: (e, t) => { told.push(`${t} down ${e}`); }, routed: (c, e) => { told.push(`routed ${rig.name(c)} ${e}`); }, finished: (c, e) => { told.push(`finished ${rig.name(c)} ${e}`); } },
    });
    rig.core.engineDown(0, 1); rig.core.engineDown(0, 1); rig.core.engineUp(0, 2); rig.core.engineUp(0, 2);
    const call = rig.submit(0);
    rig.flush(3);
    rig.core.complete(call, 0, 0);
    rig.flush(4);
    expect(told).toEqual(['1 down 0', '2 up 0', 'routed p0.0 0', 'finished p0.0 0']);
  });
});

describe('closing', () => {
  it('refuses what waits and what comes, and lets running calls end', () => {
    const rig = new Rig(), call = rig.submit(0);
    rig.submit(1); rig.submit(2);
    rig.flush();
    rig.submit(3, { atUs: 1 });
    rig.core.close(1);
    expect(rig.commands()).toEqual(['reject p3.0 shutdown', 'reject p1.0 shutdown', 'reject p2.0 shutdown']);
    rig.submit(4, { atUs: 2 });
    expect(rig.flush(2)).toEqual(['reject p4.0 shutdown']);
    rig.core.complete(call, 0, 0);
    rig.flush(3);
    expect(rig.residue()).toEqual(NOTHING_LEFT);
  });
});

describe('what may not happen crashes with its name', () => {
  const broken = (first: (call: number) => number) => () => {
    let seen = -1;
    const rig = new Rig({ policy: () => ({ arrive: (call) => { seen = call; }, grant: () => {}, finish: () => {}, cancel: () => {}, first: () => first(seen), walk: () => {}, waiting: 1 }) });
    rig.submit(0);
    rig.flush();
  };
  it('a policy that answers a call that does not wait', () => { expect(codeOf(broken(() => 3))).toBe('ERR_INVARIANT'); });
  it('a policy that answers the same call again and again', () => {
    const rig = new Rig({ windows: [2], policy: () => ({ arrive: () => {}, grant: () => {}, finish: () => {}, cancel: () => {}, first: () => 0, walk: () => {}, waiting: 1 }) });
    rig.submit(0); rig.submit(1);
    expect(codeOf(() => rig.flush())).toBe('ERR_INVARIANT');
  });
  it('a balancer that picks an engine that is down or does not exist', () => {
    for (const engine of [-1, 2, 9, NaN]) {
      const rig = new Rig({ dispatch: 'immediate', windows: [1, 1, 1], balancer: { pick: () => engine } });
      rig.core.engineDown(2, 0);
      rig.submit(0);
      expect(codeOf(() => rig.flush())).toBe('ERR_INVARIANT');
    }
  });
  it('a balancer that picks an engine without room at a late grant', () => {
    const rig = new Rig({ windows: [1, 1, 1], balancer: { pick: () => 0 } });
    rig.submit(0); rig.submit(1);
    expect(codeOf(() => rig.flush())).toBe('ERR_INVARIANT');
  });
});
