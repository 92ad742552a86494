// The rows of a benchmark as a table for the terminal.
import { layout } from '../src/cli/table.ts';
import type { BenchRow } from './row.ts';

/** 12345678 is 12 300 000: three digits are all that a timing has. */
export function figure(value: number | null): string {
  if (value === null) return '–';
  if (!(value > 0) || value === Infinity) return String(value);
  const text = String(Number(value.toPrecision(3)));
  return value < 1000 ? text : text.replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

export function table(rows: readonly BenchRow[], columns = Infinity): string {
  return layout([
    { head: 'task', align: 'left', cells: rows.map(({ task }) => task) },
    { head: 'figure', align: 'decimal', cells: rows.map(({ perSecond }) => figure(perSecond)) },
    { head: 'unit', align: 'left', cells: rows.map(({ unit }) => unit) },
    { head: 'note', align: 'left', cells: rows.map(({ note }) => note) },
  ], columns).lines.join('\n');
}
