// Per-request records of a benchmark against vLLM: what was sent when, replayed without the times that were measured.
import { numberOf, type TraceFormat } from './format.ts';

export const vllmBench: TraceFormat = {
  name: 'vllm-bench', title: 'vLLM benchmark records, JSONL',
  shapes: ['jsonl'], columns: ['request_id', 'input_toks', 'output_toks', 'arrival_time'],
  arrival: 'arrival_time', prompt: 'input_toks', output: 'output_toks', id: 'request_id',
  ignore: ['queued_ts', 'scheduled_ts', 'first_token_ts', 'last_token_ts'],
  time: numberOf, unit: 's', units: 'arrival_time in s, lengths in tokens; measured times are not kept',
};
