// One replication of one cell as a task, and what runs tasks: this thread or a pool of workers.
import { SchedlabError } from '../../src/errors.ts';
import type { ErrorCode } from '../../src/errors.ts';
import { ERROR_CODES } from '../../src/errors.ts';
import type { ReplicationRecord } from '../results.ts';
import type { StopSignal } from './types.ts';

export interface Task { readonly cell: number; readonly replication: number }

/** Runs tasks until all are done, or until a stop is asked for; never two runs at a time. */
export interface Runner {
  readonly workers: number;
  /** Tells of every finished task, in any order. Resolves when nothing runs any more; rejects with the first error, in order of tasks where several came. */
  run(tasks: readonly Task[], signal: StopSignal, done: (task: Task, record: ReplicationRecord) => void): Promise<void>;
  close(): Promise<void>;
}

/** First request: cells that have begun are finished. Second: nothing more. `begun[cell]` is 1 once a task of the cell ran. */
export function mayStart(stop: number, begun: Uint8Array, cell: number): boolean {
  return stop === 0 || (stop === 1 && begun[cell] === 1);
}

/** An error as plain data, so that it can cross from a worker. */
export interface PlainError { readonly code: string; readonly message: string; readonly details: string; readonly stack: string }

export function plainError(error: unknown): PlainError {
  if (error instanceof SchedlabError) return { code: error.code, message: error.message, details: JSON.stringify(error.details, (_, v: unknown) => (v instanceof Error ? v.message : v)) ?? '{}', stack: error.stack ?? '' };
  if (error instanceof Error) return { code: 'ERR_INTERNAL', message: `${error.name}: ${error.message}`, details: '{}', stack: error.stack ?? '' };
  // Nothing here throws what is no error: a user's code does.
  return { code: 'ERR_SCENARIO_FILE', message: `the scenario or its policy threw ${JSON.stringify(error) ?? String(error)}, which is no Error. Throw new Error(…) there, so that its line is known.`, details: '{}', stack: '' };
}

/** The coded error again, with its cell and replication in front and the stack of where it happened. */
export function taskError(plain: PlainError, label: string, replication: number): SchedlabError {
  const code: ErrorCode = Object.hasOwn(ERROR_CODES, plain.code) ? plain.code as ErrorCode : 'ERR_INTERNAL';
  const error = new SchedlabError(code, `${label}, replication ${replication}: ${plain.message}`, { ...(JSON.parse(plain.details) as Record<string, unknown>), cell: label, replication });
  if (plain.stack) error.stack = plain.stack;
  return error;
}
