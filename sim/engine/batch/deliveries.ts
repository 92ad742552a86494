// What is on its way back to the clients: tokens and ends that were produced and not yet delivered. A heap on (time, order of production).
import type { CallSlot } from '../../../src/dispatch/calls.ts';

export interface Delivery { readonly dueUs: number; readonly sequence: number; readonly call: CallSlot; readonly isEnd: boolean; readonly outputTokens: number; readonly cachedTokens: number }

export class Deliveries {
  #heap: Delivery[] = [];
  #sequence = 0;

  get nextUs(): number { return this.#heap[0]?.dueUs ?? Infinity; }

  add(dueUs: number, call: CallSlot, isEnd: boolean, outputTokens: number, cachedTokens: number): void {
    const heap = this.#heap, one: Delivery = { dueUs, sequence: this.#sequence++, call, isEnd, outputTokens, cachedTokens };
    let at = heap.push(one) - 1;
    for (let up = (at - 1) >> 1; at > 0 && before(one, heap[up]); up = (at - 1) >> 1) { heap[at] = heap[up]; at = up; }
    heap[at] = one;
  }

  /** The first that is due; nothing where none is. */
  take(nowUs: number): Delivery | undefined {
    const heap = this.#heap, first = heap[0];
    if (first === undefined || first.dueUs > nowUs) return undefined;
    const last = heap.pop()!;
    if (heap.length > 0) this.#sink(last);
    return first;
  }

  /** The client has gone: whatever is on its way to it. O(n log n), and rare. */
  drop(call: CallSlot): void {
    const kept = this.#heap.filter((one) => one.call !== call);
    if (kept.length === this.#heap.length) return;
    // A sorted list is a heap.
    this.#heap = kept.sort((a, b) => (before(a, b) ? -1 : 1));
  }

  #sink(one: Delivery): void {
    const heap = this.#heap;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], one)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = one;
  }
}

function before(a: Delivery, b: Delivery): boolean { return a.dueUs < b.dueUs || (a.dueUs === b.dueUs && a.sequence < b.sequence); }
