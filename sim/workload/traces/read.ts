// Reads a request trace: recognise the format, take the rows that can be used, say what was left out.
import { SchedlabError } from '../../../src/errors.ts';
import type { LoadedData, Trace } from '../../scenario.ts';
import { TraceBuilder } from './builder.ts';
import { bytesInMemory, bytesOfFile, type TraceBytes } from './bytes.ts';
import { isMissing, numberOf, type TraceFormat } from './format.ts';
import { LINE_MAX_BYTES, readLines } from './lines.ts';
import { formatNamed, notText, recognise, type Recognised } from './recognise.ts';
import { csvRows, isBlank, jsonRows, type Cells, type RowReader } from './rows.ts';

const TOKENS_MAX = 0x7fffffff;
/** Text columns kept of one file. */
const FIELDS_MAX = 64;
/** Place of the first text column in the cells of a row, after arrival, prompt, output, id, blocks and parent. */
const TEXTS_FROM = 6;

/** Takes the rows of one recognised file. */
class RowTaker {
  readonly builder: TraceBuilder;
  readonly format: TraceFormat;
  readonly #reader: RowReader;
  readonly #fields: number;
  readonly #roots: Map<string, string> | undefined;

  constructor(found: Recognised) {
    const { format, columns } = found;
    this.format = format;
    const taken = new Set<string>([format.arrival, format.prompt, format.output, ...(format.id === undefined ? [] : [format.id]), ...(format.blocks === undefined ? [] : [format.blocks.column]), ...(format.ignore ?? [])]);
    const texts = [...new Set(columns)].filter((column) => column !== '' && !taken.has(column)).slice(0, FIELDS_MAX);
    const names = texts.map((column) => {
      const name = format.rename !== undefined && Object.hasOwn(format.rename, column) ? format.rename[column] : column;
      return name !== column && texts.includes(name) ? column : name;
    });
    this.#fields = texts.length;
    this.#roots = format.parent !== undefined && columns.includes(format.parent) ? new Map() : undefined;
    const hasBlocks = format.blocks !== undefined && columns.includes(format.blocks.column);
    this.builder = new TraceBuilder(format, this.#roots === undefined ? names : [...names, 'session'], hasBlocks);
    const wanted = [format.arrival, format.prompt, format.output, format.id ?? '', format.blocks?.column ?? '', format.parent ?? '', ...texts];
    this.#reader = found.shape === 'csv' ? csvRows(columns, wanted) : jsonRows(wanted);
  }

  lines(lines: readonly string[], first: number): void {
    this.#reader(lines, (cells, index) => { this.#take(cells, first + index); });
  }

  tooLong(line: number): void { this.builder.drop(`line of more than ${LINE_MAX_BYTES >> 20} MiB`, line); }

  #take(cells: Cells, line: number): void {
    if (typeof cells === 'string') { this.builder.drop(cells, line); return; }
    const time = this.format.time(cells[0]), prompt = numberOf(cells[1]), output = numberOf(cells[2]);
    const reason = this.#timeRefusal(cells[0], time) ?? tokensRefusal(this.format.prompt, cells[1], prompt) ?? tokensRefusal(this.format.output, cells[2], output)
      ?? this.#blocksRefusal(cells[4]) ?? this.format.refuse?.(prompt, output);
    if (reason !== undefined) { this.builder.drop(reason, line); return; }
    const id = textOf(cells[3]);
    const texts: string[] = [];
    for (let k = 0; k < this.#fields; k++) texts.push(textOf(cells[TEXTS_FROM + k]));
    if (this.#roots !== undefined) {
      const parent = textOf(cells[5]);
      const root = parent === '' || parent === '-1' ? id : this.#roots.get(parent) ?? parent;
      this.#roots.set(id, root);
      texts.push(root);
    }
    this.builder.add(line, time, prompt, output, id === '' ? undefined : id, texts, cells[4] as number[] | undefined);
  }

  #timeRefusal(value: unknown, time: number): string | undefined {
    if (Number.isFinite(time)) return undefined;
    return isMissing(value) ? `no ${this.format.arrival}` : `${this.format.arrival} cannot be read as a time`;
  }

  #blocksRefusal(value: unknown): string | undefined {
    if (value === undefined || this.format.blocks === undefined) return undefined;
    if (Array.isArray(value) && value.every((block) => Number.isInteger(block) && block >= 0 && block <= TOKENS_MAX)) return undefined;
    return `${this.format.blocks.column} is not a list of whole numbers up to ${TOKENS_MAX}`;
  }
}

/** Why a number of tokens cannot be used; undefined: it can. Zero can. */
function tokensRefusal(column: string, value: unknown, tokens: number): string | undefined {
  if (Number.isInteger(tokens) && tokens >= 0 && tokens <= TOKENS_MAX) return undefined;
  if (isMissing(value)) return `no ${column}`;
  return tokens < 0 ? `negative ${column}` : `${column} is not a whole number up to ${TOKENS_MAX}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Latest arrival that integer microseconds hold exactly. */
const ARRIVAL_MAX_US = Number.MAX_SAFE_INTEGER;

function checked(path: string, builder: TraceBuilder): Trace {
  const where = `the trace ${JSON.stringify(path)}`;
  const why = builder.dropNotes().join('; ');
  if (builder.rows === 0) throw new SchedlabError('ERR_TRACE_ROW', `${where} has no row that can be used${why === '' ? ': it holds no data' : `: ${why}`}. Mend the file, or name its format by format=.`, { path, dropped: builder.dropped });
  if (builder.dropped > builder.rows) throw new SchedlabError('ERR_TRACE_ROW', `${where} is not usable: ${builder.dropped} of ${builder.rows + builder.dropped} rows cannot be used (${why}). Mend the file, or name its format by format=.`, { path, dropped: builder.dropped, rows: builder.rows });
  const trace = builder.finish();
  if (!(trace.arrivalUs[trace.rows - 1] <= ARRIVAL_MAX_US)) throw new SchedlabError('ERR_TRACE_ROW', `${where} spans more time than microseconds can count. Check the units of its times, or name its format by format=.`, { path });
  return trace;
}

/** Lines gathered before the format is decided; a file with fewer is decided at its end. */
const GATHER_LINES = 100;

function read(path: string, source: TraceBytes, named: TraceFormat | undefined): LoadedData {
  let taker: RowTaker | undefined, hasText = false;
  let gathered: string[] = [];
  const longLines: number[] = [];
  function* text(): Generator<Buffer> {
    for (const piece of source.pieces()) {
      if (!hasText && piece.includes(0)) throw notText(path);
      hasText = true;
      yield piece;
    }
  }
  const decide = (): void => {
    if (gathered.every(isBlank)) return;
    const found = recognise(path, gathered, named);
    taker = new RowTaker(found);
    for (const line of longLines) taker.tooLong(line);
    taker.lines(gathered.slice(found.skip), 1 + found.skip);
    gathered = [];
  };
  readLines(text(), {
    lines(lines, first) {
      if (taker !== undefined) { taker.lines(lines, first); return; }
      for (const line of lines) gathered.push(line);
      if (gathered.length >= GATHER_LINES) decide();
    },
    tooLong(line) {
      if (taker !== undefined) taker.tooLong(line);
      else { longLines.push(line); gathered.push(''); }
    },
  });
  if (!hasText) throw new SchedlabError('ERR_TRACE_FORMAT', `the trace ${JSON.stringify(path)} is empty. Give trace= a file with rows.`, { path });
  if (taker === undefined) decide();
  if (taker === undefined) throw new SchedlabError('ERR_TRACE_FORMAT', `the trace ${JSON.stringify(path)} holds no line that could be a row. Give trace= a file with rows.`, { path });
  const { builder, format } = taker as RowTaker;
  const trace = checked(path, builder);
  return {
    trace,
    file: {
      path, sha256: source.sha256(), bytes: source.bytes, format: format.name, rowsRead: builder.rows, rowsDropped: builder.dropped,
      notes: [`units: ${format.units}`, ...builder.dropNotes(), ...builder.remarkNotes()],
    },
  };
}

/**
 * Reads a trace file, packed or not, whole and at once. `format`: a name of TRACE_FORMATS; empty or `auto`: by its columns.
 * `rowsRead` counts the rows that became calls, `rowsDropped` the others; `notes` says the units, each reason with an example,
 * and what else a reader should know. Arrivals are integer µs from the earliest row, in order; rows of one instant keep the file's order.
 * Throws ERR_TRACE_FILE (cannot be read), ERR_TRACE_FORMAT (not a known format) or ERR_TRACE_ROW (no or too few usable rows).
 */
export function readTrace(path: string, format?: string): LoadedData { const named = formatNamed(format); return read(path, bytesOfFile(path), named); }

/** The same for bytes in memory; `name` stands for the path. */
export function readTraceBytes(name: string, bytes: Uint8Array, format?: string): LoadedData { return read(name, bytesInMemory(name, bytes), formatNamed(format)); }
