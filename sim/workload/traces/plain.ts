// The format of our own: the least that a trace must say, as CSV or JSONL. A file written by --calls is one.
import { numberOf, type TraceFormat } from './format.ts';

export const plain: TraceFormat = {
  name: 'plain', title: 'plain CSV or JSONL; id, program, session, agent, class and further columns as they come',
  shapes: ['csv', 'jsonl'], columns: ['arrival', 'prompt_tokens', 'output_tokens'],
  arrival: 'arrival', prompt: 'prompt_tokens', output: 'output_tokens', id: 'id',
  time: numberOf, unit: 's', units: 'arrival in s, prompt_tokens and output_tokens in tokens',
};
