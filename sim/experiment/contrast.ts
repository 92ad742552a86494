// Every cell against the baseline: paired by replication, or by windows of calls where one trace is one replication.
import { parseMetric } from '../../src/observe/metrics.ts';
import type { Better } from '../../src/observe/metrics.ts';
import type { CellSummary, Comparison, ReplicationRecord, Verdict } from '../results.ts';
import type { Interval } from '../measure/statistics.ts';
import { callsNeeded } from '../measure/sections.ts';
import { LEVEL, batchMeansDifference, familyLevel, meanInterval, pairedDifference, pairs, sectioningDifference } from '../measure/statistics.ts';
import type { SummariseInput } from './types.ts';
import { workloadKeys } from './workload-keys.ts';

/** Windows that are more alike to their neighbours than this make the interval too narrow. */
const LAG_LIMIT = 0.2;
/** Times of single calls: their percentiles over parts of a trace give an interval. */
const CALL_TIMES = new Set(['wait', 'wait_all', 'response', 'ttft', 'tpot', 'e2e']);
/** Fewer windows than this carry no interval worth the name. */
const FEWEST_WINDOWS = 8;

/** Window means of a metric in a record: under its own name or, for a mean, under the name of its distribution. */
export function windowsOf(metric: string, record: ReplicationRecord | undefined): readonly (number | null)[] | undefined {
  const batches = record?.detail.batches;
  if (!batches) return undefined;
  const plain = metric.replace(/\.mean(?=$|\[)/, '');
  return Object.hasOwn(batches, metric) ? batches[metric] : Object.hasOwn(batches, plain) ? batches[plain] : undefined;
}

/** The verdict of an interval that holds for the family. Identical pairs are `equal` whatever the interval. */
export function verdictOf(identical: boolean, low: number | null, high: number | null, better: Better): Verdict {
  if (identical) return 'equal';
  if (low === null || high === null || (low <= 0 && high >= 0)) return 'same';
  if (better === 'neither') return 'different';
  return (better === 'lower') === (high < 0) ? 'better' : 'worse';
}

export interface Contrast { readonly method: Comparison['method']; readonly single: Interval; readonly family: Interval; readonly identical: boolean; readonly lag1: number | null }

/** Difference of one metric, a − b, by the best pairing that the records allow. `count`: size of the family. */
export function contrastRecords(metric: string, a: readonly ReplicationRecord[], b: readonly ReplicationRecord[], count: number): Contrast {
  const level = familyLevel(count, LEVEL);
  const other = new Map(b.map((record) => [record.replication, record]));
  const common = a.filter((record) => other.has(record.replication));
  const x = common.map((record) => record.metrics[metric] ?? null), y = common.map((record) => other.get(record.replication)?.metrics[metric] ?? null);
  const differences = pairs(x, y);
  const identical = differences.length > 0 && differences.every((d) => d === 0);
  if (differences.length === 1) {
    const u = windowsOf(metric, common[0]), v = windowsOf(metric, other.get(common[0].replication));
    if (u && v && u.length === v.length) {
      const weights = common[0].detail.batchCalls;
      const found = batchMeansDifference(u, v, LEVEL, weights);
      // Identical in the whole but not by window is a coincidence of rounding, not equality.
      if (found.n >= FEWEST_WINDOWS) return { method: 'batch-means', single: found, family: batchMeansDifference(u, v, level, weights), identical: identical && pairs(u, v).every((d) => d === 0), lag1: found.lag1 };
    }
  }
  if (differences.length === 1) {
    const u = common[0].detail.sections?.[metric], v = other.get(common[0].replication)?.detail.sections?.[metric];
    if (u && v && u.length === v.length) return { method: 'sectioning', single: sectioningDifference(differences[0], u, v, LEVEL), family: sectioningDifference(differences[0], u, v, level), identical: identical && pairs(u, v).every((d) => d === 0), lag1: null };
  }
  const single = pairedDifference(x, y, LEVEL);
  return { method: single.low === null ? 'none' : 'paired-t', single, family: meanInterval(differences, level), identical, lag1: null };
}

/** All comparisons of the headline metrics with the baseline, metric by metric, cells in order; and what must be said of the method. */
export function contrastCells(input: SummariseInput, cells: readonly CellSummary[], records: readonly (readonly ReplicationRecord[])[]): { comparisons: Comparison[]; notes: string[] } {
  const comparisons: Comparison[] = [], notes: string[] = [], without: string[] = [];
  const base = input.baseline;
  if (base < 0) return { comparisons, notes };
  const others = cells.map(({ params }) => workloadKeys(params, cells[base].params));
  for (const metric of input.headline) {
    const better = parseMetric(metric)?.definition.better ?? 'neither';
    let correlated = 0;
    cells.forEach((cell, i) => {
      if (i === base) return;
      const { method, single, family, identical, lag1 } = contrastRecords(metric, records[i], records[base], cells.length - 1);
      if (lag1 !== null && lag1 > LAG_LIMIT) correlated = Math.max(correlated, lag1);
      comparisons.push({
        metric, cell: cell.id, baseline: cells[base].id, mean: single.mean, low: single.low, high: single.high, familyLow: family.low, familyHigh: family.high,
        n: single.n, method, // Less waiting for less work is no gain of whoever serves it.
        verdict: verdictOf(identical, family.low, family.high, others[i].length > 0 ? 'neither' : better),
      });
    });
    if (comparisons.some((c) => c.metric === metric && c.method === 'none' && c.mean !== null)) without.push(metric);
    if (correlated > 0) notes.push(`differences of ${metric} in neighbouring windows of the trace are correlated (up to ${correlated.toFixed(2)}): their intervals are too narrow`);
  }
  return { comparisons, notes: [...workloadNote(others, input.cells), ...notes, ...withoutInterval(without, records[base]?.[0])] };
}

/** Why some differences are called neither better nor worse, and how to ask about the rest. */
function workloadNote(others: readonly (readonly string[])[], cells: SummariseInput['cells']): string[] {
  const keys = [...new Set(others.flat())], rest = [...new Set(cells.flatMap(({ varied }) => Object.keys(varied)))].filter((key) => !keys.includes(key));
  if (keys.length === 0) return [];
  const names = keys.join(', ');
  return [`cells with other ${names} than the baseline have other work to do: a difference from it is called neither better nor worse${rest.length > 0 ? `; to compare ${rest.join(', ')} there, sweep ${keys.length === 1 ? 'one value of ' : 'each with one value of '}${names} at a time` : ''}`];
}

/** Why figures of one trace carry no interval: too few calls for a percentile, or one value is all there is. */
function withoutInterval(metrics: readonly string[], record: ReplicationRecord | undefined): string[] {
  const calls = record?.detail.batchCalls?.reduce((sum, n) => sum + n, 0);
  if (calls === undefined || metrics.length === 0) return [];
  const isOfCalls = (metric: string): boolean => { const ref = parseMetric(metric); return ref !== undefined && ref.callClass === undefined && CALL_TIMES.has(ref.definition.name); };
  const needs = (metric: string): number | undefined => (isOfCalls(metric) ? callsNeeded(parseMetric(metric)?.statistic) : undefined);
  const short = metrics.filter((metric) => (needs(metric) ?? 0) > calls), means = metrics.filter((metric) => isOfCalls(metric) && needs(metric) === undefined);
  const others = metrics.filter((metric) => !short.includes(metric) && !means.includes(metric));
  return [
    ...(means.length > 0 ? [`${means.join(', ')} of one trace ${means.length === 1 ? 'carries' : 'carry'} no interval: fewer than ${FEWEST_WINDOWS} windows of the trace hold a call`] : []),
    ...short.map((metric) => `${metric} of one trace carries no interval: that needs ${needs(metric)} calls, and the trace has ${calls}`),
    ...(others.length > 0 ? [`one trace gives one value of ${others.join(', ')}, and no interval`] : []),
  ];
}
