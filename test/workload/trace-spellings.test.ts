// Records of requests in the usual spellings: read by whatever their columns are called, and told what they lack.
import { expect, it, describe } from 'vitest';
import { readTraceBytes } from '../../sim/workload/traces/read.ts';

const read = (rows: readonly object[], format?: string) => readTraceBytes('rows.jsonl', Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')), format);
const ids = (n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => from + i);

describe('spellings of lengths', () => {
  it.each([['prompt_len', 'output_len', 'arrival_time'], ['input_tokens', 'output_tokens', 'start_time'], ['input_len', 'completion_tokens', 'arrival_s'], ['prompt_tokens', 'output_len', 'arrival']])('%s and %s are read', (prompt, output, arrival) => {
    const { trace, file } = read([{ [arrival]: 10.5, [prompt]: 100, [output]: 20, ttft: 3 }, { [arrival]: 11, [prompt]: 7, [output]: 2, ttft: 4 }]);
    expect([[...trace.promptTokens], [...trace.outputTokens], [...trace.arrivalUs]]).toEqual([[100, 7], [20, 2], [0, 500_000]]);
    expect([file.format, file.notes[0]]).toEqual(['vllm-bench', expect.stringContaining(`${arrival} in s, ${prompt} and ${output} in tokens`)]);
    expect(trace.fields).toEqual({});
  });

  it('token ids count by their number, and those of prompts are contents', () => {
    const { trace } = read([{ arrival: 0, prompt_token_ids: ids(40), output_token_ids: ids(3) }, { arrival: 1, prompt_token_ids: [...ids(16), 99], output_token_ids: ids(2) }], 'vllm-bench');
    expect([[...trace.promptTokens], [...trace.outputTokens], [...trace.blocks ?? []], [...trace.blockStart ?? []]]).toEqual([[40, 17], [3, 2], [0, 1, 0], [0, 2, 3]]);
  });

  it('token ids beside a length are held against it', () => {
    const { file } = read([{ arrival: 0, prompt_len: 3, output_len: 1, prompt_token_ids: ids(3) }, { arrival: 0, prompt_len: 4, output_len: 1, prompt_token_ids: ids(3) }]);
    expect(file).toMatchObject({ rowsRead: 1, rowsDropped: 1 });
    expect(file.notes.join()).toContain('another number of prompt_token_ids than prompt_len');
  });
});

describe('rows that lack something', () => {
  it('name the arrival, and how to give it', () => { expect(() => read([{ prompt_len: 5, output_len: 6 }])).toThrow(/its rows have prompt_len and output_len, and no time of arrival \(arrival_time, .*"arrival": 0 for all together/); });
  it('name the length', () => { expect(() => read([{ arrival: 1, output_tokens: 6 }])).toThrow(/its rows have arrival and output_tokens, and no length of the prompt \(prompt_len/); });
  it('are told how the result of a benchmark becomes rows', () => { expect(() => read([{ input_lens: [1], output_lens: [2], ttfts: [0.1] }])).toThrow(/one object with a list for each measure.*jq -c/); });
  it('of another kind are told the known formats', () => { expect(() => read([{ a: 1 }])).toThrow(/Known formats: mooncake/); });
});
