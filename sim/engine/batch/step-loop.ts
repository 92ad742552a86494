// The engine loop without a clock: when a step is planned, and when the result of which step is taken in (R17).
import type { ScheduledRequest, ScheduledStep, StepScheduler } from './step-scheduler.ts';

/**
 * Synchronous: a step is planned, then processed. Asynchronous: two steps may be in flight; after each planning the older one is awaited
 * where two are in flight, or where the new one is empty. A plan without work counts as a step in flight: the engine sends it too.
 */
export class StepLoop<R extends ScheduledRequest, P extends ScheduledStep<R>> {
  readonly scheduler: StepScheduler<R, P>;
  readonly #isAsynchronous: boolean;
  /** Steps in flight: the one whose result comes next, and the one behind it. */
  #first: P | undefined;
  #second: P | undefined;

  constructor(scheduler: StepScheduler<R, P>) {
    this.scheduler = scheduler;
    this.#isAsynchronous = scheduler.config.asynchronous;
  }

  get inFlight(): number { return this.#first === undefined ? 0 : this.#second === undefined ? 1 : 2; }

  /** Plans the next step, where there is a request to plan for, or one that has ended since the last. */
  plan(): P | undefined {
    if (this.scheduler.unfinished === 0 && !this.scheduler.hasEnded) return undefined;
    const plan = this.scheduler.schedule();
    if (this.#first === undefined) this.#first = plan; else this.#second = plan;
    return plan;
  }

  /** The step whose result must be awaited before another is planned; nothing where the loop goes on at once. `planned` is what `plan` just returned. */
  awaited(planned: P | undefined): P | undefined {
    if (this.#isAsynchronous && this.#second === undefined && planned !== undefined && !planned.isEmpty) return undefined;
    return this.#first;
  }

  /** The awaited step is over: leaves the line, to be processed by the scheduler. */
  taken(): void { this.#first = this.#second; this.#second = undefined; }
}
