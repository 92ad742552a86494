// Deadlines that are usually cancelled: an indexed binary heap with true removal, so that the dead take no room.

const LEAST_CAPACITY = 16;
/** Handles carry a slot in the low bits and the slot's generation above, together below 2^53. */
const SLOT_LIMIT = 2 ** 27;
const GENERATIONS = 2 ** 26 - 1;

/**
 * A heap ordered by (timeUs, seq) whose entries can be taken out by handle. Push, pop and remove cost O(log n).
 * A handle is slot and generation: once its entry has left the heap it is stale, and a stale handle is a no-op.
 */
export class DeadlineHeap {
  /** Time of the first deadline, Infinity when there is none: a field, because the kernel reads it before every event. */
  topUs = Infinity;
  #times: Float64Array;
  #seqs: Float64Array;
  #payloads: Int32Array;
  #generations: Int32Array;
  /** Slot → place in the heap, −1 when free. */
  #places: Int32Array;
  /** Place in the heap → slot. Places past `#length` hold the free slots. */
  #slots: Int32Array;
  #length = 0;

  constructor(capacity = 64) {
    let slots = LEAST_CAPACITY;
    while (slots < capacity) slots *= 2;
    this.#times = new Float64Array(slots);
    this.#seqs = new Float64Array(slots);
    this.#payloads = new Int32Array(slots);
    this.#generations = new Int32Array(slots).fill(1);
    this.#places = new Int32Array(slots).fill(-1);
    this.#slots = Int32Array.from({ length: slots }, (_, i) => i);
  }

  get size(): number { return this.#length; }

  /** Adds a deadline and returns its handle. */
  push(timeUs: number, seq: number, payload: number): number {
    if (this.#length === this.#slots.length) this.#grow();
    const place = this.#length++;
    const slot = this.#slots[place]!;
    this.#times[slot] = timeUs;
    this.#seqs[slot] = seq;
    this.#payloads[slot] = payload;
    this.#rise(place, slot);
    this.topUs = this.#times[this.#slots[0]!]!;
    return this.#generations[slot]! * SLOT_LIMIT + slot;
  }

  /** Takes the entry out; false when it has left before. */
  remove(handle: number): boolean {
    const slot = handle % SLOT_LIMIT;
    if (!(slot < this.#places.length)) return false;
    const place = this.#places[slot]!;
    if (place < 0 || this.#generations[slot] !== Math.floor(handle / SLOT_LIMIT)) return false;
    this.#takeOut(place, slot);
    return true;
  }

  /** Removes the first deadline and returns its payload, −1 when there is none. */
  pop(): number {
    if (this.#length === 0) return -1;
    const slot = this.#slots[0]!;
    this.#takeOut(0, slot);
    return this.#payloads[slot]!;
  }

  peekUs(): number { return this.topUs; }

  /** Sequence of the first deadline. Only where there is one. */
  peekSeq(): number { return this.#seqs[this.#slots[0]!]!; }

  clear(): void { while (this.pop() >= 0); }

  #takeOut(place: number, slot: number): void {
    const last = --this.#length;
    const moved = this.#slots[last]!;
    this.#slots[last] = slot;
    this.#places[slot] = -1;
    this.#generations[slot] = (this.#generations[slot]! % GENERATIONS) + 1;
    if (last !== place) {
      if (place > 0 && this.#before(moved, this.#slots[(place - 1) >> 1]!)) this.#rise(place, moved);
      else this.#sink(place, moved);
    }
    this.topUs = last === 0 ? Infinity : this.#times[this.#slots[0]!]!;
  }

  #before(a: number, b: number): boolean {
    const aUs = this.#times[a]!, bUs = this.#times[b]!;
    return aUs < bUs || (aUs === bUs && this.#seqs[a]! < this.#seqs[b]!);
  }

  #rise(from: number, slot: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#slots[parent]!;
      if (!this.#before(slot, above)) break;
      this.#slots[place] = above;
      this.#places[above] = place;
      place = parent;
    }
    this.#slots[place] = slot;
    this.#places[slot] = place;
  }

  #sink(from: number, slot: number): void {
    const n = this.#length;
    let place = from;
    for (let child = 2 * place + 1; child < n; child = 2 * place + 1) {
      if (child + 1 < n && this.#before(this.#slots[child + 1]!, this.#slots[child]!)) child++;
      const below = this.#slots[child]!;
      if (!this.#before(below, slot)) break;
      this.#slots[place] = below;
      this.#places[below] = place;
      place = child;
    }
    this.#slots[place] = slot;
    this.#places[slot] = place;
  }

  #grow(): void {
    const before = this.#slots.length, after = before * 2;
    const times = new Float64Array(after), seqs = new Float64Array(after), payloads = new Int32Array(after);
    const generations = new Int32Array(after).fill(1), places = new Int32Array(after).fill(-1), slots = new Int32Array(after);
    times.set(this.#times); seqs.set(this.#seqs); payloads.set(this.#payloads);
    generations.set(this.#generations); places.set(this.#places); slots.set(this.#slots);
    for (let i = before; i < after; i++) slots[i] = i;
    this.#times = times; this.#seqs = seqs; this.#payloads = payloads;
    this.#generations = generations; this.#places = places; this.#slots = slots;
  }
}
