// What a kind of task has cost lately: an exponential moving average by type.
import { SchedlabError } from '../errors.ts';

/** Weight of the newest observation. */
export const COST_SMOOTHING = 0.3;

/** Mean tokens by task type. The first observation counts as it is; each later one is mixed in: smoothing × new + (1 − smoothing) × old. */
export class CostAverage {
  readonly smoothing: number;
  readonly #means = new Map<string, number>();

  /** `smoothing` in (0, 1], else ERR_OPTION_RANGE. */
  constructor(smoothing: number = COST_SMOOTHING) {
    if (!(smoothing > 0 && smoothing <= 1)) throw new SchedlabError('ERR_OPTION_RANGE', `smoothing of a cost average accepts a number above 0 and up to 1, received ${String(smoothing)}.`);
    this.smoothing = smoothing;
  }

  /** Takes one observation in and returns the new mean. Negative or endless counts are refused with ERR_OPTION_RANGE. O(1). */
  observe(type: string, tokens: number): number {
    if (!(tokens >= 0 && tokens < Infinity)) throw new SchedlabError('ERR_OPTION_RANGE', `tokens of a ${JSON.stringify(type)} task must be 0 or more, received ${String(tokens)}.`, { type, tokens });
    const old = this.#means.get(type);
    const mean = old === undefined ? tokens : this.smoothing * tokens + (1 - this.smoothing) * old;
    this.#means.set(type, mean);
    return mean;
  }

  /** The mean of a type, or undefined where it was never seen. */
  of(type: string): number | undefined { return this.#means.get(type); }

  /** Types seen so far, in the order in which they were first seen. */
  types(): readonly string[] { return [...this.#means.keys()]; }
}
