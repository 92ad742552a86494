// What a trace format is: which columns say when, how much in, how much out; and how values become numbers.

export type TraceShape = 'csv' | 'jsonl';
export type TimeUnit = 's' | 'ms' | 'us' | 'ns';

/** Values of one row by column name, for telling formats with equal columns apart. */
export type Sample = (column: string) => unknown;

/** One file exports one of these; the registry lists it. */
export interface TraceFormat {
  readonly name: string;
  /** What it is, in one line. */
  readonly title: string;
  readonly shapes: readonly TraceShape[];
  /** Columns by which the format is recognised; shown where a file is not. */
  readonly columns: readonly string[];
  /** Decides where another format has the same columns. */
  recognise?(sample: Sample): boolean;
  readonly arrival: string;
  readonly prompt: string;
  readonly output: string;
  readonly id?: string;
  /**
   * Column of prefix block ids and the tokens of one block; the last block of a row may be partial. `ofTokenIds`: the column has the tokens
   * themselves. `from`: the size was given by the user, or is the one that the rows agree with; absent: the usual one of the format.
   */
  readonly blocks?: { readonly column: string; readonly tokens: number; readonly ofTokenIds?: boolean; readonly from?: 'given' | 'rows' };
  /** Columns that link a row to the one before it in its session: `session` is then the id of the first. */
  readonly parent?: string;
  /** Text columns that get a name of ours, such as `Session ID` → `session`. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Columns that are not worth keeping as text. */
  readonly ignore?: readonly string[];
  /** The arrival as a number in `unit`; NaN where it cannot be read. */
  time(value: unknown): number;
  readonly unit: TimeUnit;
  /** True where times are of the calendar, counted from 1970. */
  readonly isCalendar?: boolean;
  /** The units of the file in words, for the notes of every result; those of block ids are added. */
  readonly units: string;
  /** Why a row with these lengths is not a call, where the format has a way to say so. */
  refuse?(promptTokens: number, outputTokens: number): string | undefined;
}

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** A finite number written as JSON number or decimal text; else NaN. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : NaN;
  if (typeof value !== 'string') return NaN;
  const text = value.trim();
  if (!NUMBER.test(text)) return NaN;
  const number = Number(text);
  return Number.isFinite(number) ? number : NaN;
}

/** True where a row says nothing in this column. */
export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** Microseconds from the first row: `delta` is a difference of two times in `unit`. Rounded to the nearest. */
export function toMicroseconds(delta: number, unit: TimeUnit): number {
  if (unit === 'ns') return Math.round(delta / 1000);
  return Math.round(unit === 's' ? delta * 1e6 : unit === 'ms' ? delta * 1000 : delta);
}
