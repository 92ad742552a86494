// Steps that nobody outside can notice: priced ahead, so that one event stands for all of them.
import type { CostModel } from '../cost/cost-model.ts';
import type { StepLoad } from '../cost/step-load.ts';

/** Most steps that are priced ahead: what an arrival in between makes worthless is bounded by it. */
const MOST_AHEAD = 256;

/**
 * The ends of silent steps: one in flight, and those behind it that are certain to follow as long as nothing comes in. The engine sleeps until the last
 * one ends; whatever touches it before asks first how many have ended since. 8 bytes a step, nothing allocated.
 */
export class Stretch {
  readonly #endsUs = new Float64Array(MOST_AHEAD);
  /** Steps of the stretch, and the one in flight. */
  #count = 0;
  #at = 0;

  /** End of the step in flight. */
  get endUs(): number { return this.#endsUs[this.#at]; }
  get isActive(): boolean { return this.#at < this.#count - 1; }

  /**
   * Prices up to `steps` steps of one batch of decoders: the one in flight, which ends at `firstEndUs`, and its successors, each with one token more a decoder.
   * None begins at `beforeUs` or later. `load` is overwritten. Returns the end of the last.
   */
  begin(steps: number, firstEndUs: number, load: StepLoad, decoders: number, decodeContext: number, cost: CostModel, beforeUs: number): number {
    const endsUs = this.#endsUs, most = Math.min(steps, MOST_AHEAD);
    load.clear();
    load.addDecoders(decoders, decodeContext);
    load.addSamplers(decoders);
    let endUs = endsUs[0] = firstEndUs, count = 1;
    while (count < most && endUs < beforeUs) {
      load.decodeContext += decoders;
      endsUs[count++] = endUs += Math.max(1, Math.round(cost.stepUs(load)));
    }
    this.#count = count;
    this.#at = 0;
    return endUs;
  }

  /** Moves on to the step in flight at `nowUs`, or with `inclusive` right after it; returns by how many steps. The last stays in flight: its end is an event. */
  pass(nowUs: number, inclusive: boolean): number {
    const from = this.#at, last = this.#count - 1, endsUs = this.#endsUs;
    let at = from;
    while (at < last && (endsUs[at] < nowUs || (inclusive && endsUs[at] === nowUs))) at++;
    this.#at = at;
    return at - from;
  }

  /** Whatever follows the step in flight is uncertain from now on. */
  cut(): void { this.#count = this.#at + 1; }
}
