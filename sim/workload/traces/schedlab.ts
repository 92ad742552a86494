// The format of our own, schedlab/trace@1: calls with their programs, parents, tools and contents, one JSON object a line.
import { numberOf, type TraceFormat } from './format.ts';

/** Stands in the header, which is the first line of a file that we write. */
export const TRACE_SCHEMA_NAME = 'schedlab/trace@1';

export const schedlab: TraceFormat = {
  name: 'schedlab', title: 'schedlab/trace@1 JSONL with programs, parents, tool time and contents',
  shapes: ['jsonl'], columns: ['id', 'prompt', 'output_tokens'],
  arrival: 'arrival', prompt: 'prompt', output: 'output_tokens', id: 'id',
  time: numberOf, unit: 'us', units: 'arrival, after_s and tool_s in s, prompt and output_tokens in tokens',
};
