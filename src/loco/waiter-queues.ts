// Who waits for a place: by agent and eligibility class, first come first in each of these queues.
import { assert } from '../errors.ts';
import { widen } from './columns.ts';

/**
 * Waiters bear dense numbers that the caller gives and may reuse. A *queue* is a pair (agent, class) with its waiters; an agent's
 * queues are chained. An emptied queue stays until it is dropped, so that an index can see that it emptied.
 * `add` and `remove` are O(1) but for the agent's number of classes.
 */
export class WaiterQueues {
  /** Order of arrival, by waiter. */
  order = new Float64Array(16);
  /** Queue of the waiter; −1: does not wait. */
  queue = new Int32Array(16).fill(-1);
  #next = new Int32Array(16);
  #previous = new Int32Array(16);
  /** Columns by queue; `head` −1: nobody waits there any more. */
  agentOf = new Int32Array(16);
  classOf = new Int32Array(16);
  head = new Int32Array(16);
  /** The agent's next queue, −1 at the end. */
  nextQueue = new Int32Array(16);
  #tail = new Int32Array(16);
  #free: number[] = [];
  #queues = 0;
  /** The agent's first queue, −1 without any. */
  first = new Int32Array(16).fill(-1);
  /** Waiters in all. */
  count = 0;
  #nextOrder = 1;

  /** Above every order that was given. */
  get orders(): number { return this.#nextOrder; }

  reserveAgents(agents: number): void {
    if (agents > this.first.length) this.first = widen(this.first, agents, -1);
  }

  add(waiter: number, agent: number, callClass: number): void {
    if (waiter >= this.queue.length) this.#growWaiters(waiter + 1);
    assert(this.queue[waiter] < 0, 'a waiter waits once', { waiter, agent });
    this.order[waiter] = this.#nextOrder++;
    this.restore(waiter, agent, callClass);
  }

  /** Puts back a waiter that was removed, to the place which it had. */
  restore(waiter: number, agent: number, callClass: number): void {
    const queue = this.#queueOf(agent, callClass), order = this.order[waiter];
    let before = this.#tail[queue];
    if (before >= 0 && this.order[this.head[queue]] > order) before = -1;
    while (before >= 0 && this.order[before] > order) before = this.#previous[before];
    const next = before < 0 ? this.head[queue] : this.#next[before];
    this.#previous[waiter] = before;
    this.#next[waiter] = next;
    if (before < 0) this.head[queue] = waiter; else this.#next[before] = waiter;
    if (next < 0) this.#tail[queue] = waiter; else this.#previous[next] = waiter;
    this.queue[waiter] = queue;
    this.count++;
  }

  /** Takes a waiter out; returns its agent. */
  remove(waiter: number): number {
    const queue = waiter < this.queue.length ? this.queue[waiter] : -1;
    assert(queue >= 0, 'a waiter that leaves was waiting', { waiter });
    const next = this.#next[waiter], previous = this.#previous[waiter];
    if (previous < 0) this.head[queue] = next; else this.#next[previous] = next;
    if (next < 0) this.#tail[queue] = previous; else this.#previous[next] = previous;
    this.queue[waiter] = -1;
    this.count--;
    return this.agentOf[queue];
  }

  /** The agent's waiter that came first among the classes with `open[class]` 1, every class where `open` is null; or −1. */
  firstOf(agent: number, open: Uint8Array | null): number {
    let best = -1;
    for (let queue = this.first[agent]; queue >= 0; queue = this.nextQueue[queue]) {
      const waiter = this.head[queue];
      if (waiter < 0 || (open !== null && open[this.classOf[queue]] !== 1)) continue;
      if (best < 0 || this.order[waiter] < this.order[best]) best = waiter;
    }
    return best;
  }

  /** Forgets the agent's empty queues. */
  dropEmpty(agent: number): void {
    let previous = -1;
    for (let queue = this.first[agent]; queue >= 0;) {
      const next = this.nextQueue[queue];
      if (this.head[queue] >= 0) previous = queue;
      else {
        if (previous < 0) this.first[agent] = next; else this.nextQueue[previous] = next;
        this.#free.push(queue);
      }
      queue = next;
    }
  }

  #queueOf(agent: number, callClass: number): number {
    for (let queue = this.first[agent]; queue >= 0; queue = this.nextQueue[queue]) if (this.classOf[queue] === callClass) return queue;
    const queue = this.#free.pop() ?? this.#queues++;
    if (queue >= this.head.length) this.#growQueues(queue + 1);
    this.agentOf[queue] = agent;
    this.classOf[queue] = callClass;
    this.head[queue] = this.#tail[queue] = -1;
    this.nextQueue[queue] = this.first[agent];
    return (this.first[agent] = queue);
  }

  #growWaiters(waiters: number): void {
    this.order = widen(this.order, waiters);
    this.queue = widen(this.queue, waiters, -1);
    this.#next = widen(this.#next, waiters);
    this.#previous = widen(this.#previous, waiters);
  }

  #growQueues(queues: number): void {
    this.agentOf = widen(this.agentOf, queues);
    this.classOf = widen(this.classOf, queues);
    this.head = widen(this.head, queues);
    this.nextQueue = widen(this.nextQueue, queues);
    this.#tail = widen(this.#tail, queues);
  }
}
