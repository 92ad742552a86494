// Qwen-Bailian: conversations with links to the turn before, times in seconds and 16-token prefix blocks, one JSON object a line.
import { numberOf, type TraceFormat } from './format.ts';

export const bailian: TraceFormat = {
  name: 'bailian', title: 'Qwen-Bailian JSONL with parent links',
  shapes: ['jsonl'], columns: ['chat_id', 'parent_chat_id', 'timestamp', 'input_length', 'output_length', 'hash_ids'],
  arrival: 'timestamp', prompt: 'input_length', output: 'output_length', id: 'chat_id', parent: 'parent_chat_id',
  blocks: { column: 'hash_ids', tokens: 16 },
  time: numberOf, unit: 's', units: 'timestamp in s, lengths in tokens',
};
