// Rows into a trace: typed columns that double, what was left out by reason, and the order of arrival at the end.
import type { Trace } from '../../scenario.ts';
import { FloatColumn, IntColumn, ListColumn } from './columns.ts';
import { toMicroseconds } from './format.ts';
import type { RowSink, RowSource, TraceRow } from './sink.ts';
import { dropNote, remarkNote, Tallies } from './tallies.ts';

/** Past this many distinct values a text column is taken to be all different, and sharing its strings saves nothing. */
const SHARED_VALUES_MAX = 100_000;

/** A text column whose equal values are one string. */
class TextColumn {
  readonly values: string[];
  readonly #seen = new Map<string, string>();
  constructor(rowsBefore: number) { this.values = new Array<string>(rowsBefore).fill(''); }
  push(text: string): void {
    const known = this.#seen.get(text);
    if (known === undefined && this.#seen.size < SHARED_VALUES_MAX) this.#seen.set(text, text);
    this.values.push(known ?? text);
  }
}

export class TraceBuilder implements RowSink {
  rows = 0;
  readonly #source: RowSource;
  readonly #drops = new Tallies();
  readonly #remarks = new Tallies();
  readonly #texts: TextColumn[] = [];
  readonly #time = new FloatColumn();
  readonly #prompt = new IntColumn();
  readonly #output = new IntColumn();
  readonly #ordinal = new IntColumn();
  #ids: string[] | undefined;
  #blocks: ListColumn | undefined;
  #blockTokens: ListColumn | undefined;
  #parents: ListColumn | undefined;
  #after: FloatColumn | undefined;
  #tool: FloatColumn | undefined;
  #latest = -Infinity;

  constructor(source: RowSource) {
    this.#source = source;
    if (source.hasBlocks) this.#blocks = new ListColumn();
  }

  get dropped(): number { return this.#drops.total; }
  drop(reason: string, line: number): void { this.#drops.count(reason, line); }

  /** Adds a row that was checked. A row without an id has its ordinal among the data rows of the file. */
  add(row: TraceRow): void {
    const { line, time, promptTokens, texts, id } = row, at = this.rows++, ordinal = at + this.dropped;
    // A call that waits for its parents has no time of its own in the file.
    const isClocked = row.afterUs < 0;
    if (isClocked && time < this.#latest) this.#remarks.count('earlier than a row before, so sorted by time, rows of one instant in file order', line);
    else if (isClocked) this.#latest = time;
    this.#time.push(time);
    this.#prompt.push(promptTokens);
    this.#output.push(row.outputTokens);
    this.#ordinal.push(ordinal);
    if (id !== undefined && this.#ids === undefined) this.#ids = Array.from({ length: at }, (_, i) => String(this.#ordinal.values[i]));
    this.#ids?.push(id ?? String(ordinal));
    while (this.#texts.length < this.#source.names.length) this.#texts.push(new TextColumn(at));
    for (let k = 0; k < this.#texts.length; k++) this.#texts[k].push(texts[k] ?? '');
    this.#addBlocks(row, at);
    this.#addProgram(row, at);
  }

  #addBlocks({ blocks, blockTokens, promptTokens }: TraceRow, at: number): void {
    if (this.#blocks === undefined && blocks !== undefined && blocks.length > 0) this.#blocks = new ListColumn(at);
    if (this.#blocks === undefined) return;
    const own = blocks ?? [];
    this.#blocks.push(own);
    if (blockTokens !== undefined) {
      this.#blockTokens ??= this.#sizesSoFar(at);
      this.#blockTokens.push(own.length === 0 ? [] : blockTokens);
      return;
    }
    this.#blockTokens?.push(sizes(own.length, promptTokens, this.#source.blockTokens));
  }

  /** Rows so far kept to the size of a block; from now on each says its own. */
  #sizesSoFar(rows: number): ListColumn {
    const column = new ListColumn(), order = Int32Array.from({ length: rows }, (_, i) => i), { starts } = this.#blocks!.picked(order);
    for (let row = 0; row < rows; row++) column.push(sizes(starts[row + 1] - starts[row], this.#prompt.values[row], this.#source.blockTokens));
    return column;
  }

  #addProgram({ parents, afterUs, toolUs }: TraceRow, at: number): void {
    if (this.#parents === undefined && parents !== undefined && parents.length > 0) this.#parents = new ListColumn(at);
    this.#parents?.push(parents ?? []);
    const started = (value: number): FloatColumn => { const column = new FloatColumn(); for (let row = 0; row < at; row++) column.push(value); return column; };
    if (this.#after === undefined && afterUs >= 0) this.#after = started(-1);
    this.#after?.push(afterUs);
    if (this.#tool === undefined && toolUs > 0) this.#tool = started(0);
    this.#tool?.push(toolUs);
  }

  /** What was left out, by reason. */
  dropNotes(): string[] { return this.#drops.list().map(dropNote); }
  remarkNotes(): string[] { return this.#remarks.list().map(remarkNote); }

  /** The trace, sorted by time and starting at 0. O(rows), O(rows log rows) where rows were out of order. */
  finish(): Trace {
    const n = this.rows, { format, startUs } = this.#source, time = this.#time.values;
    let start = Infinity;
    for (let i = 0; i < n; i++) start = Math.min(start, time[i]);
    const us = Float64Array.from({ length: n }, (_, i) => toMicroseconds(time[i] - start, format.unit));
    const order = Int32Array.from({ length: n }, (_, i) => i);
    let sorted = true;
    for (let i = 1; i < n && sorted; i++) sorted = us[i] >= us[i - 1];
    // By whole microseconds: rows of one instant keep the order of the file.
    if (!sorted) order.sort((a, b) => us[a] - us[b] || a - b);
    const fields = Object.fromEntries(this.#source.names.map((name, k) => [name, sorted ? this.#texts[k]?.values ?? [] : Array.from(order, (from) => this.#texts[k].values[from])]));
    const began = format.isCalendar ? start : startUs === undefined ? undefined : startUs + toMicroseconds(start, format.unit);
    return {
      format: format.name, rows: n, arrivalUs: sorted ? us : Float64Array.from(order, (row) => us[row]), promptTokens: this.#prompt.picked(order), outputTokens: this.#output.picked(order), fields,
      ...this.#idsIn(order), ...this.#blocksIn(order, sorted), ...this.#programsIn(order), ...(began === undefined || n === 0 ? {} : { startUs: began }),
    };
  }

  /** No ids where the number of each row says the same. */
  #idsIn(order: Int32Array): Partial<Trace> {
    const ids = this.#ids, idOf = (row: number): string => ids?.[row] ?? String(this.#ordinal.values[row]);
    return order.every((row, i) => (ids === undefined ? this.#ordinal.values[row] === i : ids[row] === String(i))) ? {} : { ids: Array.from(order, idOf) };
  }

  #blocksIn(order: Int32Array, sorted: boolean): Partial<Trace> {
    if (this.#blocks === undefined) return {};
    const { values, starts } = sorted ? this.#blocks.asPushed() : this.#blocks.picked(order), { blockTokens, contents } = this.#source;
    const isUniform = blockTokens > 0 && this.#blockTokens === undefined;
    const segments = isUniform ? { blockTokens } : { segmentTokens: this.#blockTokens?.picked(order).values ?? new Int32Array(0) };
    return { blocks: values, blockStart: starts, ...segments, ...(contents.length > 0 ? { contentNames: [...contents] } : {}) };
  }

  #programsIn(order: Int32Array): Partial<Trace> {
    const out: { -readonly [K in 'parents' | 'parentStart' | 'afterUs' | 'toolUs']?: Trace[K] } = {};
    if (this.#parents !== undefined) {
      const { values, starts } = this.#parents.picked(order), placeOf = new Int32Array(order.length);
      for (let i = 0; i < order.length; i++) placeOf[order[i]] = i;
      out.parents = values.map((row) => placeOf[row]);
      out.parentStart = starts;
    }
    if (this.#after !== undefined) out.afterUs = this.#after.picked(order);
    if (this.#tool !== undefined) out.toolUs = this.#tool.picked(order);
    return out;
  }
}

/** Tokens of so many blocks of one size at the beginning of a prompt: the last is cut where the prompt ends. */
export function sizes(blocks: number, promptTokens: number, blockTokens: number): number[] {
  return Array.from({ length: blocks }, (_, k) => Math.max(0, Math.min(blockTokens, promptTokens - k * blockTokens)));
}
