// The LOCO scheduler in ordinary use.
import { describe, expect, test } from 'vitest';
import { SchedlabError, type ErrorCode } from '../../src/errors.ts';
import { LocoScheduler, type LocoEvent, type LocoLease, type LocoOptions } from '../../src/loco/index.ts';
import { Kernel } from '../../sim/kernel/kernel.ts';
import { runAsync } from '../../sim/kernel/quiesce.ts';
import { VirtualClock } from '../../sim/kernel/virtual-clock.ts';
import { ManualClock } from '../conform/manual-clock.ts';

interface Bench { readonly clock: ManualClock; readonly scheduler: LocoScheduler }
const bench = (options: LocoOptions = {}): Bench => {
  const clock = new ManualClock();
  return { clock, scheduler: new LocoScheduler({ ...options, clock }) };
};

const coded = (code: ErrorCode): unknown => expect.objectContaining({ code });

/** Starts a call and lets the instant end; answers the lease, or what became of the call. */
async function start({ clock, scheduler }: Bench, agent: string, options = {}): Promise<LocoLease | undefined> {
  let lease: LocoLease | undefined;
  scheduler.acquireStart(agent, options).then((got) => { lease = got; }, () => {});
  await clock.settled();
  return lease;
}

describe('submit, acquire, release', () => {
  test('acquire answers with the result of the body and gives the place back', async () => {
    const { clock, scheduler } = bench();
    scheduler.submit('a', { id: 't', weight: 2 });
    const answer = scheduler.acquire('a', (lease) => `served ${lease.task?.id}`);
    await clock.settled();
    expect(await answer).toBe('served t');
    expect([scheduler.holders, scheduler.waiters, scheduler.tick]).toEqual([0, 0, 1]);
  });

  test('the same works on the clock of the machine', async () => {
    const scheduler = new LocoScheduler({ capacity: 2 });
    const results = await Promise.all(['a', 'b', 'c'].map((agent) => scheduler.run(agent, {}, async () => agent)));
    expect(results).toEqual(['a', 'b', 'c']);
    expect([scheduler.tick, scheduler.holders]).toEqual([3, 0]);
  });

  test('a body that throws gives its place to the next and its error to its caller', async () => {
    const { clock, scheduler } = bench();
    const failing = scheduler.run('a', {}, () => { throw new Error('boom'); });
    const next = scheduler.run('b', {}, () => 'next');
    const failed = expect(failing).rejects.toThrow('boom');
    await clock.settled();
    await failed;
    expect(await next).toBe('next');
    expect(scheduler.agentMetrics('a').errors).toBe(1);
  });

  test('the split form releases once, however often it is asked to', async () => {
    const b = bench(), { clock, scheduler } = b;
    scheduler.submit('a');
    const lease = (await start(b, 'a'))!;
    expect([scheduler.releaseHandle(lease), scheduler.releaseHandle(lease), lease.release()]).toEqual([true, false, false]);
    await clock.settled();
    expect([scheduler.tick, lease.released]).toEqual([1, true]);
  });

  test('the deeper queue goes first at alpha 1, the older task at alpha 0', async () => {
    for (const [alpha, first] of [[1, 'deep'], [0, 'old']] as const) {
      const b = bench({ alpha, guard: false }), { clock, scheduler } = b, order: string[] = [];
      const holder = (scheduler.registerAgent('h'), (await start(b, 'h'))!);
      scheduler.submit('old', { ageTicks: 9 });
      scheduler.submit('deep', { weight: 9 });
      for (const agent of ['deep', 'old']) void scheduler.acquire(agent, () => { order.push(agent); });
      await clock.settled();
      holder.release();
      await clock.settled();
      expect(order[0]).toBe(first);
    }
  });

  test('the oldest task is served, billed and told to the hooks', async () => {
    const started: string[] = [], completed: string[] = [];
    const b = bench({ onTaskStarted: (_a, task) => { started.push(task.id); }, onTaskCompleted: (_a, task) => { completed.push(task.id); } });
    b.scheduler.submit('a', { id: 'young', weight: 1, ageTicks: 1 });
    b.scheduler.submit('a', { id: 'old', weight: 5, ageTicks: 9 });
    const lease = (await start(b, 'a'))!;
    lease.release();
    expect([started, completed]).toEqual([['old'], ['old']]);
    expect(b.scheduler.agentMetrics('a')).toEqual({ cost: 5, completed: 1, meanWaitTicks: 9, tokens: 0, errors: 0 });
    expect(b.scheduler.pending('a').map((task) => task.id)).toEqual(['young']);
  });

  test('several free places are all filled in one decision', async () => {
    const b = bench({ capacity: 3 }), { clock, scheduler } = b;
    scheduler.registerAgent('h');
    const holders = [(await start(b, 'h'))!, (await start(b, 'h'))!, (await start(b, 'h'))!];
    let entered = 0;
    for (const agent of ['a', 'b', 'c']) { scheduler.submit(agent); void scheduler.acquireStart(agent).then(() => { entered++; }); }
    await clock.settled();
    for (const lease of holders) lease.release();
    await clock.settled();
    expect([entered, scheduler.utilization]).toEqual([3, 1]);
  });

  test('a caller without a task is served only when nobody with work claims the place', async () => {
    const b = bench(), { clock, scheduler } = b, order: string[] = [];
    for (const agent of ['h', 'idle']) scheduler.registerAgent(agent);
    const holder = (await start(b, 'h'))!;
    void scheduler.acquire('idle', () => { order.push('idle'); });
    await clock.settled();
    void scheduler.run('busy', {}, () => { order.push('busy'); });
    await clock.settled();
    holder.release();
    await clock.settled();
    expect(order).toEqual(['busy', 'idle']);
  });

  test('a newcomer does not pass those who wait, though it comes in the instant of the release', async () => {
    const b = bench({ alpha: 0 }), { clock, scheduler } = b, order: string[] = [];
    scheduler.registerAgent('h');
    const holder = (await start(b, 'h'))!;
    void scheduler.run('waiter', {}, () => { order.push('waiter'); });
    await clock.settled();
    holder.release();
    void scheduler.run('newcomer', {}, () => { order.push('newcomer'); });
    await clock.settled();
    expect(order).toEqual(['waiter', 'newcomer']);
  });

  test.each(['release first', 'submit first'])('a task of the instant of a release starts with age 0: %s', async (order) => {
    const b = bench(), { clock, scheduler } = b;
    scheduler.registerAgent('h');
    const holder = (await start(b, 'h'))!;
    if (order === 'release first') { holder.release(); scheduler.submit('a'); } else { scheduler.submit('a'); holder.release(); }
    await clock.settled();
    expect([scheduler.tick, scheduler.oldestAgeTicks('a')]).toEqual([1, 0]);
  });

  test('equal claims are drawn from the seed, and the same seed draws the same', async () => {
    const run = async (seed: number): Promise<string> => {
      const { clock, scheduler } = bench({ seed });
      let order = '';
      for (const agent of 'abcdefgh') void scheduler.run(agent, {}, () => { order += agent; });
      await clock.settled();
      return order;
    };
    expect(await run(1)).toBe(await run(1));
    expect(new Set(await Promise.all([1, 2, 3, 4, 5].map(run))).size).toBeGreaterThan(1);
  });
});

describe('refusals', () => {
  const blocked = async (options: LocoOptions = {}): Promise<Bench & { readonly holder: LocoLease }> => {
    const b = bench(options);
    b.scheduler.registerAgent('h');
    return { ...b, holder: (await start(b, 'h'))! };
  };

  test('a time-out refuses the call, and its task leaves with it', async () => {
    const { clock, scheduler } = await blocked();
    const refused = expect(scheduler.run('a', { weight: 2 }, () => {}, { timeoutMs: 20 })).rejects.toEqual(coded('ERR_TIMEOUT'));
    await clock.advance(20_000);
    await refused;
    expect([scheduler.queueDepth('a'), scheduler.waiters]).toEqual([0, 0]);
  });

  test('with keepTask the task stays for another try', async () => {
    const { clock, scheduler } = await blocked();
    const refused = expect(scheduler.run('a', { weight: 2 }, () => {}, { timeoutMs: 20, keepTask: true })).rejects.toEqual(coded('ERR_TIMEOUT'));
    await clock.advance(20_000);
    await refused;
    expect(scheduler.queueDepth('a')).toBe(2);
  });

  test('the refused call takes the task of its turn, not that of a call before it', async () => {
    const { clock, scheduler } = await blocked();
    scheduler.submit('a', { id: 'first' });
    scheduler.submit('a', { id: 'second' });
    void scheduler.acquire('a', () => {});
    await clock.settled();
    const refused = expect(scheduler.acquire('a', () => {}, { timeoutMs: 20 })).rejects.toEqual(coded('ERR_TIMEOUT'));
    await clock.advance(20_000);
    await refused;
    expect(scheduler.pending('a').map((task) => task.id)).toEqual(['first']);
  });

  test('a signal withdraws a waiting call', async () => {
    const { clock, scheduler } = await blocked(), controller = new AbortController();
    const refused = expect(scheduler.run('a', {}, () => {}, { signal: controller.signal })).rejects.toEqual(coded('ERR_CANCELLED'));
    await clock.settled();
    controller.abort();
    await clock.settled();
    await refused;
    expect([scheduler.waiters, scheduler.queueDepth('a')]).toEqual([0, 0]);
  });

  test('a signal that was aborted before refuses at once', async () => {
    const { clock, scheduler } = bench();
    const refused = expect(scheduler.run('a', {}, () => {}, { signal: AbortSignal.abort() })).rejects.toEqual(coded('ERR_CANCELLED'));
    await clock.settled();
    await refused;
    expect([scheduler.holders, scheduler.waiters, scheduler.queueDepth('a')]).toEqual([0, 0, 0]);
  });

  test('a signal does not take the place of a body that runs', async () => {
    const b = bench(), controller = new AbortController();
    b.scheduler.submit('a');
    const lease = (await start(b, 'a', { signal: controller.signal }))!;
    controller.abort();
    await b.clock.settled();
    expect([lease.released, b.scheduler.holders, b.scheduler.tick]).toEqual([false, 1, 0]);
  });

  test('more waiters than may wait: the newest is refused', async () => {
    const { clock, scheduler } = await blocked({ maxWaiters: 1 });
    void scheduler.run('a', {}, () => {});
    await clock.settled();
    const refused = expect(scheduler.run('b', {}, () => {})).rejects.toEqual(coded('ERR_BACKPRESSURE'));
    await clock.settled();
    await refused;
    expect([scheduler.waiters, scheduler.queueDepth('b'), scheduler.queueDepth('a')]).toEqual([1, 0, 1]);
  });

  test('an unknown agent is refused, with the nearest name, and nothing is held', async () => {
    const { scheduler } = bench();
    scheduler.registerAgent('writer');
    await expect(scheduler.acquire('writre', () => {})).rejects.toThrow(/Did you mean "writer"/);
    expect([scheduler.holders, scheduler.waiters]).toEqual([0, 0]);
  });

  test('a start hook that throws ends its call alone', async () => {
    let calls = 0;
    const { clock, scheduler } = bench({ onTaskStarted: () => { if (calls++ === 0) throw new Error('hook'); } });
    const failed = expect(scheduler.run('a', {}, () => {})).rejects.toThrow('hook');
    const next = scheduler.run('a', {}, () => 'next');
    await clock.settled();
    await failed;
    expect(await next).toBe('next');
    expect(scheduler.holders).toBe(0);
  });

  test('a completion hook that throws costs no place', async () => {
    const { clock, scheduler } = bench({ onTaskCompleted: () => { throw new Error('hook'); } });
    const failed = expect(scheduler.run('a', {}, () => {})).rejects.toThrow('hook');
    await clock.settled();
    await failed;
    expect([scheduler.holders, scheduler.tick]).toEqual([0, 1]);
  });
});

describe('errors on top of errors', () => {
  test('the error of the body is told, though the completion hook throws as well', async () => {
    const { clock, scheduler } = bench({ onTaskCompleted: () => { throw new Error('hook'); } });
    const failed = expect(scheduler.run('a', {}, () => { throw new Error('body'); })).rejects.toThrow('body');
    await clock.settled();
    await failed;
    expect(scheduler.holders).toBe(0);
  });

  test('tokens that cannot be right are an error, and the place is back all the same', async () => {
    const b = bench();
    b.scheduler.submit('a');
    const lease = (await start(b, 'a'))!;
    expect(() => b.scheduler.releaseHandle(lease, { tokens: -1 })).toThrow(coded('ERR_OPTION_RANGE'));
    await b.clock.settled();
    expect([b.scheduler.holders, b.scheduler.tick]).toEqual([0, 1]);
  });

  test.each([-1, NaN])('a shutdown within %d ms is refused and shuts nothing down', async (timeoutMs) => {
    const { scheduler } = bench();
    await expect(scheduler.shutdown({ timeoutMs })).rejects.toEqual(coded('ERR_OPTION_RANGE'));
    expect(scheduler.submit('a').agent).toBe('a');
  });
});

describe('agents', () => {
  test('submit registers an agent; registering it again is an error', () => {
    const { scheduler } = bench();
    scheduler.submit('a');
    expect(scheduler.agents).toEqual(['a']);
    expect(() => { scheduler.registerAgent('a'); }).toThrow(coded('ERR_AGENT_EXISTS'));
  });

  test('unregistering answers with the tasks that were queued', async () => {
    const { clock, scheduler } = bench();
    scheduler.submit('a', { id: 't0' });
    await clock.settled();
    scheduler.submit('a', { id: 't1' });
    expect(scheduler.unregisterAgent('a').map((task) => task.id)).toEqual(['t0', 't1']);
    expect(() => scheduler.unregisterAgent('a')).toThrow(coded('ERR_AGENT_UNKNOWN'));
  });

  test('an agent that holds or waits cannot be unregistered', async () => {
    const b = bench(), { scheduler } = b;
    scheduler.submit('a');
    const lease = (await start(b, 'a'))!;
    expect(() => scheduler.unregisterAgent('a')).toThrow(coded('ERR_AGENT_BUSY'));
    lease.release();
    expect(scheduler.unregisterAgent('a')).toEqual([]);
  });

  test('an agent may be called anything', () => {
    const { scheduler } = bench();
    for (const name of ['__proto__', 'constructor', '', '0']) scheduler.submit(name, { weight: 2 });
    expect(Object.entries(scheduler.queueDepthByAgent)).toHaveLength(4);
  });
});

describe('budgets', () => {
  test('what is granted is reserved at once, so that concurrent calls cannot overshoot', async () => {
    const { clock, scheduler } = bench({ capacity: 2, budget: { limit: 5 } });
    const first = scheduler.run('a', { weight: 3 }, () => 'first');
    const second = expect(scheduler.run('a', { weight: 3 }, () => 'second')).rejects.toEqual(coded('ERR_BUDGET'));
    await clock.settled();
    expect(await first).toBe('first');
    await second;
    expect([scheduler.budget?.spent('a'), scheduler.budget?.reserved('a'), scheduler.budget?.alerts]).toEqual([3, 0, 1]);
  });

  test('a call that the budget refuses holds nothing, is no tick, and the place goes on in the same decision', async () => {
    const { clock, scheduler } = bench({ alpha: 1, budget: { limit: 5, limits: { poor: 1 } } });
    const refused = expect(scheduler.run('poor', { weight: 4 }, () => {})).rejects.toThrow(/costs 4, but 0 of 1/);
    const next = scheduler.run('rich', { weight: 1 }, () => scheduler.tick);
    await clock.settled();
    await refused;
    expect(await next).toBe(0);
    expect([scheduler.holders, scheduler.waiters, scheduler.queueDepth('poor'), scheduler.agentMetrics('poor').cost]).toEqual([0, 0, 0, 0]);
  });

  test('with keepTask the refused work stays and is served when the budget is reset', async () => {
    const { clock, scheduler } = bench({ budget: { limit: 2 } });
    scheduler.budget?.spend('a', 2);
    const refused = expect(scheduler.run('a', {}, () => {}, { keepTask: true })).rejects.toEqual(coded('ERR_BUDGET'));
    await clock.settled();
    await refused;
    scheduler.budget?.reset('a');
    const served = scheduler.acquire('a', (lease) => lease.task?.weight);
    await clock.settled();
    expect(await served).toBe(1);
  });

  test('downgrade lets the call through and says so', async () => {
    const b = bench({ budget: { limit: 1, mode: 'downgrade' } });
    b.scheduler.submit('a', { weight: 2 });
    const lease = (await start(b, 'a'))!;
    expect([lease.budget, lease.budgetMode, b.scheduler.budget?.alerts]).toEqual(['over', 'downgrade', 1]);
  });

  test('a call that cost less than its weight books what it cost', async () => {
    const b = bench({ budget: { limit: 10 } });
    b.scheduler.submit('a', { weight: 4 });
    (await start(b, 'a'))!.release({ cost: 1.5 });
    expect([b.scheduler.budget?.spent('a'), b.scheduler.budget?.remaining('a')]).toEqual([1.5, 8.5]);
  });

  test('a cost that cannot be right gives the place back, books the weight, and is an error', async () => {
    const b = bench({ budget: { limit: 10 } });
    b.scheduler.submit('a', { weight: 4 });
    const lease = (await start(b, 'a'))!;
    expect(() => lease.release({ cost: -1 })).toThrow(coded('ERR_OPTION_RANGE'));
    expect([b.scheduler.holders, b.scheduler.budget?.spent('a'), b.scheduler.budget?.reserved('a')]).toEqual([0, 4, 0]);
  });

  test('two open reservations that drift in the last bit leave nothing behind', async () => {
    const b = bench({ capacity: 2, budget: { limit: 0.30000000000000004, mode: 'alert' } });
    for (const weight of [0.1, 0.2]) b.scheduler.submit('a', { weight });
    const leases = [(await start(b, 'a'))!, (await start(b, 'a'))!];
    for (const lease of leases) lease.release();
    expect(b.scheduler.budget?.reserved('a')).toBe(0);
  });
});

describe('usage', () => {
  test('tokens reported at the release feed the average of the task type', async () => {
    const b = bench();
    for (const tokens of [100, 200]) {
      b.scheduler.submit('a', { type: 'review' });
      (await start(b, 'a'))!.release({ tokens });
    }
    expect([b.scheduler.costAverage.of('review'), b.scheduler.costAverage.of('other'), b.scheduler.agentMetrics('a').tokens]).toEqual([130, undefined, 300]);
  });

  test('every step is told to a listener, in order', async () => {
    const kinds: string[] = [];
    const { clock, scheduler } = bench({ maxWaiters: 0, ties: 'registration', onEvent: (event: LocoEvent) => { kinds.push(`${event.kind} ${event.agent} ${event.tick}`); } });
    const served = scheduler.run('a', {}, () => {});
    const refused = expect(scheduler.run('b', {}, () => {})).rejects.toEqual(coded('ERR_BACKPRESSURE'));
    await clock.settled();
    await served;
    await refused;
    expect(kinds).toEqual(['submit a 0', 'submit b 0', 'grant a 0', 'refuse b 0', 'release a 0']);
  });
});

describe('shutdown', () => {
  test('refuses the waiters and those who come, waits for the holders, and says how many there were', async () => {
    const b = bench(), { clock, scheduler } = b;
    scheduler.submit('a');
    const lease = (await start(b, 'a'))!;
    const waiting = expect(scheduler.run('b', {}, () => {})).rejects.toEqual(coded('ERR_SHUTDOWN'));
    await clock.settled();
    const closed = scheduler.shutdown();
    await waiting;
    await expect(scheduler.acquire('b', () => {})).rejects.toEqual(coded('ERR_SHUTDOWN'));
    expect(() => scheduler.submit('b')).toThrow(coded('ERR_SHUTDOWN'));
    await clock.advance(1000);
    lease.release();
    await clock.settled();
    expect(await closed).toEqual({ cancelledWaiters: 1, activeHolders: 0 });
  });

  test('stops waiting after timeoutMs', async () => {
    const b = bench();
    b.scheduler.submit('a');
    await start(b, 'a');
    const closed = b.scheduler.shutdown({ timeoutMs: 50 });
    await b.clock.advance(50_000);
    expect(await closed).toEqual({ cancelledWaiters: 0, activeHolders: 1 });
  });
});

describe('options', () => {
  test.each<[unknown, ErrorCode]>([
    [{ alpha: 1.5 }, 'ERR_OPTION_RANGE'], [{ alpha: 0.1, optimizeFor: 'latency' }, 'ERR_OPTION_CONFLICT'], [{ optimizeFor: 'speed' }, 'ERR_OPTION_RANGE'],
    [{ capacity: 0 }, 'ERR_OPTION_RANGE'], [{ capacity: 1.5 }, 'ERR_OPTION_RANGE'], [{ maxWaiters: -1 }, 'ERR_OPTION_RANGE'], [{ capcity: 2 }, 'ERR_OPTION_UNKNOWN'],
    [{ budget: { mode: 'ignore' } }, 'ERR_OPTION_RANGE'], [{ budget: { limit: -1 } }, 'ERR_OPTION_RANGE'], [{ onEvent: 1 }, 'ERR_OPTION_TYPE'],
  ])('%j is refused with %s', (options, code) => {
    expect(() => new LocoScheduler(options as LocoOptions)).toThrow(coded(code));
  });

  test('the guard leaves alpha alone in quiet times, and lowers it when more comes than is served', async () => {
    const { clock, scheduler } = bench({ alpha: 1 });
    expect([scheduler.alpha, scheduler.alphaInForce]).toEqual([1, 1]);
    for (let i = 0; i < 9; i++) scheduler.submit('a');
    await clock.settled();
    expect([scheduler.alpha, scheduler.alphaInForce]).toEqual([1, 0.5 * (1 / 9) / (1 + 1 / 9)]);
    expect(bench({ alpha: 1, guard: false }).scheduler.alphaInForce).toBe(1);
  });

  test('presets stand for their alpha', () => {
    expect(['latency', 'balanced', 'throughput'].map((optimizeFor) => bench({ optimizeFor }).scheduler.alpha)).toEqual([0, 0.25, 0.5]);
  });
});

describe('virtual time', () => {
  test('agents as plain async functions share two places for exactly as long as they should', async () => {
    const kernel = new Kernel(), clock = new VirtualClock(kernel), scheduler = new LocoScheduler({ capacity: 2, clock }), ends: string[] = [];
    const agent = async (name: string): Promise<void> => {
      for (let i = 0; i < 2; i++) await scheduler.run(name, {}, () => clock.sleep(1000));
      ends.push(`${name} ${clock.now()}`);
    };
    await runAsync(kernel, clock, { start: () => Promise.all(['a', 'b', 'c'].map(agent)) });
    expect([kernel.nowUs, scheduler.tick, scheduler.utilization]).toEqual([3000, 6, 0]);
    expect(ends).toHaveLength(3);
  });

  test('an error of the scheduler is one of the coded ones', () => {
    const { scheduler } = bench();
    try { scheduler.queueDepth('nobody'); expect.unreachable(); } catch (error) { expect(error).toBeInstanceOf(SchedlabError); }
  });
});
