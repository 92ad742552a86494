// The contract of a cost model: how long one engine step takes. It must not know requests, blocks or the clock.

import { SchedlabError } from '../../../src/errors.ts';
import type { StepLoad } from './step-load.ts';

/**
 * Prices steps. Pure: the same load has the same price, to the bit. Monotone: more tokens, more context, more sequences
 * or more samplers never cost less. `stepUs` allocates nothing.
 */
export interface CostModel {
  /** Its name in the registry: `compact`, `table`, `roofline`, `trained-physics`, `constant`. */
  readonly name: string;
  /**
   * Microseconds from the start of the step to the moment its tokens are known: finite, above 0, not rounded. The engine
   * rounds to whole microseconds once a step. O(chunks of the step).
   */
  stepUs(load: StepLoad): number;
}

/** Time that a call spends around the steps. Microseconds; all 0 for an engine seen from inside. */
export interface CallOverhead {
  /** Between arrival and the moment at which the scheduler can see the request: parsing, tokenising, hand-over. */
  readonly beforeUs: number;
  /** Once, after the last token. */
  readonly afterUs: number;
  /** Added to the delivery of every output token; it delays nobody else. */
  readonly perOutputTokenUs: number;
}

/** No time around the steps. */
export const NO_OVERHEAD: CallOverhead = Object.freeze({ beforeUs: 0, afterUs: 0, perOutputTokenUs: 0 });

/** `value`, where it is a number from `least` on. Throws ERR_OPTION_RANGE. */
export function finite(name: string, value: number, least = 0): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw new SchedlabError('ERR_OPTION_RANGE', `${name} of a cost model accepts a number from ${least}, received ${JSON.stringify(value)}.`, { name, value });
}
