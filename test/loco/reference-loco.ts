// LOCO by a full scan, as plainly as it can be written: the judge of the indexed state. For tests alone.
import type { CallSlot, CallView } from '../../src/dispatch/calls.ts';
import { gridWeight, loadScore } from '../../src/loco/rule.ts';
import type { Admits, Policy } from '../../src/policies/policy.ts';

export interface ReferenceTask { readonly task: number; readonly weight: number; readonly since: number; readonly rank: number }
export interface ReferenceWaiter { readonly waiter: number; readonly callClass: number; readonly order: number }

/** Tasks and waiters by agent; every question sums, compares and sorts afresh. */
export class ReferenceState {
  now = 0;
  readonly tasks: ReferenceTask[][] = [];
  readonly waiters: ReferenceWaiter[][] = [];
  #rank = 0;

  reserve(agents: number): void {
    while (this.tasks.length < agents) { this.tasks.push([]); this.waiters.push([]); }
  }

  enqueue(task: number, agent: number, weight: number, age = 0): void {
    this.tasks[agent].push({ task, weight: gridWeight(weight), since: this.now - age, rank: this.#rank++ });
    this.tasks[agent].sort((x, y) => x.since - y.since || x.rank - y.rank);
  }

  dequeue(task: number): void { for (const list of this.tasks) drop(list, (t) => t.task === task); }

  wait(waiter: number, agent: number, callClass = 0): void { this.waiters[agent].push({ waiter, callClass, order: this.#rank++ }); }

  leave(waiter: number): void { for (const list of this.waiters) drop(list, (w) => w.waiter === waiter); }

  backlog(agent: number): number { return this.tasks[agent].reduce((sum, t) => sum + t.weight, 0); }

  age(agent: number): number { return this.tasks[agent].length === 0 ? 0 : this.now - this.tasks[agent][0].since; }

  scores(alpha: number): Map<number, number> {
    const working = this.tasks.map((_, i) => i).filter((i) => this.tasks[i].length > 0);
    const maxBacklog = Math.max(0, ...working.map((i) => this.backlog(i))), maxAge = Math.max(0, ...working.map((i) => this.age(i)));
    return new Map(working.map((i) => [i, loadScore(alpha, this.backlog(i), maxBacklog, this.age(i), maxAge)]));
  }

  /** Agents of the highest score among those with a waiter of an open class, ascending; without any, the idle one that waits longest. */
  winners(alpha: number, open: Uint8Array | null): number[] {
    const isOpen = (w: ReferenceWaiter): boolean => open === null || open[w.callClass] === 1;
    const scores = [...this.scores(alpha)].filter(([i]) => this.waiters[i].some(isOpen));
    const best = Math.max(...scores.map(([, s]) => s));
    if (scores.length > 0) return scores.filter(([, s]) => s === best).map(([i]) => i);
    const idle = this.waiters.flatMap((list, i) => list.filter(isOpen).map((w) => ({ i, order: w.order }))).sort((x, y) => x.order - y.order);
    return idle.slice(0, 1).map(({ i }) => i);
  }

  firstOf(agent: number, open: Uint8Array | null): number {
    return this.waiters[agent].find((w) => open === null || open[w.callClass] === 1)?.waiter ?? -1;
  }
}

/** The policy on the scan, without guard and tuner; ties go to the agent of the lowest number. */
export class ReferencePolicy implements Policy {
  readonly state = new ReferenceState();
  readonly alpha: number;
  readonly #calls: CallView;
  readonly #running: CallSlot[] = [];
  constructor(calls: CallView, alpha: number) { this.#calls = calls; this.alpha = alpha; }

  get waiting(): number { return this.state.waiters.reduce((sum, list) => sum + list.length, 0); }

  arrive(call: CallSlot): void {
    const agent = this.#calls.agent[call];
    this.state.reserve(agent + 1);
    this.state.enqueue(call, agent, this.#calls.weight[call]);
    this.state.wait(call, agent, this.#calls.pin[call] + 1);
  }

  grant(call: CallSlot): void { this.state.leave(call); this.state.dequeue(call); this.#running.push(call); }

  finish(call: CallSlot): void { drop(this.#running, (c) => c === call); this.state.now++; }

  cancel(call: CallSlot, wasRunning: boolean): void {
    if (wasRunning) this.finish(call);
    else { this.state.leave(call); this.state.dequeue(call); }
  }

  first(admits: Admits): CallSlot {
    const [agent] = this.state.winners(this.alpha, admits.open);
    return agent === undefined ? -1 : this.state.firstOf(agent, admits.open);
  }

  walk(visit: (call: CallSlot) => boolean): void { for (const call of this.#running) if (!visit(call)) return; }
}

function drop<T>(list: T[], is: (item: T) => boolean): void {
  const i = list.findIndex(is);
  if (i >= 0) list.splice(i, 1);
}
