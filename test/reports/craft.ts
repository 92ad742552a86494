// Results with exactly the numbers and verdicts that a sentence is tested on.
import type { ParamValue } from '../../src/options.ts';
import { parseMetric } from '../../src/observe/metrics.ts';
import type { AgentDetail, Comparison, Manifest, ReplicationDetail, ReplicationRecord, SummaryFile, Verdict, WaitCurve, QueueSeries, ThresholdResult, EngineSeriesRecord, CallSplitRecord, PathRecord, ProgramPictures } from '../../sim/results.ts';
import { studyOf, type Study } from '../../reports/study.ts';

type Value = number | null | readonly [mean: number, half: number];
export interface CraftCell { readonly [key: string]: ParamValue }
export interface Crafted {
  readonly cells: readonly CraftCell[];
  readonly metrics: Readonly<Record<string, readonly Value[]>>;
  /** By metric: for every cell but the first, verdict with mean, low and high of the family. */
  readonly verdicts?: Readonly<Record<string, readonly (readonly [Verdict, number | null, number?, number?])[]>>;
  readonly method?: Comparison['method'];
  readonly n?: number; readonly baseline?: number | null; readonly valid?: boolean; readonly notes?: readonly string[]; readonly stable?: readonly boolean[];
  readonly manifest?: Partial<Manifest>; readonly thresholds?: readonly ThresholdResult[]; readonly params?: CraftCell;
  readonly agents?: readonly (readonly (readonly AgentDetail[])[])[]; readonly agentsTotal?: number;
  readonly curves?: readonly Readonly<Record<string, WaitCurve>>[]; readonly series?: readonly (QueueSeries | undefined)[]; readonly batches?: readonly (Readonly<Record<string, readonly (number | null)[]>> | undefined)[];
  /** By cell; of the first replication, and of every one. */
  readonly engines?: readonly (EngineSeriesRecord | undefined)[]; readonly split?: readonly (CallSplitRecord | undefined)[]; readonly path?: readonly PathRecord[]; readonly programs?: readonly ProgramPictures[];
  /** Metrics of single replications, by cell, then replication. */
  readonly runs?: readonly (readonly Readonly<Record<string, number | null>>[])[];
}

export function craft(c: Crafted): Study {
  const n = c.n ?? 20, ids = c.cells.map((_, i) => `cell${i}`), baseline = c.baseline === undefined ? (c.cells.length > 1 ? 0 : null) : c.baseline;
  const value = (v: Value): { mean: number | null; low: number | null; high: number | null; sd: number | null } => (typeof v === 'object' && v !== null ? { mean: v[0], low: v[0] - v[1], high: v[0] + v[1], sd: v[1] } : { mean: v, low: n > 1 ? v : null, high: n > 1 ? v : null, sd: n > 1 ? 0 : null });
  const cells = c.cells.map((varied, i) => ({ id: ids[i], label: Object.entries(varied).map(([k, v]) => `${k}=${v}`).join(' '), varied, params: { ...c.params, ...varied }, replications: n, stable: c.stable?.[i] ?? true,
    metrics: Object.fromEntries(Object.entries(c.metrics).map(([name, values]) => [name, { ...value(values[i]), n: values[i] === null ? 0 : n, unit: parseMetric(name)?.definition.unit ?? '' }])) }));
  const comparisons = Object.entries(c.verdicts ?? {}).flatMap(([metric, rows]) => rows.map(([verdict, mean, low, high], k): Comparison => {
    const i = k + (baseline !== null && k >= baseline ? 1 : 0);
    return { metric, cell: ids[i], baseline: ids[baseline!], mean, low: low ?? mean, high: high ?? mean, familyLow: low ?? mean, familyHigh: high ?? mean, n, method: c.method ?? 'paired-t', verdict };
  }));
  const detail = (i: number, r: number): ReplicationDetail => ({ agents: c.agents?.[i]?.[r] ?? [], agentsTotal: c.agentsTotal ?? c.agents?.[i]?.[r]?.length ?? 0, waitCurves: c.curves?.[i] ?? {}, ...(r === 0 && c.series?.[i] ? { series: c.series[i] } : {}), ...(c.batches?.[i] ? { batches: c.batches[i] } : {}), ...(r === 0 && c.engines?.[i] ? { engines: c.engines[i] } : {}), ...(c.split?.[i] ? { split: c.split[i] } : {}), ...(c.path?.[i] ? { path: c.path[i] } : {}), ...(r === 0 && c.programs?.[i] ? { programs: c.programs[i] } : {}) });
  const replications = ids.flatMap((cell, i) => Array.from({ length: Math.min(n, c.runs?.[i]?.length ?? c.agents?.[i]?.length ?? n) }, (_, r): ReplicationRecord => ({ cell, replication: r, seed: `1/${r}`, params: cells[i].params, metrics: c.runs?.[i]?.[r] ?? Object.fromEntries(Object.entries(cells[i].metrics).map(([k, v]) => [k, v.mean])), orderDigest: '0', resultDigest: '0', events: 10, checks: {}, notes: [], detail: detail(i, r), draws: {} })));
  const valid = c.valid ?? true;
  const summary: SummaryFile = { schema: 'schedlab/summary@1', scenario: 'crafted', cells, comparisons, thresholds: c.thresholds ?? [], valid, notes: c.notes ?? [], baseline: baseline === null ? null : ids[baseline] };
  const manifest: Manifest = { schema: 'schedlab/manifest@1', tool: '0.1.0', node: '20.0.0', scenario: 'crafted', title: 'Crafted', question: 'Which?', study: 'terminating', target: 'sim', origins: {}, swept: Object.keys(c.cells[0] ?? {}), seed: '1', reps: n, cells: ids, data: [], assumptions: [], notSimulated: [], digest: 'd', valid, verdict: valid ? 'valid' : 'invalid', redo: 'redo', asked: 'redo', wall: { startedAt: '2026-11-21T14:02:00Z', durationS: 1, workers: 1, eventsPerS: 1 }, interrupted: false, headline: Object.keys(c.metrics).filter((m) => c.verdicts === undefined || Object.hasOwn(c.verdicts, m)), ...c.manifest };
  return studyOf({ summary, manifest, replications });
}

export const agent = (name: string, callClass: string, arrived: number, completed: number, waitAllMeanS = 1): AgentDetail => ({ name, class: callClass, arrived, completed, firstServedS: completed ? 0 : null, waitAllMeanS });
/** Text with ordinary spaces, for comparing sentences. */
export const plainText = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');
export const said = (sentences: readonly string[]): string => plainText(sentences.join(' '));
