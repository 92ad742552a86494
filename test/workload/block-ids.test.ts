// Ids of blocks: read from bytes as from text, their size given, found or refused, and joined to segments without a change of results.
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { finerLine } from '../../bench/traces/finer.ts';
import { SchedlabError } from '../../src/errors.ts';
import type { LoadedData, Trace } from '../../sim/scenario.ts';
import { TracePrompts } from '../../sim/workload/trace-prompts.ts';
import { traceSegments, type TraceSegments } from '../../sim/workload/trace-segments.ts';
import { readTraceBytes } from '../../sim/workload/traces/read.ts';
import { jsonListRows, jsonRows, type Cells } from '../../sim/workload/traces/rows.ts';
import { scenarioModel } from '../scenarios/setup.ts';
import { play } from '../worlds/scripted-model.ts';
import { sharedData } from './shared.ts';

const mooncake = sharedData('traces/mooncake-conversation.jsonl');
const firstLines = (count: number): string[] => readFileSync(mooncake.path, 'utf8').split('\n', count);
const read = (lines: readonly string[], format?: string): LoadedData => readTraceBytes('t', Buffer.from(lines.join('\n')), format);
const row = (tokens: number, ids: number): string => `{"timestamp": 0, "input_length": ${tokens}, "output_length": 1, "hash_ids": [${Array.from({ length: ids }, (_, k) => k).join(', ')}]}`;

function refusal(run: () => unknown): SchedlabError {
  try { run(); } catch (error) { if (error instanceof SchedlabError) return error; throw error; }
  throw new Error('nothing was refused');
}

describe('lines read from bytes', () => {
  const wanted = ['id', 'n', 'text'], read = (lines: readonly string[]): [Cells, number][] => {
    const rows: [Cells, number][] = [];
    expect(jsonListRows(wanted, 'n')(Buffer.from(lines.join('\n')), (cells, index) => rows.push([typeof cells === 'string' ? cells : cells.map((cell) => (cell instanceof Int32Array ? [...cell] : cell)), index]))).toBe(lines.length);
    return rows;
  };
  const asText = (lines: readonly string[]): [Cells, number][] => { const rows: [Cells, number][] = []; jsonRows(wanted)(lines, (cells, index) => rows.push([cells, index])); return rows; };

  it('are the rows of JSON.parse, whatever stands in them', () => {
    const space = fc.constantFrom('', ' ', '\t', '  ', '\r'), number = fc.oneof(fc.nat(9), fc.nat(), fc.constantFrom('2147483647', '2147483648', '4294967297', '01', '-0', '1.0', '1e2', '12345678901', '', 'null', '[1]', '0x1'));
    const list = fc.tuple(space, fc.array(fc.tuple(number, space), { maxLength: 5 })).map(([first, items]) => `[${first}${items.map(([item, after]) => `${item}${after}`).join(`,${first}`)}]`);
    const key = fc.constantFrom('"id"', '"n"', '"text"', '"t\\"n"', '"\\u006e"', '"a"', 'n'), value = fc.oneof({ weight: 4, arbitrary: list }, fc.nat().map(String), fc.constantFrom('"n"', '"a\\"n\\": [1]"', '"n: [1, 2]"', '{"n": [7]}', '"é—"', 'true', '[', ']', '"'));
    const line = fc.oneof({ weight: 5, arbitrary: fc.array(fc.tuple(key, space, value), { maxLength: 4 }).map((parts) => `{${parts.map(([name, gap, one]) => `${name}:${gap}${one}`).join(', ')}}`) }, fc.constantFrom('', ' ', '{}', '[1]', '{"n": [1, 2', '{"n"', '"n"', '{"n": [1]} x', '\ufeff{}'));
    fc.assert(fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => { expect(read(lines)).toEqual(asText(lines)); }), { numRuns: 3000 });
  });

  it('hold lists of any length, and the largest number', () => {
    const long = Array.from({ length: 5000 }, (_, k) => 2 ** 31 - 1 - k * 429_000);
    expect(read([`{"n": ${JSON.stringify(long)}, "id": 7}`])).toEqual([[[7, long, undefined], 0]]);
  });
});

describe('the tokens of a block', () => {
  it('are those that every row agrees with, where the usual ones are not, and the notes say so', () => {
    const { trace, file } = read([row(100, 7), row(6758, 423), row(15, 1)]);
    expect([trace.blockTokens, file.format, file.notes]).toEqual([16, 'mooncake', ['units: timestamp in ms, lengths in tokens, hash_ids of 16-token prefix blocks, the size that lengths and numbers of ids agree with']]);
  });

  it('are given after the name of the format', () => {
    const { trace, file } = read([row(15, 1), row(9, 1)], 'mooncake:16');
    expect([trace.blockTokens, file.notes]).toEqual([16, ['units: timestamp in ms, lengths in tokens, hash_ids of 16-token prefix blocks']]);
    expect(read([row(100, 2)], 'mooncake:96').trace.blockTokens).toBe(96);
  });

  it('may leave a last block that is not full without an id', () => {
    expect(read([row(6758, 422), row(40, 2)], 'mooncake:16').file.notes).toHaveLength(1);
  });

  it('that are given and wrong are refused with the row and the size that fits', () => {
    const { code, exitCode, message } = refusal(() => read([row(100, 1), row(6758, 14)], 'mooncake:16'));
    expect([code, exitCode]).toEqual(['ERR_TRACE_ROW', 2]);
    expect(message).toBe('a prompt of 100 tokens has 7 blocks of 16, and this row has 1 hash_ids (t:1:1; so 2 of 2 rows). Every row agrees with blocks of 512 tokens: write format=mooncake:512.');
  });

  it('that most rows contradict are refused, although nobody gave them', () => {
    const late = [...Array.from({ length: 100 }, () => row(10, 1)), ...Array.from({ length: 150 }, () => row(100, 7))];
    expect(refusal(() => read(late)).message).toContain('(t:101:1; so 150 of 250 rows). Every row agrees with blocks of 16 tokens: write format=mooncake:16.');
    expect(refusal(() => read([row(1000, 3), row(1000, 7), row(1000, 9)])).message).toContain('No usual size agrees with most of the 3 rows: write the tokens of a block as format=mooncake:N, or mend the file.');
  });

  it.each([['mooncake:0', /from 1 to/], ['mooncake:x', /received "x"/], ['mooncake:', /received ""/], ['azure-2023:16', /azure-2023 has no ids of blocks.*mooncake:N, bailian:N/], [':16', /no format with ids of blocks/], ['moon:16', /mooncake/]])('refuses format=%s', (format, message) => {
    const error = refusal(() => read([row(15, 1)], format));
    expect([error.code, error.exitCode]).toEqual(['ERR_TRACE_FORMAT', 2]);
    expect(error.message).toMatch(message);
  });
});

/** Tokens with which the prompts of two rows begin alike. */
function shared({ segment, tokens, start }: TraceSegments, a: number, b: number): number {
  let sum = 0;
  for (let i = start[a], k = start[b]; i < start[a + 1] && k < start[b + 1] && segment[i] >= 0 && segment[i] === segment[k]; i++, k++) {
    sum += Math.min(tokens[i], tokens[k]);
    if (tokens[i] !== tokens[k]) break;
  }
  return sum;
}

function traceOf(prompts: readonly { readonly ids: readonly number[]; readonly left: number }[], sizes?: (id: number, k: number) => number): Trace {
  const blocks = prompts.flatMap(({ ids }) => ids), start = [0], segmentTokens = sizes && prompts.flatMap(({ ids }) => ids.map(sizes));
  for (const { ids } of prompts) start.push(start[start.length - 1]! + ids.length);
  const promptTokens = prompts.map(({ ids, left }, r) => Math.max(0, left + (segmentTokens === undefined ? 16 * ids.length : segmentTokens.slice(start[r], start[r + 1]).reduce((a, b) => a + b, 0))));
  const rows = prompts.length;
  return { format: 'own', rows, arrivalUs: Float64Array.from(prompts, (_, r) => r * 50_000), promptTokens: Int32Array.from(promptTokens), outputTokens: new Int32Array(rows).fill(5), fields: {}, blocks: Int32Array.from(blocks), blockStart: Int32Array.from(start), ...(segmentTokens === undefined ? { blockTokens: 16 } : { segmentTokens: Int32Array.from(segmentTokens) }) };
}

/** Prompts that go on from each other, as conversations do, with ids near and far, own contents, and names. */
const prompts = fc.array(fc.record({ from: fc.nat(9), keep: fc.nat(6), more: fc.array(fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.constantFrom(1, 2, -1, -2, -3, 3)), { maxLength: 6 }), left: fc.constantFrom(0, 0, -3, -20, 9) }), { minLength: 1, maxLength: 10 }).map((made) => {
  const out: { ids: number[]; left: number }[] = [];
  let next = 0;
  for (const { from, keep, more, left } of made) out.push({ ids: [...(out[from]?.ids.slice(0, keep) ?? []), ...more.map((what) => (what > 0 ? what : what < 0 ? what : 4 + next++))], left });
  return out;
});

describe('segments of a trace', () => {
  it('share between any two prompts the tokens that ids share, and hold as many', () => {
    fc.assert(fc.property(prompts, fc.constantFrom(undefined, (id: number) => (Math.abs(id) % 4) * 7, (id: number, k: number) => (id + k) % 3 === 0 ? 5 : 11), fc.constantFrom(1, 999_983), (made, sizes, spread) => {
      const trace = traceOf(made.map(({ ids, left }) => ({ ids: ids.map((id) => (id > 0 ? id * spread : id)), left })), sizes), merged = traceSegments(trace), apart = traceSegments(trace, { merge: false });
      expect(merged.segment.length).toBeLessThanOrEqual(apart.segment.length);
      const sum = ({ tokens, start }: TraceSegments, r: number): number => tokens.slice(start[r], start[r + 1]).reduce((a, b) => a + b, 0);
      for (let a = 0; a < trace.rows; a++) {
        expect(sum(merged, a)).toBe(sum(apart, a));
        for (let b = 0; b < a; b++) expect(shared(merged, a, b)).toBe(shared(apart, a, b));
      }
    }), { numRuns: 3000 });
  });

  it('are few where ids always follow each other, however they are numbered', () => {
    const ids = Array.from({ length: 100 }, (_, k) => k), turns = [{ ids, left: 0 }, { ids: [...ids, 200, 201], left: 0 }, { ids: [...ids, 300, 301], left: 0 }];
    for (const spread of [1, 7_654_321]) expect([...traceSegments(traceOf(turns.map(({ ids: own, left }) => ({ ids: own.map((id) => id * spread), left })))).tokens]).toEqual([1600, 1600, 32, 1600, 32]);
  });

  it('give the results of one segment an id', async () => {
    const traces = fc.sample(prompts, { numRuns: 25, seed: 7 }).map((made) => traceOf(made));
    if (!mooncake.absent) traces.push(read(firstLines(120)).trace);
    for (const trace of traces) {
      const model = scenarioModel('trace-replay', { engine: 'h100-llama-3.1-8b-tp1', blocks: trace.rows > 50 ? 9000 : 40, engines: 1, identity: 'none' }, { trace: { file: read([row(1, 1)]).file, trace } });
      const plain = await play({ ...model, prompts: (calls) => new TracePrompts(trace, calls, traceSegments(trace, { merge: false })) }), merged = await play(model);
      expect([merged.orderDigest, merged.resultDigest]).toEqual([plain.orderDigest, plain.resultDigest]);
    }
  }, 30_000);

  it.skipIf(mooncake.absent)(mooncake.name('are the same for ids of 512 and of 16 tokens: equal digests'), async () => {
    const lines = firstLines(300), digests: string[][] = [];
    for (const data of [read(lines), read(lines.map((line) => finerLine(line, 16)))]) {
      const record = await play(scenarioModel('trace-replay', { engine: 'h100-llama-3.1-8b-tp1', blocks: 12_000, engines: 2 }, { trace: data }));
      digests.push([record.orderDigest, record.resultDigest, String(record.metrics['hit_share'])]);
    }
    expect(digests[1]).toEqual(digests[0]);
    expect(Number(digests[0]![2])).toBeGreaterThan(0.03);
  }, 30_000);
});
