// A first-in-first-out list of calls, linked through typed columns by slot: O(1) append, prepend and removal anywhere, no allocation.
import type { CallSlot } from '../dispatch/calls.ts';

export class CallList {
  head = -1;
  tail = -1;
  size = 0;
  #next = new Int32Array(64).fill(-1);
  #prev = new Int32Array(64).fill(-1);

  append(call: CallSlot): void {
    if (call >= this.#next.length) this.#grow(call);
    this.#prev[call] = this.tail;
    this.#next[call] = -1;
    if (this.tail >= 0) this.#next[this.tail] = call;
    else this.head = call;
    this.tail = call;
    this.size++;
  }

  prepend(call: CallSlot): void {
    if (call >= this.#next.length) this.#grow(call);
    this.#next[call] = this.head;
    this.#prev[call] = -1;
    if (this.head >= 0) this.#prev[this.head] = call;
    else this.tail = call;
    this.head = call;
    this.size++;
  }

  /** `before` must be in the list. */
  insertBefore(call: CallSlot, before: CallSlot): void {
    const prev = this.#prev[before];
    if (prev < 0) { this.prepend(call); return; }
    if (call >= this.#next.length) this.#grow(call);
    this.#next[prev] = call;
    this.#prev[call] = prev;
    this.#next[call] = before;
    this.#prev[before] = call;
    this.size++;
  }

  /** The call must be in the list. */
  remove(call: CallSlot): void {
    const before = this.#prev[call], after = this.#next[call];
    if (before >= 0) this.#next[before] = after;
    else this.head = after;
    if (after >= 0) this.#prev[after] = before;
    else this.tail = before;
    this.size--;
  }

  /** The call behind this one; −1 at the end. */
  after(call: CallSlot): CallSlot { return this.#next[call]; }

  #grow(call: CallSlot): void {
    const n = Math.max(this.#next.length * 2, call + 1);
    const next = new Int32Array(n).fill(-1); next.set(this.#next); this.#next = next;
    const prev = new Int32Array(n).fill(-1); prev.set(this.#prev); this.#prev = prev;
  }
}
