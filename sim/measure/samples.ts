// Samples of one quantity: exact while there are few, folded into a fine histogram when there are many, so that memory stays bounded.

/** Samples kept exactly; 8 MiB of doubles. */
const EXACT_LIMIT = 1 << 20;
/** Histogram cells per power of two: a quantile is off by at most 1/2048 of itself. */
const CELLS_BITS = 10;
const CELLS = 1 << CELLS_BITS;
const LOWEST_EXPONENT = -44;
const HIGHEST_EXPONENT = 62;

const bits = new DataView(new ArrayBuffer(8));

/** The cell of a positive number, from its exponent and leading mantissa bits: the same on every machine, and no logarithm. */
function cellOf(value: number): number {
  if (!(value > 0)) return 0;
  bits.setFloat64(0, value);
  const high = bits.getInt32(0), exponent = ((high >>> 20) & 0x7ff) - 1023;
  if (exponent < LOWEST_EXPONENT) return 1;
  const clipped = exponent > HIGHEST_EXPONENT ? HIGHEST_EXPONENT : exponent;
  return 1 + (clipped - LOWEST_EXPONENT) * CELLS + ((high & 0xfffff) >>> (20 - CELLS_BITS));
}

/** Middle of a cell. */
function valueOf(cell: number): number {
  if (cell === 0) return 0;
  const exponent = Math.floor((cell - 1) / CELLS) + LOWEST_EXPONENT, part = (cell - 1) % CELLS;
  bits.setUint32(0, (exponent + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0) * (1 + (part + 0.5) / CELLS);
}

/** Adds in O(1) amortised; whole microseconds sum exactly up to 2^53. Order of adding matters to the last bit of a mean of fractions only. */
export class Samples {
  count = 0;
  sum = 0;
  #values = new Float64Array(256);
  #cells: Float64Array | undefined;
  #isSorted = false;

  add(value: number): void {
    this.sum += value;
    if (this.#cells !== undefined) { this.count++; this.#cells[cellOf(value)]++; return; }
    if (this.count === this.#values.length) this.#grow();
    if (this.#cells !== undefined) { this.count++; (this.#cells as Float64Array)[cellOf(value)]++; return; }
    this.#values[this.count++] = value;
    this.#isSorted = false;
  }

  get isExact(): boolean { return this.#cells === undefined; }
  get mean(): number | null { return this.count === 0 ? null : this.sum / this.count; }

  /** Quantile p of all samples of several bags together, by linear interpolation between order statistics (type 7); null where there are none. */
  static quantile(bags: readonly Samples[], p: number): number | null {
    const filled = bags.filter((bag) => bag.count > 0);
    if (filled.length === 0) return null;
    if (filled.every((bag) => bag.isExact)) return quantileOfSorted(filled.length === 1 ? filled[0].sorted() : mergeSorted(filled), p);
    const cells = new Float64Array(2 + (HIGHEST_EXPONENT - LOWEST_EXPONENT + 1) * CELLS);
    let count = 0;
    for (const bag of filled) { bag.#addTo(cells); count += bag.count; }
    const at = p * (count - 1);
    let seen = 0;
    for (let c = 0; c < cells.length; c++) { seen += cells[c]; if (seen > at) return valueOf(c); }
    return null;
  }

  /** The exact samples in ascending order; only while `isExact`. */
  sorted(): Float64Array {
    const view = this.#values.subarray(0, this.count);
    if (!this.#isSorted) { view.sort(); this.#isSorted = true; }
    return view;
  }

  /** Values with how often each was seen, ascending, exact or by cells: for curves. */
  *steps(): Generator<readonly [value: number, count: number]> {
    if (this.#cells === undefined) { for (const value of this.sorted()) yield [value, 1]; return; }
    for (let c = 0; c < this.#cells.length; c++) if (this.#cells[c] > 0) yield [valueOf(c), this.#cells[c]];
  }

  #addTo(cells: Float64Array): void {
    if (this.#cells !== undefined) { for (let c = 0; c < cells.length; c++) cells[c] += this.#cells[c]; return; }
    for (let i = 0; i < this.count; i++) cells[cellOf(this.#values[i])]++;
  }

  #grow(): void {
    if (this.#values.length >= EXACT_LIMIT) {
      const cells = new Float64Array(2 + (HIGHEST_EXPONENT - LOWEST_EXPONENT + 1) * CELLS);
      this.#addTo(cells);
      this.#cells = cells;
      this.#values = new Float64Array(0);
      return;
    }
    const wide = new Float64Array(this.#values.length * 2);
    wide.set(this.#values);
    this.#values = wide;
  }
}

/** Linear interpolation between order statistics, as simple-statistics and numpy do it. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const at = p * (sorted.length - 1), low = Math.floor(at), high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

function mergeSorted(bags: readonly Samples[]): Float64Array {
  const all = new Float64Array(bags.reduce((n, bag) => n + bag.count, 0));
  let at = 0;
  for (const bag of bags) { all.set(bag.sorted(), at); at += bag.count; }
  return all.sort();
}
