// The overload guard: lowers alpha where more work comes than can be served, so that nobody starves.
import { assert } from '../errors.ts';

/**
 * In sustained overload the oldest task of a busy agent ages at rate 1 − s, s being the share of arrivals that can be served;
 * a quiet agent then waits without end once alpha > s/(1 + s). The guard caps alpha at half of that while s < 1, and leaves it alone
 * where all that came is served: without overload nobody starves at any alpha.
 *
 * s = grants ÷ arrivals over the last `window` ticks (the present one included), at most 1, and 1 where nothing arrived. The grant that
 * is being decided counts as made: a lone call on an idle engine is then no overload. All operations O(1).
 */
export class OverloadGuard {
  readonly window: number;
  readonly #arrivals: Float64Array;
  readonly #grants: Float64Array;
  #at = 0;
  #arrived = 0;
  #granted = 0;

  constructor(window = 100) {
    assert(Number.isInteger(window) && window > 0, 'the window of the guard is a whole number of ticks from 1', { window });
    this.window = window;
    this.#arrivals = new Float64Array(window);
    this.#grants = new Float64Array(window);
  }

  arrived(): void { this.#arrived++; this.#arrivals[this.#at]++; }

  granted(): void { this.#granted++; this.#grants[this.#at]++; }

  /** The next tick: what is older than the window is forgotten. */
  tick(): void {
    this.#at = this.#at + 1 === this.window ? 0 : this.#at + 1;
    this.#arrived -= this.#arrivals[this.#at];
    this.#granted -= this.#grants[this.#at];
    this.#arrivals[this.#at] = this.#grants[this.#at] = 0;
  }

  /** s, with `ahead` grants counted before they are made. */
  servedShare(ahead = 1): number { return this.#arrived === 0 ? 1 : Math.min(1, (this.#granted + ahead) / this.#arrived); }

  /** The alpha in force: min(alpha, ½ · s/(1 + s)) under overload, alpha without. */
  limit(alpha: number, ahead = 1): number {
    const s = this.servedShare(ahead);
    return s >= 1 ? alpha : Math.min(alpha, 0.5 * s / (1 + s));
  }
}
