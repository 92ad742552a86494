// Runs one task: seed, series and calls set up the same way in this thread and in a worker.
import type { ReplicationRecord } from '../results.ts';
import type { Model } from '../scenario.ts';
import type { ParamValues } from '../../src/options.ts';
import { OwnMeasures } from '../measure/own-metrics.ts';
import { onRequest } from '../measure/on-request.ts';
import { LinesPart } from './parts.ts';
import type { Task } from './tasks.ts';
import { TimelinePart, isDrawn, type TraceFile } from './timelines.ts';
import type { DecisionsFile, Laboratory } from './types.ts';

/** What all replications of an experiment share. Plain data. */
export interface RunSettings {
  readonly seed: string;
  readonly shell: 'auto' | 'event' | 'promise';
  /** File of calls, if one is asked for. */
  readonly calls: string | undefined;
  readonly decisions?: DecisionsFile | undefined;
  /** File of trace events, if one is asked for. */
  readonly trace?: TraceFile;
  readonly manyCells: boolean;
  /** Metrics of the dictionary that are measured on request and are wanted. */
  readonly onRequest?: readonly string[];
}

/** Seed of replication k, the same in every cell: common random numbers. */
export function seedOf(seed: string, replication: number): string { return `${seed}/${replication}`; }

/** One replication of a cell. `breathe`: see ReplicationOptions. */
export async function replicate(laboratory: Laboratory, cell: { readonly id: string; readonly params: ParamValues; readonly model: Model }, task: Task, settings: RunSettings, breathe?: () => Promise<void>): Promise<ReplicationRecord> {
  const named = settings.manyCells ? cell.id : undefined;
  const calls = settings.calls === undefined ? undefined : new LinesPart(settings.calls, task, named, '--calls');
  const decisions = settings.decisions === undefined ? undefined : new LinesPart(settings.decisions.path, task, named, '--decisions');
  const timeline = settings.trace === undefined || !isDrawn(task) ? undefined : new TimelinePart(settings.trace, task, cell.model);
  const metrics = [...Object.values(laboratory.metrics ?? {}), ...onRequest(settings.onRequest ?? [])], own = metrics.length === 0 ? undefined : new OwnMeasures(cell.model, metrics);
  try {
    const record = await laboratory.runCell(cell.model, {
      seed: seedOf(settings.seed, task.replication), replication: task.replication, shell: settings.shell, params: cell.params, cell: cell.id,
      series: task.replication === 0, ...(breathe ? { breathe } : {}),
      ...(calls || own ? { callLine: (line) => { calls?.write(line); own?.take(line); } } : {}),
      ...(decisions ? { decisionLine: decisions.write, decisionsSample: settings.decisions!.sample } : {}),
      ...(timeline ? { watch: timeline.watch } : {}),
    });
    // What a metric of the user's or one on request says is no part of the digests: it only looks.
    const { leftOut } = timeline ?? {};
    return { ...record, ...(own ? { metrics: { ...record.metrics, ...own.values() } } : {}), ...(leftOut === undefined ? {} : { leftOut }) };
  } finally {
    try { calls?.close(); } finally { try { decisions?.close(); } finally { timeline?.close(); } }
  }
}
