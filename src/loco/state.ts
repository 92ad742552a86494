// All that LOCO knows: queued tasks, waiters, the count of ticks, and the indexes that answer who goes next.
import { assert } from '../errors.ts';
import type { RandomSource } from '../random.ts';
import { widen } from './columns.ts';
import { AgentIndex } from './agent-index.ts';
import { Question } from './question.ts';
import { loadScore } from './rule.ts';
import { TaskQueues } from './task-queues.ts';
import { WaiterQueues } from './waiter-queues.ts';

/** Which coordinates of a point have weight: at alpha 0 and 1 one of them has none, and points that differ in it alone are one. */
const BOTH = 0, AGE_ONLY = 1, BACKLOG_ONLY = 2;

interface ClassIndex {
  /** Agents with a waiter of this class and queued work. */
  readonly work: AgentIndex;
  /** Agents with a waiter of this class and no work at all, keyed by the order of that waiter. */
  readonly idle: AgentIndex;
}

/**
 * LOCO's state. Agents are dense numbers in order of registration; tasks and waiters bear dense numbers that the caller
 * gives and may reuse (one call may use one number for both). A task may be queued without a waiter and a waiter may stand without a task.
 *
 * Candidates are agents with a waiter of an open class; the denominators of the score run over every agent with queued work.
 * A waiter whose agent has no work is chosen only when no candidate has any, the first to wait first.
 * Ages are `now` − arrival: `now` counts ticks, or whatever unit the owner moves it in. No operation loops over agents, but
 * for alpha entering or leaving 0 or 1 (all points are keyed anew, O(n log n)) and `ageVariation`. Costs of a question: see AgentIndex, once for each open class.
 */
export class LocoState {
  readonly tasks = new TaskQueues();
  readonly waiters = new WaiterQueues();
  /** The time against which ages are taken. The owner may set it; never back. */
  now = 0;
  /** Agents registered. */
  agents = 0;
  /** Score of the agents that the last question found; NaN where they have no work. */
  topScore = NaN;
  /** How many agents the last question found, and among how many with work in open classes; one in several classes counts in each. */
  tied = 0;
  among = 0;
  readonly #classes: (ClassIndex | undefined)[] = [];
  /** Agents with work and no waiter: they count in the denominators alone. */
  readonly #others = new AgentIndex(false);
  #touched = new Int32Array(16);
  #touchedCount = 0;
  #isTouched = new Uint8Array(16);
  #mode = BOTH;
  #maxBacklog = -Infinity;
  #minSince = Infinity;
  /** Trees that the last question found its winners in. */
  readonly #found: AgentIndex[] = [];
  #foundCount = 0;
  readonly #question = new Question();
  #union = new Int32Array(16);
  #unionCount = 0;
  #idleWinner = -1;

  /** A new agent; returns its number. */
  register(): number { this.reserve(this.agents + 1); return this.agents - 1; }

  /** Registers all agents with numbers below `agents`. */
  reserve(agents: number): void {
    if (agents <= this.agents) return;
    this.agents = agents;
    this.tasks.reserveAgents(agents);
    this.waiters.reserveAgents(agents);
    if (agents > this.#touched.length) {
      this.#touched = widen(this.#touched, agents);
      this.#isTouched = widen(this.#isTouched, agents);
    }
  }

  /** One release: everything that is queued ages by one. O(1). */
  tick(): void { this.now++; }

  /** Queues a task of `age` (≥ 0). Throws ERR_OPTION_RANGE for a weight that is not finite and ≥ 0. */
  enqueue(task: number, agent: number, weight: number, age = 0): void {
    assert(agent >= 0 && agent < this.agents, 'a task belongs to a registered agent', { task, agent });
    this.tasks.add(task, agent, weight, this.now - age);
    this.#touch(agent);
  }

  /** Takes a task out of its queue: served, or gone with its call. */
  dequeue(task: number): void { this.#touch(this.tasks.remove(task)); }

  /** The task that the agent gives up when it is served: its oldest, between equal ages the first to come; or −1. */
  oldestTask(agent: number): number { return this.tasks.head[agent]; }

  /** Starts to wait for a place: class 0 for any engine, e + 1 for engine e alone. */
  wait(waiter: number, agent: number, callClass = 0): void {
    assert(agent >= 0 && agent < this.agents, 'a waiter belongs to a registered agent', { waiter, agent });
    this.waiters.add(waiter, agent, callClass);
    this.#touch(agent);
  }

  /** Waits no more: granted, or gone. */
  leave(waiter: number): void { this.#touch(this.waiters.remove(waiter)); }

  /** Puts back a task that was queued for the agent before, to the place which it had. */
  restoreTask(task: number, agent: number): void { this.tasks.restore(task, agent); this.#touch(agent); }

  /** Puts back a waiter that waited before, to the place which it had. */
  restoreWaiter(waiter: number, agent: number, callClass = 0): void { this.waiters.restore(waiter, agent, callClass); this.#touch(agent); }

  /** Age of the agent's oldest task, 0 without one. */
  age(agent: number): number { return this.tasks.count[agent] > 0 ? this.now - this.tasks.since[this.tasks.head[agent]] : 0; }

  backlog(agent: number): number { return this.tasks.backlog[agent]; }

  /** The agent's score now; 0 where it has no work. */
  score(agent: number, alpha: number): number {
    if (this.tasks.count[agent] === 0) return 0;
    this.#settle(alpha);
    return loadScore(alpha, this.tasks.backlog[agent], this.#maxBacklog, this.age(agent), this.#maxAge());
  }

  /**
   * Finds the agents that deserve service most among those that wait in an open class (`open[class]` 1; null: every class).
   * Exactly the agents that a full scan in doubles finds. Returns how many there are, 0 where nobody waits; read them with `winner`.
   */
  ask(alpha: number, open: Uint8Array | null = null): number {
    this.#settle(alpha);
    const classes = this.#classes, question = this.#question;
    question.set(alpha, this.#maxBacklog, this.#maxAge(), this.now);
    this.#foundCount = this.#unionCount = 0;
    this.#idleWinner = -1;
    this.topScore = -Infinity;
    this.among = 0;
    for (let k = 0; k < classes.length; k++) {
      const index = classes[k];
      if (index === undefined || index.work.isEmpty || (open !== null && open[k] !== 1)) continue;
      this.among += index.work.agents;
      question.floor = this.topScore;
      index.work.search(question);
      const top = index.work.top;
      if (top < this.topScore) continue;
      if (top > this.topScore) { this.topScore = top; this.#foundCount = 0; }
      this.#found[this.#foundCount++] = index.work;
    }
    if (this.#foundCount === 0) return this.#askIdle(open);
    return (this.tied = this.#foundCount === 1 ? this.#found[0].tied : this.#unite());
  }

  /** One of the agents that the last question found, `rank` of them having smaller numbers; 0 ≤ rank < `tied`. */
  winner(rank: number): number {
    if (this.#idleWinner >= 0) return this.#idleWinner;
    return this.#unionCount > 0 ? this.#union[rank] : this.#found[0].winner(rank);
  }

  /** Asks and chooses: one draw where agents tie, none otherwise; the first in order of registration where `draw` is null. Returns −1 where nobody waits. */
  choose(alpha: number, open: Uint8Array | null, draw: RandomSource | null): number {
    const tied = this.ask(alpha, open);
    if (tied === 0) return -1;
    return this.winner(tied === 1 || draw === null ? 0 : Math.floor(draw() * tied));
  }

  /** Coefficient of variation (population) of the oldest ages over agents with work; 0 for fewer than two or a mean of 0. O(agents). */
  ageVariation(): number {
    let n = 0, sum = 0;
    for (let i = 0; i < this.agents; i++) if (this.tasks.count[i] > 0) { n++; sum += this.age(i); }
    if (n < 2 || sum === 0) return 0;
    const mean = sum / n;
    let squares = 0;
    for (let i = 0; i < this.agents; i++) if (this.tasks.count[i] > 0) squares += (this.age(i) - mean) * (this.age(i) - mean);
    return Math.sqrt(squares / n) / mean;
  }

  #maxAge(): number { return this.#minSince === Infinity ? 0 : this.now - this.#minSince; }

  #touch(agent: number): void {
    if (this.#isTouched[agent] === 1) return;
    this.#isTouched[agent] = 1;
    this.#touched[this.#touchedCount++] = agent;
  }

  /** Brings the indexes up to date with what changed since the last question, an agent once however often it changed. */
  #settle(alpha: number): void {
    const mode = alpha === 0 ? AGE_ONLY : alpha === 1 ? BACKLOG_ONLY : BOTH;
    if (mode !== this.#mode) {
      this.#mode = mode;
      for (const index of this.#classes) index?.work.clear();
      for (let agent = 0; agent < this.agents; agent++) this.#touch(agent);
    }
    if (this.#touchedCount > 0) {
      for (let i = 0; i < this.#touchedCount; i++) { this.#isTouched[this.#touched[i]] = 0; this.#index(this.#touched[i]); }
      this.#touchedCount = 0;
    }
    this.#maxBacklog = 0;
    this.#minSince = Infinity;
    this.#measure(this.#others);
    const classes = this.#classes;
    for (let k = 0; k < classes.length; k++) {
      const index = classes[k];
      if (index !== undefined) this.#measure(index.work);
    }
  }

  /** Takes the tree's points into the denominators. */
  #measure(tree: AgentIndex): void {
    if (tree.isEmpty) return;
    tree.refresh();
    if (tree.maxBacklog > this.#maxBacklog) this.#maxBacklog = tree.maxBacklog;
    if (tree.minSince < this.#minSince) this.#minSince = tree.minSince;
  }

  #index(agent: number): void {
    const { tasks, waiters } = this, works = tasks.count[agent] > 0;
    const backlog = this.#mode === AGE_ONLY ? 0 : tasks.backlog[agent], since = works && this.#mode !== BACKLOG_ONLY ? tasks.since[tasks.head[agent]] : 0;
    let waits = false, emptied = false;
    for (let queue = waiters.first[agent]; queue >= 0; queue = waiters.next(queue)) {
      const { work, idle } = this.#classIndex(waiters.classOf(queue)), head = waiters.head(queue);
      if (head >= 0) waits = true; else emptied = true;
      if (head >= 0 && works) work.place(agent, backlog, since); else work.remove(agent);
      if (head >= 0 && !works) idle.place(agent, 0, waiters.orderOf(head)); else idle.remove(agent);
    }
    if (emptied) waiters.dropEmpty(agent);
    if (works && !waits) this.#others.place(agent, backlog, since); else this.#others.remove(agent);
  }

  #classIndex(k: number): ClassIndex { return (this.#classes[k] ??= { work: new AgentIndex(), idle: new AgentIndex(false) }); }

  #askIdle(open: Uint8Array | null): number {
    let first = Infinity;
    this.topScore = NaN;
    for (let k = 0; k < this.#classes.length; k++) {
      const index = this.#classes[k];
      if (index === undefined || index.idle.isEmpty || (open !== null && open[k] !== 1)) continue;
      index.idle.refresh();
      const order = index.idle.minSince;
      if (order < first) { first = order; this.#idleWinner = index.idle.agentAt(0, order); }
    }
    return (this.tied = this.among = this.#idleWinner < 0 ? 0 : 1);
  }

  /** Winners of several classes in ascending order, each agent once; returns how many. */
  #unite(): number {
    let all = 0;
    for (let i = 0; i < this.#foundCount; i++) all += this.#found[i].tied;
    if (all > this.#union.length) this.#union = widen(this.#union, all);
    let end = 0;
    for (let i = 0; i < this.#foundCount; i++) end = this.#found[i].copyWinners(this.#union, end);
    const union = this.#union.subarray(0, end).sort();
    let kept = 0;
    for (let i = 0; i < end; i++) if (i === 0 || union[i] !== union[i - 1]) union[kept++] = union[i];
    return (this.#unionCount = kept);
  }
}
