// Reading a trace file as its pieces come: gathers lines until the format is plain, then hands the rows to whoever takes them.
import { SchedlabError } from '../../../src/errors.ts';
import { ColumnRows, type RowTaker } from './column-rows.ts';
import type { TraceFormat } from './format.ts';
import { LineSplitter } from './lines.ts';
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

  /** The format that was read. Throws ERR_TRACE_FORMAT where there was nothing to read. */
  end(): TraceFormat {
    this.#splitter.end();
    if (!this.#hasText) throw new SchedlabError('ERR_TRACE_FORMAT', `the trace ${JSON.stringify(this.#path)} is empty. Give a file with rows.`, { path: this.#path });
    if (this.#taker === undefined) this.#decide();
    if (this.#taker === undefined) throw new SchedlabError('ERR_TRACE_FORMAT', `the trace ${JSON.stringify(this.#path)} holds no line that could be a row. Give a file with rows.`, { path: this.#path });
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
