// The waiting queues of a batch engine: first come first served, and by priority (R2). A preempted request comes back to the front.
import { assert } from '../../../src/errors.ts';
import type { BatchRequest } from './request.ts';

export interface WaitingQueue extends Iterable<BatchRequest> {
  readonly size: number;
  readonly head: BatchRequest | null;
  add(request: BatchRequest): void;
  /** A preempted request: before all others under fcfs, at its rank under priority. */
  putBack(request: BatchRequest): void;
  remove(request: BatchRequest): void;
  /** Who is served after this one; null: nobody. */
  after(request: BatchRequest): BatchRequest | null;
}

/** A list through the requests themselves: every operation is O(1). */
export class ArrivalQueue implements WaitingQueue {
  size = 0;
  head: BatchRequest | null = null;
  #tail: BatchRequest | null = null;
  readonly #newestFirst: boolean;
  readonly #toTail: boolean;

  constructor({ newestFirst, toTail }: { readonly newestFirst: boolean; readonly toTail: boolean }) {
    this.#newestFirst = newestFirst;
    this.#toTail = toTail;
  }

  add(request: BatchRequest): void { if (this.#newestFirst) this.#prepend(request); else this.#append(request); }
  putBack(request: BatchRequest): void { if (this.#toTail) this.#append(request); else this.#prepend(request); }
  after(request: BatchRequest): BatchRequest | null { return request.next; }

  remove(request: BatchRequest): void {
    assert(this.size > 0 && (request.previous !== null || this.head === request), 'who leaves the queue waits in it');
    if (request.previous) request.previous.next = request.next; else this.head = request.next;
    if (request.next) request.next.previous = request.previous; else this.#tail = request.previous;
    request.next = request.previous = null;
    this.size--;
  }

  #append(request: BatchRequest): void {
    request.previous = this.#tail;
    if (this.#tail) this.#tail.next = request; else this.head = request;
    this.#tail = request;
    this.size++;
  }

  #prepend(request: BatchRequest): void {
    request.next = this.head;
    if (this.head) this.head.previous = request; else this.#tail = request;
    this.head = request;
    this.size++;
  }

  *[Symbol.iterator](): Iterator<BatchRequest> { for (let one = this.head; one; one = one.next) yield one; }
}

/** Sorted by (priority, arrival, id): a change is O(log n) comparisons and a move of the rest, which is short where it happens often. */
export class PriorityQueue implements WaitingQueue {
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
