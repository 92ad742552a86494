// What trace inspect says of the recorded traces, held against values that this file computes in its own plain way from the raw files.
import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { SchedlabError } from '../../src/errors.ts';
import type { Spread, TraceDescription } from '../../sim/trace-results.ts';
import { ArrivalBuilder } from '../../sim/workload/describe/arrivals.ts';
import { describeTrace } from '../../sim/workload/describe/describe.ts';
import { SpreadBuilder } from '../../sim/workload/describe/spread.ts';
import { readTrace } from '../../sim/workload/traces/read.ts';
import { TRACE_FORMATS } from '../../sim/workload/traces/registry.ts';
import { sharedData } from './shared.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-describe-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });
const put = (name: string, content: string | Uint8Array): string => { writeFileSync(path.join(cwd, name), content); return path.join(cwd, name); };
const described = async (file: string): Promise<TraceDescription> => (await describeTrace(file))!.description;

// ---- the plain way: whole lists, textbook formulas

const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
const meanOf = (list: readonly number[]): number => sum(list) / list.length;
function quantile(list: readonly number[], p: number): number {
  const sorted = [...list].sort((a, b) => a - b), at = p * (sorted.length - 1), low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}
function correlation(x: readonly number[], y: readonly number[]): number {
  const mx = meanOf(x), my = meanOf(y), cov = sum(x.map((v, i) => (v - mx) * (y[i] - my)));
  return cov / Math.sqrt(sum(x.map((v) => (v - mx) ** 2)) * sum(y.map((v) => (v - my) ** 2)));
}
/** Counts of calls in whole windows from the first arrival to the last. */
function counts(arrivalsS: readonly number[], windowUs: number): number[] {
  const us = arrivalsS.map((at) => Math.round((at - arrivalsS[0]) * 1e6)), windows = Math.floor(us[us.length - 1] / windowUs), out = new Array<number>(windows).fill(0);
  for (const at of us) if (Math.floor(at / windowUs) < windows) out[Math.floor(at / windowUs)]++;
  return out;
}

function holds(spread: Spread | null, list: readonly number[]): void {
  const mean = meanOf(list), variance = meanOf(list.map((value) => (value - mean) ** 2));
  expect(spread).toMatchObject({ n: list.length, isExact: true, zeros: list.filter((value) => value === 0).length / list.length });
  const found = { mean: spread!.mean, sd: spread!.sd, cv2: spread!.cv2!, min: spread!.min, max: spread!.max, p5: spread!.p5, p25: spread!.p25, p50: spread!.p50, p75: spread!.p75, p90: spread!.p90, p95: spread!.p95, p99: spread!.p99 };
  const wanted = { mean, sd: Math.sqrt(variance), cv2: variance / mean ** 2, min: quantile(list, 0), max: quantile(list, 1), p5: quantile(list, 0.05), p25: quantile(list, 0.25), p50: quantile(list, 0.5), p75: quantile(list, 0.75), p90: quantile(list, 0.9), p95: quantile(list, 0.95), p99: quantile(list, 0.99) };
  for (const [name, value] of Object.entries(wanted)) expect(Math.abs(found[name as keyof typeof found] - value), name).toBeLessThanOrEqual(1e-9 * Math.max(1e-3, Math.abs(value)));
  spread!.curve.at.forEach((x, i) => { expect(spread!.curve.share[i]).toBeCloseTo(list.filter((value) => value <= x * (1 + 1e-12)).length / list.length, 10); });
}

function holdsArrivals({ arrivals }: TraceDescription, arrivalsS: readonly number[]): void {
  const gaps = arrivalsS.slice(1).map((at, i) => Math.round((at - arrivalsS[i]) * 1e6) / 1e6), span = arrivalsS[arrivalsS.length - 1] - arrivalsS[0];
  expect(arrivals.calls).toBe(arrivalsS.length);
  expect(arrivals.spanS).toBeCloseTo(span, 6);
  expect(arrivals.rate).toBeCloseTo(gaps.length / span, 9);
  expect(arrivals.instants).toBe(new Set(arrivalsS).size);
  expect(arrivals.gapCorrelation).toBeCloseTo(correlation(gaps.slice(0, -1), gaps.slice(1)), 8);
  holds(arrivals.gaps, gaps);
  expect(arrivals.dispersion.map(({ windowS }) => windowS)).toEqual([0.1, 1, 10, 60]);
  for (const { windowS, windows, index, most } of arrivals.dispersion) {
    const list = counts(arrivalsS, windowS * 1e6), mean = meanOf(list);
    expect([windows, most]).toEqual([list.length, Math.max(...list)]);
    expect(index).toBeCloseTo(sum(list.map((count) => (count - mean) ** 2)) / (list.length - 1) / mean, 8);
  }
}

const mooncake = sharedData('traces/mooncake-conversation.jsonl');
const azure = sharedData('traces/azure-llm-2023-code.csv');

describe('the recorded traces', () => {
  it.skipIf(mooncake.absent)(mooncake.name('Mooncake conversation is described as a plain computation finds it'), async () => {
    interface Row { readonly timestamp: number; readonly input_length: number; readonly output_length: number; readonly hash_ids: readonly number[] }
    const rows = readFileSync(mooncake.path, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Row), d = await described(mooncake.path);
    expect(d.file).toMatchObject({ format: 'mooncake', rowsRead: rows.length, rowsDropped: 0, drops: [] });
    holdsArrivals(d, rows.map(({ timestamp }) => timestamp / 1000));
    holds(d.prompt, rows.map((row) => row.input_length));
    holds(d.output, rows.map((row) => row.output_length));
    expect([d.promptTokens, d.outputTokens]).toEqual([sum(rows.map((row) => row.input_length)), sum(rows.map((row) => row.output_length))]);
    expect(d.lengthCorrelation).toBeCloseTo(correlation(rows.map((row) => row.input_length), rows.map((row) => row.output_length)), 9);
    // The ids are of prefixes: one that was seen stands for all before it.
    const seen = new Set<number>();
    let shared = 0, sharing = 0;
    for (const { hash_ids: ids, input_length: length } of rows) {
      const known = ids.findIndex((id) => !seen.has(id)), blocks = known < 0 ? ids.length : known;
      shared += Math.min(length, blocks * 512);
      if (blocks > 0) sharing++;
      for (const id of ids) seen.add(id);
    }
    expect(d.sharing).toMatchObject({ blockTokens: 512, blocks: sum(rows.map((row) => row.hash_ids.length)), distinctBlocks: seen.size, sharedTokens: shared, calls: sharing / rows.length, isBound: false });
    expect([d.programs, d.fields, d.notes]).toEqual([null, [], [expect.stringContaining('1180 instants')]]);
  });

  it.skipIf(azure.absent)(azure.name('Azure code 2023 is described as a plain computation finds it'), async () => {
    const rows = readFileSync(azure.path, 'latin1').trim().split('\r\n').slice(1).map((line) => line.split(',')), d = await described(azure.path);
    const day = rows.map(([stamp]) => { const [h, m, s] = stamp.slice(11).split(':').map(Number); return Math.round((h * 3600 + m * 60 + s) * 1e6) / 1e6; });
    expect(d.file).toMatchObject({ format: 'azure-2023', rowsRead: rows.length, rowsDropped: 0 });
    expect(d.arrivals.start).toBe('2023-11-16T18:17:03.979960Z');
    holdsArrivals(d, day);
    holds(d.prompt, rows.map((row) => Number(row[1])));
    holds(d.output, rows.map((row) => Number(row[2])));
    expect([d.sharing, d.programs, d.notes]).toEqual([null, null, []]);
  });
});

describe('a small trace', () => {
  const row = (id: string, more: string): string => `{"id":"${id}","program":"p${id[0]}","prompt":[["sys",100],["own-${id[0]}",50],[null,7]],"output_tokens":1,${more}}`;
  const own = [row('a1', '"arrival":0,"tool_s":2,"agent":"x"'), row('b1', '"arrival":1,"agent":"x"'), row('a2', '"parents":["a1"],"after_s":0.5,"agent":"y"'), row('a3', '"parents":["a1","a2"],"after_s":1.5'), row('b2', '"arrival":9,"parents":["b1"]')].join('\n');

  it('is told by its programs, tools, parents, contents and fields', async () => {
    const d = await described(put('own.jsonl', own));
    expect(d.programs).toMatchObject({ by: 'program', programs: 2, waiting: 2, joins: 1, clocked: 1, callsPerProgram: { n: 2, mean: 2.5, max: 3 }, tools: { n: 1, mean: 2 }, after: { n: 2, mean: 1 } });
    expect(d.arrivals).toMatchObject({ calls: 3, spanS: 9, gaps: { n: 2, mean: 4.5 } });
    // Only the beginnings count: sys for b1, both contents for a2, a3 and b2.
    expect(d.sharing).toMatchObject({ blockTokens: null, blocks: 15 - 5, distinctBlocks: 3, promptTokens: 5 * 157, sharedTokens: 100 + 3 * 150 });
    expect(d.fields).toEqual([{ name: 'program', values: 2, top: [{ value: 'pa', calls: 3 }, { value: 'pb', calls: 2 }] }, { name: 'agent', values: 3, top: [{ value: '', calls: 2 }, { value: 'x', calls: 2 }, { value: 'y', calls: 1 }] }]);
  });

  it('is described alike whether it is packed or not, and whatever the order of its rows', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => `${(i * 7919) % 1000 / 10},${i},${i % 5}`), text = (rows: readonly string[]): string => `arrival,prompt_tokens,output_tokens\n${rows.join('\n')}\n`;
    const sorted = [...lines].sort((a, b) => parseFloat(a) - parseFloat(b)), one = await described(put('a.csv', text(lines)));
    for (const name of [put('a.csv.gz', gzipSync(text(lines))), put('b.csv', text(sorted))]) expect((await described(name)).arrivals).toEqual(one.arrivals);
  });

  it('says which rows were left out, why, and where', async () => {
    const d = await described(put('bad.csv', 'arrival,prompt_tokens,output_tokens\n0,1,1\nx,1,1\n1,1,1\n,1,1\n2,1,1\ny,1,1\n3,1,1\n'));
    expect(d.file).toMatchObject({ rowsRead: 4, rowsDropped: 3, drops: [{ reason: 'arrival cannot be read as a time', rows: 2, firstLine: 3 }, { reason: 'no arrival', rows: 1, firstLine: 5 }] });
  });

  it('that is broken or cut is refused with a code', async () => {
    for (const [name, bytes, code] of [['cut.gz', gzipSync('arrival,prompt_tokens,output_tokens\n0,1,1\n').subarray(0, 30), 'ERR_TRACE_FILE'], ['none.csv', '', 'ERR_TRACE_FORMAT'], ['strange.csv', 'a,b\n1,2\n', 'ERR_TRACE_FORMAT']] as const) {
      const error: unknown = await described(put(name, bytes)).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(SchedlabError);
      expect((error as SchedlabError).code).toBe(code);
    }
    expect(((await described(path.join(cwd, 'missing')).catch((caught: unknown) => caught)) as SchedlabError).code).toBe('ERR_TRACE_FILE');
  });
});

describe('arrivals', () => {
  it('that come too late to be put in order are refused with their line', () => {
    const arrivals = new ArrivalBuilder('late.csv');
    for (let i = 0; i <= 1 << 20; i++) arrivals.add(i * 1000, i + 2);
    expect(() => { arrivals.add(0, 1_048_580); }).toThrow(expect.objectContaining({ code: 'ERR_TRACE_ROW', message: expect.stringContaining('(late.csv:1048580:1)') as string }));
  });

  it('of years are counted in coarser windows, as a plain count finds them', () => {
    const arrivals = new ArrivalBuilder('long'), at: number[] = [];
    for (let i = 0; i < 20_000; i++) at.push(((i * 7919) % 20_011) * 3.7e9 + (i % 100) * 1e6);
    for (const us of at) arrivals.add(us, 0);
    const { dispersion, instants, calls } = arrivals.facts(undefined), sorted = [...at].sort((a, b) => a - b), seconds = sorted.map((us) => us / 1e6);
    expect([calls, instants]).toEqual([20_000, new Set(sorted).size]);
    expect(dispersion.map(({ windowS }) => windowS)).toEqual([60, 600, 3600, 86_400]);
    for (const { windowS, index } of dispersion) { const list = counts(seconds, windowS * 1e6), mean = meanOf(list); expect(index).toBeCloseTo(sum(list.map((count) => (count - mean) ** 2)) / (list.length - 1) / mean, 8); }
  });
});

it('of more values than are kept the quantiles are near, and the description says so', () => {
  const spread = new SpreadBuilder(), list = Array.from({ length: 300_000 }, (_, i) => 1 + ((i * 7919) % 300_007));
  for (const value of list) spread.add(value);
  const { p50, p99, isExact, max, mean } = spread.spread()!;
  expect([isExact, max]).toEqual([false, quantile(list, 1)]);
  expect(mean).toBeCloseTo(meanOf(list), 6);
  for (const [found, p] of [[p50, 0.5], [p99, 0.99]] as const) expect(Math.abs(found / quantile(list, p) - 1)).toBeLessThan(0.0005);
});

describe('whatever a file holds', () => {
  const cell = fc.oneof({ weight: 12, arbitrary: fc.nat(50) as fc.Arbitrary<unknown> }, fc.constantFrom<unknown>('', 'x', -1, 1.5, null, true, [], '2023-11-16 18:17:03.9799600', '__proto__'), fc.array(fc.nat(5), { maxLength: 3 }));
  const own = fc.record({ id: fc.nat(30), program: fc.constantFrom(undefined, 'p', ''), parents: fc.constantFrom(undefined, undefined, undefined, [], [0]), arrival: fc.constantFrom<unknown>(0, 3.5, 1, 2, 9, 'x', undefined), after_s: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, undefined, 1), prompt: fc.array(fc.tuple(fc.constantFrom(null, 1, 'a'), fc.nat(9)), { maxLength: 3 }), output_tokens: fc.nat(9), tool_s: fc.constantFrom(undefined, 0.5) });
  const columns = fc.constantFrom(...Object.values(TRACE_FORMATS)).chain((format) => fc.array(fc.tuple(...format.columns.map(() => cell)), { minLength: 1, maxLength: 8 }).map((rows) => rows.map((cells) => JSON.stringify(Object.fromEntries(cells.map((value, k) => [format.columns[k], value])))).join('\n')));
  const content = fc.oneof(columns, fc.uniqueArray(own, { minLength: 1, maxLength: 4, selector: ({ id }) => id }).map((rows) => rows.map((call) => JSON.stringify(call)).join('\n')), fc.string({ maxLength: 80 }));

  it('it is described where it can be replayed, and refused with the same words where it cannot', async () => {
    let both = 0;
    await fc.assert(fc.asyncProperty(content, fc.boolean(), async (text, packed) => {
      const file = put('any', packed ? gzipSync(text) : text), message = (error: unknown): string => { if (error instanceof SchedlabError && error.exitCode === 2) return error.message; throw error; };
      let read: string | undefined, rows = 0;
      try { rows = readTrace(file).file.rowsRead; } catch (error) { read = message(error); }
      const found = await described(file).catch(message);
      if (typeof found === 'string') expect(found).toBe(read);
      else { both++; expect([read, found.file.rowsRead, found.prompt.n]).toEqual([undefined, rows, rows]); JSON.stringify(found); }
    }), { numRuns: 400 });
    expect(both).toBeGreaterThan(20);
  });
});
