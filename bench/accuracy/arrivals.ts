// Requests on their way, by time and then in the order in which they were sent.

export class Arrivals {
  readonly #waiting: { readonly atUs: number; readonly id: number }[] = [];

  /** Infinity: nobody is on the way. */
  get nextUs(): number { return this.#waiting[this.#waiting.length - 1]?.atUs ?? Infinity; }

  /** O(waiting): sorted latest first, found by halving. */
  add(atUs: number, id: number): void {
    let low = 0, high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#waiting[middle].atUs > atUs) low = middle + 1; else high = middle;
    }
    this.#waiting.splice(low, 0, { atUs, id });
  }

  take(): number {
    const next = this.#waiting.pop();
    if (next === undefined) throw new Error('nobody is on the way');
    return next.id;
  }
}
