// Who has waited too long for what it got: calls by the instant at which (W_p + W_c) ÷ (T_p + T_c) reaches beta, so that nobody is looked at before.
import type { CallSlot } from '../dispatch/calls.ts';
import { Deadlines } from '../dispatch/deadlines.ts';
import type { ProcessTable } from '../programs/process-table.ts';

/**
 * While a call waits, its W grows with time and nothing else changes but by what ends in its program. So it crosses at
 * since − W_c + beta·T_c + beta·T_p − W_p: a heap on that, set anew for the waiting calls of a program when one of its calls ends.
 * W_p and T_p are of the calls that ended; W_c and T_c of the call since it was last promoted. O(log n) a call, O(siblings · log n) an end.
 */
export class Starvation {
  readonly #table: ProcessTable;
  readonly #beta: number;
  readonly #heap = new Deadlines();
  /** Since − W_c + beta·T_c, and the order among calls of one crossing time; by slot. */
  #offsetUs = new Float64Array(64);
  #rank = new Float64Array(64);
  /** Since when the crossing is what it is: an end in the program may set it into the past, and nobody was promoted then. */
  #setUs = new Float64Array(64);
  /** Wait and run of the call when it was last promoted. */
  #waitBaseUs = new Float64Array(64);
  #runBaseUs = new Float64Array(64);
  /** The waiting calls of each row. */
  #head = new Int32Array(64).fill(-1);
  #next = new Int32Array(64);
  #prev = new Int32Array(64);
  #isIn = new Uint8Array(64);

  constructor(table: ProcessTable, beta: number) { this.#table = table; this.#beta = beta; }

  /** Earliest crossing; Infinity: nobody waits below the first level. */
  get nextUs(): number { return this.#heap.nextUs; }

  /** The call with the earliest crossing; ask only when there is one. It is out, and from the crossing on its own W and T count from nothing again. */
  pop(): CallSlot {
    const atUs = Math.ceil(this.#heap.nextUs), call = this.#heap.pop(), table = this.#table;
    this.leave(call);
    this.#waitBaseUs[call] = table.waitUs[call] + (Math.max(atUs, this.#setUs[call]) - table.sinceUs[call]);
    this.#runBaseUs[call] = table.runUs[call];
    return call;
  }

  /** A call of a program that the table knows: nothing was promoted yet. */
  arrive(call: CallSlot): void {
    if (call >= this.#offsetUs.length) this.#grow(call);
    this.#waitBaseUs[call] = 0;
    this.#runBaseUs[call] = 0;
    this.#isIn[call] = 0;
  }

  /** The call waits below the first level. `rank` decides among equal crossings. */
  enter(call: CallSlot, rank: number, nowUs: number): void {
    const table = this.#table, row = table.row[call];
    if (!table.belongs(call)) return;
    if (row >= this.#head.length) this.#growRows(row);
    this.#offsetUs[call] = table.sinceUs[call] - (table.waitUs[call] - this.#waitBaseUs[call]) + this.#beta * (table.runUs[call] - this.#runBaseUs[call]);
    this.#rank[call] = rank;
    this.#setUs[call] = nowUs;
    this.#isIn[call] = 1;
    this.#prev[call] = -1;
    this.#next[call] = this.#head[row];
    if (this.#head[row] >= 0) this.#prev[this.#head[row]] = call;
    this.#head[row] = call;
    this.#heap.push(call, this.#offsetUs[call] + this.#shiftUs(row), rank);
  }

  /** No-op for a call that is not in. */
  leave(call: CallSlot): void {
    if (call >= this.#isIn.length || this.#isIn[call] === 0) return;
    const before = this.#prev[call], after = this.#next[call];
    this.#isIn[call] = 0;
    if (before >= 0) this.#next[before] = after;
    else this.#head[this.#table.row[call]] = after;
    if (after >= 0) this.#prev[after] = before;
    this.#heap.remove(call);
  }

  /** What the program of a row has waited and got has changed. */
  changed(row: number, nowUs: number): void {
    if (row >= this.#head.length) return;
    for (let call = this.#head[row]; call >= 0; call = this.#next[call]) {
      this.#heap.remove(call);
      this.#setUs[call] = nowUs;
      this.#heap.push(call, this.#offsetUs[call] + this.#shiftUs(row), this.#rank[call]);
    }
  }

  /** The program of a row is over: what is left of it is promoted no more. Call before the row is freed. */
  forget(row: number): void {
    if (row < 0 || row >= this.#head.length) return;
    while (this.#head[row] >= 0) this.leave(this.#head[row]);
  }

  /** (W_p + W_c) ÷ (T_p + T_c) of a waiting call; 0 where both are nothing. */
  ratio(call: CallSlot, nowUs: number): number {
    const table = this.#table, { rows } = table, row = table.row[call], counts = table.belongs(call);
    const waitUs = table.waitUs[call] - this.#waitBaseUs[call] + nowUs - table.sinceUs[call] + (counts ? rows.waitUs[row] : 0);
    const runUs = table.runUs[call] - this.#runBaseUs[call] + (counts ? rows.runUs[row] : 0);
    return waitUs === 0 ? 0 : waitUs / runUs;
  }

  #shiftUs(row: number): number { const { rows } = this.#table; return this.#beta * rows.runUs[row] - rows.waitUs[row]; }

  #grow(call: CallSlot): void {
    const n = Math.max(this.#offsetUs.length * 2, call + 1);
    const floats = (from: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => { const to = new Float64Array(n); to.set(from); return to; };
    const ints = (from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => { const to = new Int32Array(n); to.set(from); return to; };
    this.#offsetUs = floats(this.#offsetUs); this.#rank = floats(this.#rank); this.#setUs = floats(this.#setUs); this.#waitBaseUs = floats(this.#waitBaseUs); this.#runBaseUs = floats(this.#runBaseUs);
    this.#next = ints(this.#next); this.#prev = ints(this.#prev);
    const isIn = new Uint8Array(n); isIn.set(this.#isIn); this.#isIn = isIn;
  }

  #growRows(row: number): void {
    const head = new Int32Array(Math.max(this.#head.length * 2, row + 1)).fill(-1);
    head.set(this.#head);
    this.#head = head;
  }
}
