// The settings of a batch engine: vLLM's own, by our names, checked as vLLM checks them when it starts.
import { SchedlabError } from '../../../src/errors.ts';
import { RULE_SETS, type Rules } from './rules.ts';

export interface BatchConfig {
  /** Who is served first: in order of arrival, or by priority (lower first), then arrival. */
  readonly scheduling: 'fcfs' | 'priority';
  /** Most requests in the running list; `activeSeqs` lowers it. */
  readonly maxSeqs: number;
  readonly activeSeqs: number;
  /** Tokens a step may compute. */
  readonly maxBatchedTokens: number;
  /** A prompt may be computed in parts. */
  readonly chunked: boolean;
  /** Most tokens of one prompt in one step; 0: no limit. */
  readonly longPrefill: number;
  /** The threshold grows to an equal share of the budget. */
  readonly longPrefillAdaptive: boolean;
  /** Tokens of a block. */
  readonly blockSize: number;
  /** Blocks of the pool, the null block included. */
  readonly blocks: number;
  readonly prefixCaching: boolean;
  /** Most tokens of a request, prompt and output together: a longer prompt is refused, a longer output is cut there, and the notes of the run count both. */
  readonly maxModelLen: number;
  /** A request is admitted only if blocks for all its tokens are free (R13). */
  readonly reserveFull: boolean;
  /** Share of the blocks kept free at admission while anything runs. */
  readonly watermark: number;
  /** A step is planned before the result of the last one is known (R17). */
  readonly asynchronous: boolean;
  readonly rules: Rules;
}

export const BATCH_DEFAULTS: BatchConfig = Object.freeze({
  scheduling: 'fcfs', maxSeqs: 256, activeSeqs: 256, maxBatchedTokens: 2048, chunked: true, longPrefill: 0, longPrefillAdaptive: false,
  blockSize: 16, blocks: 26312, prefixCaching: true, maxModelLen: 131072, reserveFull: true, watermark: 0, asynchronous: false, rules: RULE_SETS['vllm-0.32'],
});

/** Largest number of blocks and tokens: block numbers and sums of tokens stay exact. */
const LARGEST = 2 ** 30;

const COUNTS: readonly (readonly [keyof BatchConfig, number])[] = [['maxSeqs', 1], ['activeSeqs', 1], ['maxBatchedTokens', 1], ['longPrefill', 0], ['blockSize', 1], ['blocks', 1], ['maxModelLen', 2]];

/** Defaults, then what is given, checked. Throws ERR_OPTION_RANGE for a number out of range and ERR_OPTION_CONFLICT for what vLLM refuses to start with. */
export function batchConfig(given: Partial<BatchConfig>): BatchConfig {
  const maxSeqs = given.maxSeqs ?? BATCH_DEFAULTS.maxSeqs;
  const config: BatchConfig = { ...BATCH_DEFAULTS, ...given, activeSeqs: Math.min(given.activeSeqs ?? maxSeqs, maxSeqs) };
  for (const [name, least] of COUNTS) {
    const value = config[name] as number;
    if (!Number.isInteger(value) || value < least || value > LARGEST) throw new SchedlabError('ERR_OPTION_RANGE', `${name} of an engine accepts a whole number from ${least} to ${LARGEST}, received ${value}.`, { name, value });
  }
  if (!(config.watermark >= 0 && config.watermark < 1)) throw new SchedlabError('ERR_OPTION_RANGE', `watermark of an engine accepts a share from 0 to less than 1, received ${config.watermark}.`, { name: 'watermark', value: config.watermark });
  if (usableBlocks(config) < 1) throw new SchedlabError('ERR_OPTION_RANGE', `blocks of an engine accepts a whole number from 2, received ${config.blocks}: one block is the null block, which holds nothing.`, { name: 'blocks', value: config.blocks });
  if (config.maxBatchedTokens < config.maxSeqs) throw new SchedlabError('ERR_OPTION_CONFLICT', `maxBatchedTokens=${config.maxBatchedTokens} is less than maxSeqs=${config.maxSeqs}: a step could not give every running request a token, and vLLM refuses to start. Raise maxBatchedTokens or lower maxSeqs.`);
  if (!config.chunked && config.maxBatchedTokens < config.maxModelLen) throw new SchedlabError('ERR_OPTION_CONFLICT', `maxBatchedTokens=${config.maxBatchedTokens} is less than maxModelLen=${config.maxModelLen} and prompts are not chunked: a long prompt would wait for ever, and vLLM refuses to start. Raise maxBatchedTokens, lower maxModelLen, or chunk.`);
  return Object.freeze(config);
}

/** Blocks that requests can have (R18). */
export function usableBlocks(config: BatchConfig): number { return config.rules.nullBlock ? config.blocks - 1 : config.blocks; }

/** What a request asks for: tokens of prompt and of output. */
export interface Demand { readonly promptTokens: number; readonly outputTokens: number }

/** Why an engine refuses a request at its door, in words; nothing where it takes it. A request that is taken can always finish, with an output that is cut where `maxModelLen` is reached. */
export function refusal(config: BatchConfig, { promptTokens, outputTokens }: Demand): string | undefined {
  if (!Number.isInteger(promptTokens) || promptTokens < 1) return `a prompt has one token or more, this one ${promptTokens}`;
  if (!Number.isInteger(outputTokens) || outputTokens < 1) return `one token or more is generated, this request asks for ${outputTokens}`;
  if (promptTokens >= config.maxModelLen) return `a prompt of ${promptTokens} tokens leaves no room for output within maxModelLen=${config.maxModelLen}`;
  // The last token of a request is never computed, so it needs no slot.
  const tokens = Math.min(promptTokens + outputTokens, config.maxModelLen) - 1, needed = Math.ceil(tokens / config.blockSize), usable = usableBlocks(config);
  if (needed > usable) return `${tokens} tokens need ${needed} blocks of ${config.blockSize}, the engine has ${usable}`;
  return undefined;
}
