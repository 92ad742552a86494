// The waiting queues of a batch engine: first come first served, and by priority (R2). A preempted request comes back to the front.
import { assert } from '../../../src/errors.ts';
import type { BatchRequest } from './request.ts';

/** Who can stand in a queue of arrivals: the list goes through the requests. */
export interface Linked<R> { next: R | null; previous: R | null }

export interface WaitingQueue<R> extends Iterable<R> {
  readonly size: number;
  readonly head: R | null;
  add(request: R): void;
  /** A preempted request: before all others under fcfs, at its rank under priority. */
  putBack(request: R): void;
  remove(request: R): void;
  /** Who is served after this one; null: nobody. */
  after(request: R): R | null;
}

/** A list through the requests themselves: every operation is O(1). */
export class ArrivalQueue<R extends Linked<R>> implements WaitingQueue<R> {
  size = 0;
  head: R | null = null;
  #tail: R | null = null;
  readonly #newestFirst: boolean;
  readonly #toTail: boolean;

  constructor({ newestFirst, toTail }: { readonly newestFirst: boolean; readonly toTail: boolean }) {
    this.#newestFirst = newestFirst;
    this.#toTail = toTail;
  }

  add(request: R): void { if (this.#newestFirst) this.#prepend(request); else this.#append(request); }
  putBack(request: R): void { if (this.#toTail) this.#append(request); else this.#prepend(request); }
  after(request: R): R | null { return request.next; }

  remove(request: R): void {
    assert(this.size > 0 && (request.previous !== null || this.head === request), 'who leaves the queue waits in it');
    if (request.previous) request.previous.next = request.next; else this.head = request.next;
    if (request.next) request.next.previous = request.previous; else this.#tail = request.previous;
    request.next = request.previous = null;
    this.size--;
  }

  #append(request: R): void {
    request.previous = this.#tail;
    if (this.#tail) this.#tail.next = request; else this.head = request;
    this.#tail = request;
    this.size++;
  }

  #prepend(request: R): void {
    request.next = this.head;
    if (this.head) this.head.previous = request; else this.#tail = request;
    this.head = request;
    this.size++;
  }

  *[Symbol.iterator](): Iterator<R> { for (let one = this.head; one; one = one.next) yield one; }
}

/** Sorted by (priority, arrival, id): a change is O(log n) comparisons and a move of the rest, which is short where it happens often. */
export class PriorityQueue implements WaitingQueue<BatchRequest> {
  /** The next to be served is last. */
  readonly #sorted: BatchRequest[] = [];

  get size(): number { return this.#sorted.length; }
  get head(): BatchRequest | null { return this.#sorted.at(-1) ?? null; }

  add(request: BatchRequest): void { this.#sorted.splice(this.#place(request), 0, request); }
  putBack(request: BatchRequest): void { this.add(request); }
  after(request: BatchRequest): BatchRequest | null { return this.#sorted[this.#find(request) - 1] ?? null; }
  remove(request: BatchRequest): void { this.#sorted.splice(this.#find(request), 1); }

  /** Where it belongs: before it, all that it precedes. */
  #place(request: BatchRequest): number {
    let low = 0, high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (request.precedes(this.#sorted[middle])) low = middle + 1; else high = middle;
    }
    return low;
  }

  #find(request: BatchRequest): number {
    let at = this.#place(request);
    while (at < this.#sorted.length && this.#sorted[at] !== request) at++;
    assert(at < this.#sorted.length, 'who leaves the queue waits in it');
    return at;
  }

  *[Symbol.iterator](): Iterator<BatchRequest> { for (let at = this.#sorted.length - 1; at >= 0; at--) yield this.#sorted[at]; }
}
