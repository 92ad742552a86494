// Whole sequences without a draw: services one a tick, and scripts of submit, acquire and release.
import { jainIndex } from '../../../src/loco/jain.ts';
import type { LocoLease } from '../../../src/loco/leases.ts';
import { LocoScheduler } from '../../../src/loco/scheduler.ts';
import { SchedlabError } from '../../../src/errors.ts';
import { Differences } from '../differences.ts';
import { ManualClock } from '../manual-clock.ts';
import { arrayOf, fields, oneOf, orNull, recordOf } from '../shape.ts';
import type { LineKind } from '../suite.ts';
import { Stepper } from './steps.ts';

interface SyncVector {
  readonly alpha: number; readonly agents: readonly string[];
  readonly arrivalsByTick: readonly Readonly<Record<string, readonly { readonly id: string; readonly weight: number }[]>>[];
  readonly expect: {
    readonly steps: readonly { readonly agent: string | null; readonly task: string | null; readonly age: number | null }[];
    readonly ticks: number; readonly completed: Record<string, number>; readonly meanWait: Record<string, number>; readonly remaining: number; readonly jainOfMeanWaits: number;
  };
}

export const syncSequence: LineKind<SyncVector> = {
  shape: fields({
    alpha: 'number', agents: arrayOf('text'), arrivalsByTick: arrayOf(recordOf(arrayOf(fields({ id: 'text', weight: 'number' })))),
    expect: fields({
      steps: arrayOf(fields({ agent: orNull('text'), task: orNull('text'), age: orNull('number') })),
      ticks: 'number', completed: recordOf('number'), meanWait: recordOf('number'), remaining: 'number', jainOfMeanWaits: 'number',
    }),
  }),
  check({ alpha, agents, arrivalsByTick, expect }) {
    const d = new Differences(), stepper = new Stepper(alpha, 'sync'), ages = agents.map((): number[] => []);
    for (let t = 0; t < expect.ticks; t++) {
      agents.forEach((id, number) => {
        const arrivals = arrivalsByTick[t];
        if (arrivals !== undefined && Object.hasOwn(arrivals, id)) for (const task of arrivals[id]) stepper.arrive(number, task.weight, task.id);
      });
      const served = stepper.step();
      if (served) ages[served.agent].push(served.age);
      d.exact(`step ${t}`, served ? { agent: agents[served.agent], task: served.task, age: served.age } : { agent: null, task: null, age: null }, expect.steps[t]);
    }
    const means = ages.map((list) => (list.length === 0 ? 0 : list.reduce((a, b) => a + b, 0) / list.length));
    d.exact('completed', Object.fromEntries(agents.map((id, i) => [id, ages[i].length])), expect.completed);
    d.closeRecord('meanWait', Object.fromEntries(agents.map((id, i) => [id, means[i]])), expect.meanWait);
    d.exact('remaining', stepper.waiting, expect.remaining);
    d.close('jainOfMeanWaits', jainIndex(means), expect.jainOfMeanWaits);
    return d.found;
  },
};

type AsyncOp =
  | { readonly op: 'submit'; readonly agent: string; readonly task: string; readonly weight: number }
  | { readonly op: 'acquire'; readonly agent: string; readonly call: string; readonly expect: { readonly outcome: string; readonly serves?: string } }
  | { readonly op: 'release'; readonly call: string; readonly expect: { readonly tick: number; readonly granted: readonly string[]; readonly serves: readonly string[]; readonly alpha: number; readonly holders: number; readonly waiters: number } };
interface AsyncVector {
  readonly agents: readonly string[]; readonly alpha: number; readonly capacity: number; readonly maxWaiters: number; readonly autoTune: boolean; readonly ties?: string;
  readonly script: readonly AsyncOp[];
  readonly expect: {
    readonly ticks: number; readonly costByAgent: Record<string, number>; readonly totalCost: number; readonly completedByAgent: Record<string, number>; readonly waitByAgent: Record<string, number>;
    readonly queueDepthByAgent: Record<string, number>; readonly utilization: number; readonly grantOrder: readonly string[]; readonly events: readonly (readonly string[])[];
  };
}

export const asyncSequence: LineKind<AsyncVector> = {
  shape: fields({
    agents: arrayOf('text'), alpha: 'number', capacity: 'number', maxWaiters: 'number', autoTune: 'flag', 'ties?': oneOf('registration-order'),
    script: arrayOf(fields({
      op: oneOf('submit', 'acquire', 'release'), 'agent?': 'text', 'task?': 'text', 'weight?': 'number', 'call?': 'text',
      expect: fields({ 'outcome?': 'text', 'serves?': 'any', 'tick?': 'number', 'granted?': arrayOf('text'), 'alpha?': 'number', 'holders?': 'number', 'waiters?': 'number' }),
    })),
    expect: fields({
      ticks: 'number', costByAgent: recordOf('number'), totalCost: 'number', completedByAgent: recordOf('number'), waitByAgent: recordOf('number'),
      queueDepthByAgent: recordOf('number'), utilization: 'number', grantOrder: arrayOf('text'), events: arrayOf(arrayOf('text')),
    }),
  }),
  async check(vector) {
    const run = new ScriptRun(vector);
    for (const [i, op] of vector.script.entries()) await run.operation(op, `op ${i} ${op.op}`);
    run.compareEnd();
    return run.d.found;
  },
};

/** One script against the scheduler of applications; every operation is decided before the next. */
class ScriptRun {
  readonly d = new Differences();
  readonly #clock = new ManualClock();
  readonly #scheduler: LocoScheduler;
  readonly #expect: AsyncVector['expect'];
  readonly #leases = new Map<string, LocoLease>();
  readonly #refusals = new Map<string, string>();
  readonly #order: string[] = [];
  readonly #events: (readonly string[])[] = [];

  constructor(vector: AsyncVector) {
    this.#expect = vector.expect;
    this.#scheduler = new LocoScheduler({
      capacity: vector.capacity, alpha: vector.alpha, maxWaiters: vector.maxWaiters, autoTune: vector.autoTune, guard: false, clock: this.#clock,
      ties: vector.ties === 'registration-order' ? 'registration' : 'seeded',
      onTaskStarted: (agent, task) => { this.#events.push(['started', agent, task.id]); },
      onTaskCompleted: (agent, task) => { this.#events.push(['completed', agent, task.id]); },
    });
    for (const agent of vector.agents) this.#scheduler.registerAgent(agent);
  }

  async operation(op: AsyncOp, at: string): Promise<void> {
    if (op.op === 'submit') {
      this.#scheduler.submit(op.agent, { id: op.task, weight: op.weight });
      await this.#clock.settled();
    } else if (op.op === 'acquire') {
      this.#acquire(op.agent, op.call);
      await this.#clock.settled();
      const lease = this.#leases.get(op.call);
      this.d.exact(`${at} ${op.call}: outcome`, lease ? 'granted' : this.#refusals.get(op.call) ?? 'waiting', op.expect.outcome);
      this.d.exact(`${at} ${op.call}: serves`, lease?.task?.id, op.expect.serves);
    } else {
      const before = this.#order.length;
      this.#leases.get(op.call)?.release();
      await this.#clock.settled();
      this.#compareRelease(op.expect, this.#order.slice(before), `${at} ${op.call}`);
    }
  }

  #acquire(agent: string, call: string): void {
    // In the vectors the task of a refused call stays queued.
    this.#scheduler.acquireStart(agent, { keepTask: true }).then(
      (lease) => { this.#leases.set(call, lease); this.#order.push(call); },
      (error: unknown) => { this.#refusals.set(call, error instanceof SchedlabError && error.code === 'ERR_BACKPRESSURE' ? 'backpressure' : String(error)); },
    );
  }

  #compareRelease(expect: Extract<AsyncOp, { op: 'release' }>['expect'], granted: readonly string[], at: string): void {
    this.d.exact(`${at}: tick`, this.#scheduler.tick, expect.tick);
    this.d.exact(`${at}: granted`, granted, expect.granted);
    this.d.exact(`${at}: serves`, granted.map((call) => this.#leases.get(call)?.task?.id), expect.serves);
    this.d.close(`${at}: alpha`, this.#scheduler.alpha, expect.alpha);
    this.d.exact(`${at}: holders`, this.#scheduler.holders, expect.holders);
    this.d.exact(`${at}: waiters`, this.#scheduler.waiters, expect.waiters);
  }

  compareEnd(): void {
    const scheduler = this.#scheduler, expect = this.#expect, d = this.d;
    d.exact('ticks', scheduler.tick, expect.ticks);
    d.closeRecord('costByAgent', scheduler.costByAgent, expect.costByAgent);
    d.close('totalCost', scheduler.totalCost, expect.totalCost);
    d.exact('completedByAgent', scheduler.completedByAgent, expect.completedByAgent);
    d.closeRecord('waitByAgent', scheduler.waitByAgent, expect.waitByAgent);
    d.closeRecord('queueDepthByAgent', scheduler.queueDepthByAgent, expect.queueDepthByAgent);
    d.close('utilization', scheduler.utilization, expect.utilization);
    d.exact('grantOrder', this.#order, expect.grantOrder);
    d.exact('events', this.#events, expect.events);
  }
}
