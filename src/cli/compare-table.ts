// Two folders of results as a table: values of both, their difference with its interval, and the word for it.
import { parseMetric } from '../observe/metrics.ts';
import { decimalsFor, fixed, range, signed } from '../../reports/numbers.ts';
import { unitOf } from '../../reports/units.ts';
import type { CompareResult, CompareRow } from '../../sim/experiment/compare.ts';
import { hasColour } from './io.ts';
import type { Io } from './io.ts';
import { WORDS, colourPaint, plainPaint } from './result-table.ts';
import { layout } from './table.ts';
import type { Column, Table } from './table.ts';

interface Shown { readonly a: string; readonly b: string; readonly difference: string; readonly unit: string }

/** The numbers of one row, in one unit. */
function show(row: CompareRow): Shown {
  const ref = parseMetric(row.metric);
  const { factor, word } = ref ? unitOf(ref.definition, Math.max(Math.abs(row.a ?? 0), Math.abs(row.b ?? 0))) : { factor: 1, word: '' };
  const low = row.familyLow ?? row.low, high = row.familyHigh ?? row.high;
  const half = low === null || high === null ? 0 : ((high - low) / 2) * factor;
  const decimals = Math.max(0, ...[row.a, row.b].map((value) => (value === null || Number.isInteger(value * factor) ? 0 : decimalsFor(value * factor))), half > 0 ? decimalsFor(half, 1) : 0);
  const plain = (value: number | null): string => (value === null ? '–' : fixed(value * factor, decimals));
  const mean = row.mean === null ? 'no value' : signed(row.mean * factor, decimals);
  const relative = row.relative === null ? '' : ` ${signed(row.relative * 100, Math.min(2, decimalsFor(row.relative * 100, 2)))} %`;
  const interval = low === null || high === null || low === high ? '' : ` (${range(low * factor, high * factor, decimals)})`.replaceAll('\u00a0', ' ');
  return { a: plain(row.a), b: plain(row.b), difference: row.verdict === 'equal' ? 'equal in every replication' : `${mean}${interval}${relative}`, unit: word };
}

/** One row a cell and metric; the cells are named where there are several. The last are what the two and their difference are called. */
export function compareTable(result: Pick<CompareResult, 'rows'>, io: Io, [a, b, difference]: readonly [a: string, b: string, difference: string]): Table {
  const shown = result.rows.map(show);
  const cells = [...new Set(result.rows.map((row) => row.cell))];
  const paint = hasColour(io) ? colourPaint : plainPaint;
  const words = result.rows.map((row) => (row.verdict === 'equal' ? '' : row.mean === null ? '' : WORDS[row.verdict]));
  const [names, values, differences]: Column[][] = [
    [...(cells.length > 1 ? [{ head: 'cell', align: 'left' as const, cells: result.rows.map((row) => row.cell) }] : []), { head: 'metric', align: 'left', cells: result.rows.map((row) => row.metric) }],
    [{ head: a, align: 'decimal', cells: shown.map((row) => row.a) }, { head: b, align: 'decimal', cells: shown.map((row) => row.b) }, { head: 'unit', align: 'left', cells: shown.map((row) => row.unit) }],
    [{ head: difference, align: 'decimal', cells: shown.map((row) => row.difference) }, { head: '', align: 'left', cells: words, paint: (text, i) => (words[i] ? paint(result.rows[i].verdict, text) : text) }],
  ];
  const full = layout([...names, ...values, ...differences], io.columns);
  // Where not everything fits, the difference is what was asked for.
  if (full.dropped.length === 0) return full;
  const [first, second, unit] = values, unitFirst = [unit, first, second];
  const narrow = layout([...names, ...differences, ...unitFirst], io.columns);
  if (!narrow.dropped.includes(differences[differences.length - 1].head)) return narrow;
  // Nor does the difference with its word fit beside the names: those of cells are numbered, and told under the table.
  return numbered(cells, names, differences, unitFirst, io.columns);
}

/** Cells as #1, #2 … and under the table what they are. */
function numbered(cells: readonly string[], names: readonly Column[], differences: readonly Column[], values: readonly Column[], columns: number): Table {
  const short = names.map((column) => (column.head === 'cell' ? { ...column, cells: column.cells.map((name) => `#${cells.indexOf(name) + 1}`) } : column));
  const table = layout([...short, ...differences, ...values], columns);
  return cells.length < 2 ? table : { ...table, lines: [...table.lines, ...cells.map((name, i) => `#${i + 1}  ${name}`)] };
}
