// The promise shell as an application uses it: places, waits, refusals, signals, leases, shutdown.
import { describe, expect, it } from 'vitest';
import { createDispatcher, type DispatcherOptions } from '../../src/dispatch/create.ts';
import type { Dispatcher } from '../../src/dispatch/dispatcher.ts';
import type { Lease } from '../../src/dispatch/lease.ts';
import type { AcquireRequest } from '../../src/dispatch/request.ts';
import type { SchedlabError } from '../../src/errors.ts';
import { resolveOptions } from '../../src/options.ts';
import { atlas } from '../../src/policies/atlas.ts';
import { ManualClock } from '../conform/manual-clock.ts';

/** A dispatcher whose time stands still until told, and what became of each call that was asked for. */
class Desk {
  readonly clock = new ManualClock();
  readonly dispatcher: Dispatcher;
  readonly leases: Record<string, Lease> = {};
  readonly fates: Record<string, string> = {};
  readonly order: string[] = [];

  constructor(options: DispatcherOptions = {}) { this.dispatcher = createDispatcher({ clock: this.clock, ...options }); }

  ask(name: string, request: AcquireRequest = {}): void {
    this.dispatcher.acquire(request).then(
      (lease) => { this.leases[name] = lease; this.fates[name] = 'granted'; this.order.push(name); },
      (error: unknown) => { this.fates[name] = (error as SchedlabError).code; this.order.push(`${name} ${(error as SchedlabError).code}`); },
    );
  }

  async settle(): Promise<void> { await this.clock.settled(); }
  residue(): number[] {
    const { core } = this.dispatcher;
    core.flush(this.clock.now());
    return [core.waiting, core.running, core.pending, core.calls.open, core.board.runningNow.reduce((a, b) => a + b, 0), core.board.queuedNow.reduce((a, b) => a + b, 0), core.policies.reduce((n, p) => n + p.waiting, 0), core.wakeUs === Infinity ? 0 : 1];
  }
}
const NOTHING = [0, 0, 0, 0, 0, 0, 0, 0];

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try { await promise; } catch (error) { return (error as SchedlabError).code; }
  return 'resolved';
}

describe('places', () => {
  it('are given in order, as many as the window says', async () => {
    const desk = new Desk({ windows: [2] });
    for (const name of ['a', 'b', 'c', 'd']) desk.ask(name);
    await desk.settle();
    expect([desk.order, desk.dispatcher.running, desk.dispatcher.waiting]).toEqual([['a', 'b'], 2, 2]);
    desk.leases['a']!.release();
    await desk.settle();
    expect(desk.order).toEqual(['a', 'b', 'c']);
  });

  it('are not decided on before the instant has ended', async () => {
    const desk = new Desk();
    desk.ask('late', { program: 9 });
    await Promise.resolve();
    await Promise.resolve();
    desk.ask('early', { program: 1 });
    await desk.settle();
    expect(desk.order).toEqual(['early']);
  });

  it('say how long was waited for them, and on which engine they are', async () => {
    const desk = new Desk({ windows: [0, 1] });
    desk.ask('a'); desk.ask('b');
    await desk.clock.advance(1500);
    desk.leases['a']!.release();
    await desk.settle();
    expect([desk.leases['a']!.waitMs, desk.leases['b']!.waitMs, desk.leases['b']!.engine]).toEqual([0, 1.5, 1]);
  });

  it('calls without a program are programs of their own, in the order in which they were made, and apart from named ones', async () => {
    const programs: number[] = [], desk = new Desk({ windows: [9] });
    desk.ask('own', { onSubmit: (call) => { programs.push(desk.dispatcher.core.calls.program[call]!); } });
    desk.ask('named', { program: 0, onSubmit: (call) => { programs.push(desk.dispatcher.core.calls.program[call]!); } });
    desk.ask('own again', { onSubmit: (call) => { programs.push(desk.dispatcher.core.calls.program[call]!); } });
    await desk.settle();
    expect(new Set(programs).size).toBe(3);
    expect(desk.order).toEqual(['named', 'own', 'own again']);
  });

  it('a program of one call is over with its call, so that policies keep no row of it', async () => {
    const ended: number[] = [], desk = new Desk({
      createPolicy: (calls) => { const policy = atlas.create({ calls, random: () => 0, knowledge: { level: 'none', outputTokens: () => NaN, programTokens: () => NaN, toolUs: () => NaN, cachedTokens: () => 0, cachedAgeUs: () => Infinity }, options: resolveOptions(atlas.params, { levels: 4, base: 1 }, 'atlas') }); policy.programEnd = (program) => { ended.push(program); }; return policy; },
    });
    desk.ask('own'); desk.ask('named', { program: 3 });
    await desk.settle();
    desk.leases['named']!.release();
    await desk.settle();
    desk.leases['own']!.release();
    await desk.settle();
    expect(ended.length).toBe(1);
    expect(ended[0]).toBeGreaterThanOrEqual(2 ** 30);
  });

  it('calls of one program without an ordinal are numbered in the order in which they were made', async () => {
    const desk = new Desk({ windows: [9] }), ordinals: number[] = [];
    for (const name of ['a', 'b', 'c']) desk.ask(name, { program: 4, onSubmit: (call) => { ordinals.push(desk.dispatcher.core.calls.ordinal[call]!); } });
    desk.dispatcher.programEnd(4);
    desk.ask('d', { program: 4, onSubmit: (call) => { ordinals.push(desk.dispatcher.core.calls.ordinal[call]!); } });
    await desk.settle();
    expect(ordinals).toEqual([0, 1, 2, 0]);
  });
});

describe('refusals', () => {
  it('by backpressure hit the newest of the round', async () => {
    const desk = new Desk({ maxWaiters: 1 });
    for (const program of [2, 0, 3, 1]) desk.ask(`p${program}`, { program });
    await desk.settle();
    expect(desk.fates).toEqual({ p0: 'granted', p2: 'ERR_BACKPRESSURE', p3: 'ERR_BACKPRESSURE' });
    expect(desk.dispatcher.waiting).toBe(1);
  });

  it('by time-out come at the deadline, even if a place frees then', async () => {
    const desk = new Desk();
    desk.ask('a'); desk.ask('b', { timeoutMs: 5 });
    await desk.clock.advance(4999);
    expect(desk.fates['b']).toBeUndefined();
    desk.clock.setTimer(1, () => { desk.leases['a']!.release(); });
    await desk.clock.advance(1);
    expect(desk.fates['b']).toBe('ERR_TIMEOUT');
    expect(desk.residue()).toEqual(NOTHING);
  });

  it('by time-out never hit a running call', async () => {
    const desk = new Desk();
    desk.ask('a', { timeoutMs: 1 });
    await desk.clock.advance(10_000);
    expect([desk.fates['a'], desk.leases['a']!.isHeld]).toEqual(['granted', true]);
  });

  it('each wait has its own deadline, and an earlier one moves the alarm', async () => {
    const desk = new Desk();
    desk.ask('holder'); desk.ask('slow', { timeoutMs: 30 }); desk.ask('quick', { timeoutMs: 10 });
    await desk.clock.advance(10_000);
    expect(desk.order).toEqual(['holder', 'quick ERR_TIMEOUT']);
    desk.ask('mid', { timeoutMs: 5 });
    await desk.clock.advance(5_000);
    expect(desk.order.slice(2)).toEqual(['mid ERR_TIMEOUT']);
    await desk.clock.advance(15_000);
    expect(desk.order.slice(3)).toEqual(['slow ERR_TIMEOUT']);
  });

  it('a time-out of 0 serves in this instant or refuses', async () => {
    const desk = new Desk();
    desk.ask('a', { timeoutMs: 0 }); desk.ask('b', { timeoutMs: 0 });
    await desk.clock.advance(0);
    await desk.settle();
    expect(desk.fates).toEqual({ a: 'granted', b: 'ERR_TIMEOUT' });
  });

  it('keeps whole microseconds whole however long the time-out is, and rounds fractions up', async () => {
    const desk = new Desk();
    desk.ask('holder');
    await desk.settle();
    const deadlines = [0.0001, 1.0000001, 86_400_000.123, 123_456_789_012.345, 1e300].map((timeoutMs) => {
      let deadline = 0;
      desk.ask(`t${timeoutMs}`, { timeoutMs, onSubmit: (call) => { deadline = call; } });
      return desk.dispatcher.core.calls.deadlineUs[deadline];
    });
    expect(deadlines).toEqual([1, 1001, 86_400_000_123, 123_456_789_012_345, Infinity]);
    await desk.settle();
  });

  it.each([
    [{ weight: -1 }], [{ weight: NaN }], [{ weight: Infinity }], [{ timeoutMs: -1 }], [{ timeoutMs: NaN }], [{ agent: -1 }], [{ agent: 1.5 }], [{ agent: 2 ** 24 }], [{ program: -1 }], [{ program: 2 ** 30 }],
    [{ ordinal: -1 }], [{ callClass: 0.5 }], [{ engine: -1 }], [{ engine: NaN }], [{ promptTokens: -5 }], [{ maxTokens: Infinity }],
  ] as const)('of a request that makes no sense (%o) come at once and leave nothing', async (request) => {
    const desk = new Desk();
    expect(await codeOf(desk.dispatcher.acquire(request))).toBe('ERR_OPTION_RANGE');
    expect(desk.residue()).toEqual(NOTHING);
  });

  it.each([[{ windows: [-1] }], [{ windows: [1, NaN] }], [{ windows: [0.5] }], [{ maxWaiters: -1 }], [{ maxWaiters: NaN }], [{ viewRefreshMs: -1 }], [{ viewRefreshMs: Infinity }]] as const)('of options out of range (%o) come when the dispatcher is made', (options) => {
    expect(() => createDispatcher(options)).toThrow(expect.objectContaining({ code: 'ERR_OPTION_RANGE' }));
  });
});

describe('signals', () => {
  it('that were raised before refuse without a trace', async () => {
    const desk = new Desk();
    expect(await codeOf(desk.dispatcher.acquire({ signal: AbortSignal.abort() }))).toBe('ERR_CANCELLED');
    expect(desk.dispatcher.core.pending).toBe(0);
  });

  it('withdraw a call in the instant of its submission, while it waits, and while it runs', async () => {
    const desk = new Desk(), raise: Record<string, AbortController> = {};
    for (const name of ['running', 'waiting', 'fresh']) raise[name] = new AbortController();
    desk.ask('running', { signal: raise['running']!.signal });
    await desk.settle();
    let aborts = 0;
    desk.leases['running']!.onAbort = () => { aborts++; };
    desk.ask('waiting', { signal: raise['waiting']!.signal }); desk.ask('next');
    await desk.settle();
    raise['waiting']!.abort();
    desk.ask('fresh', { signal: raise['fresh']!.signal });
    raise['fresh']!.abort();
    await desk.settle();
    expect(desk.fates).toEqual({ running: 'granted', waiting: 'ERR_CANCELLED', fresh: 'ERR_CANCELLED' });
    raise['running']!.abort();
    await desk.settle();
    const { running } = desk.leases;
    expect([aborts, running!.isHeld, running!.isAborted, desk.fates['next']]).toEqual([1, false, true, 'granted']);
    running!.release();
    running!.release();
    await desk.settle();
    expect(desk.dispatcher.running).toBe(1);
    desk.leases['next']!.release();
    await desk.settle();
    expect(desk.residue()).toEqual(NOTHING);
  });

  it('that are raised after the call has ended touch nobody, though its slot has a new call', async () => {
    const desk = new Desk(), controller = new AbortController();
    desk.ask('old', { signal: controller.signal });
    await desk.settle();
    desk.leases['old']!.release();
    await desk.settle();
    desk.residue();
    desk.ask('new');
    await desk.settle();
    expect(desk.leases['new']!.call).toBe(desk.leases['old']!.call);
    controller.abort();
    await desk.settle();
    expect(desk.leases['new']!.isHeld).toBe(true);
  });

  it('are let go with the call, so that one may serve thousands', async () => {
    const desk = new Desk({ maxWaiters: 0 }), controller = new AbortController();
    let listeners = 0;
    const { signal } = controller, add = signal.addEventListener.bind(signal), remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<AbortSignal['addEventListener']>) => { listeners++; add(...args); };
    signal.removeEventListener = (...args: Parameters<AbortSignal['removeEventListener']>) => { listeners--; remove(...args); };
    for (let i = 0; i < 50; i++) {
      desk.ask('served', { signal }); desk.ask('refused', { signal });
      await desk.settle();
      expect(desk.fates['refused']).toBe('ERR_BACKPRESSURE');
      if (i % 2 === 0) desk.leases['served']!.release(); else desk.leases['served']!.fail();
      await desk.settle();
    }
    expect(listeners).toBe(0);
  });

  it('and a release in the same instant: the call is done', async () => {
    const desk = new Desk(), controller = new AbortController();
    desk.ask('a', { signal: controller.signal });
    await desk.settle();
    controller.abort();
    desk.leases['a']!.release();
    await desk.settle();
    expect([desk.leases['a']!.isAborted, desk.dispatcher.running]).toEqual([false, 0]);
  });

  it('an onAbort that throws does not keep others from their places', async () => {
    const desk = new Desk({ windows: [2] }), controller = new AbortController();
    desk.ask('a', { signal: controller.signal }); desk.ask('b', { signal: controller.signal }); desk.ask('c'); desk.ask('d');
    await desk.settle();
    let told = 0;
    for (const name of ['a', 'b']) desk.leases[name]!.onAbort = () => { told++; throw new Error(`abort of ${name}`); };
    controller.abort();
    await expect(desk.settle()).rejects.toThrow('abort of a');
    await desk.settle();
    expect([told, desk.fates['c'], desk.fates['d']]).toEqual([2, 'granted', 'granted']);
  });

  it('an onAbort may shut the dispatcher down', async () => {
    const desk = new Desk({ windows: [2] }), controller = new AbortController();
    desk.ask('a', { signal: controller.signal }); desk.ask('b', { signal: controller.signal }); desk.ask('c'); desk.ask('d'); desk.ask('e');
    await desk.settle();
    desk.leases['a']!.onAbort = () => { void desk.dispatcher.shutdown(); };
    controller.abort();
    await desk.settle();
    expect(desk.fates).toEqual({ a: 'granted', b: 'granted', c: 'granted', d: 'granted', e: 'ERR_SHUTDOWN' });
    expect(desk.leases['b']!.isAborted).toBe(true);
  });
});

describe('withdrawal by handle', () => {
  it('takes a call out, once', async () => {
    const desk = new Desk();
    let handle = -1;
    desk.ask('a'); desk.ask('b', { onSubmit: (_call, h) => { handle = h; } });
    await desk.settle();
    expect([desk.dispatcher.cancel(handle), desk.dispatcher.cancel(-1)]).toEqual([true, false]);
    await desk.settle();
    expect([desk.fates['b'], desk.dispatcher.cancel(handle)]).toEqual(['ERR_CANCELLED', false]);
  });

  it('with a stale handle touches nobody, though the slot has a new call', async () => {
    const desk = new Desk();
    let handle = -1;
    desk.ask('a', { onSubmit: (_call, h) => { handle = h; } });
    await desk.settle();
    desk.leases['a']!.release();
    await desk.settle();
    desk.residue();
    desk.ask('b');
    await desk.settle();
    expect(desk.leases['b']!.call).toBe(desk.leases['a']!.call);
    expect(desk.dispatcher.cancel(handle)).toBe(false);
    await desk.settle();
    expect(desk.leases['b']!.isHeld).toBe(true);
  });

  it('an onSubmit that throws leaves nothing', () => {
    const desk = new Desk();
    expect(() => desk.dispatcher.acquire({ onSubmit: () => { throw new Error('no'); } })).toThrow('no');
    expect(desk.residue()).toEqual(NOTHING);
  });
});

describe('leases', () => {
  it('are released once: the second time is an error and changes nothing', async () => {
    const desk = new Desk();
    desk.ask('a'); desk.ask('b');
    await desk.settle();
    const { a } = desk.leases;
    a!.release({ outputTokens: 3 });
    expect(() => { a!.release(); }).toThrow(expect.objectContaining({ code: 'ERR_LEASE_RELEASED_TWICE' }));
    expect(() => { a!.fail(); }).toThrow(expect.objectContaining({ code: 'ERR_LEASE_RELEASED_TWICE' }));
    await desk.settle();
    expect(() => { a!.release(); }).toThrow(expect.objectContaining({ code: 'ERR_LEASE_RELEASED_TWICE' }));
    await desk.settle();
    expect([desk.leases['b']!.isHeld, desk.dispatcher.running]).toEqual([true, 1]);
  });

  it('run gives the result of the body and the place back', async () => {
    const desk = new Desk();
    const result = desk.dispatcher.run({}, (lease) => `on ${lease.engine}`);
    await desk.settle();
    expect(await result).toBe('on 0');
    await desk.settle();
    expect(desk.residue()).toEqual(NOTHING);
  });

  it('run ends the call as failed where the body throws, and passes the error on', async () => {
    const drops: string[] = [], silent = (): void => {};
    const desk = new Desk({ lifecycle: { arrive: silent, grant: silent, schedule: silent, firstToken: silent, preempt: silent, finish: () => { drops.push('finish'); }, drop: (_c, reason, wasRunning) => { drops.push(`${reason} ${wasRunning}`); } } });
    const bodies: readonly (() => unknown)[] = [() => { throw new Error('sync'); }, () => Promise.reject(new Error('async'))];
    for (const body of bodies) {
      const result = desk.dispatcher.run({}, body as () => Promise<void>).catch((error: unknown) => (error as Error).message);
      await desk.settle();
      expect(await result).toMatch(/sync/);
      await desk.settle();
    }
    expect(drops).toEqual(['6 true', '6 true']);
    expect(desk.residue()).toEqual(NOTHING);
  });

  it('run leaves a lease alone that the body has released, or that was aborted', async () => {
    const desk = new Desk(), controller = new AbortController();
    const released = desk.dispatcher.run({}, (lease) => { lease.release({ outputTokens: 9 }); return 1; });
    await desk.settle();
    expect(await released).toBe(1);
    const aborted = desk.dispatcher.run({ signal: controller.signal }, (lease) => new Promise((resolve) => { lease.onAbort = () => { resolve('stopped'); }; }));
    await desk.settle();
    controller.abort();
    await desk.settle();
    expect(await aborted).toBe('stopped');
    await desk.settle();
    expect(desk.residue()).toEqual(NOTHING);
  });

  it('tell usage to whoever listens', async () => {
    const usage: number[][] = [], silent = (): void => {};
    const desk: Desk = new Desk({ lifecycle: { arrive: silent, grant: silent, schedule: silent, firstToken: silent, preempt: silent, drop: silent, finish: (call) => { usage.push([desk.dispatcher.core.calls.outputTokens[call]!, desk.dispatcher.core.calls.cachedTokens[call]!]); } } });
    desk.ask('a');
    await desk.settle();
    desk.leases['a']!.release({ outputTokens: 12, cachedTokens: 34 });
    await desk.settle();
    expect(usage).toEqual([[12, 34]]);
  });
});

describe('shutdown', () => {
  it('refuses waiters, counts them, waits for holders, and says that nobody is left', async () => {
    const desk = new Desk();
    for (const name of ['a', 'b', 'c']) desk.ask(name);
    await desk.settle();
    desk.ask('d');
    const done = desk.dispatcher.shutdown();
    await desk.settle();
    expect(desk.fates).toEqual({ a: 'granted', b: 'ERR_SHUTDOWN', c: 'ERR_SHUTDOWN', d: 'ERR_SHUTDOWN' });
    desk.ask('e');
    await desk.settle();
    expect(desk.fates['e']).toBe('ERR_SHUTDOWN');
    desk.leases['a']!.release();
    await desk.settle();
    expect(await done).toEqual({ cancelledWaiters: 3, activeHolders: 0 });
    expect(desk.residue()).toEqual(NOTHING);
  });

  it('gives up after its time and says who still holds', async () => {
    const desk = new Desk({ windows: [2] });
    desk.ask('a'); desk.ask('b');
    await desk.settle();
    const done = desk.dispatcher.shutdown(5);
    desk.leases['b']!.release();
    await desk.clock.advance(5000);
    expect(await done).toEqual({ cancelledWaiters: 0, activeHolders: 1 });
    desk.leases['a']!.release();
    await desk.settle();
    expect(desk.residue()).toEqual(NOTHING);
  });

  it('ends at once where nobody holds, and may be asked twice, or for ever', async () => {
    const desk = new Desk();
    expect(await desk.dispatcher.shutdown()).toEqual({ cancelledWaiters: 0, activeHolders: 0 });
    const held = new Desk();
    held.ask('a');
    await held.settle();
    const both = [held.dispatcher.shutdown(Infinity), held.dispatcher.shutdown(Infinity)];
    await held.settle();
    held.leases['a']!.release();
    await held.settle();
    expect(await Promise.all(both)).toEqual([{ cancelledWaiters: 0, activeHolders: 0 }, { cancelledWaiters: 0, activeHolders: 0 }]);
  });

  it.each([-1, NaN])('with a time of %s is an error', async (timeoutMs) => {
    expect(await codeOf(new Desk().dispatcher.shutdown(timeoutMs))).toBe('ERR_OPTION_RANGE');
  });

  it('of a holder that is aborted meanwhile ends', async () => {
    const desk = new Desk(), controller = new AbortController();
    desk.ask('a', { signal: controller.signal });
    await desk.settle();
    const done = desk.dispatcher.shutdown();
    controller.abort();
    await desk.settle();
    expect(await done).toEqual({ cancelledWaiters: 0, activeHolders: 0 });
  });
});

describe('engines at run time', () => {
  it('an engine added serves who waits', async () => {
    const desk = new Desk({ windows: [] });
    desk.ask('a');
    await desk.settle();
    expect(desk.order).toEqual([]);
    expect(desk.dispatcher.addEngine(1)).toBe(0);
    await desk.settle();
    expect(desk.order).toEqual(['a']);
  });

  it('an engine that goes down gives up its queue and refuses what is pinned to it; coming back it serves again', async () => {
    const desk = new Desk({ windows: [1, 1], dispatch: 'immediate' });
    desk.ask('a', { engine: 0 }); desk.ask('b', { engine: 1 }); desk.ask('pinned', { engine: 1 }); desk.ask('free');
    await desk.settle();
    desk.dispatcher.engineDown(1);
    await desk.settle();
    expect([desk.fates['pinned'], desk.leases['b']!.isHeld]).toEqual(['ERR_UNROUTABLE', true]);
    desk.leases['a']!.release();
    await desk.settle();
    expect(desk.leases['free']!.engine).toBe(0);
    desk.dispatcher.engineUp(1);
    desk.ask('again', { engine: 1 });
    desk.leases['b']!.release();
    await desk.settle();
    expect(desk.leases['again']!.engine).toBe(1);
  });

  it('a window can be opened and closed while calls wait', async () => {
    const desk = new Desk({ windows: [0] });
    desk.ask('a'); desk.ask('b');
    await desk.settle();
    desk.dispatcher.setWindow(0, 2);
    await desk.settle();
    expect(desk.order).toEqual(['a', 'b']);
  });
});

describe('the lifecycle', () => {
  it('is told in order, and usage and times stand in the columns by then', async () => {
    const told: string[] = [];
    const desk: Desk = new Desk({
      lifecycle: {
        arrive: (c, t) => { told.push(`${t} arrive ${c}`); }, grant: (c, e, t) => { told.push(`${t} grant ${c} on ${e} after ${t - desk.dispatcher.core.calls.arrivedUs[c]!}`); }, schedule: () => {}, firstToken: () => {}, preempt: () => {},
        finish: (c, e, t) => { told.push(`${t} finish ${c} on ${e} after ${t - desk.dispatcher.core.calls.grantedUs[c]!}`); }, drop: (c, reason, wasRunning, t) => { told.push(`${t} drop ${c} ${reason} ${wasRunning}`); },
      },
    });
    desk.ask('a'); desk.ask('b', { timeoutMs: 2 });
    await desk.clock.advance(1000);
    desk.leases['a']!.release();
    await desk.clock.advance(1000);
    desk.leases['b']!.fail();
    await desk.settle();
    expect(told).toEqual(['0 arrive 0', '0 arrive 1', '0 grant 0 on 0 after 0', '1000 finish 0 on 0 after 1000', '1000 grant 1 on 0 after 1000', '2000 drop 1 6 true']);
  });
});
