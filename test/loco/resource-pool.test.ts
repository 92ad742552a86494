// Several resources held at once.
import { describe, expect, test } from 'vitest';
import { ResourcePool } from '../../src/loco/index.ts';
import { ManualClock } from '../conform/manual-clock.ts';

const sleep = (clock: ManualClock, ms: number): Promise<void> => new Promise((resolve) => { clock.setTimer(ms * 1000, resolve); });
const pool = (resources: Record<string, number>): { clock: ManualClock; pool: ResourcePool } => {
  const clock = new ManualClock();
  return { clock, pool: new ResourcePool({ resources, clock }) };
};

describe('resource pool', () => {
  test('takes resources in the order of their names, each once, and gives them back in reverse', async () => {
    const log: string[] = [], clock = new ManualClock(), told = (name: string) => ({ onTaskStarted: () => { log.push(`+${name}`); }, onTaskCompleted: () => { log.push(`-${name}`); } });
    const under = new ResourcePool({ clock, resources: { gpu: told('gpu'), db: told('db'), api: told('api') } });
    const done = under.acquire('a', ['gpu', 'api', 'db', 'gpu'], ({ leases }) => [...leases.keys()]);
    await clock.settled();
    expect(await done).toEqual(['api', 'db', 'gpu']);
    expect(log).toEqual(['+api', '+db', '+gpu', '-gpu', '-db', '-api']);
  });

  test('opposite wishes do not block each other', async () => {
    const { clock, pool: under } = pool({ x: 1, y: 1 }), ends: string[] = [];
    for (const [agent, names] of [['a', ['x', 'y']], ['b', ['y', 'x']]] as const) {
      void under.acquire(agent, names, () => sleep(clock, 10)).then(() => { ends.push(`${agent} ${clock.now()}`); });
    }
    await clock.advance(100_000);
    expect(ends.map((end) => end.split(' ')[1])).toEqual(['10000', '20000']);
  });

  test('a waiter is woken when the resource becomes free', async () => {
    const { clock, pool: under } = pool({ x: 1 }), entered: string[] = [];
    for (const agent of ['a', 'b', 'c']) void under.acquire(agent, ['x'], () => { entered.push(agent); return sleep(clock, 10); });
    await clock.advance(100_000);
    expect(entered.sort()).toEqual(['a', 'b', 'c']);
  });

  test('a body that throws gives everything back', async () => {
    const { clock, pool: under } = pool({ x: 1, y: 1 });
    const failed = expect(under.acquire('a', ['x', 'y'], () => { throw new Error('boom'); })).rejects.toThrow('boom');
    await clock.settled();
    await failed;
    expect(under.resources.map((name) => under.resource(name).holders)).toEqual([0, 0]);
  });

  test('a hook that throws at one resource keeps none of them', async () => {
    const clock = new ManualClock(), fails = { onTaskCompleted: () => { throw new Error('hook'); } };
    const under = new ResourcePool({ clock, resources: { x: fails, y: fails } });
    const failed = expect(under.acquire('a', ['x', 'y'], () => {})).rejects.toThrow('hook');
    await clock.settled();
    await failed;
    expect(under.resources.map((name) => under.resource(name).holders)).toEqual([0, 0]);
  });

  test('a time-out counts the whole wait and gives back what was taken', async () => {
    const { clock, pool: under } = pool({ x: 1, y: 1 });
    void under.acquire('h', ['x'], () => sleep(clock, 20));
    void under.acquire('g', ['y'], () => sleep(clock, 90));
    await clock.settled();
    let refusedMs = -1;
    under.acquire('a', ['x', 'y'], () => {}, { timeoutMs: 50 }).catch(() => { refusedMs = clock.now() / 1000; });
    await clock.advance(60_000);
    expect(refusedMs).toBe(50);
    expect([under.resource('x').holders, under.resource('x').queueDepth('a'), under.resource('y').queueDepth('a')]).toEqual([0, 0, 0]);
  });

  test('an unknown name is refused before anything is taken', async () => {
    const { pool: under } = pool({ alpha: 1 });
    await expect(under.acquire('a', ['alpha', 'alhpa'], () => {})).rejects.toThrow(/Did you mean "alpha"/);
    expect(under.resource('alpha').agents).toEqual([]);
  });

  test('a pool of nothing and a call for nothing are errors', async () => {
    expect(() => pool({})).toThrow(/at least one resource/);
    await expect(pool({ x: 1 }).pool.acquire('a', [], () => {})).rejects.toEqual(expect.objectContaining({ code: 'ERR_USAGE' }));
  });

  test('shutdown adds up what its resources say', async () => {
    const { clock, pool: under } = pool({ x: 1, y: 1 });
    void under.acquire('a', ['x'], () => sleep(clock, 1000));
    await clock.settled();
    under.acquire('b', ['x', 'y'], () => {}).catch(() => {});
    await clock.settled();
    const closed = under.shutdown({ timeoutMs: 10 });
    await clock.advance(10_000);
    expect(await closed).toEqual({ cancelledWaiters: 1, activeHolders: 1 });
  });
});
