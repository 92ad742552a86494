// Columns that double while rows come, and lists of numbers a row: what a trace is gathered in.

export class FloatColumn {
  values: Float64Array = new Float64Array(1024);
  length = 0;
  push(value: number): void {
    if (this.length === this.values.length) { const wide = new Float64Array(this.length * 2); wide.set(this.values); this.values = wide; }
    this.values[this.length++] = value;
  }
  /** The values in the order of these rows. */
  picked(order: Int32Array): Float64Array { return Float64Array.from(order, (row) => this.values[row]); }
}

export class IntColumn {
  values: Int32Array = new Int32Array(1024);
  length = 0;
  push(value: number): void {
    this.reserve(1);
    this.values[this.length++] = value;
  }
  reserve(more: number): void {
    if (this.length + more <= this.values.length) return;
    // By four: what is never touched costs no memory, what is copied costs it twice.
    const wide = new Int32Array(Math.max(this.values.length * 4, this.length + more));
    wide.set(this.values);
    this.values = wide;
  }
  append(list: readonly number[] | Int32Array): void {
    this.reserve(list.length);
    this.values.set(list, this.length);
    this.length += list.length;
  }
  picked(order: Int32Array): Int32Array { return Int32Array.from(order, (row) => this.values[row]); }
}

/** A list of whole numbers a row, end to end. Rows before the first list have none. */
export class ListColumn {
  readonly values = new IntColumn();
  readonly #starts = new IntColumn();

  /** `rowsBefore`: rows that have no list. */
  constructor(rowsBefore = 0) { for (let row = 0; row <= rowsBefore; row++) this.#starts.push(0); }

  push(list: readonly number[] | Int32Array): void {
    this.values.append(list);
    this.#starts.push(this.values.length);
  }

  /** Values and starts in the order of the rows. */
  asPushed(): { readonly values: Int32Array; readonly starts: Int32Array } {
    return { values: this.values.values.subarray(0, this.values.length), starts: this.#starts.values.slice(0, this.#starts.length) };
  }

  /** Values and starts in the order of these rows. */
  picked(order: Int32Array): { readonly values: Int32Array; readonly starts: Int32Array } {
    const values = new Int32Array(this.values.length), starts = new Int32Array(order.length + 1);
    let at = 0;
    for (let i = 0; i < order.length; i++) {
      const own = this.values.values.subarray(this.#starts.values[order[i]], this.#starts.values[order[i] + 1]);
      values.set(own, at);
      at += own.length;
      starts[i + 1] = at;
    }
    return { values, starts };
  }
}
