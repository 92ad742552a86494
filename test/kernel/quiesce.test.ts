// Promise code under virtual time: every sharp edge of the promise queue, on the real one.
import { afterEach, describe, expect, it } from 'vitest';
import { Kernel } from '../../sim/kernel/kernel.ts';
import { runAsync } from '../../sim/kernel/quiesce.ts';
import type { RunAsyncOptions } from '../../sim/kernel/quiesce.ts';
import { StalledError } from '../../sim/kernel/stalled-error.ts';
import { VirtualClock } from '../../sim/kernel/virtual-clock.ts';

function world(zenoLimit = 100_000): { kernel: Kernel; clock: VirtualClock; log: string[]; run: (start: () => void | Promise<unknown>, options?: RunAsyncOptions) => Promise<void> } {
  const kernel = new Kernel({ zenoLimit }), clock = new VirtualClock(kernel), log: string[] = [];
  return { kernel, clock, log, run: (start, options) => runAsync(kernel, clock, { ...options, start }) };
}

/** The test runner watches for unhandled rejections too; these tests make some on purpose. */
function withoutOtherListeners(): () => void {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  return () => { for (const listener of others) process.on('unhandledRejection', listener as NodeJS.UnhandledRejectionListener); };
}
let restore = (): void => {};
afterEach(() => { restore(); restore = () => {}; });

/** Waits through a chain of promises of the given depth. */
async function chain(depth: number): Promise<void> { for (let i = 0; i < depth; i++) await null; }

describe('quiescence', () => {
  for (const depth of [0, 1, 2, 3, 10, 100, 1000]) {
    it(`lets a chain of ${depth} promises end before time moves`, async () => {
      const { clock, log, run } = world();
      await run(async () => {
        void clock.sleep(2).then(() => log.push('next instant'));
        await clock.sleep(1);
        await chain(depth);
        log.push(`chain ended at ${clock.now()}`);
      });
      expect(log).toEqual(['chain ended at 1', 'next instant']);
    });
  }

  it('lets nested async calls, thenables and async iterators end before time moves', async () => {
    const { clock, log, run } = world();
    const nested = async (depth: number): Promise<number> => (depth === 0 ? 0 : 1 + (await nested(depth - 1)));
    const thenable = { then(resolve: (value: string) => void) { void Promise.resolve().then(() => resolve('thenable')); } };
    async function* iterate(): AsyncGenerator<number> { for (let i = 0; i < 50; i++) { await null; yield i; } }
    await run(async () => {
      void clock.sleep(2).then(() => log.push('next instant'));
      await clock.sleep(1);
      await nested(100);
      log.push(await (thenable as unknown as Promise<string>));
      let sum = 0;
      for await (const i of iterate()) sum += i;
      log.push(`${sum} at ${clock.now()}`);
    });
    expect(log).toEqual(['thenable', '1225 at 1', 'next instant']);
  });

  it('lets race, all, allSettled and any end before time moves', async () => {
    const { clock, log, run } = world();
    await run(async () => {
      void clock.sleep(6).then(() => log.push('next instant'));
      const five = (): Promise<number> => clock.sleep(5).then(() => 5);
      const first = await Promise.race([clock.sleep(1).then(() => 1), five()]);
      log.push(`race ${first} at ${clock.now()}`);
      await Promise.all([chain(20), five(), clock.sleep(3)]).then(() => log.push(`all at ${clock.now()}`));
    });
    expect(log).toEqual(['race 1 at 1', 'next instant', 'all at 6']);
    const other = world();
    await other.run(async () => {
      const settled = await Promise.allSettled([other.clock.sleep(2), Promise.reject(new Error('no'))]);
      const any = await Promise.any([Promise.reject(new Error('no')), other.clock.sleep(1).then(() => 'any')]);
      other.log.push(`${settled.map((s) => s.status).join(' ')} ${any} at ${other.clock.now()}`);
    });
    expect(other.log).toEqual(['fulfilled rejected any at 3']);
  });

  it('quiesces after each event, not after each instant', async () => {
    const { clock, log, run } = world();
    // b is due at 10 as well, but what a sets for 10 within its continuation comes after it, and what c does at 10 after that.
    await run(() => {
      void clock.sleep(10).then(async () => { log.push('a'); await chain(5); log.push('a continued'); await clock.sleep(0); log.push('a in the instant'); });
      void clock.sleep(10).then(() => log.push('b'));
    });
    expect(log).toEqual(['a', 'a continued', 'b', 'a in the instant']);
  });

  it('settles only when the promise queue is dry as well as the instant', async () => {
    const { clock, log, run } = world();
    await run(async () => {
      await clock.sleep(1);
      clock.settle(() => log.push('settled'));
      await chain(100);
      log.push('chain');
      await clock.sleep(0);
      log.push('zero sleep');
    });
    expect(log).toEqual(['chain', 'zero sleep', 'settled']);
  });

  it('lets promises that a settle callback resolves run before time moves', async () => {
    const { clock, log, run } = world();
    await run(async () => {
      void clock.sleep(1).then(() => log.push('next instant'));
      await new Promise<void>((resolve) => clock.settle(resolve));
      await chain(50);
      log.push(`granted at ${clock.now()}`);
      await new Promise<void>((resolve) => clock.settle(resolve));
      log.push(`again at ${clock.now()}`);
    });
    expect(log).toEqual(['granted at 0', 'again at 0', 'next instant']);
  });

  it('is not moved by how many microtasks equivalent code takes, where order is asked of the clock', async () => {
    const orders = new Set<string>();
    for (const extra of [0, 1, 2, 7]) {
      const { clock, log, run } = world();
      await run(() => {
        for (let agent = 0; agent < 4; agent++) {
          void (async () => {
            await chain(agent % 2 === 0 ? extra : 0);
            await clock.sleep(10 + agent);
            await chain(extra * (4 - agent));
            log.push(`${agent}@${clock.now()}`);
          })();
        }
      });
      orders.add(log.join(' '));
    }
    expect([...orders]).toEqual(['0@10 1@11 2@12 3@13']);
  });

  it('gives equal results with a hop after every event and with hops where promises were settled', async () => {
    const trace = async (debug: boolean): Promise<string> => {
      const { kernel, clock, log, run } = world();
      const own = kernel.handler((subject) => { log.push(`${kernel.nowUs}:event${subject}`); });
      await run(() => {
        for (let agent = 0; agent < 5; agent++) {
          void (async () => {
            for (let i = 0; i < 20; i++) {
              await clock.sleep((agent * 7 + i * 3) % 5);
              log.push(`${clock.now()}:${agent}`);
              kernel.schedule(kernel.nowUs + 1, own, agent);
              await new Promise<void>((resolve) => clock.settle(resolve));
              log.push(`${clock.now()}:${agent} settled`);
            }
          })();
        }
      }, { debug });
      return log.join(' ');
    };
    expect(await trace(true)).toBe(await trace(false));
  });

  it('runs thousands of hops, real turns of the event loop among them', async () => {
    const { clock, log, run } = world();
    let turns = 0;
    const poll = (): void => { turns++; if (log.length === 0) setImmediate(poll); };
    setImmediate(poll);
    await run(async () => {
      for (let i = 0; i < 5000; i++) await clock.sleep(1);
      log.push(`ended at ${clock.now()}`);
    });
    expect(log).toEqual(['ended at 5000']);
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  it('ends with a rejection that nobody handled', async () => {
    restore = withoutOtherListeners();
    const { clock, run } = world();
    const end = run(() => { void clock.sleep(3).then(() => { throw new Error('nobody catches me'); }); });
    await expect(end).rejects.toThrow('nobody catches me');
  });

  it('finds such a rejection in the middle of a long run, not only at its end', async () => {
    restore = withoutOtherListeners();
    const { clock, run } = world();
    const end = run(async () => {
      void clock.sleep(3).then(() => { throw new Error('early'); });
      for (let i = 0; i < 100_000; i++) await clock.sleep(1);
    });
    await expect(end).rejects.toThrow('early');
    expect(clock.now()).toBeLessThan(3000);
  });

  it('ends with the rejection of the function given as start', async () => {
    const { clock, run } = world();
    await expect(run(async () => { await clock.sleep(1); throw new Error('start failed'); })).rejects.toThrow('start failed');
  });

  it('ends with what an event handler throws', async () => {
    const { kernel, run } = world();
    const broken = kernel.handler(() => { throw new Error('broken handler'); });
    await expect(run(() => kernel.schedule(1, broken, 0))).rejects.toThrow('broken handler');
  });

  it('takes a rejection that was handled for no concern of its own', async () => {
    const { clock, log, run } = world();
    await run(async () => {
      await clock.sleep(1).then(() => { throw new Error('caught'); }).catch((error: Error) => log.push(error.message));
    });
    expect(log).toEqual(['caught']);
  });

  it('takes its listener away again', async () => {
    const before = process.listenerCount('unhandledRejection');
    await world().run(() => {});
    await expect(world().run(() => { throw new Error('at once'); })).rejects.toThrow('at once');
    expect(process.listenerCount('unhandledRejection')).toBe(before);
  });
});

describe('a run that cannot go on', () => {
  it('says who still waits when no event is left', async () => {
    const { clock, run } = world();
    const end = run(async () => {
      await clock.sleep(5);
      clock.waiter('call 7 of agent writer');
      clock.addWaiters({ count: () => 30, names: (limit) => Array.from({ length: limit }, (_, i) => `lease ${i}`) });
    });
    const error: unknown = await end.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StalledError);
    const stalled = error as StalledError;
    expect(stalled.code).toBe('ERR_STALLED');
    expect(stalled.message).toContain('stalled at 5 µs');
    expect(stalled.message).toContain('31 still wait: call 7 of agent writer, lease 0');
    expect(stalled.message).toContain('and 21 more');
    expect(stalled.details['count']).toBe(31);
  });

  it('counts the start function among the waiters', async () => {
    const { run } = world();
    await expect(run(() => new Promise(() => {}))).rejects.toThrow('1 still waits: the function given as start');
  });

  it('is not stalled when those who waited were served, or when the horizon comes first', async () => {
    const { kernel, clock, run } = world();
    await run(async () => {
      const served = clock.waiter('served');
      await clock.sleep(1);
      served();
    });
    await run(async () => { await clock.sleep(100); }, { untilUs: 50 });
    expect(kernel.nowUs).toBe(50);
    expect(kernel.pending).toBe(1);
  });

  it('ends without complaint when it was stopped', async () => {
    const { kernel, clock, log, run } = world();
    await run(async () => { await clock.sleep(5); kernel.stop(); await clock.sleep(5); log.push('never'); });
    expect(log).toEqual([]);
    expect(kernel.nowUs).toBe(5);
  });

  it('gives up on promise code that never lets time move', async () => {
    const { clock, run } = world(500);
    const end = run(async () => { await clock.sleep(9); for (;;) await clock.sleep(0); });
    await expect(end).rejects.toMatchObject({ code: 'ERR_ZENO', details: { nowUs: 9 } });
  });

  it('gives up on settle callbacks that call for each other without end', async () => {
    const { clock, run } = world(500);
    const again = (): void => { clock.settle(again); };
    await expect(run(() => again())).rejects.toMatchObject({ code: 'ERR_ZENO' });
  });
});
