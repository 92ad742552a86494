// Lines to rows: one physical line is one row, in CSV as in JSONL, so that line numbers are exact and a stray quote harms one row only.
import { parse } from 'csv-parse/sync';
import { ListScan } from './list-scan.ts';

/** Values of the wanted columns, in their order; or why the line is not a row. */
export type Cells = readonly unknown[] | string;
/** Takes the lines of a block of bytes and answers how many they were. */
export type ByteReader = (block: Buffer, each: (cells: Cells, index: number) => void) => number;
export type RowReader = (lines: readonly string[], each: (cells: Cells, index: number) => void) => void;

const BROKEN = 'broken JSON';

export const isBlank = (line: string): boolean => line.trim() === '';

/** The cells of one CSV line by RFC 4180, trimmed; undefined where its quotes are broken. */
export function csvLine(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(',').map((cell) => cell.trim());
  try {
    const records: string[][] = parse(line, { trim: true, relax_column_count: true });
    return records.length === 1 ? records[0] : undefined;
  } catch {
    return undefined;
  }
}

/** Rows of a block that has quotes somewhere: csv-parse takes the block at once, or line by line where one line is broken. */
function quoted(lines: readonly string[]): (string[] | undefined)[] {
  try {
    const records: string[][] = parse(lines.join('\n'), { trim: true, relax_column_count: true });
    if (records.length === lines.length) return records;
  } catch { /* One line is broken; which one shows below. */ }
  return lines.map(csvLine);
}

/**
 * Rows under a CSV header. Where a block has no quote, cells are what stands between commas, and splitting there is
 * ten times as fast as csv-parse (4 to 8 µs a row, which is minutes for a week-long trace); a test holds the two to equal rows.
 */
export function csvRows(header: readonly string[], wanted: readonly string[]): RowReader {
  const at = wanted.map((name) => header.indexOf(name));
  const width = header.length;
  const pick = (cells: readonly string[] | undefined): Cells => cells === undefined ? 'broken quotes'
    : cells.length !== width ? 'not as many cells as the header'
      : at.map((column) => column < 0 ? undefined : cells[column]);
  return (lines, each) => {
    const rows: number[] = [];
    let hasQuotes = false;
    for (let i = 0; i < lines.length; i++) {
      if (isBlank(lines[i])) continue;
      rows.push(i);
      if (!hasQuotes && lines[i].includes('"')) hasQuotes = true;
    }
    if (!hasQuotes) {
      for (const i of rows) each(pick(lines[i].split(',')), i);
      return;
    }
    const parsed = quoted(rows.map((i) => lines[i]));
    for (let k = 0; k < rows.length; k++) each(pick(parsed[k]), rows[k]);
  };
}

/** The object of one JSON line; undefined where it is none. */
export function jsonLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}

function pickFrom(row: Readonly<Record<string, unknown>>, wanted: readonly string[]): unknown[] {
  const cells: unknown[] = [];
  for (const name of wanted) cells.push(name !== '' && Object.hasOwn(row, name) ? row[name] : undefined);
  return cells;
}

export function jsonRows(wanted: readonly string[]): RowReader {
  return (lines, each) => {
    for (let i = 0; i < lines.length; i++) {
      if (isBlank(lines[i])) continue;
      const row = jsonLine(lines[i]);
      each(row === undefined ? BROKEN : pickFrom(row, wanted), i);
    }
  };
}

/** The same rows from bytes, the lists of `column` as Int32Array: what the next row overwrites. A test holds the two to equal rows. */
export function jsonListRows(wanted: readonly string[], column: string): ByteReader {
  const scan = new ListScan(column), place = wanted.indexOf(column);
  return (block, each) => {
    let index = 0;
    for (let from = 0; from <= block.length; from = scan.end + 1, index++) {
      const plain = scan.line(block, from), text = plain ?? block.toString('utf8', from, scan.end);
      if (plain === undefined && isBlank(text)) continue;
      const row = jsonLine(text);
      if (row === undefined) { each(BROKEN, index); continue; }
      const cells = pickFrom(row, wanted);
      if (plain !== undefined) cells[place] = scan.numbers();
      each(cells, index);
    }
    return index;
  };
}
