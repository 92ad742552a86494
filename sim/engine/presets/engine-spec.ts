// What one synthetic engine is made from: limits, rules, cost model, time around the steps, and what a reader of its results must know.
import { batchConfig, type BatchConfig } from '../batch/config.ts';
import { ruleSet } from '../batch/rules.ts';
import type { CallOverhead } from '../cost/cost-model.ts';
import type { CostSpec } from '../cost/registry.ts';
import { isChecked, overheadOf, UNCHECKED, type Preset } from './preset.ts';

export interface EngineSpec {
  /** The preset's name, or `roofline` with what it prices. */
  readonly name: string;
  readonly config: BatchConfig;
  readonly cost: CostSpec;
  readonly overhead: CallOverhead;
  /** Rule set that the configuration models. */
  readonly rules: Preset['rules'];
  /** Where the number of blocks comes from, for the line that every run prints. */
  readonly blocksFrom: string;
  /** Sentences for the assumptions of a result: source, fit error, what backs it. */
  readonly notes: readonly string[];
  /** Stands beside every result where no run backs the engine. */
  readonly badge?: string;
}

/** What a user may set beside the name of a preset; the preset's own value where it is left out. */
export interface EngineLimits {
  readonly blocks?: number;
  readonly maxSeqs?: number;
  readonly maxBatchedTokens?: number;
  readonly scheduling?: BatchConfig['scheduling'];
  readonly rules?: Preset['rules'];
}

/** @throws ERR_OPTION_RANGE, ERR_OPTION_CONFLICT as `batchConfig` does */
export function specOf(preset: Preset, given: EngineLimits = {}): EngineSpec {
  const rules = given.rules ?? preset.rules;
  const config = batchConfig({
    blocks: given.blocks ?? preset.blocks, maxSeqs: given.maxSeqs ?? preset.maxSeqs, maxBatchedTokens: given.maxBatchedTokens ?? preset.maxBatchedTokens,
    scheduling: given.scheduling ?? 'fcfs', blockSize: preset.blockSize, maxModelLen: preset.maxModelLen, asynchronous: preset.asynchronous, rules: ruleSet(rules),
  });
  const blocksFrom = given.blocks === undefined ? preset.blocksFrom : 'given';
  return {
    name: preset.name, config, cost: preset.cost, overhead: overheadOf(preset), rules, blocksFrom,
    notes: notesOf(preset, config, rules, blocksFrom), ...(isChecked(preset) ? {} : { badge: UNCHECKED }),
  };
}

/** The KV pool in words: never derived without saying so. */
export function poolSentence(config: BatchConfig, blocksFrom: string): string {
  return `KV cache: ${config.blocks} blocks of ${config.blockSize} tokens, one of them null (${blocksFrom})`;
}

function notesOf(preset: Preset, config: BatchConfig, rules: string, blocksFrom: string): readonly string[] {
  return [
    `engine ${preset.name}: ${preset.model} on ${preset.tp > 1 ? `${preset.tp} × ` : ''}${preset.gpu}, step times of ${preset.engine} (${preset.cost.model}); ${preset.fitError}`,
    poolSentence(config, blocksFrom),
    `at most ${config.maxSeqs} sequence${config.maxSeqs === 1 ? '' : 's'} and ${config.maxBatchedTokens} tokens a step; scheduler rules ${rules}${config.asynchronous ? ', asynchronous' : ''}; ${preset.frontEndUs / 1000} ms in front of the engine (${preset.frontEndFrom})`,
    isChecked(preset) ? `held against: ${preset.checked.join('; ')}` : `${UNCHECKED}: ${preset.name}`,
    ...preset.notes,
  ];
}
