// Virtual time for tests: asynchronous code runs as it stands, and where everything waits the clock jumps to the next timer.
import type { Clock, TimerId } from '../../src/clock.ts';
import { SchedlabError } from '../../src/errors.ts';
import { Kernel } from '../kernel/kernel.ts';
import { runAsync } from '../kernel/quiesce.ts';
import { VirtualClock } from '../kernel/virtual-clock.ts';
import { takeGlobals } from './globals.ts';
import { TestTimer } from './test-timer.ts';

const US_PER_MS = 1000;

/** What is no number counts as the least. */
const atLeast = (least: number, ms: number): number => (ms > least ? ms : least);

export interface RunOptions {
  /** Give up when the clock reaches this time, in ms from its start; never, where absent. Rejects with ERR_TIMEOUT. */
  readonly untilMs?: number;
  /**
   * Put setTimeout, clearTimeout, setInterval, clearInterval, Date.now and performance.now of the process on this clock while `run` lasts.
   * For code that is handed no clock. Not reached: node:timers/promises, AbortSignal.timeout, sockets and files.
   */
  readonly globals?: boolean;
}

/**
 * A clock that stands still until everybody waits for it. It is the Clock port, so a dispatcher or a LocoScheduler takes it as
 * `clock`; beside that it has the timers that other code takes. Starts at 0. Equal runs are equal to the microsecond.
 */
export class TestClock implements Clock {
  readonly #kernel = new Kernel();
  readonly #clock = new VirtualClock(this.#kernel);
  #isRunning = false;

  /** Now, in microseconds: the Clock port. */
  now(): number { return this.#clock.now(); }
  /** Calls `fn` once, `delayUs` microseconds from now: the Clock port. */
  setTimer(delayUs: number, fn: () => void): TimerId { return this.#clock.setTimer(delayUs, fn); }
  clearTimer(id: TimerId): void { this.#clock.clearTimer(id); }
  settle(fn: () => unknown): void { this.#clock.settle(fn); }

  /** Now, in milliseconds. A function without `this`, as are the timers, so that it can be handed on by itself. */
  readonly nowMs = (): number => this.#clock.now() / US_PER_MS;
  /** Resolves after so many milliseconds of virtual time. */
  readonly sleep = (ms: number): Promise<void> => this.#clock.sleep(ms * US_PER_MS);
  readonly setTimeout = <A extends readonly unknown[]>(fn: (...args: A) => void, ms = 0, ...args: A): TestTimer => {
    const timer = new TestTimer();
    timer.armed = this.#clock.setTimer(atLeast(0, ms) * US_PER_MS, () => { fn(...args); });
    return timer;
  };
  readonly setInterval = <A extends readonly unknown[]>(fn: (...args: A) => void, ms = 0, ...args: A): TestTimer => {
    // Node counts less than a millisecond as one; an interval of 0 would stop time.
    const timer = new TestTimer(), everyMs = atLeast(1, ms);
    const arm = (): void => { timer.armed = this.#clock.setTimer(everyMs * US_PER_MS, () => { arm(); fn(...args); }); };
    arm();
    return timer;
  };
  /** Forgets a timer or an interval; what is none, or has fired, is left alone. */
  readonly clearTimeout = (timer: unknown): void => { if (timer instanceof TestTimer) this.#clock.clearTimer(timer.armed); };
  readonly clearInterval = this.clearTimeout;

  /** Timers that are armed. */
  get armed(): number { return this.#clock.armed; }

  /**
   * Runs `body` and everything it starts in virtual time, and answers with its result. Ends with the instant in which `body` ends; timers that are
   * armed then stay armed, and the next `run` goes on from the same time.
   * @throws what `body` throws, or the first rejection that nobody handled
   * @throws ERR_STALLED where `body` waits for something that no timer brings: a promise that nobody settles, or real input and output
   * @throws ERR_TIMEOUT at `untilMs`, ERR_ZENO where time does not move, ERR_USAGE where it runs already
   */
  async run<T>(body: () => Promise<T> | T, options: RunOptions = {}): Promise<T> {
    if (this.#isRunning) throw new SchedlabError('ERR_USAGE', 'this clock runs already: one run at a time. Await the first one, or start both bodies in one run with Promise.all.');
    this.#isRunning = true;
    const restore = options.globals === true ? takeGlobals(this) : undefined, kernel = this.#kernel;
    let ended: { readonly value: T } | undefined;
    const start = async (): Promise<void> => {
      try { ended = { value: await body() }; } finally { kernel.stop(); kernel.promisesDirty = true; }
    };
    try {
      await runAsync(kernel, this.#clock, { start, untilUs: (options.untilMs ?? Infinity) * US_PER_MS });
      // What the last instant has still to do is done: a dispatcher takes a lease back at its end.
      await runAsync(kernel, this.#clock, { untilUs: kernel.nowUs });
    } finally {
      restore?.();
      this.#isRunning = false;
    }
    if (ended === undefined) throw new SchedlabError('ERR_TIMEOUT', `the body had not ended at ${options.untilMs} ms of virtual time. Raise untilMs, or find what it still waits for: ${this.armed} timers are armed.`, { untilMs: options.untilMs, armed: this.armed });
    return ended.value;
  }
}

/** A fresh clock at 0. */
export function virtualClock(): TestClock { return new TestClock(); }
