// LOCO over tasks that are queued apart from the calls that wait: a grant serves the oldest task of the chosen agent.
// A policy of the house, so that the core decides as it does for every other; it stands at a gate only.
import { seededRandom, type RandomSource } from '../random.ts';
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import { assert, SchedlabError } from '../errors.ts';
import type { Admits, Policy } from '../policies/policy.ts';
import type { BudgetCheck } from './budget.ts';
import { OverloadGuard } from './guard.ts';
import type { LocoTask } from './leases.ts';
import { LocoState } from './state.ts';
import { AlphaTuner } from './tuner.ts';

/** One call of the API, from its first word to its grant or refusal. */
export interface Waiter {
  readonly key: number;
  readonly agent: string;
  readonly agentNumber: number;
  readonly keepTask: boolean;
  /** `new`: not yet told to the core's policy; `waiting`; `granted`; `gone`: refused or withdrawn. */
  phase: 'new' | 'waiting' | 'granted' | 'gone';
  task: LocoTask | undefined;
  ageTicks: number;
  check: BudgetCheck | undefined;
  /** Why the policy itself refuses the call. */
  refusal: SchedlabError | undefined;
  /** Handle of the call in the core's table; −1 before it has one. */
  handle: number;
}

export interface TaskPolicyOptions {
  readonly alpha: number;
  readonly autoTune: boolean;
  readonly guard: boolean;
  readonly ties: 'seeded' | 'registration';
  readonly seed: string;
  /** The error with which the task must not be served, or nothing. */
  readonly refuses: (task: LocoTask) => SchedlabError | undefined;
  readonly granted: (waiter: Waiter) => void;
  readonly refused: (waiter: Waiter) => void;
}

interface Fresh { readonly agent: number; readonly task: LocoTask; readonly ageTicks: number }

export class TaskPolicy implements Policy {
  readonly #options: TaskPolicyOptions;
  readonly #state = new LocoState();
  readonly #tuner: AlphaTuner | undefined;
  readonly #guard: OverloadGuard | undefined;
  readonly #draw: RandomSource | null;
  /** Tasks by their dense number in the state. */
  readonly #tasks: (LocoTask | undefined)[] = [];
  readonly #freeTasks: number[] = [];
  /** Tasks of the present instant: they join after its releases have aged the queue. */
  #fresh: Fresh[] = [];
  readonly #byKey = new Map<number, Waiter>();
  readonly #bySlot: (Waiter | undefined)[] = [];
  /** Waiters by agent number, first to wait first. */
  readonly #queues: Set<Waiter>[] = [];
  #calls: CallView | undefined;
  #answer: CallSlot | undefined;

  constructor(options: TaskPolicyOptions) {
    this.#options = options;
    this.#tuner = options.autoTune ? new AlphaTuner({ alpha: options.alpha }) : undefined;
    this.#guard = options.guard ? new OverloadGuard() : undefined;
    this.#draw = options.ties === 'seeded' ? seededRandom(`${options.seed}/ties`) : null;
  }

  /** Tells the policy where the core keeps its calls. */
  attach(calls: CallView): this { this.#calls = calls; return this; }

  get tick(): number { return this.#state.now; }
  get alpha(): number { return this.#tuner?.alpha ?? this.#options.alpha; }
  /** Alpha of the next decision: what the guard leaves of it. */
  get alphaInForce(): number { return this.#guard ? this.#guard.limit(this.alpha) : this.alpha; }
  get waiting(): number { return this.#state.waiters.count; }

  // ---- agents and tasks

  register(): number {
    this.#queues.push(new Set());
    return this.#state.register();
  }

  submit(agent: number, task: LocoTask, ageTicks: number): void { this.#fresh.push({ agent, task, ageTicks }); }

  /** Lets the tasks of the present instant join their queues. */
  join(): void {
    if (this.#fresh.length === 0) return;
    for (const { agent, task, ageTicks } of this.#fresh) {
      const number = this.#freeTasks.pop() ?? this.#tasks.length;
      this.#tasks[number] = task;
      this.#state.enqueue(number, agent, task.weight, ageTicks);
      this.#guard?.arrived();
    }
    this.#fresh = [];
    this.#answer = undefined;
  }

  /** Sum of the weights as they were given; the rule itself works on rounded ones. O(tasks of the agent). */
  queueDepth(agent: number): number {
    let depth = 0;
    for (const task of this.pending(agent)) depth += task.weight;
    return depth;
  }

  /** Oldest first; the tasks of the present instant last. */
  pending(agent: number): readonly LocoTask[] {
    const found: LocoTask[] = [];
    for (let t = this.#state.oldestTask(agent); t >= 0; t = this.#state.tasks.after(t)) found.push(this.#tasks[t]!);
    for (const fresh of this.#fresh) if (fresh.agent === agent) found.push(fresh.task);
    return found;
  }

  oldestAgeTicks(agent: number): number {
    let age = this.#state.age(agent);
    for (const fresh of this.#fresh) if (fresh.agent === agent) age = Math.max(age, fresh.ageTicks);
    return age;
  }

  /** Empties an agent's queue. */
  takeAll(agent: number): readonly LocoTask[] {
    const taken = this.pending(agent);
    this.#fresh = this.#fresh.filter((fresh) => fresh.agent !== agent);
    for (let t = this.#state.oldestTask(agent); t >= 0; t = this.#state.oldestTask(agent)) this.#dequeue(t);
    this.#answer = undefined;
    return taken;
  }

  // ---- calls

  /** Announces the call that the core will know by `key`. */
  expect(key: number, agentNumber: number, agent: string, keepTask: boolean): Waiter {
    const waiter: Waiter = { key, agent, agentNumber, keepTask, phase: 'new', task: undefined, ageTicks: 0, check: undefined, refusal: undefined, handle: -1 };
    this.#byKey.set(key, waiter);
    return waiter;
  }

  /** The call ended without a place, and perhaps without having reached the core. */
  withdraw(waiter: Waiter): void {
    if (waiter.phase === 'new' && !waiter.keepTask) {
      this.join();
      this.#dropTask(waiter.agentNumber, this.#queues[waiter.agentNumber].size);
    }
    waiter.phase = waiter.phase === 'granted' ? 'granted' : 'gone';
    this.#byKey.delete(waiter.key);
  }

  arrive(call: CallSlot): void {
    this.join();
    assert(this.#calls !== undefined, 'the policy knows the calls before one arrives');
    const waiter = this.#byKey.get(this.#calls.key[call]);
    assert(waiter !== undefined && waiter.phase === 'new', 'a call was announced before it arrives', { call });
    waiter.phase = 'waiting';
    this.#bySlot[call] = waiter;
    this.#queues[waiter.agentNumber].add(waiter);
    this.#state.wait(call, waiter.agentNumber);
    this.#answer = undefined;
  }

  first(admits: Admits): CallSlot {
    if (admits.open[0] !== 1) return -1;
    this.join();
    return (this.#answer ??= this.#choose());
  }

  grant(call: CallSlot): void {
    const waiter = this.#leave(call);
    const number = this.#state.oldestTask(waiter.agentNumber);
    if (number >= 0) {
      waiter.ageTicks = this.#state.age(waiter.agentNumber);
      waiter.task = this.#dequeue(number);
    }
    this.#guard?.granted();
    waiter.phase = 'granted';
    this.#byKey.delete(waiter.key);
    this.#options.granted(waiter);
  }

  finish(): void { this.#tick(); }

  cancel(call: CallSlot, wasRunning: boolean): void {
    if (wasRunning) { this.#tick(); return; }
    this.join();
    const waiter = this.#bySlot[call];
    if (waiter?.phase !== 'waiting') return; // refused by the policy itself: gone already
    this.#drop(call);
  }

  walk(): void { throw new SchedlabError('ERR_NOT_POSSIBLE', 'tasks queued apart from calls are served at a gate only: no engine can walk them.'); }

  /** The agent's best claim decides; what its budget refuses leaves at once, so that the place goes on to the next. */
  #choose(): CallSlot {
    for (;;) {
      const agent = this.#state.choose(this.alphaInForce, null, this.#draw);
      if (agent < 0) return -1;
      const call = this.#state.waiters.firstOf(agent, null), task = this.#state.oldestTask(agent);
      const refusal = task < 0 ? undefined : this.#options.refuses(this.#tasks[task]!);
      if (refusal === undefined) return call;
      const waiter = this.#bySlot[call]!;
      waiter.refusal = refusal;
      this.#drop(call);
      this.#options.refused(waiter);
    }
  }

  #tick(): void {
    this.#state.tick();
    this.#guard?.tick();
    this.#tuner?.update(this.#state.ageVariation(), this.#state.tasks.totalBacklog);
    this.#answer = undefined;
  }

  /** A waiting call is refused; its task, the one that its turn would have served, leaves with it. */
  #drop(call: CallSlot): void {
    const waiter = this.#bySlot[call]!;
    let turn = 0;
    for (const other of this.#queues[waiter.agentNumber]) { if (other === waiter) break; turn++; }
    this.#leave(call);
    waiter.phase = 'gone';
    if (!waiter.keepTask) this.#dropTask(waiter.agentNumber, turn);
  }

  #leave(call: CallSlot): Waiter {
    const waiter = this.#bySlot[call];
    assert(waiter !== undefined && waiter.phase === 'waiting', 'only a waiting call leaves the queue', { call });
    this.#bySlot[call] = undefined;
    this.#queues[waiter.agentNumber].delete(waiter);
    this.#state.leave(call);
    this.#answer = undefined;
    return waiter;
  }

  /** Drops the agent's task with `turn` older ones, where it has so many. */
  #dropTask(agent: number, turn: number): void {
    let task = this.#state.oldestTask(agent);
    for (let i = 0; i < turn && task >= 0; i++) task = this.#state.tasks.after(task);
    if (task >= 0) this.#dequeue(task);
  }

  #dequeue(number: number): LocoTask {
    const task = this.#tasks[number]!;
    this.#state.dequeue(number);
    this.#tasks[number] = undefined;
    this.#freeTasks.push(number);
    this.#answer = undefined;
    return task;
  }
}
