// Queued tasks by agent: backlog, number, and the oldest, kept as tasks come and go.
import { assert } from '../errors.ts';
import { widen } from './columns.ts';
import { gridWeight } from './rule.ts';

/**
 * Tasks bear dense numbers that the caller gives and may reuse. An agent's tasks form a list, oldest first, between equal ages
 * in the order in which they came. `add` is O(1) for tasks that come in order of age, `remove` O(1).
 */
export class TaskQueues {
  /** Columns by task. */
  weight = new Float64Array(16);
  /** Time of arrival, in the unit of age; negative for a task that was older than the count of time. */
  since = new Float64Array(16);
  /** Agent whose queue holds the task; −1: not queued. */
  agent = new Int32Array(16).fill(-1);
  #rank = new Float64Array(16);
  #next = new Int32Array(16);
  #previous = new Int32Array(16);
  /** Columns by agent. Backlog: sum of the weights queued. Head: the oldest task, −1 without one. */
  backlog = new Float64Array(16);
  count = new Int32Array(16);
  head = new Int32Array(16).fill(-1);
  #tail = new Int32Array(16).fill(-1);
  /** Sum of all backlogs, and number of tasks queued. */
  totalBacklog = 0;
  queued = 0;
  #nextRank = 0;

  reserveAgents(agents: number): void {
    if (agents <= this.count.length) return;
    this.backlog = widen(this.backlog, agents);
    this.count = widen(this.count, agents);
    this.head = widen(this.head, agents, -1);
    this.#tail = widen(this.#tail, agents, -1);
  }

  /** Queues a task; weight finite and ≥ 0, rounded to the grid. */
  add(task: number, agent: number, weight: number, since: number): void {
    if (task >= this.agent.length) this.#growTasks(task + 1);
    assert(this.agent[task] < 0, 'a task is queued once', { task, agent });
    this.weight[task] = gridWeight(weight);
    this.#rank[task] = this.#nextRank++;
    this.#link(task, agent, since);
  }

  /** Puts back a task that was removed, to the place which it had. */
  restore(task: number, agent: number): void { this.#link(task, agent, this.since[task]); }

  /** Takes a queued task out, the oldest or any other; returns its agent. */
  remove(task: number): number {
    const agent = task < this.agent.length ? this.agent[task] : -1;
    assert(agent >= 0, 'a task that leaves was queued', { task });
    const next = this.#next[task], previous = this.#previous[task];
    if (previous < 0) this.head[agent] = next; else this.#next[previous] = next;
    if (next < 0) this.#tail[agent] = previous; else this.#previous[next] = previous;
    this.agent[task] = -1;
    this.queued--;
    // An empty queue weighs nothing, whatever weights too large to be summed exactly have left behind.
    this.backlog[agent] = --this.count[agent] === 0 ? 0 : this.backlog[agent] - this.weight[task];
    this.totalBacklog = this.queued === 0 ? 0 : this.totalBacklog - this.weight[task];
    return agent;
  }

  /** The next younger task of the same queue, or −1. */
  after(task: number): number { return this.#next[task]; }

  #link(task: number, agent: number, since: number): void {
    const rank = this.#rank[task];
    let before = this.#tail[agent];
    if (before >= 0 && !this.#precedes(this.head[agent], since, rank)) before = -1;
    while (before >= 0 && !this.#precedes(before, since, rank)) before = this.#previous[before];
    const next = before < 0 ? this.head[agent] : this.#next[before];
    this.#previous[task] = before;
    this.#next[task] = next;
    if (before < 0) this.head[agent] = task; else this.#next[before] = task;
    if (next < 0) this.#tail[agent] = task; else this.#previous[next] = task;
    this.since[task] = since;
    this.agent[task] = agent;
    this.backlog[agent] += this.weight[task];
    this.totalBacklog += this.weight[task];
    this.count[agent]++;
    this.queued++;
  }

  #precedes(other: number, since: number, rank: number): boolean {
    return this.since[other] < since || (this.since[other] === since && this.#rank[other] < rank);
  }

  #growTasks(tasks: number): void {
    this.weight = widen(this.weight, tasks);
    this.since = widen(this.since, tasks);
    this.agent = widen(this.agent, tasks, -1);
    this.#rank = widen(this.#rank, tasks);
    this.#next = widen(this.#next, tasks);
    this.#previous = widen(this.#previous, tasks);
  }
}
