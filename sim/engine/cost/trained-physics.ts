// Step time as a peer simulator's trained model has it: physical basis times with global coefficients. Needed to repeat its golden runs.
import { finite, type CostModel } from './cost-model.ts';
import { expertLayers, feedForwardWeights, projectionWeights, type GpuShape, type ModelShape } from './shape.ts';
import type { StepLoad } from './step-load.ts';

/** Factors on basis times, and times a layer, sequence, step and layer with experts in µs. */
export interface PhysicsFactors {
  readonly prefillCompute: number;
  readonly decodeKv: number;
  readonly weights: number;
  readonly allReduce: number;
  readonly layerUs: number;
  readonly sequenceUs: number;
  readonly stepUs: number;
  readonly expertLayerUs: number;
}

export interface PhysicsCost {
  readonly model: 'trained-physics';
  readonly shape: ModelShape;
  readonly gpu: GpuShape;
  readonly tp: number;
  readonly factors: PhysicsFactors;
}

const TERA_PER_US = 1e6;

/**
 * Σ factor · basis time. Basis: prefill operations ÷ peak, where a chunk's attention counts its whole prompt as context;
 * KV bytes of decodes, and weight bytes, ÷ bandwidth; all-reduce bytes ÷ bandwidth of the memory. The head size is
 * hidden ÷ heads whatever the model's own is. O(1).
 */
export class TrainedPhysicsModel implements CostModel {
  readonly name = 'trained-physics';
  readonly #chunkTokenUs: number;
  readonly #promptPairUs: number;
  readonly #kvTokenUs: number;
  readonly #linkTokenUs: number;
  readonly #sequenceUs: number;
  readonly #fixedUs: number;

  constructor({ shape, gpu, tp, factors }: PhysicsCost) {
    for (const [name, value] of Object.entries(factors)) finite(name, value);
    finite('tp', tp, 1);
    const headDim = shape.hidden / shape.heads, projections = projectionWeights(shape, headDim);
    const peak = (shape.weightBytes === 1 ? gpu.peakTflopsFp8 ?? gpu.peakTflops : gpu.peakTflops) * TERA_PER_US, bandwidth = gpu.bandwidthTBs * TERA_PER_US;
    this.#chunkTokenUs = factors.prefillCompute * 2 * (projections + feedForwardWeights(shape, shape.expertsPerToken ?? 1)) / tp / peak;
    this.#promptPairUs = factors.prefillCompute * 4 * shape.layers * (shape.heads / tp) * headDim / peak;
    this.#kvTokenUs = factors.decodeKv * shape.layers * 2 * (shape.kvHeads * headDim / tp) * shape.kvBytes / bandwidth;
    this.#linkTokenUs = factors.allReduce * 2 * shape.layers * shape.hidden * 2 * 2 * (tp - 1) / tp / bandwidth;
    this.#sequenceUs = factors.sequenceUs;
    this.#fixedUs = factors.weights * (projections + feedForwardWeights(shape, shape.experts ?? 1)) * shape.weightBytes / tp / bandwidth
      + factors.layerUs * shape.layers + factors.stepUs + factors.expertLayerUs * (shape.alternates ? expertLayers(shape) : 0);
  }

  stepUs(load: StepLoad): number {
    return this.#fixedUs + this.#sequenceUs * (load.decoders + load.chunks)
      + this.#chunkTokenUs * load.chunkTokens + this.#promptPairUs * load.promptWork2 / 2
      + this.#kvTokenUs * (load.decodeContext + load.decoders) + this.#linkTokenUs * (load.decoders + load.chunkTokens);
  }
}
