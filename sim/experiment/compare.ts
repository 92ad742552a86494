// Two results folders side by side: paired where the seeds match, Welch's interval where they do not.
import { SchedlabError } from '../../src/errors.ts';
import { parseMetric } from '../../src/observe/metrics.ts';
import { familyLevel, meanInterval, welchDifference } from '../measure/statistics.ts';
import type { Comparison, DecisionContrast, ReplicationRecord, Verdict } from '../results.ts';
import { contrastRecords, verdictOf } from './contrast.ts';
import { contrastDecisions } from './decisions.ts';
import { canonicalJson } from './digest.ts';
import type { FailRule } from './fail-on.ts';
import { breaksRule, parseFailRule } from './fail-on.ts';
import { byCell, byDictionary, unitOf } from './summarise.ts';
import { knownMetric } from './threshold.ts';
import { TrailBook } from './trails.ts';
import type { ResultsFolder } from './types.ts';
import { workloadKeys } from './workload-keys.ts';

export interface CompareOptions { readonly metrics?: readonly string[]; readonly failOn?: readonly string[] }

/** One metric of one pair of cells. All differences are B − A. */
export interface CompareRow {
  readonly metric: string;
  readonly unit: string;
  /** Label of the cell; of A and of B where they differ. */
  readonly cell: string;
  readonly a: number | null;
  readonly b: number | null;
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly familyLow: number | null;
  readonly familyHigh: number | null;
  /** (B − A) / |A|; null where A is zero or missing. */
  readonly relative: number | null;
  readonly n: number;
  readonly method: Comparison['method'];
  readonly verdict: Verdict;
  /** Rules of --fail-on that this row breaks. */
  readonly broken: readonly string[];
}

export interface CompareResult {
  readonly rows: readonly CompareRow[];
  readonly regression: boolean;
  readonly paired: boolean;
  /** Replications with equal result digests, of those in both. */
  readonly equalDigests: number;
  readonly commonReplications: number;
  /** Decisions of B against those of A, pair of cells by pair; empty where seeds differ or decisions were not kept. `name`: as in the rows. */
  readonly decisions: readonly (DecisionContrast & { readonly name: string })[];
  readonly notes: readonly string[];
}

interface Side { readonly id: string; readonly label: string; readonly params: ReplicationRecord['params']; readonly records: readonly ReplicationRecord[] }

function sides(folder: ResultsFolder): Side[] {
  const ids = [...new Set([...folder.manifest.cells, ...folder.records.map((record) => record.cell)])];
  const grouped = byCell(ids.map((id) => ({ id })), folder.records);
  const labels = new Map(folder.summary?.cells.map((cell) => [cell.id, cell.label]));
  return ids.map((id, i) => ({ id, label: labels.get(id) ?? id, params: grouped[i][0]?.params ?? {}, records: grouped[i] })).filter((side) => side.records.length > 0);
}

/** Cells that belong together: by id, else by equal parameters, else by label; one cell against one whatever they are. */
function match(a: readonly Side[], b: readonly Side[]): { readonly pairs: readonly (readonly [Side, Side])[]; readonly alone: readonly string[] } {
  if (a.length === 1 && b.length === 1) return { pairs: [[a[0], b[0]]], alone: [] };
  const keys: readonly ((side: Side) => string)[] = [(side) => side.id, (side) => canonicalJson(side.params), (side) => side.label];
  const pairs: (readonly [Side, Side])[] = [];
  const left = new Set(a), right = new Set(b);
  for (const key of keys)
    for (const one of [...left]) {
      const other = [...right].find((candidate) => key(candidate) === key(one));
      if (!other) continue;
      pairs.push([one, other]);
      left.delete(one);
      right.delete(other);
    }
  pairs.sort((x, y) => a.indexOf(x[0]) - a.indexOf(y[0]));
  return { pairs, alone: [...[...left].map((side) => `${side.label} is in A only`), ...[...right].map((side) => `${side.label} is in B only`)] };
}

/** Cells of A and of B that belong together, by id, in the order of A. Throws ERR_RESULTS where there are none. */
export function pairedCells(a: ResultsFolder, b: ResultsFolder): readonly (readonly [string, string])[] {
  const { pairs } = match(sides(a), sides(b));
  if (pairs.length === 0) throw noCell(a, b);
  return pairs.map(([x, y]) => [x.id, y.id]);
}

const noCell = (a: ResultsFolder, b: ResultsFolder): SchedlabError => new SchedlabError('ERR_RESULTS', `${JSON.stringify(a.dir)} and ${JSON.stringify(b.dir)} have no cell in common. Compare sweeps over the same values, or two single cells, such as DIR#alpha=0 with DIR#alpha=1.`);

/**
 * Compares B with A, cell by cell and metric by metric (the headline of A, and what the rules name). Replications are paired where their seeds are
 * equal. Throws ERR_RESULTS where no cell or no metric is in both, ERR_USAGE and ERR_METRIC_UNKNOWN on the options.
 */
export function compareFolders(a: ResultsFolder, b: ResultsFolder, options: CompareOptions = {}): CompareResult {
  const rules = (options.failOn ?? []).map(parseFailRule);
  for (const metric of options.metrics ?? []) knownMetric(metric, 'compare');
  const { pairs, alone } = match(sides(a), sides(b));
  if (pairs.length === 0) throw noCell(a, b);
  const metrics = metricsOf(a, b, options, rules);
  const rows = pairs.flatMap(([x, y]) => metrics.map((metric) => row(metric, x, y, pairs.length, rules)));
  const [inA, inB] = [a, b].map((folder) => folder.trails?.() ?? new TrailBook());
  const decisions = pairs.flatMap(([x, y]) => { const found = contrastDecisions({ ...y, trails: inB }, { ...x, trails: inA }); return found ? [{ name: nameOf(x, y), ...found }] : []; });
  let common = 0, equal = 0, matched = 0;
  for (const [x, y] of pairs) {
    const other = new Map(y.records.map((record) => [record.replication, record]));
    for (const record of x.records) {
      const twin = other.get(record.replication);
      if (!twin) continue;
      common++;
      if (twin.seed === record.seed) matched++;
      if (twin.resultDigest === record.resultDigest) equal++;
    }
  }
  const notes = [...alone];
  if (a.manifest.scenario !== b.manifest.scenario) notes.push(`the scenarios differ: ${a.manifest.scenario} and ${b.manifest.scenario}`);
  if (a.manifest.tool !== b.manifest.tool) notes.push(`the versions differ: ${a.manifest.tool} and ${b.manifest.tool}`);
  const measuredBy = ({ manifest }: ResultsFolder): string => JSON.stringify([manifest.metrics ?? [], (manifest.files ?? []).filter(({ what }) => what === 'metric').map(({ sha256 }) => sha256)]);
  if (measuredBy(a) !== measuredBy(b)) notes.push('metrics from files: A and B were measured with other ones, so that equal names may mean other things');
  for (const [name, folder] of [['A', a], ['B', b]] as const) {
    if (folder.torn) notes.push(`${folder.torn} damaged lines of ${name} were left out`);
    if (folder.manifest.interrupted) notes.push(`${name} was interrupted`);
    else if (!folder.manifest.valid) notes.push(`${name} is ${folder.manifest.verdict}`);
  }
  return { rows, regression: rows.some((one) => one.broken.length > 0), paired: common > 0 && matched === common, equalDigests: equal, commonReplications: common, decisions, notes };
}

const nameOf = (x: Side, y: Side): string => (x.label === y.label ? x.label : `${x.label} → ${y.label}`);

function metricsOf(a: ResultsFolder, b: ResultsFolder, options: CompareOptions, rules: readonly FailRule[]): string[] {
  const has = (folder: ResultsFolder): Set<string> => new Set(folder.records.flatMap((record) => Object.keys(record.metrics)));
  const inA = has(a), inB = has(b);
  const asked = options.metrics ?? a.manifest.headline ?? [];
  const wanted = new Set([...(asked.length ? asked : [...inA].filter((name) => parseMetric(name))), ...rules.map((rule) => rule.metric)]);
  const found = [...wanted].filter((name) => inA.has(name) && inB.has(name));
  for (const name of [...(options.metrics ?? []), ...rules.map((rule) => rule.metric)])
    if (!found.includes(name)) throw new SchedlabError('ERR_RESULTS', `${name} is not in ${inA.has(name) ? JSON.stringify(b.dir) : JSON.stringify(a.dir)}. A rule on what was not measured cannot hold; leave it out or run again.`);
  if (found.length === 0) throw new SchedlabError('ERR_RESULTS', `${JSON.stringify(a.dir)} and ${JSON.stringify(b.dir)} have no metric in common.`);
  return asked.length ? found : found.sort(byDictionary);
}

function row(metric: string, x: Side, y: Side, count: number, rules: readonly FailRule[]): CompareRow {
  const seeds = new Map(x.records.map((record) => [record.replication, record.seed]));
  const common = y.records.filter((record) => seeds.has(record.replication));
  // Pairing is lost as a whole where any seed differs: a mixture would have no name.
  const paired = common.length > 0 && common.every((record) => seeds.get(record.replication) === record.seed);
  const valuesOf = (side: Side): (number | null)[] => side.records.map((record) => record.metrics[metric] ?? null);
  const base = meanInterval(valuesOf(x)).mean, b = meanInterval(valuesOf(y)).mean;
  const better = workloadKeys(x.params, y.params).length > 0 ? 'neither' : parseMetric(metric)?.definition.better ?? 'neither';
  const found = paired ? contrastRecords(metric, y.records, x.records, count) : undefined;
  const single = found?.single ?? welchDifference(valuesOf(y), valuesOf(x));
  const family = found?.family ?? welchDifference(valuesOf(y), valuesOf(x), familyLevel(count));
  const change = { base, now: b, mean: single.mean, low: single.low, high: single.high };
  return {
    metric, unit: unitOf(metric), cell: nameOf(x, y), a: base, b,
    mean: single.mean, low: single.low, high: single.high, familyLow: family.low, familyHigh: family.high,
    relative: base === null || base === 0 || single.mean === null ? null : single.mean / Math.abs(base),
    n: single.n, method: found?.method ?? (single.low === null ? 'none' : 'welch'),
    verdict: verdictOf(found?.identical ?? false, family.low, family.high, better),
    broken: rules.filter((rule) => rule.metric === metric && breaksRule(rule, change)).map((rule) => rule.text),
  };
}
