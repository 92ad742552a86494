// The format of a recorded scheduler case: configuration, requests, and what was decided step by step.
import { arrayOf, oneOf, only, orNull, recordOf, type Shape } from '../shape.ts';

export interface RecordedConfig {
  readonly policy: 'fcfs' | 'priority'; readonly max_num_seqs: number; readonly max_num_batched_tokens: number; readonly enable_chunked_prefill: boolean;
  readonly long_prefill_token_threshold: number; readonly long_prefill_token_threshold_adaptive: boolean; readonly max_num_active_seqs: number | null;
  readonly block_size: number; readonly num_gpu_blocks: number; readonly enable_prefix_caching: boolean; readonly max_model_len: number;
  readonly scheduler_reserve_full_isl: boolean; readonly watermark: number; readonly async_scheduling: boolean;
}

export interface RecordedRequest {
  readonly id: string; readonly arrival_step: number; readonly arrival_time: number; readonly prompt: readonly (readonly [number, number])[]; readonly prompt_len: number;
  readonly output_len: number; readonly out_seed: number; readonly priority: number; readonly abort_step: number | null;
}

/** Absent lists and maps are empty. */
export interface RecordedStep {
  readonly step: number; readonly aborted?: readonly string[]; readonly added?: readonly string[]; readonly scheduled?: Readonly<Record<string, number>>;
  readonly new?: readonly string[]; readonly resumed?: readonly string[]; readonly preempted?: readonly string[]; readonly hit_tokens?: Readonly<Record<string, number>>;
  readonly running: readonly string[]; readonly waiting: readonly string[]; readonly free_blocks: number;
  readonly output_of_step?: number; readonly tokens?: readonly string[]; readonly finished?: readonly string[]; readonly free_blocks_end?: number;
}

export interface RecordedSummary {
  readonly first_token_step: number | null; readonly finish_step: number; readonly reason: string; readonly preemptions: number; readonly hit_tokens: number | null; readonly output_tokens: number;
}

export interface RecordedCase {
  readonly case: string; readonly vllm_version: string; readonly config: RecordedConfig; readonly requests: readonly RecordedRequest[];
  readonly summary: Readonly<Record<string, RecordedSummary>>; readonly steps: readonly RecordedStep[];
}

export const CASE_SHAPE: Shape = only({
  case: 'text', vllm_version: 'text',
  config: only({
    policy: oneOf('fcfs', 'priority'), max_num_seqs: 'number', max_num_batched_tokens: 'number', enable_chunked_prefill: 'flag', long_prefill_token_threshold: 'number',
    long_prefill_token_threshold_adaptive: 'flag', max_num_active_seqs: orNull('number'), block_size: 'number', num_gpu_blocks: 'number', enable_prefix_caching: 'flag',
    max_model_len: 'number', scheduler_reserve_full_isl: 'flag', watermark: 'number', async_scheduling: 'flag',
  }),
  requests: arrayOf(only({
    id: 'text', arrival_step: 'number', arrival_time: 'number', prompt: arrayOf(arrayOf('number')), prompt_len: 'number', output_len: 'number', out_seed: 'number',
    priority: 'number', abort_step: orNull('number'),
  })),
  summary: recordOf(only({ first_token_step: orNull('number'), finish_step: 'number', reason: 'text', preemptions: 'number', hit_tokens: orNull('number'), output_tokens: 'number' })),
  steps: arrayOf(only({
    step: 'number', 'aborted?': arrayOf('text'), 'added?': arrayOf('text'), 'scheduled?': recordOf('number'), 'new?': arrayOf('text'), 'resumed?': arrayOf('text'), 'preempted?': arrayOf('text'),
    'hit_tokens?': recordOf('number'), running: arrayOf('text'), waiting: arrayOf('text'), free_blocks: 'number', 'output_of_step?': 'number', 'tokens?': arrayOf('text'), 'finished?': arrayOf('text'),
    'free_blocks_end?': 'number',
  })),
});
