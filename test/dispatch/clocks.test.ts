// The same dispatcher on three clocks: still, virtual, and the machine's own.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/clock.ts';
import { createDispatcher } from '../../src/dispatch/create.ts';
import type { Lease } from '../../src/dispatch/lease.ts';
import type { SchedlabError } from '../../src/errors.ts';
import { Kernel } from '../../sim/kernel/kernel.ts';
import { runAsync } from '../../sim/kernel/quiesce.ts';
import { VirtualClock } from '../../sim/kernel/virtual-clock.ts';
import { ManualClock } from '../conform/manual-clock.ts';

describe('on the virtual clock', () => {
  it('plain async functions contend for a place, and time passes only where they sleep', async () => {
    const kernel = new Kernel(), clock = new VirtualClock(kernel), dispatcher = createDispatcher({ clock }), log: string[] = [];
    const agent = async (name: string, workUs: number): Promise<void> => {
      for (let k = 0; k < 2; k++) await dispatcher.run({}, async (lease) => { log.push(`${clock.now()} ${name} waited ${lease.waitMs}`); await clock.sleep(workUs); });
    };
    await runAsync(kernel, clock, { start: () => Promise.all([agent('a', 2000), agent('b', 500)]) });
    expect(log).toEqual(['0 a waited 0', '2000 b waited 2', '2500 a waited 0.5', '4500 b waited 2']);
    expect([dispatcher.running, dispatcher.waiting, clock.armed]).toEqual([0, 0, 0]);
  });

  it('a time-out leaves no timer behind once nobody waits', async () => {
    const kernel = new Kernel(), clock = new VirtualClock(kernel), dispatcher = createDispatcher({ clock });
    await runAsync(kernel, clock, {
      start: async () => {
        const lease = await dispatcher.acquire(), late = dispatcher.acquire({ timeoutMs: 50 });
        await clock.sleep(10);
        lease.release();
        (await late).release();
        await clock.sleep(1);
        expect(clock.armed).toBe(0);
      },
    });
    expect(kernel.nowUs).toBe(11);
  });

  it('a retry in the instant of its refusal is the next round, and a run of them is bounded by whoever makes it', async () => {
    const kernel = new Kernel(), clock = new VirtualClock(kernel), dispatcher = createDispatcher({ clock, maxWaiters: 0 });
    let tries = 0;
    await runAsync(kernel, clock, {
      start: async () => {
        const holder = await dispatcher.acquire();
        for (; tries < 5; tries++) await dispatcher.acquire().catch((error: SchedlabError) => { expect(error.code).toBe('ERR_BACKPRESSURE'); });
        holder.release();
      },
    });
    expect([tries, kernel.nowUs, kernel.rounds >= 6]).toEqual([5, 0, true]);
  });
});

describe('on the machine\'s clock', () => {
  it('a release gives the place on within microtasks', async () => {
    const dispatcher = createDispatcher({ clock: new SystemClock() });
    const first = await dispatcher.acquire(), second = dispatcher.acquire();
    let got: Lease | undefined;
    void second.then((lease) => { got = lease; });
    first.release();
    for (let i = 0; i < 10 && got === undefined; i++) await Promise.resolve();
    expect(got?.isHeld).toBe(true);
    got!.release();
  });

  it('the inputs of one turn are decided together', async () => {
    const dispatcher = createDispatcher(), order: number[] = [];
    const asked = [3, 1, 2].map((program) => dispatcher.run({ program }, () => { order.push(program); }));
    await Promise.all(asked);
    expect(order).toEqual([1, 2, 3]);
  });

  it('a wait times out when its time has come, not before, and leaves no timer', async () => {
    const clock = new SystemClock(), dispatcher = createDispatcher({ clock }), holder = await dispatcher.acquire();
    const startUs = clock.now();
    const code = await dispatcher.acquire({ timeoutMs: 15 }).catch((error: SchedlabError) => error.code);
    expect([code, clock.now() - startUs >= 15_000]).toEqual(['ERR_TIMEOUT', true]);
    holder.release();
    expect(await dispatcher.shutdown(1000)).toEqual({ cancelledWaiters: 0, activeHolders: 0 });
  });

  it('a timer that is cleared does not keep the process', async () => {
    const clock = new SystemClock(), dispatcher = createDispatcher({ clock });
    const holder = await dispatcher.acquire(), late = dispatcher.acquire({ timeoutMs: 60_000 });
    holder.release();
    (await late).release();
    await new Promise((resolve) => { setImmediate(resolve); });
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).toBeLessThan(5);
    expect(dispatcher.core.wakeUs).toBe(Infinity);
  });

  it('aborting a signal withdraws a wait and a hold', async () => {
    const dispatcher = createDispatcher(), controller = new AbortController();
    const held = await dispatcher.acquire({ signal: controller.signal }), waiting = dispatcher.acquire({ signal: controller.signal }).catch((error: SchedlabError) => error.code);
    controller.abort();
    expect(await waiting).toBe('ERR_CANCELLED');
    expect([held.isAborted, dispatcher.running, dispatcher.waiting]).toEqual([true, 0, 0]);
  });
});

const operation = fc.oneof(
  { weight: 5, arbitrary: fc.record({ op: fc.constant('ask' as const), timeoutMs: fc.constantFrom(undefined, undefined, 0, 0.002, 0.005), signal: fc.boolean(), engine: fc.constantFrom(undefined, undefined, 0, 1) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constantFrom('release' as const, 'release' as const, 'fail' as const), which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('abort' as const), which: fc.nat(20) }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('pass' as const), us: fc.constantFrom(0, 1, 3) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('down' as const, 'up' as const), engine: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('window' as const), engine: fc.nat(1), window: fc.nat(2) }) },
);

describe('every history of an application', () => {
  it('tells each call its fate once, holds no more than the windows allow, and leaves nothing', async () => {
    let granted = 0;
    await fc.assert(fc.asyncProperty(fc.array(operation, { maxLength: 50, size: 'max' }), fc.constantFrom('late' as const, 'immediate' as const), fc.constantFrom(Infinity, 0, 2), async (operations, dispatch, maxWaiters) => {
      const clock = new ManualClock(), dispatcher = createDispatcher({ clock, windows: [1, 2], dispatch, maxWaiters }), widest = [1, 2];
      const held: Lease[] = [], signals: AbortController[] = [];
      let asked = 0, told = 0, aborted = 0;
      for (const o of operations) {
        if (o.op === 'ask') {
          const controller = o.signal ? new AbortController() : undefined;
          if (controller) signals.push(controller);
          asked++;
          dispatcher.acquire({ ...(o.timeoutMs === undefined ? {} : { timeoutMs: o.timeoutMs }), ...(o.engine === undefined ? {} : { engine: o.engine }), ...(controller ? { signal: controller.signal } : {}) }).then(
            (lease) => { told++; granted++; held.push(lease); lease.onAbort = () => { aborted++; held.splice(held.indexOf(lease), 1); }; },
            (error: unknown) => { told++; expect((error as SchedlabError).exitCode).toBe(3); },
          );
        } else if (o.op === 'release' || o.op === 'fail') { const lease = held.length > 0 ? held.splice(o.which % held.length, 1)[0] : undefined; if (o.op === 'release') lease?.release(); else lease?.fail(); }
        else if (o.op === 'abort') signals[o.which % Math.max(1, signals.length)]?.abort();
        else if (o.op === 'pass') await clock.advance(o.us);
        else if (o.op === 'up') dispatcher.engineUp(o.engine);
        else if (o.op === 'down') dispatcher.engineDown(o.engine);
        else if (o.op === 'window') { widest[o.engine] = Math.max(widest[o.engine]!, o.window); dispatcher.setWindow(o.engine, o.window); }
        if (o.op === 'pass') {
          expect([dispatcher.running, dispatcher.waiting]).toEqual([held.length, asked - told]);
          expect(dispatcher.waiting).toBeLessThanOrEqual(maxWaiters);
          for (const [e, most] of widest.entries()) expect(held.filter((lease) => lease.engine === e).length).toBeLessThanOrEqual(most);
        }
      }
      await clock.advance(10);
      const shut = dispatcher.shutdown(Infinity);
      await clock.settled();
      for (const lease of held.splice(0)) lease.release();
      await clock.settled();
      expect((await shut).activeHolders).toBe(0);
      dispatcher.core.flush(clock.now());
      const { core } = dispatcher;
      expect([told, core.waiting, core.running, core.pending, core.calls.open, core.wakeUs, [...core.board.queuedNow], [...core.board.runningNow], core.policies.reduce((n, p) => n + p.waiting, 0)]).toEqual([asked, 0, 0, 0, 0, Infinity, [0, 0], [0, 0], 0]);
      expect(aborted).toBeLessThanOrEqual(signals.length);
    }), { numRuns: 200 });
    expect(granted).toBeGreaterThan(500);
  }, 60_000);
});
