// Calls in the order in which they were put in: a linked list over call slots.
import { widen } from './columns.ts';

/** Slots as nodes. Every operation O(1); nothing is allocated in steady state. */
export class CallChain {
  first = -1;
  #last = -1;
  #next = new Int32Array(16);
  #previous = new Int32Array(16);

  append(slot: number): void {
    if (slot >= this.#next.length) {
      this.#next = widen(this.#next, slot + 1);
      this.#previous = widen(this.#previous, slot + 1);
    }
    this.#next[slot] = -1;
    this.#previous[slot] = this.#last;
    if (this.#last < 0) this.first = slot; else this.#next[this.#last] = slot;
    this.#last = slot;
  }

  remove(slot: number): void {
    const next = this.#next[slot], previous = this.#previous[slot];
    if (previous < 0) this.first = next; else this.#next[previous] = next;
    if (next < 0) this.#last = previous; else this.#previous[next] = previous;
  }

  /** The one after, or −1. */
  after(slot: number): number { return this.#next[slot]; }
}
