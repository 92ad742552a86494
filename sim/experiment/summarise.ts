// From replications to the summary: intervals by cell, stability, thresholds, validity. Comparisons: see contrast.ts.
import { METRICS, STATISTICS, parseMetric } from '../../src/observe/metrics.ts';
import type { CellSummary, MetricSummary, ReplicationRecord, SummaryFile } from '../results.ts';
import { SUMMARY_SCHEMA } from '../results.ts';
import type { Interval } from '../measure/statistics.ts';
import { meanInterval } from '../measure/statistics.ts';
import { contrastCells } from './contrast.ts';
import { contrastDecisions } from './decisions.ts';
import { cellNotes, listed } from './notes.ts';
import { FEW, queueStability } from './stability.ts';
import { judgeThreshold } from './threshold.ts';
import type { TrailBook } from './trails.ts';
import type { SummariseInput } from './types.ts';
import { workloadKeys } from './workload-keys.ts';

/** Mean number in the system in the last quarter of the window over that in the second, less one. */
export const GROWTH_METRIC = 'queue.growth';
/** Growth beyond which the queue is called growing, where its interval excludes zero. */
const GROWTH_LIMIT = 0.3;
/** One replication has no interval, and that of a few is too wide to tell: only a queue that more than doubles is called growing. */
const GROWTH_LIMIT_ALONE = 1;

/** Unit of a metric from the dictionary; empty for figures that a policy adds of its own. */
export function unitOf(metric: string): string { return parseMetric(metric)?.definition.unit ?? ''; }

/** Orders metric names as the dictionary lists them, classes after the whole, unknown ones last by name. */
export function byDictionary(a: string, b: string): number {
  const x = placeOf(a), y = placeOf(b);
  return x[0] - y[0] || x[1] - y[1] || (a < b ? -1 : a > b ? 1 : 0);
}

const PLACES = new Map(METRICS.map((metric, i) => [metric.name, i]));

function placeOf(name: string): readonly [number, number] {
  const found = parseMetric(name);
  if (!found) return [PLACES.size, 0];
  return [PLACES.get(found.definition.name) ?? PLACES.size, (found.statistic ? STATISTICS.indexOf(found.statistic) : 0) * 2 + (found.callClass === undefined ? 0 : 1)];
}

/** The ratio alone, for results that keep no more of the queue: growth that is shown to be above zero, and large enough to matter. */
export function isStable(growth: Interval | undefined): boolean {
  if (!growth || growth.mean === null) return true;
  if (growth.low === null || (growth.n < FEW && growth.low <= 0)) return !(growth.mean > GROWTH_LIMIT_ALONE);
  return !(growth.mean > GROWTH_LIMIT && growth.low > 0);
}

function stabilityOf(records: readonly ReplicationRecord[], growth: Interval | undefined): boolean | null {
  const queues = records.flatMap(({ detail }) => detail.queue ?? []);
  return queues.length < records.length ? isStable(growth) : queueStability(queues);
}

function metricSummary(name: string, values: readonly (number | null)[]): MetricSummary {
  const { mean, low, high, sd, n } = meanInterval(values);
  return { mean, low, high, n, unit: unitOf(name), sd };
}

/** Summary of one cell; `records` are its own, in order of replication. O(metrics × replications). */
export function summariseCell(cell: SummariseInput['cells'][number], records: readonly ReplicationRecord[]): CellSummary {
  const names = new Set<string>();
  for (const record of records) for (const name of Object.keys(record.metrics)) names.add(name);
  const metrics: Record<string, MetricSummary> = {};
  for (const name of [...names].sort(byDictionary)) metrics[name] = metricSummary(name, records.map((record) => record.metrics[name] ?? null));
  return { id: cell.id, label: cell.label, varied: cell.varied, params: cell.params, replications: records.length, metrics, stable: stabilityOf(records, metrics[GROWTH_METRIC]) };
}

/** The records of each cell by its place in the plan, in order of replication. */
export function byCell(cells: readonly { readonly id: string }[], records: readonly ReplicationRecord[]): ReplicationRecord[][] {
  const place = new Map(cells.map((cell, i) => [cell.id, i]));
  const out: ReplicationRecord[][] = cells.map(() => []);
  for (const record of records) {
    const i = place.get(record.cell);
    if (i !== undefined) out[i].push(record);
  }
  for (const list of out) list.sort((a, b) => a.replication - b.replication);
  return out;
}

/**
 * The summary of an experiment. `said`: notes of whoever ran it (torn lines, precision not reached). Pure: the same records in any order give
 * the same summary. `trails`: what was decided in them. Not valid where a steady state was asked for and a queue grows, or where a cell has no replication.
 */
export function summarise(input: SummariseInput, records: readonly ReplicationRecord[], said: readonly string[] = [], trails?: TrailBook): SummaryFile {
  const grouped = byCell(input.cells, records);
  const cells = input.cells.map((cell, i) => summariseCell(cell, grouped[i]));
  const faults: string[] = [];
  const empty = cells.filter((cell) => cell.replications === 0);
  if (empty.length) faults.push(`no replication has finished of ${listed(empty)}`);
  faults.push(...new Set(records.flatMap((record) => record.faults ?? [])));
  const unstable = cells.filter((cell) => cell.stable === false);
  if (input.study === 'steady' && unstable.length) faults.push(`unstable: the queue grows in ${listed(unstable)}, and a steady state was asked for: no long-run mean exists`);
  const contrast = contrastCells(input, cells, grouped);
  const decided = input.cells.map(({ id, params }, i) => ({ id, params, records: grouped[i], trails }));
  const decisions = trails === undefined || input.baseline < 0 ? [] : decided.flatMap((cell, i) => (i === input.baseline || workloadKeys(cell.params, decided[input.baseline].params).length > 0 ? [] : contrastDecisions({ ...cell, trails }, { ...decided[input.baseline], trails }) ?? []));
  return {
    schema: SUMMARY_SCHEMA, scenario: input.scenario.name, cells,
    comparisons: contrast.comparisons,
    thresholds: input.thresholds.flatMap((threshold) => cells.map((cell) => judgeThreshold(threshold, cell))),
    valid: faults.length === 0,
    notes: [...faults, ...cellNotes(input, cells, unstable), ...contrast.notes, ...said, ...new Set(records.flatMap((record) => record.notes))],
    baseline: input.baseline < 0 ? null : cells[input.baseline].id,
    ...(decisions.length > 0 ? { decisions } : {}),
  };
}
