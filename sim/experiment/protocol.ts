// What crosses between the main thread and its workers: plain data only.
import type { ParamValues } from '../../src/options.ts';
import type { ReplicationRecord } from '../results.ts';
import type { RunSettings } from './replicate.ts';
import type { PlainError, Task } from './tasks.ts';
import type { Laboratory, ScenarioSource } from './types.ts';

/** Handed to a worker when it starts. The worker plans the cells again from this. */
export interface WorkerStart {
  readonly source: ScenarioSource;
  readonly version: string;
  readonly cells: readonly { readonly id: string; readonly params: ParamValues }[];
  readonly settings: RunSettings;
  /** Files that define metrics. */
  readonly metrics: readonly string[];
  /** Engines that were read from files. */
  readonly engines?: Laboratory['engines'];
  /** Byte 0: how hard a stop is asked for; then one byte a cell: 1 once it has begun. Shared by all threads. */
  readonly shared: SharedArrayBuffer;
}

export type ToWorker = { readonly tasks: readonly Task[] };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly task: Task; readonly record: ReplicationRecord; readonly tookMs: number }
  /** Not begun, because a stop was asked for. */
  | { readonly kind: 'skipped'; readonly task: Task }
  /** `task` null: the worker could not start. */
  | { readonly kind: 'failed'; readonly task: Task | null; readonly error: PlainError };

/** Fresh shared bytes for so many cells. */
export function sharedBytes(cells: number): SharedArrayBuffer { return new SharedArrayBuffer(1 + cells); }

/** The two halves of the shared bytes. */
export function sharedParts(shared: SharedArrayBuffer): { stop: Uint8Array; begun: Uint8Array } {
  return { stop: new Uint8Array(shared, 0, 1), begun: new Uint8Array(shared, 1) };
}
