// A table from integers to non-negative integers in two flat columns: a Map of numbers costs ten times as much to fill and to empty.

const LEAST_SLOTS = 64;
const NONE = -1;

/**
 * Open addressing with linear probing, at most half full, without tombstones: what is taken out leaves no trace. Keys are int32. O(1) an operation; 16 bytes an entry
 * at most after growth, never given back.
 */
export class IntTable {
  size = 0;
  #keys = new Int32Array(LEAST_SLOTS);
  /** −1: the slot is empty. */
  #values = new Int32Array(LEAST_SLOTS).fill(NONE);
  #mask = LEAST_SLOTS - 1;

  /** The value of a key, −1 where there is none. */
  get(key: number): number {
    const keys = this.#keys, values = this.#values, mask = this.#mask;
    for (let at = slotOf(key) & mask; ; at = (at + 1) & mask) if (keys[at] === key || values[at] < 0) return values[at] < 0 ? NONE : values[at];
  }

  set(key: number, value: number): void {
    const keys = this.#keys, values = this.#values, mask = this.#mask;
    let at = slotOf(key) & mask;
    while (values[at] >= 0 && keys[at] !== key) at = (at + 1) & mask;
    if (values[at] < 0) this.size++;
    keys[at] = key;
    values[at] = value;
    if (2 * this.size > mask) this.#grow();
  }

  /** Takes a key out that is there. Whatever was pushed behind it by the same slot moves up. */
  delete(key: number): void {
    const keys = this.#keys, values = this.#values, mask = this.#mask;
    let hole = slotOf(key) & mask;
    while (keys[hole] !== key || values[hole] < 0) { if (values[hole] < 0) return; hole = (hole + 1) & mask; }
    this.size--;
    for (let at = (hole + 1) & mask; values[at] >= 0; at = (at + 1) & mask) {
      // Only what wants a slot at or before the hole may fill it.
      if (((at - slotOf(keys[at])) & mask) < ((at - hole) & mask)) continue;
      keys[hole] = keys[at];
      values[hole] = values[at];
      hole = at;
    }
    values[hole] = NONE;
  }

  #grow(): void {
    const keys = this.#keys, values = this.#values, slots = 2 * keys.length;
    this.#keys = new Int32Array(slots);
    this.#values = new Int32Array(slots).fill(NONE);
    this.#mask = slots - 1;
    this.size = 0;
    for (let at = 0; at < keys.length; at++) if (values[at] >= 0) this.set(keys[at], values[at]);
  }
}

function slotOf(key: number): number { const h = Math.imul(key, 0x9e3779b1); return h ^ (h >>> 15); }
