// Runs tasks in this thread, one after the other, with a breath between them so that interrupts are heard.
import type { ReplicationRecord } from '../results.ts';
import { replicate } from './replicate.ts';
import type { RunSettings } from './replicate.ts';
import type { Runner, Task } from './tasks.ts';
import { mayStart, plainError, taskError } from './tasks.ts';
import type { Laboratory, Plan, StopSignal } from './types.ts';
import { breathe, every, wallMs } from './machine.ts';

/** Longest time without a breath, in ms, where replications are short. */
const BREATH_MS = 20;
/** How often a request to stop is looked for, in ms. */
const POLL_MS = 40;

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
    // A live replication takes minutes and lets other things happen meanwhile: a stop now is heard while it runs, and nobody waits for its end.
    let stop: () => void = () => { /* set below */ };
    const stopped = new Promise<undefined>((resolve) => { stop = () => { resolve(undefined); }; });
    const stopPolling = every(POLL_MS, () => { if (signal.stopRequested >= 2) stop(); });
    try {
      for (const task of tasks) {
        if (!mayStart(signal.stopRequested, this.#begun, task.cell)) continue;
        this.#begun[task.cell] = 1;
        const cell = this.#plan.cells[task.cell];
        let record;
        try { record = await Promise.race([replicate(this.#laboratory, cell, task, this.#settings), stopped]); } catch (error) { throw taskError(plainError(error), cell.label, task.replication); }
        if (record === undefined) return;
        done(task, record);
        if (wallMs() - breath > BREATH_MS) { await breathe(); breath = wallMs(); }
      }
    } finally {
      stopPolling();
    }
  }
  async close(): Promise<void> { /* nothing is held */ }
}
