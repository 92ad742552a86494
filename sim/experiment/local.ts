// Runs tasks in this thread, one after the other, with a breath between them so that interrupts are heard.
import type { ReplicationRecord } from '../results.ts';
import { replicate } from './replicate.ts';
import type { RunSettings } from './replicate.ts';
import type { Runner, Task } from './tasks.ts';
import { mayStart, plainError, taskError } from './tasks.ts';
import type { Laboratory, Plan, StopSignal } from './types.ts';
import { breathe, wallMs } from './machine.ts';

/** Longest time without a breath, in ms, where replications are short. */
const BREATH_MS = 20;

export class LocalRunner implements Runner {
  readonly workers = 1;
  readonly #plan: Plan;
  readonly #laboratory: Laboratory;
  readonly #settings: RunSettings;
  readonly #begun: Uint8Array;
  constructor(plan: Plan, laboratory: Laboratory, settings: RunSettings) {
    this.#plan = plan;
    this.#laboratory = laboratory;
    this.#settings = settings;
    this.#begun = new Uint8Array(plan.cells.length);
  }

  async run(tasks: readonly Task[], signal: StopSignal, done: (task: Task, record: ReplicationRecord) => void): Promise<void> {
    let breath = wallMs();
    for (const task of tasks) {
      if (!mayStart(signal.stopRequested, this.#begun, task.cell)) continue;
      this.#begun[task.cell] = 1;
      const cell = this.#plan.cells[task.cell];
      let record;
      try { record = await replicate(this.#laboratory, cell, task, this.#settings); } catch (error) { throw taskError(plainError(error), cell.label, task.replication); }
      done(task, record);
      if (wallMs() - breath > BREATH_MS) { await breathe(); breath = wallMs(); }
    }
  }
  async close(): Promise<void> { /* nothing is held */ }
}
