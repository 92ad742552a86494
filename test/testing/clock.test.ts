// The testing door's clock: asynchronous code in virtual time, alone and under a dispatcher.
import { describe, expect, it } from 'vitest';
import { createDispatcher, LocoScheduler } from '../../src/index.ts';
import type { SchedlabError } from '../../src/index.ts';
import { assertIdle, scriptedEngine, virtualClock } from '../../sim/testing/index.ts';

const codeOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'no error', (error: SchedlabError) => error.code ?? error.message);

describe('the virtual clock', () => {
  it('runs an hour in no time and answers with what the body answers', async () => {
    const clock = virtualClock();
    expect(await clock.run(async () => { await clock.sleep(3_600_000); return clock.nowMs(); })).toBe(3_600_000);
  });

  it('goes on from where the last run ended, and keeps the timers that are armed', async () => {
    const clock = virtualClock(), log: number[] = [];
    await clock.run(async () => { clock.setTimeout(() => { log.push(clock.nowMs()); }, 50); await clock.sleep(10); });
    expect([clock.nowMs(), clock.armed, log]).toEqual([10, 1, []]);
    await clock.run(() => clock.sleep(100));
    expect([clock.nowMs(), clock.armed, log]).toEqual([110, 0, [50]]);
  });

  it('ends with the body although an interval would go on for ever', async () => {
    const clock = virtualClock();
    let ticks = 0;
    await clock.run(async () => { clock.setInterval(() => { ticks++; }, 10); await clock.sleep(95); });
    expect(ticks).toBe(9);
  });

  it('forgets what is cleared, and leaves alone what is no timer', async () => {
    const clock = virtualClock();
    await clock.run(async () => {
      const timer = clock.setTimeout(() => { throw new Error('fired'); }, 5), interval = clock.setInterval(() => { throw new Error('fired'); }, 5);
      clock.clearTimeout(timer.unref());
      clock.clearInterval(interval);
      clock.clearTimeout(undefined);
      await clock.sleep(20);
    });
    expect(clock.armed).toBe(0);
  });

  it('rejects with what the body throws, and with a rejection that nobody handled', async () => {
    const clock = virtualClock();
    await expect(clock.run(() => { throw new Error('at once'); })).rejects.toThrow('at once');
    await expect(clock.run(async () => { await clock.sleep(1); throw new Error('later'); })).rejects.toThrow('later');
    await expect(clock.run(async () => { void clock.sleep(1).then(() => { throw new Error('unheard'); }); await clock.sleep(5); })).rejects.toThrow('unheard');
  });

  it('says so where the body waits for what no timer brings', async () => {
    expect(await codeOf(virtualClock().run(() => new Promise(() => { /* nobody settles it */ })))).toBe('ERR_STALLED');
  });

  it('gives up at untilMs, and refuses two runs at once', async () => {
    const clock = virtualClock();
    expect(await codeOf(clock.run(async () => { for (;;) await clock.sleep(7); }, { untilMs: 100 }))).toBe('ERR_TIMEOUT');
    expect(clock.nowMs()).toBe(100);
    const first = virtualClock(), running = first.run(() => first.sleep(5));
    expect(await codeOf(first.run(() => 1))).toBe('ERR_USAGE');
    await running;
  });

  it('lends its timers to the process while it runs, and takes them back whatever happens', async () => {
    const clock = virtualClock(), before = [globalThis.setTimeout, globalThis.clearTimeout, globalThis.setInterval, globalThis.clearInterval, Date.now, performance.now];
    const backoff = async (): Promise<number> => {
      const since = Date.now();
      for (let tries = 0; tries < 5; tries++) await new Promise((done) => { setTimeout(done, 1000 * 2 ** tries); });
      return Date.now() - since;
    };
    expect(await clock.run(backoff, { globals: true })).toBe(31_000);
    await codeOf(clock.run(() => { throw new Error('no'); }, { globals: true }));
    expect([globalThis.setTimeout, globalThis.clearTimeout, globalThis.setInterval, globalThis.clearInterval, Date.now, performance.now]).toEqual(before);
  });
});

describe('the scripted engine', () => {
  it('serves by its script, in order, the last step again and again', async () => {
    const clock = virtualClock(), engine = scriptedEngine(clock, [{ takesMs: 10, answer: 'a' }, { takesMs: 5, fails: 'busy' }, { takesMs: 1, answer: 'c' }]);
    const answers = await clock.run(async () => {
      const all = [];
      for (let i = 0; i < 4; i++) all.push(await engine.serve({ asked: i }).catch((error: Error) => error.message));
      return all;
    });
    expect(answers).toEqual(['a', 'busy', 'c', 'c']);
    expect(engine.calls.map(({ asked, startMs, endMs, ended }) => [asked, startMs, endMs, ended])).toEqual([[0, 0, 10, 'well'], [1, 10, 15, 'failed'], [2, 15, 16, 'well'], [3, 16, 17, 'well']]);
  });

  it('shows that a dispatcher keeps to its window', async () => {
    const clock = virtualClock(), dispatcher = createDispatcher({ clock, windows: [3] }), engine = scriptedEngine(clock, (ordinal) => ({ takesMs: 10 + ordinal }));
    await clock.run(() => Promise.all(Array.from({ length: 20 }, (_, i) => dispatcher.run({}, () => engine.serve({ asked: i })))));
    expect([engine.mostAtOnce, engine.calls.length, engine.running]).toEqual([3, 20, 0]);
    assertIdle(dispatcher);
  });

  it('is cut short where the dispatcher takes the place back, and by a signal', async () => {
    const clock = virtualClock(), dispatcher = createDispatcher({ clock }), engine = scriptedEngine(clock, { takesMs: 1000 }), stop = new AbortController();
    clock.setTimeout(() => { stop.abort(); }, 30);
    expect(await clock.run(() => codeOf(dispatcher.run({ signal: stop.signal }, (lease) => engine.serve({ lease }))))).toBe('ERR_CANCELLED');
    expect(await clock.run(() => codeOf(engine.serve({ signal: AbortSignal.abort() })))).toBe('ERR_CANCELLED');
    expect(engine.calls.map(({ endMs, ended }) => [endMs, ended])).toEqual([[30, 'aborted'], [30, 'aborted']]);
    assertIdle(dispatcher);
  });

  it('drives a LocoScheduler, and a lost lease is found', async () => {
    const clock = virtualClock(), scheduler = new LocoScheduler({ clock, alpha: 0 }), engine = scriptedEngine(clock, { takesMs: 5 });
    await clock.run(() => Promise.all(['a', 'b', 'c'].map((agent) => scheduler.run(agent, { weight: 1 }, () => engine.serve({ asked: agent })))));
    expect(engine.calls.map(({ startMs }) => startMs)).toEqual([0, 5, 10]);
    assertIdle(scheduler);
    const dispatcher = createDispatcher({ clock });
    await clock.run(() => dispatcher.acquire());
    expect(() => { assertIdle(dispatcher); }).toThrow('1 place is still held and 0 calls still wait');
  });

  it('refuses a script without steps and a time that is none', async () => {
    const clock = virtualClock();
    expect(() => scriptedEngine(clock, [])).toThrow('has no step');
    expect(() => scriptedEngine(clock, { takesMs: NaN }).serve()).toThrow('accepts a number from 0');
  });
});
