// Conversion between trace formats: to schedlab nothing is lost, back again the recorded files come out as they were.
import fc from 'fast-check';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { SchedlabError } from '../../src/errors.ts';
import type { Trace } from '../../sim/scenario.ts';
import { convertTrace } from '../../sim/workload/traces/convert.ts';
import { rowId } from '../../sim/workload/identity.ts';
import { readTrace } from '../../sim/workload/traces/read.ts';
import { sharedData } from './shared.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-convert-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });
const at = (name: string): string => path.join(cwd, name);
const put = (name: string, content: string): string => { writeFileSync(at(name), content); return at(name); };

/** Everything that a trace says, its format's name aside. */
function said(trace: Trace): unknown {
  const { format: _format, ids: _ids, ...rest } = trace;
  return { ...rest, ids: Array.from({ length: trace.rows }, (_, row) => rowId(trace, row)) };
}

async function complaint(run: () => Promise<unknown>): Promise<SchedlabError> {
  try { await run(); } catch (error) { if (error instanceof SchedlabError) return error; throw error; }
  throw new Error('no error was thrown');
}

const there = async (from: string, to: string, out: string): Promise<string> => { await convertTrace(from, { to, out: at(out) }); return at(out); };

const word = fc.oneof(fc.constantFrom('a', 'b', '', '7', '__proto__', 'x y', 'é€', '"', '\\'), fc.string({ maxLength: 6 }).map((text) => text.trim()));
const mooncakeRow = fc.record({ timestamp: fc.oneof(fc.nat(100_000), fc.nat(1e8).map((us) => us / 1000)), input_length: fc.nat(3000), output_length: fc.nat(300), hash_ids: fc.array(fc.oneof(fc.nat(20), fc.nat(0x7fffffff)), { maxLength: 8 }), session_id: word, kind: word });
const plainRow = fc.record({ arrival: fc.oneof(fc.nat(1000), fc.double({ min: 0, max: 1e5, noNaN: true })), prompt_tokens: fc.nat(3000), output_tokens: fc.nat(300), id: fc.nat(99), program: word, agent: word, class: word, note: word });
const bailianRow = fc.record({ chat_id: fc.nat(50), parent_chat_id: fc.integer({ min: -1, max: 50 }), timestamp: fc.nat(1000), input_length: fc.nat(100), output_length: fc.nat(100), hash_ids: fc.array(fc.nat(20), { maxLength: 7 }), type: word });
const burstRow = fc.record({ Timestamp: fc.nat(10_000), Model: fc.constantFrom('ChatGPT', 'GPT-4'), 'Request tokens': fc.nat(1000), 'Response tokens': fc.nat(500) });

describe('a trace converted to schedlab', () => {
  it('says everything that it said before, whatever its rows', async () => {
    const rows = fc.oneof(...[mooncakeRow, plainRow, bailianRow, burstRow].map((row) => fc.array(row as fc.Arbitrary<object>, { minLength: 1, maxLength: 12 })));
    let n = 0;
    await fc.assert(fc.asyncProperty(rows, fc.boolean(), async (list, packed) => {
      // A call of our own format has an id of its own; elsewhere two may share one.
      const seen = new Set<unknown>(), kept = (list as { id?: number; chat_id?: number }[]).filter((row) => { const id = row.id ?? row.chat_id; if (id === undefined) return true; if (seen.has(id)) return false; seen.add(id); return true; });
      const burst = Object.hasOwn(kept[0], 'Model'), name = `p${n++}`;
      const from = put(name, burst ? `Timestamp,Model,Request tokens,Response tokens\n${kept.map((row) => Object.values(row).join(',')).join('\n')}` : kept.map((row) => JSON.stringify(row)).join('\n'));
      let before;
      try { before = readTrace(from); } catch (error) { if (error instanceof SchedlabError) return; throw error; }
      const out = await there(from, 'schedlab', packed ? `${name}.jsonl.gz` : `${name}.jsonl`), after = readTrace(out);
      expect(after.file).toMatchObject({ format: 'schedlab', rowsRead: before.file.rowsRead, rowsDropped: 0 });
      expect(said(after.trace)).toEqual(said(before.trace));
      // Converted once more it is the same file, to the byte.
      const again = await there(out, 'schedlab', `${name}-again.jsonl`), bytes = readFileSync(out);
      expect(readFileSync(again, 'utf8')).toBe((packed ? gunzipSync(bytes) : bytes).toString('utf8'));
    }), { numRuns: 200 });
  });

  it('keeps programs, parents, tools and named contents of its own format', async () => {
    const from = put('own.jsonl', [
      '{"schema":"schedlab/trace@1","start":"2026-11-21T14:02:00Z","block_tokens":16}',
      '{"id":"a","program":"p","agent":"x","tenant":"t","class":"c","arrival":3,"prompt":[["system",16],[5,16],[null,4]],"output_tokens":7,"tool_s":1.5}',
      '{"id":"b","program":"p","agent":"x","tenant":"t","class":"c","parents":["a"],"after_s":0.25,"prompt":[["system",16],[null,3],["5",2]],"output_tokens":1}',
      '{"id":"c","program":"p","agent":"x","tenant":"","class":"c","parents":["a","b"],"after_s":0,"prompt":[],"output_tokens":0,"fields":{"note":"\\n"}}',
      '{"id":"d","arrival":0.000001,"prompt":[[null,0]],"output_tokens":2}',
    ].join('\n'));
    const { trace } = readTrace(from);
    expect(trace).toMatchObject({ rows: 4, ids: ['d', 'a', 'b', 'c'], contentNames: ['system'], startUs: Date.UTC(2026, 10, 21, 14, 2) * 1000 + 1 });
    expect([...trace.arrivalUs]).toEqual([0, 2_999_999, 4_749_999, 4_749_999]);
    expect([...trace.blocks!]).toEqual([-2, 5, -2, -1, 5]);
    expect([...trace.segmentTokens!]).toEqual([16, 16, 16, 3, 2]);
    expect([[...trace.parents!], [...trace.parentStart!], [...trace.afterUs!], [...trace.toolUs!]]).toEqual([[1, 1, 2], [0, 0, 0, 1, 3], [-1, -1, 250_000, 0], [0, 1_500_000, 0, 0]]);
    expect(said(readTrace(await there(from, 'schedlab', 'own-2.jsonl')).trace)).toEqual(said(trace));
    expect((await complaint(() => there(from, 'mooncake', 'own.mooncake'))).exitCode).toBe(2);
    expect(existsSync(at('own.mooncake'))).toBe(false);
  });
});

const mooncake = sharedData('traces/mooncake-conversation.jsonl');
const azure = sharedData('traces/azure-llm-2023-code.csv');
const workload = sharedData('real-runs/rtx4090-llama-3.1-8b/workload.jsonl');

describe('the recorded traces', () => {
  it.skipIf(mooncake.absent)(mooncake.name('Mooncake conversation: through schedlab and back it is the same file, to the byte'), async () => {
    const ours = await there(mooncake.path, 'schedlab', 'm.jsonl.gz');
    expect(said(readTrace(ours).trace)).toEqual(said(readTrace(mooncake.path).trace));
    expect(readFileSync(await there(ours, 'mooncake', 'm.back'), 'utf8') === `${readFileSync(mooncake.path, 'utf8').trimEnd()}\n`).toBe(true);
  });

  it.skipIf(azure.absent)(azure.name('Azure code 2023: through schedlab and back it is the same file, to the byte'), async () => {
    const ours = await there(azure.path, 'schedlab', 'a.jsonl');
    expect(said(readTrace(ours).trace)).toEqual(said(readTrace(azure.path).trace));
    expect(readFileSync(await there(ours, 'azure-2023', 'a.back'), 'utf8') === `${readFileSync(azure.path, 'utf8').trimEnd()}\r\n`).toBe(true);
  });

  it.skipIf(workload.absent)(workload.name('the workload of the real run: its times to the microsecond'), async () => {
    expect(said(readTrace(await there(workload.path, 'schedlab', 'w.jsonl')).trace)).toEqual(said(readTrace(workload.path).trace));
  });
});

describe('other directions', () => {
  const rows = '{"timestamp": 5, "input_length": 600, "output_length": 3, "hash_ids": [7, 8], "session_id": "s,1"}\n{"timestamp": 2, "input_length": 10, "output_length": 0, "hash_ids": [7]}\n{"timestamp": "x", "input_length": 1, "output_length": 1, "hash_ids": [7]}\n';

  it('say what the new format cannot hold', async () => {
    const from = put('few.jsonl', rows), csv = await convertTrace(from, { to: 'plain', out: at('few.csv') });
    expect(csv).toMatchObject({ rows: 2, losses: ['contents of prompts'], from: { rowsDropped: 1 } });
    expect(readFileSync(at('few.csv'), 'utf8')).toBe('id,arrival,prompt_tokens,output_tokens,session\n0,0.003,600,3,"s,1"\n1,0,10,0,\n');
    expect(await convertTrace(from, { to: 'azure-2023', out: at('few.azure') })).toMatchObject({ losses: ['ids', 'session', 'contents of prompts'], additions: [expect.stringContaining('1970-01-01')] });
  });

  it('give prompts without contents blocks that no other call has, as the format wants them', async () => {
    const from = put('bare.csv', 'arrival,prompt_tokens,output_tokens\n0,1025,1\n1,3,1\n');
    expect(readFileSync(await there(from, 'mooncake', 'bare.mooncake'), 'utf8')).toContain('"hash_ids": [0, 1, 2]}\n{"timestamp": 1000, "input_length": 3, "output_length": 1, "hash_ids": [3]}');
  });

  it('are refused where two columns would share a name, or where a line cannot hold a text', async () => {
    const clash = put('clash.jsonl', '{"timestamp": 5, "input_length": 600, "output_length": 3, "hash_ids": [7, 8], "arrival": "x"}');
    expect((await complaint(() => there(clash, 'plain', 'clash.out'))).message).toContain('"arrival", which is a column of plain');
    const broken = put('broken.jsonl', '{"arrival":0,"prompt_tokens":1,"output_tokens":1,"note":"a\\nb"}');
    expect((await complaint(() => there(broken, 'plain', 'broken.csv'))).message).toContain('line end');
    expect((await complaint(() => there(broken, 'burstgpt', 'x'))).code).toBe('ERR_OPTION_UNKNOWN');
    expect((await complaint(() => there(broken, 'schedlab', 'broken.jsonl'))).message).toContain('is the trace itself');
    expect(readdirSync(cwd).filter((name) => name.endsWith('.tmp') || name === 'clash.out' || name === 'broken.csv')).toEqual([]);
  });
});
