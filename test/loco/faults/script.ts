// Plays a fault vector against the scheduler: its setup, its operations one at a time, each decided before the next.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SchedlabError } from '../../../src/errors.ts';
import type { LocoLease } from '../../../src/loco/leases.ts';
import { ResourcePool } from '../../../src/loco/resource-pool.ts';
import { LocoScheduler } from '../../../src/loco/scheduler.ts';
import type { BudgetMode } from '../../../src/loco/budget.ts';
import { ManualClock } from '../../conform/manual-clock.ts';
import { sharedFolder } from '../../conform/suite.ts';

export interface FaultOp {
  readonly op: 'submit' | 'acquire' | 'release' | 'throwInBody' | 'shutdown' | 'sleepMs' | 'dequeueBoth' | 'poolAcquire';
  readonly agent?: string; readonly call?: string; readonly task?: string; readonly weight?: number; readonly times?: number;
  readonly afterSubmit?: number; readonly timeoutMs?: number; readonly ms?: number; readonly holdMs?: number; readonly resources?: readonly string[];
}
export interface FaultVector {
  readonly id: string; readonly fault: number; readonly title: string; readonly script: readonly FaultOp[]; readonly right: Readonly<Record<string, unknown>>;
  readonly setup: {
    readonly agents?: readonly string[]; readonly capacity?: number; readonly alpha?: number; readonly maxWaiters?: number; readonly hook?: string;
    readonly tasksEach?: number; readonly oneTaskEach?: number; readonly tasks?: Readonly<Record<string, readonly { readonly id: string; readonly weight: number; readonly age: number }[]>>;
    readonly budget?: { readonly limit: number; readonly mode: BudgetMode; readonly spent?: Readonly<Record<string, number>> };
    readonly resources?: Readonly<Record<string, number>>;
  };
}

const FILE = join(sharedFolder(), 'data', 'loco-vectors', 'faults.jsonl');
/** False where the shared data are absent: the tests that need them are then skipped. */
export const hasFaultVectors = existsSync(FILE);
export const faultVectors: readonly FaultVector[] = hasFaultVectors
  ? readFileSync(FILE, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as FaultVector)
  : [];

export const BODY_ERROR = new Error('the body failed');
export const HOOK_ERROR = new Error('the hook failed');

/** What became of one call: its body is held open until it is released or thrown into. */
interface Call { lease: LocoLease | undefined; error: unknown; done: boolean; end: (error?: Error) => void }

export class FaultRun {
  readonly clock = new ManualClock();
  readonly scheduler: LocoScheduler;
  readonly pool: ResourcePool | undefined;
  readonly calls = new Map<string, Call>();
  /** Tasks told to the start hook, in order; agents that entered a body, in order. */
  readonly started: string[] = [];
  readonly entered: string[] = [];
  /** Bodies entered beyond the capacity. */
  enteredWhileFull = 0;
  outcomeAfterRelease = '';
  shutdown: { readonly cancelledWaiters: number; readonly activeHolders: number } | undefined;
  enteredAtShutdown = 0;
  #inside = 0;

  constructor({ setup }: FaultVector) {
    const { capacity = 1, alpha = 0.25, maxWaiters = 100, budget } = setup;
    this.scheduler = new LocoScheduler({
      capacity, alpha, maxWaiters, clock: this.clock,
      ...(budget ? { budget: { limit: budget.limit, mode: budget.mode } } : {}),
      onTaskStarted: (_agent, task) => {
        this.started.push(task.id);
        if (setup.hook === 'onTaskStarted throws') throw HOOK_ERROR;
      },
    });
    for (const [agent, spent] of Object.entries(budget?.spent ?? {})) this.scheduler.budget?.spend(agent, spent);
    for (const agent of setup.agents ?? []) this.scheduler.registerAgent(agent);
    for (const agent of setup.agents ?? []) {
      for (let i = 0; i < (setup.tasksEach ?? 0); i++) this.scheduler.submit(agent);
      if (setup.oneTaskEach !== undefined) this.scheduler.submit(agent, { weight: setup.oneTaskEach });
      for (const task of setup.tasks?.[agent] ?? []) this.scheduler.submit(agent, { id: task.id, weight: task.weight, ageTicks: task.age });
    }
    this.pool = setup.resources === undefined ? undefined : new ResourcePool({ resources: setup.resources, clock: this.clock });
  }

  static async of(vector: FaultVector): Promise<FaultRun> {
    const run = new FaultRun(vector);
    await run.clock.settled();
    for (const op of vector.script) {
      await run.#operation(op);
      await run.clock.settled();
      if (op.op === 'release') run.outcomeAfterRelease = run.outcome('b1');
    }
    return run;
  }

  /** granted, still waiting, or the code of the error (its message, where it has none). */
  outcome(call: string): string {
    const found = this.calls.get(call);
    if (!found) return 'never called';
    if (found.lease) return 'granted';
    if (found.error === undefined) return 'still waiting';
    return found.error instanceof SchedlabError ? found.error.code : (found.error as Error).message;
  }

  async #operation(op: FaultOp): Promise<void> {
    const { agent = '', call = '' } = op;
    switch (op.op) {
      case 'submit':
        for (let i = 0; i < (op.times ?? 1); i++) this.scheduler.submit(agent, { weight: op.weight, id: op.task });
        return;
      case 'acquire':
        if (op.afterSubmit !== undefined) this.scheduler.submit(agent, { weight: op.afterSubmit });
        this.#acquire(agent, call, op.timeoutMs);
        return;
      case 'release': this.calls.get(call)?.end(); return;
      case 'throwInBody': this.calls.get(call)?.end(BODY_ERROR); return;
      case 'sleepMs': return this.clock.advance((op.ms ?? 0) * 1000);
      case 'shutdown': return this.#shutDown(op.timeoutMs ?? 0);
      case 'poolAcquire': this.#poolAcquire(agent, op.resources ?? [], op.holdMs ?? 0); return;
      case 'dequeueBoth': return; // a grant takes the task itself
    }
  }

  #acquire(agent: string, name: string, timeoutMs: number | undefined): void {
    const call: Call = { lease: undefined, error: undefined, done: false, end: () => {} };
    this.calls.set(name, call);
    const body = (lease: LocoLease): Promise<void> => new Promise((resolve, reject) => {
      call.lease = lease;
      call.end = (error) => { this.#inside--; if (error) reject(error); else resolve(); };
      this.entered.push(agent);
      if (++this.#inside > this.scheduler.capacity) this.enteredWhileFull++;
    });
    this.scheduler.acquire(agent, body, { timeoutMs }).then(() => { call.done = true; }, (error: unknown) => { call.error = error; });
  }

  async #shutDown(timeoutMs: number): Promise<void> {
    const before = this.entered.length;
    void this.scheduler.shutdown({ timeoutMs }).then((result) => { this.shutdown = result; });
    await this.clock.advance(timeoutMs * 1000);
    this.enteredAtShutdown = this.entered.length - before;
  }

  #poolAcquire(agent: string, resources: readonly string[], holdMs: number): void {
    const call: Call = { lease: undefined, error: undefined, done: false, end: () => {} };
    this.calls.set(agent, call);
    void this.pool?.acquire(agent, resources, () => {
      this.entered.push(agent);
      return new Promise<void>((resolve) => { this.clock.setTimer(holdMs * 1000, resolve); });
    }).then(() => { call.done = true; }, (error: unknown) => { call.error = error; });
  }
}
