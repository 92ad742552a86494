// Mooncake (FAST'25): a chat service's requests with the ids of their 512-token prefix blocks, one JSON object a line.
import { numberOf, type TraceFormat } from './format.ts';

export const mooncake: TraceFormat = {
  name: 'mooncake', title: 'Mooncake JSONL with prefix block ids',
  shapes: ['jsonl'], columns: ['timestamp', 'input_length', 'output_length', 'hash_ids'],
  arrival: 'timestamp', prompt: 'input_length', output: 'output_length', id: 'request_id',
  blocks: { column: 'hash_ids', tokens: 512 }, rename: { session_id: 'session' },
  time: numberOf, unit: 'ms', units: 'timestamp in ms, lengths in tokens',
};
