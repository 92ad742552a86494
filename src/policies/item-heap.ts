// A binary heap of anything by an order of its own, which tells every item where it stands, so that items can be moved and taken out.

/** O(log n) a change, O(1) for the least. */
export class ItemHeap<T> {
  /** Least first; children of i stand at 2i + 1 and 2i + 2. Read only. */
  readonly items: T[] = [];
  readonly #isBefore: (a: T, b: T) => boolean;
  readonly #stands: (item: T, at: number) => void;

  constructor(isBefore: (a: T, b: T) => boolean, stands: (item: T, at: number) => void) { this.#isBefore = isBefore; this.#stands = stands; }

  add(item: T): void { this.#rise(this.items.push(item) - 1); }

  removeAt(at: number): void {
    const last = this.items.pop()!;
    if (at === this.items.length) return;
    this.items[at] = last;
    this.mend(at);
  }

  /** The order of the item there has changed. */
  mend(at: number): void { if (this.#rise(at) === at) this.#sink(at); }

  /** The order of all has changed. O(n). */
  mendAll(): void { for (let i = (this.items.length >> 1) - 1; i >= 0; i--) this.#sink(i); }

  #rise(from: number): number {
    const { items } = this, item = items[from];
    let i = from;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!this.#isBefore(item, items[up])) break;
      this.#set(items[up], i);
      i = up;
    }
    this.#set(item, i);
    return i;
  }

  #sink(from: number): void {
    const { items } = this, item = items[from], n = items.length;
    let i = from;
    for (;;) {
      let down = 2 * i + 1;
      if (down >= n) break;
      if (down + 1 < n && this.#isBefore(items[down + 1], items[down])) down++;
      if (!this.#isBefore(items[down], item)) break;
      this.#set(items[down], i);
      i = down;
    }
    this.#set(item, i);
  }

  #set(item: T, at: number): void { this.items[at] = item; this.#stands(item, at); }
}
