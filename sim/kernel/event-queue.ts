// The future-event list: a binary heap in typed columns ordered by (time, sequence), and a FIFO lane for the present instant.
import { Tiebreaker } from './ties.ts';
import type { TieMode } from './ties.ts';

export type { TieMode } from './ties.ts';

/** Least number of columns that a queue starts with. */
const LEAST_CAPACITY = 16;

/**
 * Events in a strict total order: (timeUs, sequence of insertion) in mode `fifo`, the sequence reversed in `lifo`, random in `shuffle`.
 * Push and pop cost O(log n); a push at the time of the last pop costs O(1). Memory: 20 bytes an event, doubled on growth, never given back.
 *
 * A pop leaves a hole at the root, and the next push fills it: the usual pop-then-push of a simulation walks the heap once instead of twice.
 * Slots past the end hold Infinity, so that choosing between two children needs no bound check and no branch.
 */
export class EventQueue {
  /** Time of the last event popped; the instant that the lane serves. */
  timeUs = 0;
  /** Null in mode fifo, where the newest event is always the last of its time: the fast path rests on that. */
  readonly #ties: Tiebreaker | null;
  #count = 0;
  #times: Float64Array;
  #keys: Float64Array;
  #payloads: Int32Array;
  /** Slots in use, the hole included. */
  #length = 0;
  /** 1 when the root was popped and nothing has taken its place. */
  #hole = 0;
  #laneKeys: Float64Array;
  #lanePayloads: Int32Array;
  #laneHead = 0;
  #laneLength = 0;

  constructor(capacity = 1024, ties: TieMode = 'fifo', seed = '') {
    let slots = LEAST_CAPACITY;
    while (slots < capacity) slots *= 2;
    this.#ties = ties === 'fifo' ? null : new Tiebreaker(ties, seed);
    this.#times = new Float64Array(slots + 1).fill(Infinity);
    this.#keys = new Float64Array(slots + 1);
    this.#payloads = new Int32Array(slots + 1);
    this.#laneKeys = new Float64Array(LEAST_CAPACITY);
    this.#lanePayloads = new Int32Array(LEAST_CAPACITY);
  }

  get size(): number { return this.#length - this.#hole + this.#laneLength; }

  /** Takes the next sequence for an event that is kept elsewhere but ordered among these. */
  nextKey(): number { return this.#ties === null ? ++this.#count : this.#ties.next(); }

  /**
   * Adds an event. Not checked here: `timeUs` is a finite number and not before the last pop, `payload` a non-negative int32.
   */
  push(timeUs: number, payload: number): void {
    if (this.#ties !== null) { this.#pushTied(timeUs, this.#ties.next(), payload); return; }
    const key = ++this.#count;
    if (timeUs === this.timeUs) this.#pushLane(key, payload);
    else if (this.#hole === 1) { this.#hole = 0; this.#sinkNewest(timeUs, key, payload, this.#length); }
    else this.#rise(timeUs, key, payload);
  }

  /** The modes in which an event may have to overtake others of its time have no lane. */
  #pushTied(timeUs: number, key: number, payload: number): void {
    if (this.#hole === 1) { this.#hole = 0; this.#sink(timeUs, key, payload, this.#length); }
    else this.#rise(timeUs, key, payload);
  }

  /** Removes the first event and returns its payload, −1 when there is none; its time is in `timeUs`. */
  pop(): number {
    if (this.#hole === 1) this.#fill();
    const headUs = this.#times[0]!;
    // At the present time the heap's events were inserted before the lane's.
    if (this.#laneLength > 0 && headUs !== this.timeUs) return this.#popLane();
    if (headUs === Infinity) return -1;
    this.timeUs = headUs;
    this.#hole = 1;
    return this.#payloads[0]!;
  }

  /** Time of the first event, Infinity when there is none. A hole stays open: the push to come shall fill it. */
  peekUs(): number {
    if (this.#laneLength > 0) return this.timeUs;
    const times = this.#times;
    if (this.#hole === 0) return times[0]!;
    const leftUs = times[1]!, rightUs = times[2]!;
    return rightUs < leftUs ? rightUs : leftUs;
  }

  /** Sequence of the first event. Only where there is one. */
  peekKey(): number {
    if (this.#hole === 1) this.#fill();
    return this.#laneLength > 0 && this.#times[0] !== this.timeUs ? this.#laneKeys[this.#laneHead]! : this.#keys[0]!;
  }

  /** Tells the queue that time has come to `timeUs` without a pop. No event of the queue may be earlier. */
  advanceTo(timeUs: number): void { this.timeUs = timeUs; }

  /** Forgets all events. The sequence goes on. */
  clear(): void {
    this.#times.fill(Infinity, 0, this.#length);
    this.#length = this.#hole = this.#laneLength = 0;
  }

  /** Closes the hole with the last event. */
  #fill(): void {
    this.#hole = 0;
    const n = --this.#length;
    const timeUs = this.#times[n]!;
    this.#times[n] = Infinity;
    if (n > 0) this.#sink(timeUs, this.#keys[n]!, this.#payloads[n]!, n);
  }

  /** Puts an event at the root of `n` slots and lets it sink to its place. */
  #sink(timeUs: number, key: number, payload: number, n: number): void {
    const times = this.#times, keys = this.#keys, payloads = this.#payloads;
    let at = 0, child = 1;
    while (child < n) {
      const leftUs = times[child]!, rightUs = times[child + 1]!;
      child += +(rightUs < leftUs) | (+(rightUs === leftUs) & +(keys[child + 1]! < keys[child]!));
      const childUs = times[child]!;
      if (timeUs < childUs || (timeUs === childUs && key < keys[child]!)) break;
      times[at] = childUs; keys[at] = keys[child]!; payloads[at] = payloads[child]!;
      at = child;
      child = 2 * at + 1;
    }
    times[at] = timeUs; keys[at] = key; payloads[at] = payload;
  }

  /** The same for an event whose key is above all others: it passes every equal time without a look at the keys. */
  #sinkNewest(timeUs: number, key: number, payload: number, n: number): void {
    const times = this.#times, keys = this.#keys, payloads = this.#payloads;
    let at = 0, child = 1;
    while (child < n) {
      const leftUs = times[child]!, rightUs = times[child + 1]!;
      child += +(rightUs < leftUs) | (+(rightUs === leftUs) & +(keys[child + 1]! < keys[child]!));
      const childUs = times[child]!;
      if (timeUs < childUs) break;
      times[at] = childUs; keys[at] = keys[child]!; payloads[at] = payloads[child]!;
      at = child;
      child = 2 * at + 1;
    }
    times[at] = timeUs; keys[at] = key; payloads[at] = payload;
  }

  /** Puts an event behind the last slot and lets it rise to its place. */
  #rise(timeUs: number, key: number, payload: number): void {
    const n = this.#length++;
    if (n + 1 >= this.#times.length) this.#grow();
    const times = this.#times, keys = this.#keys, payloads = this.#payloads;
    let at = n;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentUs = times[parent]!;
      if (timeUs > parentUs || (timeUs === parentUs && key > keys[parent]!)) break;
      times[at] = parentUs; keys[at] = keys[parent]!; payloads[at] = payloads[parent]!;
      at = parent;
    }
    times[at] = timeUs; keys[at] = key; payloads[at] = payload;
  }

  #popLane(): number {
    const payload = this.#lanePayloads[this.#laneHead]!;
    this.#laneHead = (this.#laneHead + 1) & (this.#lanePayloads.length - 1);
    this.#laneLength--;
    return payload;
  }

  #pushLane(key: number, payload: number): void {
    if (this.#laneLength === this.#lanePayloads.length) this.#growLane();
    const at = (this.#laneHead + this.#laneLength++) & (this.#lanePayloads.length - 1);
    this.#laneKeys[at] = key;
    this.#lanePayloads[at] = payload;
  }

  #grow(): void {
    const slots = (this.#times.length - 1) * 2 + 1;
    const times = new Float64Array(slots).fill(Infinity, this.#times.length);
    const keys = new Float64Array(slots), payloads = new Int32Array(slots);
    times.set(this.#times); keys.set(this.#keys); payloads.set(this.#payloads);
    this.#times = times; this.#keys = keys; this.#payloads = payloads;
  }

  #growLane(): void {
    const before = this.#lanePayloads.length;
    const keys = new Float64Array(before * 2), payloads = new Int32Array(before * 2);
    for (let i = 0; i < before; i++) {
      const from = (this.#laneHead + i) & (before - 1);
      keys[i] = this.#laneKeys[from]!;
      payloads[i] = this.#lanePayloads[from]!;
    }
    this.#laneKeys = keys; this.#lanePayloads = payloads; this.#laneHead = 0;
  }
}
