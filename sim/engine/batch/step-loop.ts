// The engine loop without a clock: when a step is planned, and when the result of which step is taken in (R17).
import type { ScheduledRequest, ScheduledStep, StepScheduler } from './step-scheduler.ts';

/**
 * Synchronous: a step is planned, then processed. Asynchronous: two steps may be in flight; after each planning the older one is awaited
 * where two are in flight, or where the new one is empty. A plan without work counts as a step in flight: the engine sends it too.
 */
export class StepLoop<R extends ScheduledRequest, P extends ScheduledStep<R>> {
  readonly scheduler: StepScheduler<R, P>;
  readonly #depth: number;
  readonly #inFlight: P[] = [];

  constructor(scheduler: StepScheduler<R, P>) {
    this.scheduler = scheduler;
    this.#depth = scheduler.config.asynchronous ? 2 : 1;
  }

  get inFlight(): number { return this.#inFlight.length; }

  /** Plans the next step, where there is a request to plan for, or one that has ended since the last. */
  plan(): P | undefined {
    if (this.scheduler.unfinished === 0 && !this.scheduler.hasEnded) return undefined;
    const plan = this.scheduler.schedule();
    this.#inFlight.push(plan);
    return plan;
  }

  /** The step whose result must be awaited before another is planned; nothing where the loop goes on at once. `planned` is what `plan` just returned. */
  awaited(planned: P | undefined): P | undefined {
    const isFull = this.#inFlight.length >= this.#depth || planned === undefined || planned.isEmpty;
    return isFull ? this.#inFlight[0] : undefined;
  }

  /** The awaited step is over: leaves the line, to be processed by the scheduler. */
  taken(): void { this.#inFlight.shift(); }
}
