// The processor-sharing engine: all calls present are served at once, at equal rates, at most one place each.
import type { CallSlot } from '../../src/dispatch/calls.ts';
import type { EngineSignals } from '../../src/engines/engine.ts';
import type { SimulatedEngine, SlotEngineParts } from './slot-engine.ts';
import { tokensBy } from './work.ts';

/**
 * Every call present has had the same service since any common instant, so one counter of service per call is enough: a call
 * that needs x more ends when the counter has grown by x. A binary heap on that value gives the next end; O(log n) an event.
 * Ends are rounded up to whole microseconds.
 */
export class SharingEngine implements SimulatedEngine {
  readonly #parts: SlotEngineParts;
  /** Service that a call present all along would have had, in µs. */
  #counter = 0;
  #lastUs = 0;
  /** Heap of calls by the counter value at which they end, then by slot. */
  readonly #heap: CallSlot[] = [];
  #endsAt = new Float64Array(64);
  #wakeUs = -1;
  #hasNews = false;

  constructor(parts: SlotEngineParts) { this.#parts = parts; }

  get busy(): number { return Math.min(this.#heap.length, this.#parts.slots); }

  submit(call: CallSlot, nowUs: number): void {
    if (call >= this.#endsAt.length) this.#grow(call);
    this.#advance(nowUs);
    const { calls, work } = this.#parts;
    this.#endsAt[call] = this.#counter + work.serviceUs[call];
    calls.scheduledUs[call] = nowUs;
    this.#push(call);
    this.#hasNews = true;
  }

  abort(call: CallSlot, nowUs: number): void {
    this.#advance(nowUs);
    const at = this.#heap.indexOf(call), last = this.#heap.pop()!;
    if (last !== call) { this.#heap[at] = last; this.#sift(at); }
    this.#hasNews = true;
  }

  onEvent(_subject: number, nowUs: number): void {
    if (this.#wakeUs !== nowUs) return;
    this.#wakeUs = -1;
    this.#advance(nowUs);
    const { events, number, calls, work } = this.#parts;
    while (this.#heap.length > 0 && this.#endsAt[this.#heap[0]] <= this.#counter + 1e-6) {
      const call = this.#heap[0], last = this.#heap.pop()!;
      if (last !== call) { this.#heap[0] = last; this.#sift(0); }
      if (work.outputTokens[call] > 0) {
        const share = work.serviceUs[call] > 0 ? work.firstTokenUs[call] / work.serviceUs[call] : 1;
        calls.firstTokenUs[call] = Math.min(nowUs, calls.scheduledUs[call] + Math.ceil((nowUs - calls.scheduledUs[call]) * share));
      }
      events.finished(number, call, nowUs, work.outputTokens[call], 0);
    }
    this.#hasNews = true;
  }

  decide(nowUs: number): void {
    if (!this.#hasNews) return;
    this.#hasNews = false;
    this.#wakeUs = -1;
    if (this.#heap.length === 0) return;
    this.#advance(nowUs);
    const call = this.#heap[0], rate = Math.min(1, this.#parts.slots / this.#heap.length);
    this.#wakeUs = nowUs + Math.max(0, Math.ceil((this.#endsAt[call] - this.#counter) / rate - 1e-6));
    this.#parts.kernel.schedule(this.#wakeUs, this.#parts.kind, call);
  }

  signals(): EngineSignals { return { atUs: this.#parts.kernel.nowUs, running: this.#heap.length, waiting: 0, kvUse: NaN }; }

  /** Present calls only. */
  producedTokens(call: CallSlot, nowUs: number): number {
    const { slots, work } = this.#parts, counter = this.#counter + (nowUs - this.#lastUs) * Math.min(1, slots / this.#heap.length);
    return tokensBy(work, call, work.serviceUs[call] - (this.#endsAt[call] - counter));
  }

  #advance(nowUs: number): void {
    if (this.#heap.length > 0) this.#counter += (nowUs - this.#lastUs) * Math.min(1, this.#parts.slots / this.#heap.length);
    // An empty engine forgets, so that the counter keeps its precision over long runs.
    else this.#counter = 0;
    this.#lastUs = nowUs;
  }

  #before(a: CallSlot, b: CallSlot): boolean {
    const { key } = this.#parts.calls;
    return this.#endsAt[a] < this.#endsAt[b] || (this.#endsAt[a] === this.#endsAt[b] && key[a] < key[b]);
  }

  #push(call: CallSlot): void {
    let i = this.#heap.push(call) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!this.#before(call, this.#heap[up])) break;
      this.#heap[i] = this.#heap[up];
      i = up;
    }
    this.#heap[i] = call;
  }

  /** Restores the order around one entry that was replaced. */
  #sift(at: number): void {
    const call = this.#heap[at];
    let i = at;
    while (i > 0 && this.#before(call, this.#heap[(i - 1) >> 1])) { this.#heap[i] = this.#heap[(i - 1) >> 1]; i = (i - 1) >> 1; }
    for (let child = 2 * i + 1; child < this.#heap.length; child = 2 * i + 1) {
      if (child + 1 < this.#heap.length && this.#before(this.#heap[child + 1], this.#heap[child])) child++;
      if (this.#before(call, this.#heap[child])) break;
      this.#heap[i] = this.#heap[child];
      i = child;
    }
    this.#heap[i] = call;
  }

  #grow(call: CallSlot): void {
    const n = Math.max(this.#endsAt.length * 2, call + 1);
    const ends = new Float64Array(n); ends.set(this.#endsAt); this.#endsAt = ends;
  }
}
