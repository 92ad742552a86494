// Reading a trace file as its pieces come: gathers lines until the format is plain, then hands the rows to whoever takes them.
import { SchedlabError } from '../../../src/errors.ts';
import { ColumnRows, type RowTaker } from './column-rows.ts';
import type { TraceFormat } from './format.ts';
import { linesOf, LineSplitter } from './lines.ts';
import { notText, recognise } from './recognise.ts';
import { isBlank } from './rows.ts';
import { schedlab } from './schedlab.ts';
import { SchedlabRows } from './schedlab-rows.ts';
import type { RowSink, RowSource } from './sink.ts';

/** Lines gathered before the format is decided; a file with fewer is decided at its end. */
const GATHER_LINES = 100;

export class TraceReading {
  readonly #path: string;
  readonly #named: TraceFormat | undefined;
  readonly #open: (source: RowSource) => RowSink;
  readonly #splitter: LineSplitter;
  #taker: RowTaker | undefined;
  #gathered: string[] = [];
  #longLines: number[] = [];
  #hasText = false;

  /** `open` is asked once, before the first row; it may be asked for a file that then has no row. */
  constructor(path: string, named: TraceFormat | undefined, open: (source: RowSource) => RowSink) {
    this.#path = path;
    this.#named = named;
    this.#open = open;
    this.#splitter = new LineSplitter({
      bytes: (block, first) => this.#takeBytes(block, first),
      lines: (lines, first) => {
        if (this.#taker !== undefined) { this.#taker.lines(lines, first); return; }
        for (const line of lines) this.#gathered.push(line);
        if (this.#gathered.length >= GATHER_LINES) this.#decide();
      },
      tooLong: (line) => {
        if (this.#taker !== undefined) this.#taker.tooLong(line);
        else { this.#longLines.push(line); this.#gathered.push(''); }
      },
    });
  }

  /** Throws ERR_TRACE_FORMAT where the file is none of the known formats, ERR_TRACE_ROW at a bad row of schedlab/trace@1. */
  push(piece: Buffer): void {
    if (!this.#hasText && piece.includes(0)) throw notText(this.#path);
    this.#hasText = true;
    this.#splitter.push(piece);
  }

  /** Lines enough to tell the format by as text, the rest as the format likes them. */
  #takeBytes(block: Buffer, first: number): number {
    if (this.#taker !== undefined) return this.#taker.bytes?.(block, first) ?? -1;
    let end = -1, count = 0;
    do { end = block.indexOf(0x0a, end + 1); count++; } while (end >= 0 && this.#gathered.length + count < GATHER_LINES);
    for (const line of linesOf(end < 0 ? block : block.subarray(0, end))) this.#gathered.push(line);
    if (this.#gathered.length >= GATHER_LINES) this.#decide();
    if (end < 0) return count;
    const rest = block.subarray(end + 1), taken = this.#takeRest(rest, first + count);
    return count + taken;
  }

  #takeRest(rest: Buffer, first: number): number {
    const taken = this.#taker?.bytes?.(rest, first) ?? -1;
    if (taken >= 0) return taken;
    const lines = linesOf(rest);
    if (this.#taker !== undefined) this.#taker.lines(lines, first);
    else { for (const line of lines) this.#gathered.push(line); this.#decide(); }
    return lines.length;
  }

  /** What a reader should know of the rows, after the last. */
  remarks(): readonly string[] { return this.#taker?.remarks?.() ?? []; }

  /** The format that was read. Throws ERR_TRACE_FORMAT where there was nothing to read, ERR_TRACE_ROW where its rows contradict it. */
  end(): TraceFormat {
    this.#splitter.end();
    if (!this.#hasText) throw new SchedlabError('ERR_TRACE_FORMAT', `the trace ${JSON.stringify(this.#path)} is empty. Give a file with rows.`, { path: this.#path });
    if (this.#taker === undefined) this.#decide();
    if (this.#taker === undefined) throw new SchedlabError('ERR_TRACE_FORMAT', `the trace ${JSON.stringify(this.#path)} holds no line that could be a row. Give a file with rows.`, { path: this.#path });
    this.#taker.check?.(this.#path);
    return this.#taker.source.format;
  }

  #decide(): void {
    if (this.#gathered.every(isBlank)) return;
    const found = recognise(this.#path, this.#gathered, this.#named);
    this.#taker = found.format === schedlab ? new SchedlabRows(this.#path, this.#open) : new ColumnRows(found, this.#open);
    for (const line of this.#longLines) this.#taker.tooLong(line);
    this.#taker.lines(this.#gathered.slice(found.skip), 1 + found.skip);
    this.#gathered = [];
    this.#longLines = [];
  }
}
