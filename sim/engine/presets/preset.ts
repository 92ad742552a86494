// What an engine preset is: a model on a GPU, its limits, its cost model, and where every number comes from. Data, one JSON file each.
import type { CallOverhead } from '../cost/cost-model.ts';
import type { CostSpec } from '../cost/registry.ts';
import type { ModelShape } from '../cost/shape.ts';

/** What a number was taken from. */
export interface Source {
  readonly what: string;
  readonly licence: string;
}

export interface Preset {
  /** GPU-MODEL-tpN. */
  readonly name: string;
  readonly gpu: string;
  readonly model: string;
  readonly tp: number;
  /** Engine and version whose kernels were measured. */
  readonly engine: string;
  /** When the preset was made, YYYY-MM-DD. */
  readonly date: string;
  readonly source: Source;
  /** How far the cost model is from the measurements that it was made from. */
  readonly fitError: string;
  /** Real runs that it was held against; an empty list: none. */
  readonly checked: readonly string[];
  /** What a reader of results must know of it, a sentence each. */
  readonly notes: readonly string[];
  /** Blocks of the KV cache, the null block included; `blocksFrom`: observed in an engine's log, or how computed. */
  readonly blocks: number;
  readonly blocksFrom: string;
  readonly blockSize: number;
  readonly maxSeqs: number;
  readonly maxBatchedTokens: number;
  readonly maxModelLen: number;
  /** Rule set of the scheduler. */
  readonly rules: 'vllm-0.32' | 'vllm-0.19';
  /** A step is planned before the result of the last is known. */
  readonly asynchronous: boolean;
  /** From a call's arrival to the moment at which the scheduler sees it, µs. */
  readonly frontEndUs: number;
  readonly frontEndFrom: string;
  /** Sizes of the model, for what physics prices and for KV bytes. */
  readonly shape: ModelShape;
  readonly cost: CostSpec;
}

/** The time around the steps that a preset carries. */
export function overheadOf(preset: Preset): CallOverhead {
  return { beforeUs: preset.frontEndUs, afterUs: 0, perOutputTokenUs: 0 };
}

/** True where a real run stands behind the latencies that it predicts. */
export function isChecked(preset: Preset): boolean {
  return preset.checked.length > 0;
}

/** What stands beside every result of an engine that no run was held against. */
export const UNCHECKED = 'no real run backs this';
