// Who waits for a place: by agent and eligibility class, first come first in each of these queues.
import { assert } from '../errors.ts';
import { widen } from './columns.ts';

/** Cells of a waiter's record: its queue (−1: does not wait), the next in the queue, the one before. */
const QUEUE = 0, NEXT = 1, PREVIOUS = 2;
/** Cells of a queue's record; head −1: nobody waits there any more. */
const AGENT = 0, CLASS = 1, HEAD = 2, TAIL = 3, CHAIN = 4;

/**
 * Waiters bear dense numbers that the caller gives and may reuse. A *queue* is a pair (agent, class) with its waiters; an agent's
 * queues are chained. An emptied queue stays until it is dropped, so that an index can see that it emptied.
 * `add` and `remove` are O(1) but for the agent's number of classes.
 */
export class WaiterQueues {
  /** Order of arrival, by waiter. */
  #order = new Float64Array(16);
  /** Records of waiters and of queues, each in one run of memory. */
  #waiters = new Int32Array(64).fill(-1);
  #records = new Int32Array(128);
  #free: number[] = [];
  #queues = 0;
  /** The agent's first queue, −1 without any. */
  first = new Int32Array(16).fill(-1);
  /** Waiters in all. */
  count = 0;
  #nextOrder = 1;

  reserveAgents(agents: number): void {
    if (agents > this.first.length) this.first = widen(this.first, agents, -1);
  }

  add(waiter: number, agent: number, callClass: number): void {
    if (waiter >= this.#order.length) this.#growWaiters(waiter + 1);
    assert(this.#waiters[4 * waiter + QUEUE] < 0, 'a waiter waits once');
    this.#order[waiter] = this.#nextOrder++;
    this.restore(waiter, agent, callClass);
  }

  /** Puts back a waiter that was removed, to the place which it had. */
  restore(waiter: number, agent: number, callClass: number): void {
    const queue = this.#queueOf(agent, callClass), records = this.#records, waiters = this.#waiters, orders = this.#order, order = orders[waiter];
    let before = records[8 * queue + TAIL];
    if (before >= 0 && orders[records[8 * queue + HEAD]] > order) before = -1;
    while (before >= 0 && orders[before] > order) before = waiters[4 * before + PREVIOUS];
    const next = before < 0 ? records[8 * queue + HEAD] : waiters[4 * before + NEXT];
    waiters[4 * waiter + QUEUE] = queue;
    waiters[4 * waiter + NEXT] = next;
    waiters[4 * waiter + PREVIOUS] = before;
    if (before < 0) records[8 * queue + HEAD] = waiter; else waiters[4 * before + NEXT] = waiter;
    if (next < 0) records[8 * queue + TAIL] = waiter; else waiters[4 * next + PREVIOUS] = waiter;
    this.count++;
  }

  /** Takes a waiter out; returns its agent. */
  remove(waiter: number): number {
    const records = this.#records, waiters = this.#waiters, queue = waiter < this.#order.length ? waiters[4 * waiter + QUEUE] : -1;
    assert(queue >= 0, 'a waiter that leaves was waiting');
    const next = waiters[4 * waiter + NEXT], previous = waiters[4 * waiter + PREVIOUS];
    if (previous < 0) records[8 * queue + HEAD] = next; else waiters[4 * previous + NEXT] = next;
    if (next < 0) records[8 * queue + TAIL] = previous; else waiters[4 * next + PREVIOUS] = previous;
    waiters[4 * waiter + QUEUE] = -1;
    this.count--;
    return records[8 * queue + AGENT];
  }

  /** The agent's waiter that came first among the classes with `open[class]` 1, every class where `open` is null; or −1. */
  firstOf(agent: number, open: Uint8Array | null): number {
    const records = this.#records;
    let best = -1;
    for (let queue = this.first[agent]; queue >= 0; queue = records[8 * queue + CHAIN]) {
      const waiter = records[8 * queue + HEAD];
      if (waiter < 0 || (open !== null && open[records[8 * queue + CLASS]] !== 1)) continue;
      if (best < 0 || this.#order[waiter] < this.#order[best]) best = waiter;
    }
    return best;
  }

  /** The agent's queue after this one, −1 at the end. */
  next(queue: number): number { return this.#records[8 * queue + CHAIN]; }

  classOf(queue: number): number { return this.#records[8 * queue + CLASS]; }

  /** First waiter of the queue, −1 where it emptied. */
  head(queue: number): number { return this.#records[8 * queue + HEAD]; }

  orderOf(waiter: number): number { return this.#order[waiter]; }

  /** Forgets the agent's empty queues. */
  dropEmpty(agent: number): void {
    const records = this.#records;
    let previous = -1;
    for (let queue = this.first[agent]; queue >= 0;) {
      const next = records[8 * queue + CHAIN];
      if (records[8 * queue + HEAD] >= 0) previous = queue;
      else {
        if (previous < 0) this.first[agent] = next; else records[8 * previous + CHAIN] = next;
        this.#free.push(queue);
      }
      queue = next;
    }
  }

  #queueOf(agent: number, callClass: number): number {
    let records = this.#records;
    for (let queue = this.first[agent]; queue >= 0; queue = records[8 * queue + CHAIN]) if (records[8 * queue + CLASS] === callClass) return queue;
    const queue = this.#free.pop() ?? this.#queues++;
    if (8 * queue >= records.length) records = this.#records = widen(records, 8 * queue + 8);
    records[8 * queue + AGENT] = agent;
    records[8 * queue + CLASS] = callClass;
    records[8 * queue + HEAD] = records[8 * queue + TAIL] = -1;
    records[8 * queue + CHAIN] = this.first[agent];
    return (this.first[agent] = queue);
  }

  #growWaiters(waiters: number): void {
    this.#order = widen(this.#order, waiters);
    this.#waiters = widen(this.#waiters, 4 * this.#order.length, -1);
  }
}
