// Deadlines of waiting calls: an indexed heap keyed (time, call key), so that a call that was served in time costs one removal.
import type { CallSlot } from './calls.ts';

/** O(log n) push and remove; a call is in at most once. */
export class Deadlines {
  #timeUs = new Float64Array(16);
  #key = new Float64Array(16);
  #call = new Int32Array(16);
  #place = new Int32Array(16).fill(-1);
  size = 0;

  /** Earliest deadline; Infinity when there is none. */
  get nextUs(): number { return this.size === 0 ? Infinity : this.#timeUs[0]; }
  /** Whose it is; ask only when `size` > 0. */
  get first(): CallSlot { return this.#call[0]; }

  push(call: CallSlot, timeUs: number, key: number): void {
    if (this.size === this.#call.length) this.#growHeap();
    if (call >= this.#place.length) this.#growPlaces(call);
    this.#settle(this.size++, call, timeUs, key);
  }

  /** Removes and answers the call with the earliest deadline; ask only when `size` > 0. */
  pop(): CallSlot {
    const call = this.first;
    this.remove(call);
    return call;
  }

  /** No-op for a call without a deadline. */
  remove(call: CallSlot): void {
    const at = call < this.#place.length ? this.#place[call] : -1;
    if (at < 0) return;
    this.#place[call] = -1;
    const last = --this.size;
    if (at !== last) this.#settle(at, this.#call[last], this.#timeUs[last], this.#key[last]);
  }

  /** Puts an entry at `at`, then moves it up or down to where it belongs. */
  #settle(at: number, call: CallSlot, timeUs: number, key: number): void {
    let i = at;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (this.#timeUs[up] < timeUs || (this.#timeUs[up] === timeUs && this.#key[up] < key)) break;
      this.#move(up, i);
      i = up;
    }
    for (let child = 2 * i + 1; child < this.size; child = 2 * i + 1) {
      const right = child + 1;
      if (right < this.size && this.#before(right, child)) child = right;
      if (timeUs < this.#timeUs[child] || (timeUs === this.#timeUs[child] && key < this.#key[child])) break;
      this.#move(child, i);
      i = child;
    }
    this.#timeUs[i] = timeUs;
    this.#key[i] = key;
    this.#call[i] = call;
    this.#place[call] = i;
  }

  #before(a: number, b: number): boolean {
    return this.#timeUs[a] < this.#timeUs[b] || (this.#timeUs[a] === this.#timeUs[b] && this.#key[a] < this.#key[b]);
  }

  #move(from: number, to: number): void {
    this.#timeUs[to] = this.#timeUs[from];
    this.#key[to] = this.#key[from];
    const call = this.#call[from];
    this.#call[to] = call;
    this.#place[call] = to;
  }

  #growHeap(): void {
    const n = this.#call.length * 2;
    const time = new Float64Array(n); time.set(this.#timeUs); this.#timeUs = time;
    const key = new Float64Array(n); key.set(this.#key); this.#key = key;
    const call = new Int32Array(n); call.set(this.#call); this.#call = call;
  }

  #growPlaces(call: CallSlot): void {
    const place = new Int32Array(Math.max(this.#place.length * 2, call + 1)).fill(-1);
    place.set(this.#place);
    this.#place = place;
  }
}
