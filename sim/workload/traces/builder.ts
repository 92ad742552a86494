// Rows into a trace: typed columns that double, what was left out by reason, and the order of arrival at the end.
import type { Trace } from '../../scenario.ts';
import { toMicroseconds, type TraceFormat } from './format.ts';

/** Past this many distinct values a text column is taken to be all different, and sharing its strings saves nothing. */
const SHARED_VALUES_MAX = 100_000;

interface Tally { count: number; line: number }

const growFloats = (from: Float64Array): Float64Array => { const to = new Float64Array(from.length * 2); to.set(from); return to; };
const growInts = (from: Int32Array, least: number): Int32Array => { const to = new Int32Array(Math.max(from.length * 2, least)); to.set(from); return to; };

export class TraceBuilder {
  rows = 0;
  dropped = 0;
  readonly #format: TraceFormat;
  readonly #names: readonly string[];
  readonly #texts: string[][];
  readonly #shared: Map<string, string>[];
  readonly #drops = new Map<string, Tally>();
  readonly #remarks = new Map<string, Tally>();
  #time: Float64Array = new Float64Array(1024);
  #prompt: Int32Array = new Int32Array(1024);
  #output: Int32Array = new Int32Array(1024);
  #ordinal: Int32Array = new Int32Array(1024);
  #ids: string[] | undefined;
  #blocks: Int32Array | undefined;
  #blockStart: Int32Array | undefined;
  #blockCount = 0;
  #latest = -Infinity;

  /** `fields`: names of the text columns, as they shall be called. */
  constructor(format: TraceFormat, fields: readonly string[], hasBlocks: boolean) {
    this.#format = format;
    this.#names = fields;
    this.#texts = fields.map(() => []);
    this.#shared = fields.map(() => new Map<string, string>());
    if (hasBlocks) { this.#blocks = new Int32Array(4096); this.#blockStart = new Int32Array(1025); }
  }

  drop(reason: string, line: number): void {
    this.dropped++;
    this.#count(this.#drops, reason, line);
  }

  /** Adds a row that was checked. `id` undefined: the row's ordinal among the data rows of the file stands for it. */
  add(line: number, time: number, promptTokens: number, outputTokens: number, id: string | undefined, texts: readonly string[], blocks: readonly number[] | undefined): void {
    const row = this.rows++;
    if (row === this.#time.length) {
      this.#time = growFloats(this.#time);
      this.#prompt = growInts(this.#prompt, 0); this.#output = growInts(this.#output, 0); this.#ordinal = growInts(this.#ordinal, 0);
      if (this.#blockStart !== undefined) this.#blockStart = growInts(this.#blockStart, this.#time.length + 1);
    }
    if (time < this.#latest) this.#count(this.#remarks, 'earlier than a row before, so sorted by time, rows of one instant in file order', line);
    else this.#latest = time;
    this.#time[row] = time;
    this.#prompt[row] = promptTokens;
    this.#output[row] = outputTokens;
    this.#ordinal[row] = row + this.dropped;
    if (id !== undefined && this.#ids === undefined) {
      this.#ids = [];
      for (let i = 0; i < row; i++) this.#ids.push(String(this.#ordinal[i]));
    }
    this.#ids?.push(id ?? String(row + this.dropped));
    for (let k = 0; k < texts.length; k++) this.#texts[k].push(this.#share(this.#shared[k], texts[k]));
    if (this.#blocks !== undefined && this.#blockStart !== undefined) {
      const own = blocks ?? [];
      if (this.#blockCount + own.length > this.#blocks.length) this.#blocks = growInts(this.#blocks, this.#blockCount + own.length);
      for (const block of own) this.#blocks[this.#blockCount++] = block;
      this.#blockStart[row + 1] = this.#blockCount;
      const tokens = this.#format.blocks?.tokens ?? 1;
      if (own.length !== Math.ceil(promptTokens / tokens)) this.#count(this.#remarks, `with another number of ${this.#format.blocks?.column ?? 'blocks'} than ${tokens}-token blocks in the prompt, kept as they are`, line);
    }
  }

  /** What was left out, by reason. */
  dropNotes(): string[] {
    return [...this.#drops].map(([reason, tally]) => `${count(tally)} dropped: ${reason} (first at line ${tally.line})`);
  }

  remarkNotes(): string[] {
    return [...this.#remarks].map(([what, tally]) => `${count(tally)} ${what} (first at line ${tally.line})`);
  }

  /** The trace, sorted by time and starting at 0. O(rows), O(rows log rows) where rows were out of order. */
  finish(): Trace {
    const n = this.rows;
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    const time = this.#time;
    let sorted = true;
    for (let i = 1; i < n && sorted; i++) sorted = time[i] >= time[i - 1];
    if (!sorted) order.sort((a, b) => time[a] - time[b] || a - b);

    const arrivalUs = new Float64Array(n), promptTokens = new Int32Array(n), outputTokens = new Int32Array(n);
    const start = n === 0 ? 0 : time[order[0]];
    let ordinals = this.#ids === undefined;
    for (let i = 0; i < n; i++) {
      const from = order[i];
      arrivalUs[i] = toMicroseconds(time[from] - start, this.#format.unit);
      promptTokens[i] = this.#prompt[from];
      outputTokens[i] = this.#output[from];
      if (this.#ordinal[from] !== i) ordinals = false;
    }
    const pick = (column: readonly string[]): string[] => Array.from(order, (from) => column[from]);
    const ids = ordinals ? undefined : this.#ids === undefined ? Array.from(order, (from) => String(this.#ordinal[from])) : pick(this.#ids);
    const fields = Object.fromEntries(this.#names.map((name, k) => [name, sorted ? this.#texts[k] : pick(this.#texts[k])]));
    return {
      format: this.#format.name, rows: n, arrivalUs, promptTokens, outputTokens, fields,
      ...(ids === undefined ? {} : { ids }), ...this.#orderedBlocks(order),
    };
  }

  #orderedBlocks(order: Int32Array): Partial<Trace> {
    if (this.#blocks === undefined || this.#blockStart === undefined) return {};
    const blocks = new Int32Array(this.#blockCount), blockStart = new Int32Array(order.length + 1);
    let at = 0;
    for (let i = 0; i < order.length; i++) {
      const own = this.#blocks.subarray(this.#blockStart[order[i]], this.#blockStart[order[i] + 1]);
      blocks.set(own, at);
      at += own.length;
      blockStart[i + 1] = at;
    }
    return { blocks, blockStart, blockTokens: this.#format.blocks?.tokens ?? 1 };
  }

  #share(seen: Map<string, string>, text: string): string {
    const known = seen.get(text);
    if (known !== undefined) return known;
    if (seen.size < SHARED_VALUES_MAX) seen.set(text, text);
    return text;
  }

  #count(tallies: Map<string, Tally>, what: string, line: number): void {
    const tally = tallies.get(what);
    if (tally === undefined) tallies.set(what, { count: 1, line });
    else tally.count++;
  }
}

const count = (tally: Tally): string => `${tally.count} row${tally.count === 1 ? '' : 's'}`;
