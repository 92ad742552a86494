// The table after a run: one row a cell, the first metrics of the scenario, and the difference to the baseline that tells most.
import type { ParamValue } from '../options.ts';
import { fileName } from '../../sim/experiment/grid.ts';
import { parseMetric } from '../observe/metrics.ts';
import { decimalsFor, decimalsOf, fixed, halfWidth, plusMinus, range, signed } from '../../reports/numbers.ts';
import { unitOf } from '../../reports/units.ts';
import { labelOf } from './cell-names.ts';
import type { CellSummary, Comparison, SummaryFile, Verdict } from '../../sim/results.ts';
import { alignDecimals, layout, padEnd, width } from './table.ts';
import type { Column, Table } from './table.ts';

/** Metrics beside each other; the files hold the rest. */
const METRIC_COLUMNS = 3;
/** Headline metrics that a verdict is looked for in, as in the report. */
const JUDGED = 4;
/** Columns that a value of a key may take, however narrow the terminal. */
const LEAST_VALUE = 20;
/** Rows; a longer table says how many more there are. */
export const MAX_ROWS = 40;

export const WORDS: Readonly<Record<Verdict, string>> = { better: 'better', worse: 'worse', same: 'not told apart', equal: 'equal', different: 'differs' };

/** Terminals get plain spaces inside numbers: nothing there breaks a line. */
const spaces = (text: string): string => text.replaceAll('\u00a0', ' ');

/** Unit and decimals that one metric has in every cell. */
function scaleOf(metric: string, cells: readonly CellSummary[]): { readonly factor: number; readonly word: string; readonly decimals: number } {
  const ref = parseMetric(metric);
  const found = cells.map((cell) => cell.metrics[metric]);
  const largest = Math.max(0, ...found.map((m) => Math.abs(m?.mean ?? 0)));
  const unit = ref ? unitOf(ref.definition, largest) : { factor: 1, word: '' };
  const wanted = Math.max(0, ...found.map((m) => (m?.mean == null ? 0 : decimalsOf(m.mean * unit.factor, scaled(halfWidth(m), unit.factor)))));
  return { ...unit, decimals: Math.min(wanted, Math.max(0, 5 - String(Math.floor(largest * unit.factor)).length)) };
}

/** Values of one metric over cells, in one unit and with one number of decimals. */
export function metricColumn(metric: string, cells: readonly CellSummary[]): Column {
  const { factor, word, decimals } = scaleOf(metric, cells);
  return {
    head: metric, unit: word, align: 'decimal',
    cells: cells.map((cell) => {
      const m = cell.metrics[metric];
      if (m?.mean == null) return '–';
      const mean = m.mean * factor, half = scaled(halfWidth(m), factor);
      return spaces(half ? plusMinus(mean, half, decimals) : Number.isInteger(mean) ? fixed(mean, 0) : fixed(mean, decimals));
    }),
  };
}

const scaled = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);

/**
 * The metric that the report decides by: of the first headline metrics with a direction the first on which somebody is better who was not worse
 * before; where nobody is, the first on which somebody is worse; else the first that is not equal everywhere.
 */
export function tellingMetric(summary: SummaryFile, headline: readonly string[]): string | undefined {
  const of = (metric: string): readonly Comparison[] => summary.comparisons.filter((c) => c.metric === metric);
  const known = headline.filter((metric) => of(metric).length > 0 && summary.cells.some((cell) => cell.metrics[metric]?.mean != null));
  const judged = known.slice(0, JUDGED).filter((metric) => parseMetric(metric)?.definition.better !== 'neither');
  const dropped = new Set<string>();
  for (const metric of judged) {
    const all = of(metric).filter((c) => !dropped.has(c.cell));
    if (all.some((c) => c.verdict === 'better')) return metric;
    for (const { cell } of all.filter((c) => c.verdict === 'worse')) dropped.add(cell);
  }
  const withVerdict = (verdicts: readonly Verdict[]): string | undefined => judged.find((metric) => of(metric).some((c) => verdicts.includes(c.verdict)));
  return withVerdict(['worse']) ?? withVerdict(['same', 'different']) ?? judged[0] ?? known[0];
}

/** The interval that decides: the one that holds for the whole family of comparisons. */
const bounds = (c: Comparison): readonly [number | null, number | null] => (c.familyLow !== null && c.familyHigh !== null ? [c.familyLow, c.familyHigh] : [c.low, c.high]);

/** `+0.075 (0.068 to 0.083)`, or what stands in its place. */
export function differenceText(comparison: Comparison, factor: number, least = 0): string {
  if (comparison.mean === null) return 'no value';
  if (comparison.verdict === 'equal') return 'equal';
  const [low, high] = bounds(comparison);
  const half = low === null || high === null ? null : ((high - low) / 2) * factor;
  const mean = comparison.mean * factor;
  const decimals = half ? Math.max(least, decimalsFor(half, 1)) : Number.isInteger(mean) ? 0 : Math.max(least, decimalsFor(mean, 2));
  const value = signed(mean, decimals);
  return spaces(low === null || high === null || low === high ? value : `${value} (${range(low * factor, high * factor, decimals)})`);
}

/** A gain without its sign, in the decimals of the table: `0.075 (0.068 to 0.083)`. */
export function sizeText(comparison: Comparison, cells: readonly CellSummary[]): string {
  const { factor, word, decimals } = scaleOf(comparison.metric, cells);
  const turn = (value: number | null): number | null => (value === null ? null : -value);
  const down = (comparison.mean ?? 0) < 0;
  const positive: Comparison = down ? { ...comparison, mean: turn(comparison.mean), low: turn(comparison.high), high: turn(comparison.low), familyLow: turn(comparison.familyHigh), familyHigh: turn(comparison.familyLow) } : comparison;
  const text = differenceText(positive, factor, decimals).replace(/^\+/, '');
  return word ? text.replace(/ \(|$/, (end) => ` ${word}${end}`) : text;
}

export type Painter = (verdict: Verdict, text: string) => string;
export const plainPaint: Painter = (_verdict, text) => text;
/** Green better, red worse: always beside the word. */
export const colourPaint: Painter = (verdict, text) => (verdict === 'better' ? `\u001b[32m${text}\u001b[39m` : verdict === 'worse' ? `\u001b[31m${text}\u001b[39m` : text);

/** Differences and verdicts as one column: the head may stand over both. */
function differenceColumn(summary: SummaryFile, metric: string, cells: readonly CellSummary[], name: string, paint: Painter): Column {
  const by = new Map(summary.comparisons.filter((c) => c.metric === metric).map((c) => [c.cell, c]));
  const { factor, word, decimals } = scaleOf(metric, summary.cells);
  const verdicts = cells.map((cell) => by.get(cell.id)?.verdict);
  const texts = alignDecimals(cells.map((cell) => { const c = by.get(cell.id); return cell.id === summary.baseline ? 'baseline' : c ? differenceText(c, factor, decimals) : '–'; }));
  const most = Math.max(...texts.map(width));
  const words = verdicts.map((verdict) => (verdict && verdict !== 'equal' ? WORDS[verdict] : ''));
  return {
    head: `${metric} against ${name}`, unit: word, align: 'left',
    cells: texts.map((text, i) => (words[i] ? `${padEnd(text, most)}  ${words[i]}` : text)),
    paint: (text, row) => { const verdict = verdicts[row]; return verdict && words[row] ? `${text.slice(0, text.lastIndexOf(words[row]))}${paint(verdict, words[row])}${text.slice(text.lastIndexOf(words[row]) + words[row].length)}` : text; },
  };
}

/** A value as the command line spells it; a switch says on or off. */
function valueText(value: ParamValue): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : value === '' ? '(none)' : String(value);
}

/** Values that leave room for figures: a path by its last part, a long text by its ends; as they are where two would look the same. */
function readable(texts: readonly string[], room: number): readonly string[] {
  const cut = (text: string): string => {
    const last = text.slice(text.lastIndexOf('/') + 1);
    return width(text) <= room ? text : width(last) <= room ? last : `${last.slice(0, Math.ceil(room) - 10)}…${last.slice(-9)}`;
  };
  const short = texts.map(cut);
  return new Set(short).size === new Set(texts).size ? short : texts;
}

/** Files under the name that sentences and labels have for them, where that tells as many apart. */
function shortened(texts: readonly string[]): readonly string[] {
  const short = texts.map(fileName);
  return new Set(short).size === new Set(texts).size ? short : texts;
}

/** One row a cell. `columns` is the width of the terminal. */
export function resultTable(summary: SummaryFile, headline: readonly string[], columns: number, paint: Painter = plainPaint): Table {
  const cells = summary.cells.slice(0, MAX_ROWS);
  const keys = [...new Set(cells.flatMap((cell) => Object.keys(cell.varied)))];
  const baseline = summary.cells.find((cell) => cell.id === summary.baseline);
  const parts: Column[] = keys.map((key, i) => ({
    head: key, align: 'decimal',
    cells: readable(shortened(cells.map((cell) => { const value = cell.varied[key] ?? cell.params[key]; return value === undefined ? '–' : valueText(value); })), Math.max(LEAST_VALUE, columns / 2 / keys.length))
      .map((text, row) => `${text}${i === 0 && cells[row] === baseline ? ' ◂' : ''}`),
  }));
  if (parts.length === 0) parts.push({ head: 'cell', align: 'left', cells: cells.map((cell) => cell.label) });
  const telling = baseline && tellingMetric(summary, headline);
  const known = headline.filter((metric) => cells.some((cell) => cell.metrics[metric]));
  // The metric that the difference and the sentences speak of is shown, wherever the scenario lists it.
  const present = telling === undefined || known.indexOf(telling) < METRIC_COLUMNS ? known.slice(0, METRIC_COLUMNS) : [...known.slice(0, METRIC_COLUMNS - 1), telling];
  const difference = baseline && telling ? [differenceColumn(summary, telling, cells, labelOf(summary, baseline.id), paint)] : [];
  const table = fitted(parts, present.map((metric) => metricColumn(metric, cells)), difference, telling, columns);
  const more = summary.cells.length - cells.length;
  return more > 0 ? { ...table, lines: [...table.lines, `… and ${more} more cells: summary.csv has them all`] } : table;
}

/**
 * The first of these that fits: all, then ever fewer of the other metrics, from the right, then the same without the difference. Where only its
 * long head is in the way, the difference stands right of its metric and need not name it.
 */
function fitted(parts: readonly Column[], metrics: readonly Column[], difference: readonly Column[], telling: string | undefined, columns: number): Table {
  const others = metrics.filter((column) => column.head !== telling), all = [...metrics, ...difference];
  const less = Array.from({ length: others.length + 1 }, (_, n) => metrics.filter((column) => !others.slice(others.length - n).includes(column)));
  const beside = (shown: readonly Column[]): Column[] => shown.flatMap((column) => (column.head === telling ? [column, ...difference.map((one) => ({ ...one, head: one.head.slice(telling.length + 1) }))] : [column]));
  const choices = [...less.flatMap((shown) => [[...shown, ...difference], ...(difference.length > 0 ? [beside(shown)] : [])]), ...less];
  for (const shown of choices) {
    const table = layout([...parts, ...shown], columns), heads = shown.map((column) => column.head);
    if (table.dropped.length === 0) return { ...table, dropped: all.map((column) => column.head).filter((head) => !heads.includes(head) && !(telling !== undefined && head.startsWith(`${telling} `) && heads.includes(head.slice(telling.length + 1)))) };
  }
  return layout([...parts, ...all], columns);
}

/** One cell alone: one row a metric, with what it is. */
export function cellTable(cell: CellSummary, headline: readonly string[], columns: number): Table {
  const present = headline.filter((metric) => cell.metrics[metric]);
  const one = present.map((metric) => metricColumn(metric, [cell]));
  return layout([
    { head: 'metric', align: 'left', cells: present },
    { head: 'value', align: 'decimal', cells: one.map((column) => `${column.cells[0]}${column.unit && column.cells[0] !== '–' ? ` ${column.unit}` : ''}`) },
    { head: 'what', align: 'left', cells: present.map((metric) => { const ref = parseMetric(metric); return ref ? `${ref.definition.title}${ref.callClass ? `, class ${ref.callClass}` : ''}` : ''; }) },
  ], columns);
}
