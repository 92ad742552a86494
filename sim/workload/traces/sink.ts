// Where rows go once they were checked: into columns, into a description, into another file.
import type { TraceFormat, TraceShape } from './format.ts';

/** One call of a trace. The same object is handed out for every row: copy what must stay. */
export interface TraceRow {
  /** Line of the file, from 1. */
  line: number;
  /** Arrival in the format's unit. For a call that waits for its parents: the earliest that it could be. */
  time: number;
  promptTokens: number;
  outputTokens: number;
  /** The row's own id; undefined: it has none. */
  id: string | undefined;
  /** Values of the text fields, in the order of the source's `names`; where it is shorter, the rest are empty. */
  texts: readonly string[];
  /** Numbers of the contents that the prompt begins with (see `Trace.blocks`); undefined: the trace tells none. */
  blocks: readonly number[] | Int32Array | undefined;
  /** Tokens of each of them; undefined: the blocks of the format. */
  blockTokens: readonly number[] | undefined;
  /** Rows that the call comes after, by their ordinal among the rows read; undefined: it tells none. */
  parents: readonly number[] | undefined;
  /** The ids of those. */
  parentIds: readonly string[] | undefined;
  /** Microseconds after the last parent is done; −1: the call arrives by the clock. */
  afterUs: number;
  /** Microseconds of the tool that the call asks for. */
  toolUs: number;
}

/** What is known of a file before its first row; `names` and `contents` grow with the rows. */
export interface RowSource {
  readonly format: TraceFormat;
  readonly shape: TraceShape;
  /** Names of the text fields. */
  readonly names: readonly string[];
  /** True where rows may name contents. */
  readonly hasBlocks: boolean;
  /** Tokens of a block, where all but the last of a row have the same; 0: they differ. */
  readonly blockTokens: number;
  /** Names of contents that have no number: content −2 − k is contents[k]. */
  readonly contents: readonly string[];
  /** The calendar time of arrival 0 in µs since 1970, where the file says it apart from its arrivals. */
  readonly startUs: number | undefined;
  /** Where a converted file came from. */
  readonly origin: TraceOrigin | undefined;
}

export interface TraceOrigin { readonly format: string; readonly sha256: string }

export interface RowSink {
  add(row: TraceRow): void;
  /** A row that cannot be used. */
  drop(reason: string, line: number): void;
}

export const emptyRow = (): TraceRow => ({ line: 0, time: 0, promptTokens: 0, outputTokens: 0, id: undefined, texts: [], blocks: undefined, blockTokens: undefined, parents: undefined, parentIds: undefined, afterUs: -1, toolUs: 0 });
