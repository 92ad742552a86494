// Sessions of an application: an explicit start and end, tools between calls, and an end for those that die.
import { describe, expect, it } from 'vitest';
import { createDispatcher } from '../../src/dispatch/create.ts';
import { definePolicy, type Policy } from '../../src/policies/policy.ts';
import { fcfs } from '../../src/policies/fcfs.ts';
import { TestClock } from '../../sim/testing/test-clock.ts';

function rig(sessionIdleMs?: number) {
  const told: string[] = [], clock = new TestClock();
  const policy = definePolicy({
    ...fcfs, name: 'listening',
    create: (context) => {
      const inner = fcfs.create(context), tell = (what: string) => (program: number): void => { told.push(`${what} ${program - 2 ** 29}`); };
      return Object.assign(Object.create(inner) as Policy, {
        arrive: (call: number, nowUs: number) => { told.push(`arrive ${context.calls.program[call]! - 2 ** 29}.${context.calls.ordinal[call]!}`); inner.arrive(call, nowUs); },
        finish: (call: number, well: boolean, nowUs: number) => { told.push('finish'); inner.finish(call, well, nowUs); },
        first: inner.first.bind(inner), walk: inner.walk.bind(inner), grant: inner.grant.bind(inner), cancel: inner.cancel.bind(inner),
        toolStart: tell('tool'), toolEnd: tell('back'), programEnd: tell('over'),
      });
    },
  });
  const dispatcher = createDispatcher({ clock, policy, ...(sessionIdleMs === undefined ? {} : { sessionIdleMs }) });
  return { told, clock, dispatcher };
}

describe('a session', () => {
  it('is a program whose calls, tools and end the policy hears of, in the order in which they happen', async () => {
    const { told, clock, dispatcher } = rig(), session = dispatcher.openSession({ agent: 3 });
    await clock.run(() => session.run({ promptTokens: 10 }, () => 1));
    await clock.run(() => session.tool(() => 2));
    await clock.run(() => session.run({}, () => 3));
    session.end();
    session.end();
    await clock.run(() => Promise.resolve());
    expect(told).toEqual(['arrive 0.0', 'finish', 'tool 0', 'back 0', 'arrive 0.1', 'finish', 'over 0']);
    expect(dispatcher.sessions.open).toBe(0);
  });

  it('that ends with a call under way is over for the policy when the call is', async () => {
    const { told, clock, dispatcher } = rig(), session = dispatcher.openSession(), lease = await clock.run(() => session.acquire());
    session.end();
    expect(told).not.toContain('over 0');
    lease.release();
    await clock.run(() => Promise.resolve());
    expect(told.slice(-2)).toEqual(['finish', 'over 0']);
  });

  it('takes no call after its end, and says what to do', async () => {
    const { clock, dispatcher } = rig(), session = dispatcher.openSession();
    session.end();
    await expect(clock.run(() => session.acquire())).rejects.toMatchObject({ code: 'ERR_NOT_POSSIBLE', message: expect.stringContaining('openSession()') as string });
  });

  it('of which nothing is heard is ended when the next one starts, and no other', async () => {
    const { told, clock, dispatcher } = rig(1000), dead = dispatcher.openSession(), busy = dispatcher.openSession();
    const lease = await clock.run(() => busy.acquire());
    await clock.run(() => clock.sleep(1000));
    dispatcher.openSession();
    expect([dead.isOver, busy.isOver, dispatcher.sessions.open, dispatcher.sessions.reaped]).toEqual([true, false, 2, 1]);
    expect(told).toContain('over 0');
    lease.release();
  });

  it('refuses what no call could have when it starts, and a body that is no function before it holds a place', async () => {
    const { clock, dispatcher } = rig();
    expect(() => dispatcher.openSession({ agent: -1 })).toThrow(expect.objectContaining({ code: 'ERR_OPTION_RANGE' }) as Error);
    const session = dispatcher.openSession(), none = undefined as unknown as () => number;
    for (const wrong of [() => session.run({}, none), () => session.tool(none), () => dispatcher.run({}, none)]) await expect(clock.run(wrong)).rejects.toMatchObject({ code: 'ERR_OPTION_TYPE' });
    expect([dispatcher.running, dispatcher.waiting, dispatcher.sessions.open]).toEqual([0, 0, 1]);
  });

  it('survives a body that throws and a call that is refused', async () => {
    const { clock, dispatcher } = rig(), session = dispatcher.openSession();
    await expect(clock.run(() => session.run({}, () => { throw new Error('mine'); }))).rejects.toThrow('mine');
    await expect(clock.run(() => session.acquire({ promptTokens: -1 }))).rejects.toMatchObject({ code: 'ERR_OPTION_RANGE' });
    await expect(clock.run(() => session.tool(() => { throw new Error('tool'); }))).rejects.toThrow('tool');
    session.end();
    await clock.run(() => Promise.resolve());
    expect([dispatcher.sessions.open, dispatcher.running]).toEqual([0, 0]);
  });
});
