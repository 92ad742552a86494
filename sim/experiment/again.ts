// Replications again, in memory: the same seeds, nothing written, each told as it ends.
import type { ReplicationRecord } from '../results.ts';
import { Collector } from './collector.ts';
import { LABORATORY } from './laboratory.ts';
import { wallMs } from './machine.ts';
import { runnerFor } from './run.ts';
import type { Task } from './tasks.ts';
import type { Laboratory, Plan, Progress, StopSignal } from './types.ts';

export interface AgainOptions {
  readonly seed: string;
  readonly shell?: 'auto' | 'event' | 'promise';
  readonly jobs?: number;
  /** Run in a worker even where one is enough, so that this thread hears an interrupt. */
  readonly apart?: boolean;
  /** Metrics of the dictionary that are measured on request and are wanted. */
  readonly onRequest?: readonly string[];
  readonly signal?: StopSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Runs these replications of a plan and answers with the records in the order of the tasks; fewer where a stop was asked for, and then
 * those that ended. Throws the coded error of the first that fails, with its cell and number in front.
 */
export async function runAgain(plan: Plan, tasks: readonly Task[], options: AgainOptions, laboratory: Laboratory = LABORATORY): Promise<ReplicationRecord[]> {
  const settings = { seed: options.seed, shell: options.shell ?? 'auto', calls: undefined, manyCells: false, onRequest: options.onRequest ?? [] } as const;
  const runner = runnerFor(plan, { jobs: options.jobs ?? 1, ...(options.apart === undefined ? {} : { apart: options.apart }) }, settings, laboratory, tasks.length);
  const collector = new Collector(plan.cells), startedMs = wallMs(), wanted = plan.cells.map((_, cell) => tasks.filter((task) => task.cell === cell).length);
  let events = 0;
  const tell = (kind: Progress['kind'], cell?: number): void => options.onProgress?.({
    kind, done: collector.count, total: tasks.length, reused: 0, events, elapsedS: (wallMs() - startedMs) / 1000, workers: runner.workers,
    ...(cell === undefined ? {} : { cell: { index: cell, id: plan.cells[cell].id, label: plan.cells[cell].label, done: collector.countOf(cell), total: wanted[cell] } }),
  });
  try {
    tell('start');
    await runner.run(tasks, options.signal ?? { stopRequested: 0 }, (task, { trail: _trail, ...record }) => {
      collector.put(task, record);
      events += record.events;
      tell('replication', task.cell);
      if (collector.countOf(task.cell) === wanted[task.cell]) tell('cell', task.cell);
    });
    tell('end');
  } finally {
    await runner.close();
  }
  return collector.ordered();
}
