// What one synthetic engine is made from: limits, rules, cost model, time around the steps, and what a reader of its results must know.
import { SchedlabError } from '../../../src/errors.ts';
import { batchConfig, type BatchConfig } from '../batch/config.ts';
import { ruleSet } from '../batch/rules.ts';
import type { CallOverhead } from '../cost/cost-model.ts';
import { kvBytesPerToken } from '../cost/shape.ts';
import type { CostSpec } from '../cost/registry.ts';
import { isChecked, overheadOf, UNCHECKED, type Preset } from './preset.ts';

export interface EngineSpec {
  /** The preset's name, or `roofline` with what it prices. */
  readonly name: string;
  readonly config: BatchConfig;
  readonly cost: CostSpec;
  readonly overhead: CallOverhead;
  /** Bytes of the KV cache of one token, over all GPUs of the engine; absent where the model is not known. */
  readonly kvBytesPerToken?: number;
  /** GPUs that one engine takes; 1 where absent. */
  readonly gpus?: number;
  /** Rule set that the configuration models. */
  readonly rules: Preset['rules'];
  /** Where the number of blocks comes from, for the line that every run prints. */
  readonly blocksFrom: string;
  /** Whether the step times are of an engine that schedules asynchronously; absent where they are of no engine. */
  readonly timedAsynchronously?: boolean;
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
  readonly asynchronous?: boolean;
}

/** @throws ERR_OPTION_RANGE, ERR_OPTION_CONFLICT as `batchConfig` does */
export function specOf(preset: Preset, given: EngineLimits = {}): EngineSpec {
  const rules = given.rules ?? preset.rules;
  const config = batchConfig({
    blocks: given.blocks ?? preset.blocks, maxSeqs: given.maxSeqs ?? preset.maxSeqs, maxBatchedTokens: given.maxBatchedTokens ?? preset.maxBatchedTokens,
    scheduling: given.scheduling ?? 'fcfs', blockSize: preset.blockSize, maxModelLen: preset.maxModelLen, asynchronous: given.asynchronous ?? preset.asynchronous, rules: ruleSet(rules),
  });
  const blocksFrom = given.blocks === undefined ? preset.blocksFrom : 'given';
  return {
    name: preset.name, gpus: preset.tp, config, cost: preset.cost, overhead: overheadOf(preset), kvBytesPerToken: kvBytesPerToken(preset.shape), rules, blocksFrom, timedAsynchronously: preset.asynchronous,
    notes: notesOf(preset, config, rules, blocksFrom), ...(isChecked(preset) ? {} : { badge: UNCHECKED }),
  };
}

/** The KV pool in words: never derived without saying so. */
export function poolSentence(config: BatchConfig, blocksFrom: string): string {
  return `KV cache: ${config.blocks} blocks of ${config.blockSize} tokens, one of them null (${blocksFrom})`;
}

/** Limits and rules in words. */
export function limitsSentence({ maxSeqs, maxBatchedTokens, maxModelLen }: BatchConfig, rules: string): string {
  return `at most ${maxSeqs} sequence${maxSeqs === 1 ? '' : 's'} and ${maxBatchedTokens} tokens a step, ${maxModelLen} tokens a request; scheduler rules ${rules}`;
}

/** How steps are planned, and what the step times are of. vLLM's own default is told wherever it is not followed. */
export function schedulingSentence({ asynchronous }: BatchConfig, timedAsynchronously?: boolean): string {
  const own = asynchronous ? '' : ' (vLLM 0.32 by itself schedules asynchronously: --async-scheduling, or asynchronous=on)';
  if (timedAsynchronously === undefined) return `${asynchronous ? 'a' : ''}synchronous scheduling${own}`;
  if (timedAsynchronously === asynchronous) return `${asynchronous ? 'a' : ''}synchronous scheduling, as these step times were fitted${own}`;
  return `${asynchronous ? 'a' : ''}synchronous scheduling, as given; these step times were fitted with ${asynchronous ? '' : 'a'}synchronous scheduling`;
}

/** Time in front of the engine in words. */
export function frontEndSentence(preset?: Preset): string {
  return preset ? `${preset.frontEndUs / 1000} ms in front of the engine (${preset.frontEndFrom})` : '0 ms in front of the engine (nothing is known of it without a preset)';
}

/** vLLM does not start where one request of the greatest length has no room. @throws ERR_OPTION_CONFLICT */
export function refuseShortPool({ blocks, blockSize, maxModelLen }: BatchConfig, path: string): void {
  const room = (blocks - 1) * blockSize;
  if (room < maxModelLen) throw new SchedlabError('ERR_OPTION_CONFLICT', `the KV cache of ${path} holds ${room} tokens, less than one request of ${maxModelLen}: vLLM refuses to start. Write --max-model-len ${Math.floor(room / blockSize) * blockSize} or less, or give more blocks.`, { room, maxModelLen });
}

function notesOf(preset: Preset, config: BatchConfig, rules: string, blocksFrom: string): readonly string[] {
  return [
    `engine ${preset.name}: ${preset.model} on ${preset.tp > 1 ? `${preset.tp} × ` : ''}${preset.gpu}, step times of ${preset.engine} (${preset.cost.model}); ${preset.fitError}`,
    poolSentence(config, blocksFrom),
    limitsSentence(config, rules),
    schedulingSentence(config, preset.asynchronous),
    frontEndSentence(preset),
    isChecked(preset) ? `held against: ${preset.checked.join('; ')}` : `${UNCHECKED}: ${preset.name}`,
    ...preset.notes,
  ];
}
