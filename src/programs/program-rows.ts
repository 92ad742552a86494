// The rows of the process table: one a live program, in typed columns, found by program number, handed out again when a program is over.

/** Most programs of one row that a generation tells apart. */
const GENERATIONS = 0x7fffffff;

/** O(1) to open, find and close a row; O(rows freed) to reap. Columns may be read by whoever holds the row; the table alone writes. */
export class ProgramRows {
  program = new Int32Array(64);
  /** Service of all calls that ended, in the meter's unit. */
  service = new Float64Array(64);
  /** Longest chain of calls so far: max over calls of what the call inherited + what it got. */
  critical = new Float64Array(64);
  /** Time in queues and on engines of the calls that ended, in µs. */
  waitUs = new Float64Array(64);
  runUs = new Float64Array(64);
  /** Calls that wait or run, and calls that ended. */
  active = new Int32Array(64);
  ended = new Int32Array(64);
  /** −1 before the first. */
  lastArrivalUs = new Float64Array(64);
  lastCompletionUs = new Float64Array(64);
  openedUs = new Float64Array(64);
  /** Engine that served it last; −1: none. */
  engine = new Int32Array(64);
  /** Counts how often the row was handed out. */
  generation = new Int32Array(64);
  /** Programs that are open, and programs reaped since the start. */
  open = 0;
  reaped = 0;
  readonly #rowOf = new Map<number, number>();
  #free: number[] = [];
  #used = 0;
  /** Rows without a call, longest idle first. */
  #idleHead = -1;
  #idleTail = -1;
  #idleNext = new Int32Array(64);
  #idlePrev = new Int32Array(64);
  /** Engines that served a row: this many words of 32 bits each. */
  #engineWords = 1;
  #engines = new Uint32Array(64);

  /** The row of a program, or −1. */
  find(program: number): number { return this.#rowOf.get(program) ?? -1; }

  /** A fresh row, idle from now on. The program must have none. */
  add(program: number, nowUs: number): number {
    const row = this.#free.length > 0 ? this.#free.pop()! : this.#used++;
    if (row >= this.program.length) this.#grow();
    this.#rowOf.set(program, row);
    this.open++;
    this.program[row] = program;
    this.service[row] = 0; this.critical[row] = 0; this.waitUs[row] = 0; this.runUs[row] = 0;
    this.active[row] = 0; this.ended[row] = 0;
    this.lastArrivalUs[row] = -1; this.lastCompletionUs[row] = -1;
    this.openedUs[row] = nowUs;
    this.engine[row] = -1;
    this.#engines.fill(0, row * this.#engineWords, (row + 1) * this.#engineWords);
    this.#idle(row);
    return row;
  }

  /** The program is over: its row may serve another. */
  remove(row: number): void {
    if (this.active[row] === 0) this.#busy(row);
    this.#rowOf.delete(this.program[row]);
    this.generation[row] = (this.generation[row] + 1) & GENERATIONS;
    this.#free.push(row);
    this.open--;
  }

  callBegins(row: number, nowUs: number): void {
    if (this.active[row]++ === 0) this.#busy(row);
    this.lastArrivalUs[row] = nowUs;
  }

  callEnds(row: number, nowUs: number): void {
    this.lastCompletionUs[row] = nowUs;
    this.ended[row]++;
    if (--this.active[row] === 0) this.#idle(row);
  }

  servedBy(row: number, engine: number): void {
    if (engine < 0) return;
    this.engine[row] = engine;
    if (engine >= this.#engineWords * 32) this.#widen(engine);
    this.#engines[row * this.#engineWords + (engine >>> 5)] |= 1 << (engine & 31);
  }

  hasUsed(row: number, engine: number): boolean {
    return engine >= 0 && engine < this.#engineWords * 32 && (this.#engines[row * this.#engineWords + (engine >>> 5)] & (1 << (engine & 31))) !== 0;
  }

  /** When it was last heard of: opened, a call arrived, a call ended. */
  lastHeardUs(row: number): number { return Math.max(this.openedUs[row], this.lastArrivalUs[row], this.lastCompletionUs[row]); }

  /** The row without a call that has been silent longest, or −1. */
  get longestIdle(): number { return this.#idleHead; }

  #idle(row: number): void {
    this.#idlePrev[row] = this.#idleTail;
    this.#idleNext[row] = -1;
    if (this.#idleTail >= 0) this.#idleNext[this.#idleTail] = row;
    else this.#idleHead = row;
    this.#idleTail = row;
  }

  #busy(row: number): void {
    const before = this.#idlePrev[row], after = this.#idleNext[row];
    if (before >= 0) this.#idleNext[before] = after;
    else this.#idleHead = after;
    if (after >= 0) this.#idlePrev[after] = before;
    else this.#idleTail = before;
  }

  /** A higher engine than any before: every row gets more words. O(rows), once for each doubling of the engines. */
  #widen(engine: number): void {
    const old = this.#engineWords, from = this.#engines;
    while (engine >= this.#engineWords * 32) this.#engineWords *= 2;
    this.#engines = new Uint32Array(this.program.length * this.#engineWords);
    for (let row = 0; row < this.#used; row++) this.#engines.set(from.subarray(row * old, (row + 1) * old), row * this.#engineWords);
  }

  #grow(): void {
    const n = this.program.length * 2;
    const wide = <T extends Float64Array | Int32Array | Uint32Array>(from: T, to: T): T => { to.set(from); return to; };
    const floats = (from: Float64Array<ArrayBuffer>) => wide(from, new Float64Array(n)), ints = (from: Int32Array<ArrayBuffer>) => wide(from, new Int32Array(n));
    this.program = ints(this.program); this.service = floats(this.service); this.critical = floats(this.critical);
    this.waitUs = floats(this.waitUs); this.runUs = floats(this.runUs); this.active = ints(this.active); this.ended = ints(this.ended);
    this.lastArrivalUs = floats(this.lastArrivalUs); this.lastCompletionUs = floats(this.lastCompletionUs); this.openedUs = floats(this.openedUs);
    this.engine = ints(this.engine); this.generation = ints(this.generation);
    this.#idleNext = ints(this.#idleNext); this.#idlePrev = ints(this.#idlePrev);
    this.#engines = wide(this.#engines, new Uint32Array(n * this.#engineWords));
  }
}
