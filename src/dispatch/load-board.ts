// The load view of a dispatcher over its own counts: exact, or as a board that is refreshed every so often. Owns the age of every signal.
import type { LoadView } from '../balancers/balancer.ts';

/**
 * Counts by engine. With `refreshUs` > 0 balancers see them as they stood at the last multiple of it; with 0 as they are.
 * The board is copied lazily, before the first change after a refresh is due: exact, and no refresh events.
 */
export class LoadBoard implements LoadView {
  /** Calls granted and not ended; calls queued for the engine in the dispatcher. */
  runningNow: Int32Array;
  queuedNow: Int32Array;
  /** How often a balancer was asked to choose among several engines. */
  picks = 0;
  readonly #refreshUs: number;
  #seenRunning: Int32Array;
  #seenQueued: Int32Array;
  #epoch = 0;
  #nowUs = 0;

  constructor(engines: number, refreshUs: number) {
    this.runningNow = new Int32Array(engines);
    this.queuedNow = new Int32Array(engines);
    this.#refreshUs = refreshUs;
    this.#seenRunning = refreshUs > 0 ? new Int32Array(engines) : this.runningNow;
    this.#seenQueued = refreshUs > 0 ? new Int32Array(engines) : this.queuedNow;
  }

  /** Call before any count changes or is looked at, with the present time. */
  touch(nowUs: number): void {
    this.#nowUs = nowUs;
    if (this.#refreshUs === 0) return;
    const epoch = Math.floor(nowUs / this.#refreshUs);
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#seenRunning.set(this.runningNow);
    this.#seenQueued.set(this.queuedNow);
  }

  resize(engines: number): void {
    const wide = (from: Int32Array): Int32Array => { const to = new Int32Array(engines); to.set(from); return to; };
    this.runningNow = wide(this.runningNow);
    this.queuedNow = wide(this.queuedNow);
    this.#seenRunning = this.#refreshUs > 0 ? wide(this.#seenRunning) : this.runningNow;
    this.#seenQueued = this.#refreshUs > 0 ? wide(this.#seenQueued) : this.queuedNow;
  }

  inFlight(engine: number): number { return this.#seenRunning[engine] + this.#seenQueued[engine]; }
  running(engine: number): number { return this.#seenRunning[engine]; }
  waiting(engine: number): number { return this.#seenQueued[engine]; }
  kvUse(): number { return NaN; }
  ageUs(): number { return this.#refreshUs === 0 ? 0 : this.#nowUs - this.#epoch * this.#refreshUs; }
}
