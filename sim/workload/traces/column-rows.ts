// Rows of formats whose columns say when, how much in, how much out: each row is checked, then handed on, or dropped with its reason.
import type { SchedlabError } from '../../../src/errors.ts';
import { BlockSizes } from './block-size.ts';
import { isMissing, numberOf, type TraceFormat } from './format.ts';
import { LINE_MAX_BYTES } from './lines.ts';
import type { Recognised } from './recognise.ts';
import { csvRows, jsonListRows, jsonRows, type ByteReader, type Cells, type RowReader } from './rows.ts';
import { emptyRow, type RowSink, type RowSource } from './sink.ts';
import { isOfTokenIds } from './spellings.ts';
import { remarkNote } from './tallies.ts';
import { TokenBlocks } from './token-blocks.ts';

export const TOKENS_MAX = 0x7fffffff;
/** Text columns kept of one file. */
const FIELDS_MAX = 64;
/** Place of the first text column in the cells of a row, after arrival, prompt, output, id, blocks and parent. */
const TEXTS_FROM = 6;

/** Takes the lines of a file and gives its rows to a sink. */
export interface RowTaker {
  readonly source: RowSource;
  lines(lines: readonly string[], first: number): void;
  /** Takes the lines of a block as bytes and answers how many they were; −1: it wants text. */
  bytes?(block: Buffer, first: number): number;
  tooLong(line: number): void;
  /** What a reader should know of the rows, after the last. */
  remarks?(): readonly string[];
  /** Throws ERR_TRACE_ROW where the rows, all being taken, contradict the format. */
  check?(path: string): void;
}

/** Takes the rows of one recognised file. */
export class ColumnRows implements RowTaker {
  readonly source: RowSource;
  readonly #format: TraceFormat;
  readonly #sink: RowSink;
  readonly #reader: RowReader;
  readonly #byteReader: ByteReader | undefined;
  readonly #sizes: BlockSizes | undefined;
  readonly #fields: number;
  /** A length is the number of ids in a list. */
  readonly #countsIds: boolean;
  readonly #roots: Map<string, string> | undefined;
  readonly #tokenBlocks: TokenBlocks | undefined;
  readonly #row = emptyRow();

  constructor(found: Recognised, open: (source: RowSource) => RowSink) {
    const { format, columns } = found;
    this.#format = format;
    const taken = new Set<string>([format.arrival, format.prompt, format.output, ...(format.id === undefined ? [] : [format.id]), ...(format.blocks === undefined ? [] : [format.blocks.column]), ...(format.ignore ?? [])]);
    const texts = [...new Set(columns)].filter((column) => column !== '' && !taken.has(column)).slice(0, FIELDS_MAX);
    const names = texts.map((column) => {
      const name = format.rename !== undefined && Object.hasOwn(format.rename, column) ? format.rename[column] : column;
      return name !== column && texts.includes(name) ? column : name;
    });
    this.#countsIds = isOfTokenIds(format.prompt) || isOfTokenIds(format.output);
    this.#fields = texts.length;
    this.#tokenBlocks = format.blocks?.ofTokenIds ? new TokenBlocks(format.blocks.tokens) : undefined;
    this.#roots = format.parent !== undefined && columns.includes(format.parent) ? new Map() : undefined;
    const wanted = [format.arrival, format.prompt, format.output, format.id ?? '', format.blocks?.column ?? '', format.parent ?? '', ...texts];
    this.#reader = found.shape === 'csv' ? csvRows(columns, wanted) : jsonRows(wanted);
    if (format.blocks !== undefined && found.shape === 'jsonl' && !this.#countsIds) this.#byteReader = jsonListRows(wanted, format.blocks.column);
    if (format.blocks !== undefined && !format.blocks.ofTokenIds) this.#sizes = new BlockSizes(format.blocks.tokens);
    this.source = {
      format, shape: found.shape, names: this.#roots === undefined ? names : [...names, 'session'], contents: [], startUs: undefined, origin: undefined,
      hasBlocks: format.blocks !== undefined && columns.includes(format.blocks.column), blockTokens: format.blocks?.tokens ?? 0,
    };
    this.#sink = open(this.source);
  }

  lines(lines: readonly string[], first: number): void {
    this.#reader(lines, (cells, index) => { this.#take(cells, first + index); });
  }

  bytes(block: Buffer, first: number): number {
    return this.#byteReader?.(block, (cells, index) => { this.#take(cells, first + index); }) ?? -1;
  }

  remarks(): readonly string[] {
    const sizes = this.#sizes, { column, tokens } = this.#format.blocks ?? {};
    return sizes === undefined || sizes.odd === 0 ? [] : [remarkNote({ what: `with another number of ${column} than ${tokens}-token blocks in the prompt, kept as they are`, count: sizes.odd, line: sizes.oddLine })];
  }

  /** A size that was given holds for every row; the usual one, for most. */
  check(path: string): void {
    const refusal = this.#refusal(path);
    if (refusal !== undefined) throw refusal;
  }

  #refusal(path: string): SchedlabError | undefined {
    const sizes = this.#sizes;
    if (sizes === undefined || sizes.odd === 0 || (this.#format.blocks?.from !== 'given' && sizes.odd <= sizes.rows / 2)) return undefined;
    return sizes.refusal(path, this.#format);
  }

  tooLong(line: number): void { this.#sink.drop(`line of more than ${LINE_MAX_BYTES >> 20} MiB`, line); }

  #take(cells: Cells, line: number): void {
    if (typeof cells === 'string') { this.#sink.drop(cells, line); return; }
    const format = this.#format, time = format.time(cells[0]), prompt = lengthOf(format.prompt, cells[1]), output = lengthOf(format.output, cells[2]);
    const reason = this.#timeRefusal(cells[0], time) ?? tokensRefusal(format.prompt, cells[1], prompt) ?? tokensRefusal(format.output, cells[2], output)
      ?? this.#blocksRefusal(cells[4], prompt) ?? format.refuse?.(prompt, output);
    if (reason !== undefined) { this.#sink.drop(reason, line); return; }
    const id = textOf(cells[3]);
    const texts: string[] = [];
    for (let k = 0; k < this.#fields; k++) texts.push(textOf(cells[TEXTS_FROM + k]));
    if (this.#roots !== undefined) {
      const parent = textOf(cells[5]);
      const root = parent === '' || parent === '-1' ? id : this.#roots.get(parent) ?? parent;
      this.#roots.set(id, root);
      texts.push(root);
    }
    const row = this.#row, blocks = cells[4] as readonly number[] | Int32Array | undefined;
    row.line = line;
    row.time = time;
    row.promptTokens = prompt;
    row.outputTokens = output;
    row.id = id === '' ? undefined : id;
    row.texts = texts;
    row.blocks = blocks === undefined ? undefined : this.#tokenBlocks?.of(blocks) ?? blocks;
    if (blocks !== undefined) this.#sizes?.add(prompt, blocks.length, line);
    this.#sink.add(row);
  }

  #timeRefusal(value: unknown, time: number): string | undefined {
    if (Number.isFinite(time)) return undefined;
    return isMissing(value) ? `no ${this.#format.arrival}` : `${this.#format.arrival} cannot be read as a time`;
  }

  #blocksRefusal(value: unknown, prompt: number): string | undefined {
    if (value === undefined || this.#format.blocks === undefined) return undefined;
    // What was scanned from bytes is of such numbers alone.
    if (!(value instanceof Int32Array) && !(Array.isArray(value) && value.every((block) => Number.isInteger(block) && block >= 0 && block <= TOKENS_MAX))) return `${this.#format.blocks.column} is not a list of whole numbers up to ${TOKENS_MAX}`;
    return this.#tokenBlocks !== undefined && value.length !== prompt ? `another number of ${this.#format.blocks.column} than ${this.#format.prompt}` : undefined;
  }
}

function lengthOf(column: string, value: unknown): number { return isOfTokenIds(column) && Array.isArray(value) ? value.length : numberOf(value); }

/** Why a number of tokens cannot be used; undefined: it can. Zero can. */
function tokensRefusal(column: string, value: unknown, tokens: number): string | undefined {
  if (Number.isInteger(tokens) && tokens >= 0 && tokens <= TOKENS_MAX) return undefined;
  if (isMissing(value)) return `no ${column}`;
  return tokens < 0 ? `negative ${column}` : `${column} is not a whole number up to ${TOKENS_MAX}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
