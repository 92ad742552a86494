// Calls in the order of two numbers each, least first: a heap of the waiting per eligibility class, and the running beside them.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { Admits } from './policy.ts';

/**
 * Ordered by (major, minor), then by arrival, then by key, so that no order of telling shows. O(log n) an event; `first` compares
 * the heads of the open classes: O(classes met). A walk costs O(running + log n) a call visited, and leaves the heaps alone.
 */
export class RankedCalls {
  readonly #calls: CallView;
  /** Among equals, those that run stand first: nobody loses a place to an equal. */
  readonly #keepsPlaces: boolean;
  readonly #heaps: CallSlot[][] = [];
  readonly #running: CallSlot[] = [];
  #major = new Float64Array(64);
  #minor = new Float64Array(64);
  /** Place in the heap of its class, or among the running. */
  #at = new Int32Array(64);
  #runs = new Uint8Array(64);
  #open: Uint8Array | undefined;
  waiting = 0;

  constructor(calls: CallView, { keepsPlaces = false }: { readonly keepsPlaces?: boolean } = {}) { this.#calls = calls; this.#keepsPlaces = keepsPlaces; }

  get running(): readonly CallSlot[] { return this.#running; }
  majorOf(call: CallSlot): number { return this.#major[call]; }
  isRunning(call: CallSlot): boolean { return this.#runs[call] === 1; }

  /** The call waits. */
  add(call: CallSlot, major: number, minor = 0): void {
    if (call >= this.#at.length) this.#grow(call);
    this.#major[call] = major;
    this.#minor[call] = minor;
    this.#push(call);
  }

  /** A waiting call runs. */
  grant(call: CallSlot): void {
    this.#pull(call);
    this.#runs[call] = 1;
    this.#at[call] = this.#running.push(call) - 1;
  }

  /** A running call waits again, where its numbers put it. */
  preempt(call: CallSlot): void {
    this.#stop(call);
    this.#push(call);
  }

  /** The call is gone, from wherever it stood. */
  remove(call: CallSlot): void { if (this.#runs[call] === 1) this.#stop(call); else this.#pull(call); }

  /** Other numbers for a call, waiting or running. */
  move(call: CallSlot, major: number, minor = 0): void {
    this.#major[call] = major;
    this.#minor[call] = minor;
    if (this.#runs[call] === 1) return;
    const heap = this.#heaps[this.#calls.pin[call] + 1];
    this.#rise(heap, this.#at[call]);
    this.#sink(heap, this.#at[call]);
  }

  /** The first waiting call of the open classes, or −1. */
  first(admits: Admits): CallSlot {
    this.#open = admits.open;
    return this.#least(admits.open);
  }

  /** How many waiting calls of the classes that were open for `first` have the numbers of its answer. O(answer). */
  tied(): number { return this.ties().length; }

  /** Those calls, in no order. O(answer). */
  ties(): CallSlot[] {
    const best = this.#open === undefined ? -1 : this.#least(this.#open), found: CallSlot[] = [];
    for (let k = 0; best >= 0 && k < this.#heaps.length; k++) if (this.#open![k] === 1) this.#gather(this.#heaps[k], 0, best, found);
    return found;
  }

  /** All calls, waiting and running, in order, until `visit` answers false. */
  walk(visit: (call: CallSlot) => boolean): void {
    // A heap of those that may be next: who runs, and of each heap a call whose parents were shown.
    const next: CallSlot[] = [], push = (call: CallSlot): void => { next.push(call); for (let i = next.length - 1; i > 0;) { const up = (i - 1) >> 1; if (!this.#isBefore(next[i], next[up])) return; [next[i], next[up]] = [next[up], next[i]]; i = up; } };
    for (const call of this.#running) push(call);
    for (const heap of this.#heaps) if (heap.length > 0) push(heap[0]);
    while (next.length > 0) {
      const call = next[0], last = next.pop()!;
      if (next.length > 0) {
        let i = 0;
        for (;;) {
          let down = 2 * i + 1;
          if (down >= next.length) break;
          if (down + 1 < next.length && this.#isBefore(next[down + 1], next[down])) down++;
          if (!this.#isBefore(next[down], last)) break;
          next[i] = next[down];
          i = down;
        }
        next[i] = last;
      }
      if (!visit(call)) return;
      if (this.#runs[call] === 1) continue;
      const heap = this.#heaps[this.#calls.pin[call] + 1], at = this.#at[call];
      if (2 * at + 1 < heap.length) push(heap[2 * at + 1]);
      if (2 * at + 2 < heap.length) push(heap[2 * at + 2]);
    }
  }

  #least(open: Uint8Array): CallSlot {
    let best = -1;
    for (let k = 0; k < this.#heaps.length; k++) {
      const heap = this.#heaps[k];
      if (heap.length > 0 && open[k] === 1 && (best < 0 || this.#isBefore(heap[0], best))) best = heap[0];
    }
    return best;
  }

  #gather(heap: readonly CallSlot[], at: number, best: CallSlot, found: CallSlot[]): void {
    if (at >= heap.length || this.#differs(heap[at], best)) return;
    found.push(heap[at]);
    this.#gather(heap, 2 * at + 1, best, found);
    this.#gather(heap, 2 * at + 2, best, found);
  }

  #differs(a: CallSlot, b: CallSlot): boolean { return this.#major[a] !== this.#major[b] || this.#minor[a] !== this.#minor[b]; }

  #isBefore(a: CallSlot, b: CallSlot): boolean {
    const major = this.#major[a] - this.#major[b];
    if (major !== 0) return major < 0;
    const minor = this.#minor[a] - this.#minor[b];
    if (minor !== 0) return minor < 0;
    if (this.#keepsPlaces && this.#runs[a] !== this.#runs[b]) return this.#runs[a] === 1;
    const { arrivedUs, key } = this.#calls;
    return arrivedUs[a] < arrivedUs[b] || (arrivedUs[a] === arrivedUs[b] && key[a] < key[b]);
  }

  #push(call: CallSlot): void {
    const k = this.#calls.pin[call] + 1;
    while (this.#heaps.length <= k) this.#heaps.push([]);
    this.#at[call] = this.#heaps[k].push(call) - 1;
    this.#rise(this.#heaps[k], this.#at[call]);
    this.waiting++;
  }

  #pull(call: CallSlot): void {
    const heap = this.#heaps[this.#calls.pin[call] + 1], at = this.#at[call], last = heap.pop()!;
    this.waiting--;
    if (last === call) return;
    heap[at] = last;
    this.#at[last] = at;
    this.#rise(heap, at);
    this.#sink(heap, this.#at[last]);
  }

  #stop(call: CallSlot): void {
    const at = this.#at[call], last = this.#running.pop()!;
    this.#runs[call] = 0;
    if (last === call) return;
    this.#running[at] = last;
    this.#at[last] = at;
  }

  #rise(heap: CallSlot[], from: number): void {
    const call = heap[from];
    let i = from;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!this.#isBefore(call, heap[up])) break;
      this.#at[heap[i] = heap[up]] = i;
      i = up;
    }
    heap[i] = call;
    this.#at[call] = i;
  }

  #sink(heap: CallSlot[], from: number): void {
    const call = heap[from], n = heap.length;
    let i = from;
    for (;;) {
      let down = 2 * i + 1;
      if (down >= n) break;
      if (down + 1 < n && this.#isBefore(heap[down + 1], heap[down])) down++;
      if (!this.#isBefore(heap[down], call)) break;
      this.#at[heap[i] = heap[down]] = i;
      i = down;
    }
    heap[i] = call;
    this.#at[call] = i;
  }

  #grow(call: CallSlot): void {
    const n = Math.max(this.#at.length * 2, call + 1);
    const major = new Float64Array(n); major.set(this.#major); this.#major = major;
    const minor = new Float64Array(n); minor.set(this.#minor); this.#minor = minor;
    const at = new Int32Array(n); at.set(this.#at); this.#at = at;
    const runs = new Uint8Array(n); runs.set(this.#runs); this.#runs = runs;
  }
}
