// Queued tasks by agent: backlog, number, and the oldest, kept as tasks come and go.
import { assert } from '../errors.ts';
import { widen } from './columns.ts';
import { gridWeight } from './rule.ts';

/** Cells of a task's links: agent whose queue holds it (−1: not queued), next younger, next older. */
const AGENT = 0, NEXT = 1, PREVIOUS = 2;

/**
 * Tasks bear dense numbers that the caller gives and may reuse. An agent's tasks form a list, oldest first, between equal ages
 * in the order in which they came. `add` is O(1) for tasks that come in order of age, `remove` O(1).
 */
export class TaskQueues {
  /** Time of arrival by task, in the unit of age; negative for a task that was older than the count of time. */
  since = new Float64Array(16);
  /** Weight and rank of arrival, by task: one run of memory, as the links are. */
  #facts = new Float64Array(32);
  #links = new Int32Array(64).fill(-1);
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
    if (task >= this.since.length) this.#growTasks(task + 1);
    assert(this.#links[4 * task + AGENT] < 0, 'a task is queued once');
    this.#facts[2 * task] = gridWeight(weight);
    this.#facts[2 * task + 1] = this.#nextRank++;
    this.since[task] = since;
    this.#link(task, agent);
  }

  /** Puts back a task that was removed, to the place which it had. */
  restore(task: number, agent: number): void { this.#link(task, agent); }

  /** Takes a queued task out, the oldest or any other; returns its agent. */
  remove(task: number): number {
    const links = this.#links, agent = this.agentOf(task), weight = this.#facts[2 * task];
    assert(agent >= 0, 'a task that leaves was queued');
    const next = links[4 * task + NEXT], previous = links[4 * task + PREVIOUS];
    if (previous < 0) this.head[agent] = next; else links[4 * previous + NEXT] = next;
    if (next < 0) this.#tail[agent] = previous; else links[4 * next + PREVIOUS] = previous;
    links[4 * task + AGENT] = -1;
    this.queued--;
    // An empty queue weighs nothing, whatever weights too large to be summed exactly have left behind.
    this.backlog[agent] = --this.count[agent] === 0 ? 0 : this.backlog[agent] - weight;
    this.totalBacklog = this.queued === 0 ? 0 : this.totalBacklog - weight;
    return agent;
  }

  weightOf(task: number): number { return this.#facts[2 * task]; }

  /** The agent whose queue holds the task, or −1. */
  agentOf(task: number): number { return task < this.since.length ? this.#links[4 * task + AGENT] : -1; }

  /** The next younger task of the same queue, or −1. */
  after(task: number): number { return this.#links[4 * task + NEXT]; }

  #link(task: number, agent: number): void {
    const links = this.#links, weight = this.#facts[2 * task];
    let before = this.#tail[agent];
    if (before >= 0 && !this.#precedes(this.head[agent], task)) before = -1;
    while (before >= 0 && !this.#precedes(before, task)) before = links[4 * before + PREVIOUS];
    const next = before < 0 ? this.head[agent] : links[4 * before + NEXT];
    links[4 * task + AGENT] = agent;
    links[4 * task + NEXT] = next;
    links[4 * task + PREVIOUS] = before;
    if (before < 0) this.head[agent] = task; else links[4 * before + NEXT] = task;
    if (next < 0) this.#tail[agent] = task; else links[4 * next + PREVIOUS] = task;
    this.backlog[agent] += weight;
    this.totalBacklog += weight;
    this.count[agent]++;
    this.queued++;
  }

  #precedes(one: number, other: number): boolean {
    const { since } = this;
    return since[one] < since[other] || (since[one] === since[other] && this.#facts[2 * one + 1] < this.#facts[2 * other + 1]);
  }

  #growTasks(tasks: number): void {
    this.since = widen(this.since, tasks);
    this.#facts = widen(this.#facts, 2 * this.since.length);
    this.#links = widen(this.#links, 4 * this.since.length, -1);
  }
}
