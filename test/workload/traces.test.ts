// Trace formats, dropped rows, order, and files as they come.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SchedlabError } from '../../src/errors.ts';
import { readTrace, readTraceBytes } from '../../sim/workload/traces/read.ts';
import { LINE_MAX_BYTES } from '../../sim/workload/traces/lines.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
const read = (text: string, format?: string) => readTraceBytes('t', bytes(text), format);

function failure(run: () => unknown): SchedlabError {
  try { run(); } catch (error) {
    if (error instanceof SchedlabError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

describe('formats are recognised by their columns', () => {
  it('reads Mooncake in milliseconds with blocks of 512 tokens', () => {
    const { trace, file } = read('{"timestamp": 27, "input_length": 600, "output_length": 5, "hash_ids": [0, 7]}\n{"timestamp": 3027, "input_length": 10, "output_length": 0, "hash_ids": [9]}\n');
    expect(file.format).toBe('mooncake');
    expect([...trace.arrivalUs]).toEqual([0, 3_000_000]);
    expect([...trace.promptTokens]).toEqual([600, 10]);
    expect([...trace.outputTokens]).toEqual([5, 0]);
    expect([...trace.blocks!]).toEqual([0, 7, 9]);
    expect([...trace.blockStart!]).toEqual([0, 2, 3]);
    expect(trace.blockTokens).toBe(512);
    expect(trace.ids).toBeUndefined();
    expect(file.notes[0]).toContain('timestamp in ms');
  });

  it('reads the 2023 Azure edition to the microsecond, whatever the line ends', () => {
    const { trace, file } = read('TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 23:59:59.9999990,4808,10\r\n2023-11-17 00:00:00.0000011,3180,8');
    expect(file.format).toBe('azure-2023');
    expect([...trace.arrivalUs]).toEqual([0, 2]);
    expect([...trace.outputTokens]).toEqual([10, 8]);
  });

  it('tells the 2024 Azure edition by its zone, with and without fraction', () => {
    const { trace, file } = read('TIMESTAMP,ContextTokens,GeneratedTokens\n2024-02-28 23:59:59+00:00,1,2\n2024-02-29 01:00:00.5+01:00,3,4\n2024-02-29 00:00:01.000250+00:00,5,6\n');
    expect(file.format).toBe('azure-2024');
    expect([...trace.arrivalUs]).toEqual([0, 1_500_000, 2_000_250]);
  });

  it('reads both editions of BurstGPT by column names and refuses its failed calls', () => {
    const old = read('Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,18,490,Conversation log\n45,GPT-4,1087,0,1087,API log\n118,GPT-4,417,276,693,Conversation log\n');
    expect(old.file).toMatchObject({ format: 'burstgpt', rowsRead: 2, rowsDropped: 1 });
    expect(old.file.notes).toContain('1 row dropped: failed call (Response tokens 0) (first at line 3)');
    expect([...old.trace.arrivalUs]).toEqual([0, 113_000_000]);
    expect(old.trace.fields).toEqual({ 'Model': ['ChatGPT', 'GPT-4'], 'Log Type': ['Conversation log', 'Conversation log'] });
    const late = read('Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n5.25,s1,3,ChatGPT,4,1,5,x\n6,s2,3,ChatGPT,4,1,5,x\n');
    expect(late.trace.fields.session).toEqual(['s1', 's2']);
    expect([...late.trace.arrivalUs]).toEqual([0, 750_000]);
  });

  it('follows parent links to the session of a conversation', () => {
    const row = (id: number, parent: number, at: number): string => `{"chat_id": ${id}, "parent_chat_id": ${parent}, "timestamp": ${at}, "input_length": 20, "output_length": 3, "type": "text", "turn": 1, "hash_ids": [1, 2]}`;
    const { trace, file } = read([row(1, -1, 0), row(2, 1, 1.5), row(3, -1, 2), row(4, 2, 3), row(5, 99, 4)].join('\n'));
    expect(file.format).toBe('bailian');
    expect(trace.fields.session).toEqual(['1', '1', '3', '1', '99']);
    expect(trace.ids).toEqual(['1', '2', '3', '4', '5']);
    expect(trace.arrivalUs[1]).toBe(1_500_000);
  });

  it('keeps token ids as blocks of content: equal full blocks are equal, what is left is the call\'s own', () => {
    const ids = (from: number, n: number): number[] => Array.from({ length: n }, (_, i) => from + i), row = (at: number, tokens: readonly number[]): string => JSON.stringify({ input_toks: tokens.length, output_toks: 1, arrival_time_ns: at, input_tok_ids: tokens });
    const { trace, file } = read([row(0, ids(0, 40)), row(1000, [...ids(0, 16), ...ids(90, 16)]), row(2000, ids(0, 15)), `{"input_toks": 3, "output_toks": 1, "arrival_time_ns": 3, "input_tok_ids": [1, 2]}`].join('\n'));
    expect([trace.blockTokens, [...trace.blocks ?? []], [...trace.blockStart ?? []]]).toEqual([16, [0, 1, 0, 2], [0, 2, 4, 4]]);
    expect(file).toMatchObject({ rowsDropped: 1, notes: expect.arrayContaining([expect.stringContaining('another number of input_tok_ids than input_toks')]) as string[] });
  });

  it('reads nanoseconds', () => {
    const { trace, file } = read('{"input_toks": 2, "output_toks": 1, "arrival_time_ns": 46926808, "input_tok_ids": [1, 2], "output_tok_ids": [3]}\n{"input_toks": 1, "output_toks": 4, "arrival_time_ns": 347938951, "input_tok_ids": [1], "output_tok_ids": [3]}\n');
    expect(file.format).toBe('llmservingsim');
    expect([...trace.arrivalUs]).toEqual([0, 301_012]);
    expect(trace.fields).toEqual({});
  });

  it('replays what a benchmark against vLLM sent', () => {
    const { trace, file } = read('{"request_id": "bench-0", "input_toks": 2358, "output_toks": 531, "arrival_time": 1787267980.0827403, "queued_ts": 2.5}\n{"request_id": "bench-1", "input_toks": 1, "output_toks": 5, "arrival_time": 1787267980.3478317, "queued_ts": 3.5}\n');
    expect(file.format).toBe('vllm-bench');
    expect(trace.ids).toEqual(['bench-0', 'bench-1']);
    expect(trace.arrivalUs[1]).toBe(265_091);
    expect(trace.fields).toEqual({});
  });

  it('reads the plain format as CSV and as JSONL to the same trace', () => {
    const csv = read('id,arrival,prompt_tokens,output_tokens,agent,class\na,10.5,100,20,coder,busy\nb,11,50,10,"say ""hi"", then",quiet\n');
    const jsonl = read('{"id": "a", "arrival": 10.5, "prompt_tokens": 100, "output_tokens": 20, "agent": "coder", "class": "busy"}\n{"id": "b", "arrival": 11, "prompt_tokens": 50, "output_tokens": 10, "agent": "say \\"hi\\", then", "class": "quiet"}\n');
    expect(csv.trace).toEqual(jsonl.trace);
    expect(csv.trace.ids).toEqual(['a', 'b']);
    expect(csv.trace.fields).toEqual({ agent: ['coder', 'say "hi", then'], class: ['busy', 'quiet'] });
  });

  it('is not put off by a byte-order mark, blank lines, spaces in the header or a broken first row', () => {
    expect(read('\ufeff\n\n arrival , prompt_tokens,output_tokens\n\n0, 1 ,2\n\n').trace.rows).toBe(1);
    const { file } = read('{"timest\n{"timestamp": 0, "input_length": 1, "output_length": 1, "hash_ids": [1]}');
    expect(file).toMatchObject({ format: 'mooncake', rowsRead: 1, rowsDropped: 1 });
    expect(file.notes).toContain('1 row dropped: broken JSON (first at line 1)');
  });

  it('takes the format that is named even where blocks are absent', () => {
    expect(read('{"timestamp": 5, "input_length": 1, "output_length": 1}', 'mooncake').trace.blocks).toBeUndefined();
  });
});

describe('rows that cannot be used', () => {
  const good = '0,1,1\n1,1,1\n2,1,1\n3,1,1\n4,1,1\n5,1,1\n6,1,1\n7,1,1\n8,1,1\n9,1,1\n';
  const header = 'arrival,prompt_tokens,output_tokens\n';

  it('are dropped by reason, counted, and shown by their first line', () => {
    const { file } = read(`${header}${good}x,1,1\n1,-4,1\n2,1\n3,1.5,1\n4,,1\n5,-2,1\n6,1e400,1\n`);
    expect(file).toMatchObject({ rowsRead: 10, rowsDropped: 7 });
    expect(file.notes.slice(1)).toEqual([
      '1 row dropped: arrival cannot be read as a time (first at line 12)',
      '2 rows dropped: negative prompt_tokens (first at line 13)',
      '1 row dropped: not as many cells as the header (first at line 14)',
      '2 rows dropped: prompt_tokens is not a whole number up to 2147483647 (first at line 15)',
      '1 row dropped: no prompt_tokens (first at line 16)',
    ]);
  });

  it('keep their place in the count that gives ids', () => {
    expect(read(`${header}0,1,1\nx,1,1\n2,1,1\n`).trace.ids).toEqual(['0', '2']);
  });

  it('end the reading where they are more than half', () => {
    expect(failure(() => read(`${header}0,1,1\nx,1,1\ny,1,1\n`))).toMatchObject({ code: 'ERR_TRACE_ROW', exitCode: 2 });
    expect(read(`${header}0,1,1\nx,1,1\n`).trace.rows).toBe(1);
  });

  it('end the reading where no other is left', () => {
    expect(failure(() => read(header)).code).toBe('ERR_TRACE_ROW');
    expect(failure(() => read(`${header}x,1,1\n`)).message).toContain('arrival cannot be read as a time (first at line 2)');
  });

  it('do not take their neighbours along when quotes are broken', () => {
    const { file, trace } = read('arrival,prompt_tokens,output_tokens,agent\n0,1,1,"a, b"\n1,1,1,"broken\n2,1,1,c\n');
    expect(file).toMatchObject({ rowsRead: 2, rowsDropped: 1 });
    expect(file.notes).toContain('1 row dropped: broken quotes (first at line 3)');
    expect(trace.fields.agent).toEqual(['a, b', 'c']);
  });

  it('may be as long as a file: a huge line is passed over', () => {
    const { file } = read(`${header}0,1,1\n${'9'.repeat(LINE_MAX_BYTES + (1 << 21))}\n2,1,1\n`);
    expect(file).toMatchObject({ rowsRead: 2, rowsDropped: 1 });
    expect(file.notes).toContain('1 row dropped: line of more than 16 MiB (first at line 3)');
  });
});

describe('the order of rows', () => {
  it('is the order of arrival, stable, and a change is told', () => {
    const { trace, file } = read('arrival,prompt_tokens,output_tokens,agent\n5,1,0,a\n3,2,0,b\n5,3,0,c\n3,4,0,d\n');
    expect([...trace.promptTokens]).toEqual([2, 4, 1, 3]);
    expect([...trace.arrivalUs]).toEqual([0, 0, 2_000_000, 2_000_000]);
    expect(trace.ids).toEqual(['1', '3', '0', '2']);
    expect(trace.fields.agent).toEqual(['b', 'd', 'a', 'c']);
    expect(file.notes[1]).toBe('2 rows earlier than a row before, so sorted by time, rows of one instant in file order (first at line 3)');
  });

  it('takes the blocks of a row along', () => {
    const { trace } = read('{"timestamp": 2, "input_length": 513, "output_length": 1, "hash_ids": [4, 5]}\n{"timestamp": 1, "input_length": 1, "output_length": 1, "hash_ids": [6]}\n');
    expect([...trace.blocks!]).toEqual([6, 4, 5]);
    expect([...trace.blockStart!]).toEqual([0, 1, 3]);
  });

  it('tells of blocks that do not cover the prompt', () => {
    const row = (tokens: number): string => `{"timestamp": 1, "input_length": ${tokens}, "output_length": 1, "hash_ids": [6]}\n`;
    expect(read(row(2000) + row(512) + row(100)).file.notes[1]).toContain('1 row with another number of hash_ids');
  });
});

describe('files', () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'schedlab-traces-')); });
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
  const text = 'arrival,prompt_tokens,output_tokens\n0,1,2\n1.25,3,4\n';

  it('are read with their checksum and size', () => {
    writeFileSync(file('plain.csv'), text);
    const loaded = readTrace(file('plain.csv'));
    expect(loaded.file).toMatchObject({ bytes: text.length, sha256: createHash('sha256').update(text).digest('hex'), rowsRead: 2, rowsDropped: 0, format: 'plain' });
  });

  it('may be packed, and the checksum is that of the packed file', () => {
    const packed = gzipSync(text);
    writeFileSync(file('packed.csv.gz'), packed);
    const loaded = readTrace(file('packed.csv.gz'));
    expect(loaded.trace).toEqual(readTraceBytes('t', bytes(text)).trace);
    expect(loaded.file).toMatchObject({ bytes: packed.length, sha256: createHash('sha256').update(packed).digest('hex') });
  });

  it('longer than one read give the same trace as the parts they are made of', () => {
    const rows = 120_000;
    let long = 'arrival,prompt_tokens,output_tokens,agent\n';
    for (let i = 0; i < rows; i++) long += `${i},${i % 1000},${i % 7},"ä${i % 3}"\r\n`;
    writeFileSync(file('long.csv'), long);
    expect(long.length).toBeGreaterThan(2 << 20);
    const { trace } = readTrace(file('long.csv'));
    expect(trace.rows).toBe(rows);
    for (let i = 0; i < rows; i++) {
      if (trace.arrivalUs[i] !== i * 1e6 || trace.promptTokens[i] !== i % 1000 || trace.fields.agent[i] !== `ä${i % 3}`) throw new Error(`row ${i} differs`);
    }
  });

  it.each([
    ['a missing file', 'none.csv', undefined, 'ERR_TRACE_FILE', 'there is no such file'],
    ['a folder', '.', undefined, 'ERR_TRACE_FILE', 'it is a directory'],
    ['an empty file', 'empty', Buffer.alloc(0), 'ERR_TRACE_FORMAT', 'is empty'],
    ['blank lines', 'blank', Buffer.from('\n\r\n  \n'), 'ERR_TRACE_FORMAT', 'no line that could be a row'],
    ['binary data', 'binary', Buffer.from([1, 2, 0, 200, 13, 10, 0]), 'ERR_TRACE_FORMAT', 'is not text'],
    ['a packed file cut short', 'cut.gz', gzipSync(text).subarray(0, 30), 'ERR_TRACE_FILE', 'broken or cut short'],
    ['an unknown header', 'other.csv', Buffer.from('when,what\n1,2\n'), 'ERR_TRACE_FORMAT', 'it begins with \\"when,what\\"'],
    ['a JSON array', 'array.json', Buffer.from('[{"id": "x"}]'), 'ERR_TRACE_FORMAT', 'Known formats: mooncake (jsonl: timestamp,input_length,output_length,hash_ids)'],
  ])('refuse %s with a coded error', (_what, name, content, code, says) => {
    if (content !== undefined) writeFileSync(file(name), content);
    const error = failure(() => readTrace(file(name)));
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(JSON.stringify(error.message)).toContain(says);
  });

  it('refuse an empty path, a path through a file, and a device', () => {
    expect(failure(() => readTrace('')).code).toBe('ERR_TRACE_FILE');
    mkdirSync(file('sub'), { recursive: true });
    writeFileSync(file('sub/f'), text);
    expect(failure(() => readTrace(file('sub/f/g'))).code).toBe('ERR_TRACE_FILE');
    expect(failure(() => readTrace('/dev/zero')).code).toBe('ERR_TRACE_FILE');
    expect(failure(() => readTrace('a\0b')).code).toBe('ERR_TRACE_FILE');
  });

  it('are held to the format that was named', () => {
    writeFileSync(file('p.csv'), text);
    expect(failure(() => readTrace(file('p.csv'), 'burstgpt')).message).toContain('is not burstgpt (csv: Timestamp,Model,Request tokens,Response tokens)');
    const unknown = failure(() => readTrace(file('p.csv'), 'moncake'));
    expect(unknown.code).toBe('ERR_TRACE_FORMAT');
    expect(unknown.message).toContain('Did you mean "mooncake"?');
  });
});
