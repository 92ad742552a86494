// What a model and a GPU are, as far as physics prices them: sizes, peak rates, bandwidth, memory.

/** A decoder-only transformer. Bytes count one value. */
export interface ModelShape {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Inner width of the feed-forward part, of one expert where there are experts. */
  readonly ffn: number;
  readonly vocab: number;
  readonly weightBytes: number;
  readonly kvBytes: number;
  /** Experts of a layer that has them; absent: a dense model. */
  readonly experts?: number;
  readonly expertsPerToken?: number;
  /** True where layers with experts and dense layers of width `ffnDense` take turns. */
  readonly alternates?: boolean;
  readonly ffnDense?: number;
}

export interface GpuShape {
  readonly name: string;
  /** Peak of dense 16-bit matrix products, in 10¹² operations a second. */
  readonly peakTflops: number;
  /** Peak with 8-bit floats, where the GPU has them. */
  readonly peakTflopsFp8?: number;
  /** Memory bandwidth in 10¹² bytes a second. */
  readonly bandwidthTBs: number;
  readonly memoryGiB: number;
}

/** Peaks without sparsity, from the makers' data sheets. */
export const GPUS = {
  h100: { name: 'H100 SXM 80 GB', peakTflops: 989.5, peakTflopsFp8: 1979, bandwidthTBs: 3.35, memoryGiB: 80 },
  a100: { name: 'A100 SXM 80 GB', peakTflops: 312, bandwidthTBs: 2.039, memoryGiB: 80 },
  l40s: { name: 'L40S 48 GB', peakTflops: 362.05, peakTflopsFp8: 733, bandwidthTBs: 0.864, memoryGiB: 48 },
  rtx4090: { name: 'RTX 4090 24 GB', peakTflops: 165.2, peakTflopsFp8: 330.3, bandwidthTBs: 1.008, memoryGiB: 24 },
  rtxpro6000: { name: 'RTX PRO 6000 Blackwell 96 GB', peakTflops: 503.8, peakTflopsFp8: 1007.6, bandwidthTBs: 1.792, memoryGiB: 96 },
} as const satisfies Record<string, GpuShape>;

export type GpuName = keyof typeof GPUS;

/** Layers whose feed-forward part is experts. */
export function expertLayers(shape: ModelShape): number {
  if (shape.experts === undefined) return 0;
  return shape.alternates ? Math.floor(shape.layers / 2) : shape.layers;
}

/** Weights of the attention projections of all layers. `headDim` may differ from the model's own where a formula takes hidden ÷ heads. */
export function projectionWeights(shape: ModelShape, headDim = shape.headDim): number {
  return shape.layers * shape.hidden * (2 * shape.heads * headDim + 2 * shape.kvHeads * headDim);
}

/** Weights of the feed-forward parts of all layers; `experts`: how many of an expert layer are counted. */
export function feedForwardWeights(shape: ModelShape, experts: number): number {
  const withExperts = expertLayers(shape), dense = shape.layers - withExperts;
  return 3 * shape.hidden * (withExperts * experts * shape.ffn + dense * (shape.experts === undefined ? shape.ffn : shape.ffnDense ?? shape.ffn));
}

/** Bytes of all weights: layers, embedding and output head. */
export function weightBytes(shape: ModelShape): number {
  return (projectionWeights(shape) + feedForwardWeights(shape, shape.experts ?? 1) + 2 * shape.vocab * shape.hidden) * shape.weightBytes;
}

/** Bytes of the KV cache of one token, over all GPUs of an engine. */
export function kvBytesPerToken(shape: ModelShape): number {
  return 2 * shape.layers * shape.kvHeads * shape.headDim * shape.kvBytes;
}
