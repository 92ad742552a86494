// Tells how far an experiment is: what is done, what is left, which cell has just been completed.
import type { ReplicationRecord } from '../results.ts';
import type { Collector } from './collector.ts';
import type { Task } from './tasks.ts';
import type { Plan, Progress } from './types.ts';
import { wallMs } from './machine.ts';

export class ProgressTeller {
  readonly #plan: Plan;
  readonly #collector: Collector;
  readonly #workers: number;
  readonly #reused: number;
  readonly #listen: ((progress: Progress) => void) | undefined;
  readonly #startedMs = wallMs();
  #events = 0;
  #reps = 0;
  constructor(plan: Plan, collector: Collector, workers: number, reused: number, listen: ((progress: Progress) => void) | undefined) {
    this.#plan = plan;
    this.#collector = collector;
    this.#workers = workers;
    this.#reused = reused;
    this.#listen = listen;
  }

  /** A block of work begins that brings every cell to `reps` replications. */
  block(reps: number): void {
    const first = this.#reps === 0;
    this.#reps = reps;
    this.#tell(first ? 'start' : 'block');
  }

  replication(task: Task, record: ReplicationRecord): void {
    this.#events += record.events;
    this.#tell('replication', task.cell);
    if (this.#collector.countOf(task.cell) === this.#reps) this.#tell('cell', task.cell);
  }

  end(): void { this.#tell('end'); }

  #tell(kind: Progress['kind'], cell?: number): void {
    if (!this.#listen) return;
    this.#listen({
      kind, done: this.#collector.count, total: this.#reps * this.#plan.cells.length, reused: this.#reused, events: this.#events, elapsedS: (wallMs() - this.#startedMs) / 1000, workers: this.#workers,
      ...(cell === undefined ? {} : { cell: { index: cell, id: this.#plan.cells[cell].id, label: this.#plan.cells[cell].label, done: this.#collector.countOf(cell), total: this.#reps } }),
    });
  }
}
