// A step that always takes the same time, or so long for each sequence: exact answers are known for both.
import { finite, type CostModel } from './cost-model.ts';
import type { StepLoad } from './step-load.ts';

export interface ConstantCost {
  readonly model: 'constant';
  /** Microseconds of every step. */
  readonly stepUs: number;
  /** Microseconds more for every sequence of the step. Default 0. */
  readonly sequenceUs?: number;
}

/** stepUs + sequenceUs · sequences. A fixed step is an M/G/∞ server; one without a fixed part shares its processor. */
export class ConstantModel implements CostModel {
  readonly name = 'constant';
  readonly #stepUs: number;
  readonly #sequenceUs: number;

  constructor({ stepUs, sequenceUs = 0 }: ConstantCost) {
    this.#stepUs = finite('stepUs', stepUs);
    this.#sequenceUs = finite('sequenceUs', sequenceUs);
  }

  stepUs(load: StepLoad): number {
    return this.#stepUs + this.#sequenceUs * load.sequences;
  }
}
