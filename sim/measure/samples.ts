// Samples of one quantity: exact while there are few, folded into a fine histogram when there are many, so that memory stays bounded.

/** Samples kept exactly; 2 MiB of doubles. */
const EXACT_LIMIT = 1 << 18;
/** Histogram cells per power of two: a quantile is off by at most 1/2048 of itself. */
const CELLS_BITS = 10;
const CELLS = 1 << CELLS_BITS;
const LOWEST_EXPONENT = -44;
const HIGHEST_EXPONENT = 62;

const real = new Float64Array(1);
const words = new Int32Array(real.buffer);
/** Where the sign and exponent of a double lie. */
const HIGH = (real[0] = 1, words[1] !== 0 ? 1 : 0);

/** The cell of a positive number, from its exponent and leading mantissa bits: the same on every machine, and no logarithm. */
function cellOf(value: number): number {
  if (!(value > 0)) return 0;
  real[0] = value;
  const high = words[HIGH], exponent = ((high >>> 20) & 0x7ff) - 1023;
  if (exponent < LOWEST_EXPONENT) return 1;
  const clipped = exponent > HIGHEST_EXPONENT ? HIGHEST_EXPONENT : exponent;
  return 1 + (clipped - LOWEST_EXPONENT) * CELLS + ((high & 0xfffff) >>> (20 - CELLS_BITS));
}

/** Middle of a cell. */
function valueOf(cell: number): number {
  if (cell === 0) return 0;
  const exponent = Math.floor((cell - 1) / CELLS) + LOWEST_EXPONENT, part = (cell - 1) % CELLS;
  words[HIGH] = (exponent + 1023) << 20;
  words[1 - HIGH] = 0;
  return real[0] * (1 + (part + 0.5) / CELLS);
}

/** Room of a fresh bag, and of the largest piece of a full one. */
const LEAST_PIECE = 256;
const MOST_PIECE = 1 << 14;

/**
 * Adds in O(1), without a copy: a full piece is put by and a new one begun; past the exact limit each full piece is folded into the histogram.
 * Whole microseconds sum exactly up to 2^53. Order of adding matters to the last bit of a mean of fractions only.
 */
export class Samples {
  #piece = new Float64Array(LEAST_PIECE);
  #at = 0;
  /** Full pieces, in order; empty once samples are folded. */
  #full: Float64Array[] = [];
  /** Samples in full pieces or in cells, and their sum. */
  #putBy = 0;
  #sumPutBy = 0;
  #maxPutBy = 0;
  #cells: Float64Array | undefined;

  add(value: number): void {
    if (this.#at === this.#piece.length) this.#turn();
    this.#piece[this.#at++] = value;
  }

  /** Adds every `stride`-th number of a buffer from `from` to before `to`, in order. */
  addEach(buffer: Float64Array, from: number, to: number, stride: number): void {
    for (let i = from; i < to; i += stride) {
      if (this.#at === this.#piece.length) this.#turn();
      this.#piece[this.#at++] = buffer[i];
    }
  }

  get count(): number { return this.#putBy + this.#at; }
  /** O(1) in the number of full pieces. */
  get sum(): number {
    let sum = this.#sumPutBy;
    for (let i = 0; i < this.#at; i++) sum += this.#piece[i];
    return sum;
  }

  /** Takes over the samples of another bag; this one must be empty. */
  startAs(other: Samples): void {
    this.#piece = other.#piece.slice();
    this.#at = other.#at;
    this.#full = [...other.#full];
    this.#putBy = other.#putBy;
    this.#sumPutBy = other.#sumPutBy;
    this.#maxPutBy = other.#maxPutBy;
    this.#cells = other.#cells?.slice();
  }

  /** The largest sample, 0 where there are none; exact however many there are. O(1) in the number of full pieces. */
  get max(): number {
    let max = this.#maxPutBy;
    for (let i = 0; i < this.#at; i++) if (this.#piece[i] > max) max = this.#piece[i];
    return max;
  }

  /** Samples of at least so much: exact, or to the width of a cell where there are very many. O(n). */
  countFrom(least: number): number {
    let n = 0;
    if (this.#cells !== undefined) for (let c = cellOf(least); c < this.#cells.length; c++) n += this.#cells[c];
    for (const piece of this.pieces) for (let i = 0; i < piece.length; i++) if (piece[i] >= least) n++;
    return n;
  }

  get isExact(): boolean { return this.#cells === undefined; }
  /** The exact samples in the order in which they came, piece by piece; only while `isExact`. */
  get pieces(): readonly Float64Array[] { return [...this.#full, this.#piece.subarray(0, this.#at)]; }
  get mean(): number | null { return this.count === 0 ? null : this.sum / this.count; }

  /** Quantiles, ascending p, of all samples of several bags together, by linear interpolation between order statistics (type 7); null where there are none. O(n). */
  static quantiles(bags: readonly Samples[], ps: readonly number[]): (number | null)[] {
    const filled = bags.filter((bag) => bag.count > 0);
    if (filled.length === 0) return ps.map(() => null);
    if (filled.every((bag) => bag.isExact)) return quantilesOf(Samples.#gathered(filled), ps);
    const cells = Samples.#cellsOf(filled), count = filled.reduce((n, bag) => n + bag.count, 0);
    return ps.map((p) => {
      const at = p * (count - 1);
      let seen = 0;
      for (let c = 0; c < cells.length; c++) { seen += cells[c]; if (seen > at) return valueOf(c); }
      return null;
    });
  }

  static #gathered(bags: readonly Samples[]): Float64Array {
    const all = new Float64Array(bags.reduce((n, bag) => n + bag.count, 0));
    let at = 0;
    for (const bag of bags) for (const piece of bag.pieces) { all.set(piece, at); at += piece.length; }
    return all;
  }

  /** Values of several bags, ascending, with how often each was seen, exact or by cells: for curves. */
  static steps(bags: readonly Samples[]): { readonly values: Float64Array; readonly counts: Float64Array } {
    const filled = bags.filter((bag) => bag.count > 0);
    const isExact = filled.every((bag) => bag.isExact), from = isExact ? Samples.#gathered(filled).sort() : Samples.#cellsOf(filled);
    const values = new Float64Array(from.length), counts = new Float64Array(from.length);
    let n = 0;
    for (let i = 0; i < from.length; i++) {
      if (!isExact) { if (from[i] > 0) { values[n] = valueOf(i); counts[n++] = from[i]; } }
      else if (n > 0 && values[n - 1] === from[i]) counts[n - 1]++;
      else { values[n] = from[i]; counts[n++] = 1; }
    }
    return { values: values.subarray(0, n), counts: counts.subarray(0, n) };
  }

  static #cellsOf(bags: readonly Samples[]): Float64Array {
    const cells = new Float64Array(2 + (HIGHEST_EXPONENT - LOWEST_EXPONENT + 1) * CELLS);
    for (const bag of bags) bag.#addTo(cells);
    return cells;
  }

  #addTo(cells: Float64Array): void {
    if (this.#cells !== undefined) for (let c = 0; c < cells.length; c++) cells[c] += this.#cells[c];
    for (const piece of this.pieces) fold(piece, cells);
  }

  /** The piece is full. Before the exact limit, pieces double up to the largest, so that a small bag stays small. */
  #turn(): void {
    const piece = this.#piece;
    let sum = this.#sumPutBy, max = this.#maxPutBy;
    for (let i = 0; i < piece.length; i++) { sum += piece[i]; if (piece[i] > max) max = piece[i]; }
    this.#sumPutBy = sum;
    this.#maxPutBy = max;
    this.#putBy += piece.length;
    this.#at = 0;
    if (this.#cells === undefined && this.#putBy < EXACT_LIMIT) {
      this.#full.push(piece);
      this.#piece = new Float64Array(Math.min(MOST_PIECE, this.#putBy));
      return;
    }
    if (this.#cells === undefined) {
      this.#cells = new Float64Array(2 + (HIGHEST_EXPONENT - LOWEST_EXPONENT + 1) * CELLS);
      for (const one of this.#full) fold(one, this.#cells);
      this.#full = [];
    }
    fold(piece, this.#cells);
  }
}

function fold(values: Float64Array, cells: Float64Array): void {
  for (let i = 0; i < values.length; i++) cells[cellOf(values[i])]++;
}

/** Linear interpolation between order statistics, type 7, as numpy does it. Reorders `values`; O(n) by selection. */
export function quantilesOf(values: Float64Array, ps: readonly number[]): number[] {
  let from = 0;
  return ps.map((p) => {
    const at = p * (values.length - 1), low = Math.floor(at), high = Math.min(low + 1, values.length - 1);
    select(values, low, from, values.length - 1);
    // The next larger one is the least of what is right of it.
    let next = values[high];
    for (let i = high + 1; i < values.length; i++) if (values[i] < next) next = values[i];
    from = low;
    return values[low] + (at - low) * (next - values[low]);
  });
}

/** Puts the k-th smallest of values[from … to] to its place, smaller ones left of it (Hoare's selection, median of three). */
function select(values: Float64Array, k: number, from: number, to: number): void {
  let left = from, right = to;
  while (right > left) {
    const mid = (left + right) >> 1, a = values[left], b = values[mid], c = values[right];
    const pivot = a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
    let i = left, j = right;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) { const t = values[i]; values[i] = values[j]; values[j] = t; i++; j--; }
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else return;
  }
}
