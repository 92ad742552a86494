// summary.csv: tidy, one row per cell, metric and class, for spreadsheets and data frames.
import { stringify } from 'csv-stringify/sync';
import { parseMetric } from '../../src/observe/metrics.ts';
import type { SummaryFile } from '../results.ts';
import { valueText } from './grid.ts';

/** `[class=…]` of a metric's name; empty for the whole. Figures of a policy's own are names as they stand. */
function split(name: string): { metric: string; callClass: string } {
  const known = parseMetric(name);
  if (known) return { metric: known.name, callClass: known.callClass ?? '' };
  const match = /^(.*)\[class=([^\]]*)\]$/.exec(name);
  return match ? { metric: match[1], callClass: match[2] } : { metric: name, callClass: '' };
}

/** The table as text. Varied keys have columns of their own, `param.KEY`. Missing numbers are empty; texts that a spreadsheet would run are defused. */
export function summaryCsv(summary: SummaryFile): string {
  const keys = [...new Set(summary.cells.flatMap((cell) => Object.keys(cell.varied)))];
  const rows = summary.cells.flatMap((cell) => Object.entries(cell.metrics).map(([name, found]) => {
    const { metric, callClass } = split(name);
    const params = keys.map((key) => (Object.hasOwn(cell.params, key) ? valueText(cell.params[key]) : ''));
    return [summary.scenario, cell.id, cell.label, ...params, metric, callClass, found.mean, found.low, found.high, found.sd, found.n, found.unit, cell.stable === null ? '' : cell.stable ? 'yes' : 'no'];
  }));
  const header = ['scenario', 'cell', 'label', ...keys.map((key) => `param.${key}`), 'metric', 'class', 'mean', 'low', 'high', 'sd', 'n', 'unit', 'stable'];
  return stringify([header, ...rows], { escape_formulas: true });
}
