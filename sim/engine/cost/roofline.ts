// Step time from the data sheet: what computing takes, what reading memory takes, whichever is longer. No measurement stands behind it.
import { finite, type CostModel } from './cost-model.ts';
import { feedForwardWeights, kvBytesPerToken, projectionWeights, type GpuShape, type ModelShape } from './shape.ts';
import type { StepLoad } from './step-load.ts';

export interface RooflineCost {
  readonly model: 'roofline';
  readonly shape: ModelShape;
  readonly gpu: GpuShape;
  readonly tp: number;
  /** Shares of the peak that are reached: products of prefill tokens, of decode tokens, and memory. */
  readonly mfuPrefill: number;
  readonly mfuDecode: number;
  readonly mbu: number;
  /** Added to every step: launches and host. */
  readonly stepUs: number;
  /** All-reduce: µs each and bytes a second in 10⁹; two a layer where tp > 1. */
  readonly linkUs: number;
  readonly linkGBs: number;
}

const TERA_PER_US = 1e6;

/**
 * max((prefill operations ÷ mfuPrefill + decode operations ÷ mfuDecode) ÷ peak, bytes ÷ mbu ÷ bandwidth) + all-reduce +
 * stepUs. Operations: 2 a weight and token, 4 a head size and pair of (query, context). Bytes: weights once a step, KV of
 * all contexts. O(1).
 */
export class RooflineModel implements CostModel {
  readonly name = 'roofline';
  readonly #prefillTokenUs: number;
  readonly #prefillPairUs: number;
  readonly #decodeTokenUs: number;
  readonly #decodePairUs: number;
  readonly #samplerUs: number;
  readonly #weightsUs: number;
  readonly #kvTokenUs: number;
  readonly #fixedUs: number;
  readonly #linkTokenUs: number;

  constructor({ shape, gpu, tp, mfuPrefill, mfuDecode, mbu, stepUs, linkUs, linkGBs }: RooflineCost) {
    for (const [name, value] of Object.entries({ mfuPrefill, mfuDecode, mbu, linkGBs, tp })) finite(name, value, 1e-9);
    const peak = tp * (shape.weightBytes === 1 ? gpu.peakTflopsFp8 ?? gpu.peakTflops : gpu.peakTflops) * TERA_PER_US;
    const bandwidth = tp * gpu.bandwidthTBs * TERA_PER_US * mbu;
    const perToken = 2 * (projectionWeights(shape) + feedForwardWeights(shape, shape.expertsPerToken ?? 1));
    const perPair = 4 * shape.layers * shape.heads * shape.headDim;
    this.#prefillTokenUs = perToken / (peak * mfuPrefill);
    this.#prefillPairUs = perPair / (peak * mfuPrefill);
    this.#decodeTokenUs = perToken / (peak * mfuDecode);
    this.#decodePairUs = perPair / (peak * mfuDecode);
    this.#samplerUs = 2 * shape.hidden * shape.vocab / (peak * mfuDecode);
    this.#weightsUs = (projectionWeights(shape) + feedForwardWeights(shape, shape.experts ?? 1) + shape.vocab * shape.hidden) * shape.weightBytes / bandwidth;
    this.#kvTokenUs = kvBytesPerToken(shape) / bandwidth;
    const reduces = tp > 1 ? 2 * shape.layers : 0;
    this.#fixedUs = finite('stepUs', stepUs) + reduces * finite('linkUs', linkUs);
    this.#linkTokenUs = reduces * (shape.hidden * 2 * 2 * (tp - 1) / tp) / (linkGBs * 1e3);
  }

  stepUs(load: StepLoad): number {
    const tokens = load.decoders + load.chunkTokens, pairs = load.chunkWork2 / 2;
    const compute = this.#prefillTokenUs * load.chunkTokens + this.#prefillPairUs * pairs
      + this.#decodeTokenUs * load.decoders + this.#decodePairUs * load.decodeContext + this.#samplerUs * load.samplers;
    // A chunk's context is read once for the chunk; its pairs over its tokens never exceed context + tokens.
    let context = load.decodeContext + tokens;
    for (let i = 0; i < load.chunks; i++) context += load.context[i];
    return Math.max(compute, this.#weightsUs + this.#kvTokenUs * context) + this.#fixedUs + this.#linkTokenUs * tokens;
  }
}
