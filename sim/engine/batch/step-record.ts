// One step as an observer sees it: what it carried, from when to when, and the load of the engine that it left.
import type { StepLoad } from '../cost/step-load.ts';
import type { ScheduledRequest, ScheduledStep, StepScheduler } from './step-scheduler.ts';

/** Reused, copy what must stay. */
export interface StepRecord { engine: number; startUs: number; endUs: number; load: StepLoad; plan: ScheduledStep<ScheduledRequest>; running: number; waiting: number; freeBlocks: number; usableBlocks: number }

/** Tells of every step that computes something, when it is planned. */
export class StepTeller {
  readonly #engine: number;
  readonly #scheduler: StepScheduler;
  readonly #load: StepLoad;
  readonly #onStep: (record: Readonly<StepRecord>) => void;
  #record: StepRecord | undefined;

  constructor(engine: number, scheduler: StepScheduler, load: StepLoad, onStep: (record: Readonly<StepRecord>) => void) {
    this.#engine = engine;
    this.#scheduler = scheduler;
    this.#load = load;
    this.#onStep = onStep;
  }

  tell(plan: ScheduledStep<ScheduledRequest>, startUs: number, endUs: number): void {
    const { runningCount, waitingCount, freeBlocks, usableBlocks } = this.#scheduler;
    const record = this.#record ??= { engine: this.#engine, startUs: 0, endUs: 0, load: this.#load, plan, running: 0, waiting: 0, freeBlocks: 0, usableBlocks };
    record.startUs = startUs;
    record.endUs = endUs;
    record.plan = plan;
    record.running = runningCount;
    record.waiting = waitingCount;
    record.freeBlocks = freeBlocks;
    this.#onStep(record);
  }
}
