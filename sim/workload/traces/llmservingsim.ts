// LLMServingSim workloads: lengths, arrival in nanoseconds, and the token ids themselves, one JSON object a line.
import { numberOf, type TraceFormat } from './format.ts';

export const llmservingsim: TraceFormat = {
  name: 'llmservingsim', title: 'LLMServingSim workload JSONL (ShareGPT requests with token ids)',
  shapes: ['jsonl'], columns: ['input_toks', 'output_toks', 'arrival_time_ns'],
  arrival: 'arrival_time_ns', prompt: 'input_toks', output: 'output_toks', id: 'request_id',
  // Blocks as small as engines have them by default: larger ones are made of these.
  blocks: { column: 'input_tok_ids', tokens: 16, ofTokenIds: true },
  rename: { session_id: 'session' }, ignore: ['output_tok_ids'],
  time: numberOf, unit: 'ns', units: 'arrival_time_ns in ns, lengths in tokens; token ids of prompts are kept as 16-token blocks of content, those of answers are not',
};
