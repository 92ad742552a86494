// Runs tasks in this thread, one after the other, with a breath now and then so that interrupts are heard.
import type { ReplicationRecord } from '../results.ts';
import { breathe, every, wallMs } from './machine.ts';
import { sharedBytes, sharedParts } from './protocol.ts';
import { replicate } from './replicate.ts';
import type { RunSettings } from './replicate.ts';
import { TaskQueue } from './task-queue.ts';
import type { Runner, Task } from './tasks.ts';
import { mayStart, plainError, taskError } from './tasks.ts';
import type { Laboratory, Plan, StopSignal } from './types.ts';

/** Longest time without a breath, in ms, where replications are short or take breath themselves. */
const BREATH_MS = 20;
/** How often a request to stop is looked for, in ms. */
const POLL_MS = 40;

/** Unwinds a replication that is abandoned. */
const ABANDONED = new Error('abandoned');

export class LocalRunner implements Runner {
  readonly workers = 1;
  readonly #plan: Plan;
  readonly #laboratory: Laboratory;
  readonly #settings: RunSettings;
  readonly #begun: Uint8Array;

  /** `shared`: the bytes of `protocol.ts`, where others than this thread begin cells too. */
  constructor(plan: Plan, laboratory: Laboratory, settings: RunSettings, shared = sharedBytes(plan.cells.length)) {
    this.#plan = plan;
    this.#laboratory = laboratory;
    this.#settings = settings;
    this.#begun = sharedParts(shared).begun;
  }

  run(tasks: readonly Task[], signal: StopSignal, done: (task: Task, record: ReplicationRecord) => void): Promise<void> { return this.runFrom(new TaskQueue(tasks), signal, done); }

  /** Takes from a queue that others may take from as well. `onBreath` is told how many tasks have ended here, whenever this thread looks up. */
  async runFrom(queue: TaskQueue, signal: StopSignal, done: (task: Task, record: ReplicationRecord) => void, onBreath?: (ended: number) => void): Promise<void> {
    let breath = wallMs(), ended = 0;
    const look = async (): Promise<void> => {
      if (wallMs() - breath <= BREATH_MS) return;
      onBreath?.(ended);
      await breathe();
      breath = wallMs();
      if (signal.stopRequested >= 2) throw ABANDONED;
    };
    // A live replication takes minutes and lets other things happen meanwhile: a stop now is heard while it runs, and nobody waits for its end.
    let stop: () => void = () => { /* set below */ };
    const stopped = new Promise<undefined>((resolve) => { stop = () => { resolve(undefined); }; });
    const stopPolling = every(POLL_MS, () => { if (signal.stopRequested >= 2) stop(); });
    try {
      for (let task = queue.take(); task !== undefined; task = queue.take()) {
        if (!mayStart(signal.stopRequested, this.#begun, task.cell)) continue;
        this.#begun[task.cell] = 1;
        const cell = this.#plan.cells[task.cell];
        let record;
        try { record = await Promise.race([replicate(this.#laboratory, cell, task, this.#settings, look), stopped]); } catch (error) {
          if (error === ABANDONED) return;
          throw taskError(plainError(error), cell.label, task.replication);
        }
        if (record === undefined) return;
        done(task, record);
        ended++;
        if (wallMs() - breath > BREATH_MS) { onBreath?.(ended); await breathe(); breath = wallMs(); }
      }
    } finally {
      stopPolling();
    }
  }

  async close(): Promise<void> { /* nothing is held */ }
}
