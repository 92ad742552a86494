// LOCO for applications: submit tasks, acquire places, release them. The same core and the same rule as in the laboratory decide.
import { SystemClock, type Clock } from '../clock.ts';
import { ORDINALS_PER_PROGRAM } from '../dispatch/calls.ts';
import { createDispatcher } from '../dispatch/create.ts';
import { type AcquireRequest, type Dispatcher, refusal } from '../dispatch/dispatcher.ts';
import type { Lease } from '../dispatch/lease.ts';
import { SchedlabError } from '../errors.ts';
import { DROP_CANCELLED } from '../observe/lifecycle.ts';
import { unknownName } from '../options.ts';
import { LocoBooks } from './books.ts';
import type { Budget } from './budget.ts';
import type { CostAverage } from './cost-average.ts';
import type { LocoAgentMetrics } from './metrics.ts';
import { resolveLoco, type LocoOptions } from './scheduler-options.ts';
import { TaskPolicy, type Waiter } from './task-policy.ts';
import { makeTask, type LocoAcquireOptions, type LocoLease, type LocoTask, type LocoTaskOptions, type LocoUsage } from './leases.ts';

export type { LocoOptions } from './scheduler-options.ts';

interface AgentRecord { readonly number: number; /** Calls begun and not ended: waiting or holding. */ open: number }

/**
 * Decides which agent may use a resource of limited capacity next: by its queued work and by how long that has waited.
 * Decisions fall when the present instant is dry: a microtask later on the machine's clock, at the end of the instant in
 * virtual time. One release is one tick, however the call ended; ages count ticks.
 */
export class LocoScheduler {
  readonly capacity: number;
  readonly #clock: Clock;
  readonly #agents = new Map<string, AgentRecord>();
  readonly #policy: TaskPolicy;
  readonly #dispatcher: Dispatcher;
  readonly #books: LocoBooks;
  #nextCall = 0;
  #nextTask = 0;
  #open = 0;
  #holders = 0;
  #closed = false;
  #joining = false;

  constructor(options: LocoOptions = {}) {
    const resolved = resolveLoco(options);
    this.capacity = resolved.capacity;
    this.#clock = options.clock ?? new SystemClock();
    this.#books = new LocoBooks(options.budget, options);
    this.#policy = new TaskPolicy({
      ...resolved,
      refuses: (task) => this.#books.refuses(task),
      granted: (waiter) => { this.#holders++; this.#books.granted(waiter); },
      // The core is in the middle of a decision: it is told at the end of the instant.
      refused: (waiter) => { this.#clock.settle(() => { this.#cancel(waiter); }); },
    });
    this.#dispatcher = createDispatcher({
      clock: this.#clock,
      windows: [resolved.capacity],
      maxWaiters: resolved.maxWaiters,
      createPolicy: (calls) => this.#policy.attach(calls),
      seed: resolved.seed,
    });
  }

  /** Limits and spending by agent, where a budget was given. */
  get budget(): Budget | undefined { return this.#books.budget; }
  /** Mean tokens by task type, from what releases report. */
  get costAverage(): CostAverage { return this.#books.costAverage; }
  /** Alpha as given, or as the tuner has left it. */
  get alpha(): number { return this.#policy.alpha; }
  /** Alpha of the next decision: with the guard on never above 0.25, and less under overload. */
  get alphaInForce(): number { return this.#policy.alphaInForce; }
  /** Releases so far. */
  get tick(): number { return this.#policy.tick; }
  get holders(): number { return this.#holders; }
  /** Calls that have begun and hold no place yet. */
  get waiters(): number { return this.#open - this.#holders; }
  /** Holders ÷ capacity. */
  get utilization(): number { return this.#holders / this.capacity; }
  /** In the order of registration. */
  get agents(): readonly string[] { return [...this.#agents.keys()]; }
  get totalCost(): number { return this.#books.metrics.totalCost; }
  get costByAgent(): Readonly<Record<string, number>> { return this.#books.metrics.costByAgent(); }
  /** Tasks served, of every registered agent. */
  get completedByAgent(): Readonly<Record<string, number>> { return this.#byAgent((id) => this.#books.metrics.agent(id).completed); }
  /** Mean age of the tasks served, in ticks, of agents that were served. */
  get waitByAgent(): Readonly<Record<string, number>> { return this.#books.metrics.waitByAgent(); }
  get queueDepthByAgent(): Readonly<Record<string, number>> { return this.#byAgent((id) => this.queueDepth(id)); }

  /** Weight of the tasks that an agent has queued. ERR_AGENT_UNKNOWN. */
  queueDepth(agent: string): number { return this.#policy.queueDepth(this.#record(agent).number); }
  /** Tasks that an agent has queued, in the order in which they would be served. ERR_AGENT_UNKNOWN. */
  pending(agent: string): readonly LocoTask[] { return this.#policy.pending(this.#record(agent).number); }
  /** Age of an agent's oldest queued task, in ticks; 0 where none is queued. ERR_AGENT_UNKNOWN. */
  oldestAgeTicks(agent: string): number { return this.#policy.oldestAgeTicks(this.#record(agent).number); }
  /** Cost, completions, wait of one agent. ERR_AGENT_UNKNOWN. */
  agentMetrics(agent: string): LocoAgentMetrics { this.#record(agent); return this.#books.metrics.agent(agent); }

  /** Makes an agent known. Known already: ERR_AGENT_EXISTS. */
  registerAgent(agent: string): void {
    if (this.#agents.has(agent)) throw new SchedlabError('ERR_AGENT_EXISTS', `agent ${JSON.stringify(agent)} is registered already. Register an agent once; submit registers new ones by itself.`, { agent });
    this.#register(agent);
  }

  /** Forgets an agent and answers with the tasks it had queued. Unknown: ERR_AGENT_UNKNOWN; holding or waiting: ERR_AGENT_BUSY. */
  unregisterAgent(agent: string): readonly LocoTask[] {
    const record = this.#record(agent);
    if (record.open > 0) throw new SchedlabError('ERR_AGENT_BUSY', `agent ${JSON.stringify(agent)} still holds or waits for a place (${record.open} calls). Unregister it when its calls have ended.`, { agent, open: record.open });
    this.#agents.delete(agent);
    return this.#policy.takeAll(record.number);
  }

  /** Queues a task; an unknown agent is registered. Weight negative or not a number: ERR_OPTION_RANGE; after shutdown: ERR_SHUTDOWN. */
  submit(agent: string, options: LocoTaskOptions = {}): LocoTask {
    this.#assertOpen(`task of agent ${JSON.stringify(agent)}`);
    const task = makeTask(agent, options, () => `task-${++this.#nextTask}`);
    const record = this.#agents.get(agent) ?? this.#register(agent);
    this.#policy.submit(record.number, task, options.ageTicks ?? 0);
    this.#joinLater();
    this.#books.tell(() => ({ kind: 'submit', tick: this.tick, agent, task, queueDepth: this.queueDepth(agent) }));
    return task;
  }

  /**
   * Waits for a place, runs `body` while it is held, and answers with its result. However the body ends, the place is given back.
   * Rejects with ERR_AGENT_UNKNOWN, ERR_BACKPRESSURE, ERR_TIMEOUT, ERR_CANCELLED, ERR_BUDGET or ERR_SHUTDOWN, or with what body or start hook threw.
   */
  async acquire<T>(agent: string, body: (lease: LocoLease) => T | PromiseLike<T>, options: LocoAcquireOptions = {}): Promise<T> {
    const lease = await this.acquireStart(agent, options);
    let result: T;
    try {
      result = await body(lease);
    } catch (error) {
      endWith(lease, error);
      throw error;
    }
    lease.release();
    return result;
  }

  /** `submit` and `acquire` in one call. */
  async run<T>(agent: string, task: LocoTaskOptions, body: (lease: LocoLease) => T | PromiseLike<T>, options: LocoAcquireOptions = {}): Promise<T> {
    this.submit(agent, task);
    return this.acquire(agent, body, options);
  }

  /** The first half of `acquire`: the caller releases the lease, whatever happens in between. */
  async acquireStart(agent: string, options: LocoAcquireOptions = {}): Promise<LocoLease> {
    const record = this.#record(agent);
    this.#assertOpen(`call of agent ${JSON.stringify(agent)}`);
    const number = this.#nextCall++, { signal } = options;
    const waiter = this.#policy.expect(number, record.number, agent, options.keepTask ?? false);
    const withdraw = (): void => { if (waiter.phase === 'new' || waiter.phase === 'waiting') this.#cancel(waiter); };
    record.open++;
    this.#open++;
    let inner: Lease;
    try {
      if (signal?.aborted) throw refusal(DROP_CANCELLED);
      signal?.addEventListener('abort', withdraw, { once: true });
      inner = await this.#dispatcher.acquire(this.#request(waiter, options.timeoutMs));
    } catch (error) {
      record.open--;
      this.#open--;
      this.#policy.withdraw(waiter);
      throw this.#refusal(waiter, error);
    } finally {
      signal?.removeEventListener('abort', withdraw);
    }
    return this.#start(waiter, inner, record);
  }

  /** The second half of `acquire`. Answers false where the lease was released before. */
  releaseHandle(handle: LocoLease, usage: LocoUsage = {}): boolean { return handle.release(usage); }

  /**
   * Refuses what waits and what comes with ERR_SHUTDOWN, then waits up to `timeoutMs` (default 30,000) for the holders.
   * Answers how many waiters were refused and how many places are still held.
   */
  async shutdown(options: { readonly timeoutMs?: number | undefined } = {}): Promise<{ readonly cancelledWaiters: number; readonly activeHolders: number }> {
    const timeoutMs = options.timeoutMs ?? 30_000;
    if (!(timeoutMs >= 0)) throw new SchedlabError('ERR_OPTION_RANGE', `timeoutMs of shutdown accepts a number of 0 or more (ms), received ${String(timeoutMs)}.`);
    this.#closed = true;
    const { cancelledWaiters, activeHolders } = await this.#dispatcher.shutdown(timeoutMs);
    return Object.freeze({ cancelledWaiters, activeHolders });
  }

  #start(waiter: Waiter, inner: Lease, record: AgentRecord): LocoLease {
    const { agent, task, ageTicks } = waiter;
        let released = false;
    const lease: LocoLease = Object.freeze({
      agent, task, ageTicks,
      budget: waiter.check?.outcome ?? 'ok',
      budgetMode: this.budget?.mode,
      get released() { return released; },
      release: (usage: LocoUsage = {}) => {
        if (released) return false;
        released = true;
        this.#release(waiter, inner, record, usage);
        return true;
      },
    });
    try {
      this.#books.started(waiter, this.tick);
    } catch (error) {
      endWith(lease, error);
      throw error;
    }
    return lease;
  }

  /** The place is free before anything that a caller wrote can throw. */
  #release(waiter: Waiter, inner: Lease, record: AgentRecord, usage: LocoUsage): void {
    record.open--;
    this.#open--;
    this.#holders--;
    if (usage.error === undefined) inner.release(); else inner.fail();
    this.#books.ended(waiter, usage, this.tick);
  }

  /** The error of a call that got no place, with the agent's name. */
  #refusal(waiter: Waiter, error: unknown): unknown {
    const { agent } = waiter;
    const refusal = waiter.refusal ?? (error instanceof SchedlabError ? new SchedlabError(error.code, `call of agent ${JSON.stringify(agent)}: ${error.message}`, { ...error.details, agent }) : error);
    this.#books.tell(() => ({ kind: 'refuse', tick: this.tick, agent, error: refusal }));
    return refusal;
  }

  /** The number of the call is its key in the core: calls of one instant keep the order in which they were made. */
  #request(waiter: Waiter, timeoutMs: number | undefined): AcquireRequest {
    return {
      program: Math.floor(waiter.key / ORDINALS_PER_PROGRAM), ordinal: waiter.key % ORDINALS_PER_PROGRAM, agent: waiter.agentNumber,
      onSubmit: (_call, handle) => { waiter.handle = handle; },
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
  }

  /** Takes a waiting call out of the core; a no-op for one that has ended. */
  #cancel(waiter: Waiter): void {
    this.#dispatcher.cancel(waiter.handle);
  }

  /**
   * The releases of an instant age the queue before the tasks of that instant join. The dispatcher asks for the end of the
   * instant at the latest when the first such release is made, so one more round is always after it.
   */
  #joinLater(): void {
    if (this.#joining) return;
    this.#joining = true;
    this.#clock.settle(() => { this.#clock.settle(() => { this.#joining = false; this.#policy.join(); }); });
  }

  #byAgent(read: (agent: string) => number): Readonly<Record<string, number>> {
    return Object.freeze(Object.fromEntries(this.agents.map((id) => [id, read(id)])));
  }

  #register(agent: string): AgentRecord {
    const record = { number: this.#policy.register(), open: 0 };
    this.#agents.set(agent, record);
    return record;
  }

  #record(agent: string): AgentRecord {
    const record = this.#agents.get(agent);
    if (!record) throw unknownName('agent', agent, this.agents, 'this scheduler', 'ERR_AGENT_UNKNOWN');
    return record;
  }

  #assertOpen(what: string): void {
    if (this.#closed) throw new SchedlabError('ERR_SHUTDOWN', `${what} refused: the scheduler is shut down. Make a new one.`);
  }
}

/** Releases a lease whose call has failed: what a listener throws then must not hide the failure itself. */
export function endWith(lease: LocoLease, error: unknown): void {
  try { lease.release({ error: error ?? new Error('the call threw nothing') }); } catch { /* the first error is the one to tell */ }
}
