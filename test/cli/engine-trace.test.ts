// `--trace` on batch engines: a file that the Trace Event Format allows, with every step, every call and its split; bounded, and the same results with it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLoad } from '../../scenarios/open-load.ts';
import { joinParts } from '../../sim/experiment/parts.ts';
import { TimelinePart } from '../../sim/experiment/timelines.ts';
import { setUp } from '../../sim/set-up.ts';
import { runReplication } from '../../sim/worlds/virtual.ts';
import { TraceSink } from '../../sim/measure/trace-sink.ts';
import type { CallLine, ReplicationRecord } from '../../sim/results.ts';
import { main } from '../../src/cli/front.ts';
import { fakeIo } from './fake-io.ts';
import { brokenRules, type TraceEvent } from './trace-events.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-engine-trace-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

async function say(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd });
  return { code: await main(argv, io), out: io.out(), err: io.err() };
}
const text = (file: string): string => readFileSync(path.join(cwd, file), 'utf8');
const drawn = (file: string): readonly TraceEvent[] => (JSON.parse(text(file)) as { traceEvents: readonly TraceEvent[] }).traceEvents;
const record = (dir: string): ReplicationRecord => JSON.parse(text(`${dir}/replications.jsonl`).split('\n')[0]) as ReplicationRecord;
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Few blocks, so that requests are thrown out and computed again, behind a gate, on two engines. */
const LOAD = ['run', 'open-load', 'requests=120', 'rate=40', 'input=300', 'output=90', 'sharedPrefix=64', 'engines=2', 'engine=rtx4090-llama-3.1-8b-tp1', 'blocks=160', 'window=20', '--reps', '1', '--no-report', '-q', '-j', '1'];

let events: readonly TraceEvent[] = [], lines: CallLine[] = [];
beforeAll(async () => {
  expect((await say(...LOAD, '-o', 'plain')).err).toBe('');
  expect((await say(...LOAD, '-o', 'traced', '--trace', 't.json', '--calls', 'c.jsonl')).err).toBe('');
  events = drawn('t.json');
  lines = text('c.jsonl').trim().split('\n').map((line) => JSON.parse(line) as CallLine);
});

describe('a trace of batch engines', () => {
  it('follows the rules of the format', () => { expect(brokenRules(events)).toEqual([]); });

  it('changes no byte of the results', () => { expect(text('traced/replications.jsonl')).toBe(text('plain/replications.jsonl')); });

  it('has the steps and tokens that the series counts, one after the other', () => {
    const steps = events.filter(({ cat }) => cat === 'step'), { all, each } = record('plain').detail.engines!, arg = (name: string): number[] => steps.map(({ args }) => Number(args![name]));
    expect([steps.length, sum(arg('decoders')), sum(arg('prefill_tokens')), sum(arg('tokens'))]).toEqual([sum(all.steps), sum(all.decodeTokens), sum(all.prefillTokens), sum(all.decodeTokens) + sum(all.prefillTokens)]);
    expect(each.map((one) => sum(one.steps))).toEqual([0, 1].map((e) => steps.filter(({ pid }) => pid === 2 + e).length));
    expect(Math.min(...arg('free_blocks'))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...arg('running'))).toBe(all.peak.running);
  });

  it('has a track for every call, split as the result says, from arrival to end', () => {
    const tracks = new Map<string, TraceEvent[]>(), seconds: Record<string, number> = {};
    for (const event of events) if (event.cat === 'call') tracks.set(String(event.id), [...tracks.get(String(event.id)) ?? [], event]);
    expect(tracks.size).toBe(lines.length);
    const byCall = new Map([...tracks.values()].map((list) => [list[0].args!['call'], list]));
    for (const line of lines) {
      const list = byCall.get(line.id)!, parts = list.slice(1, -1), first = list[0], last = list[list.length - 1];
      expect([first.ts, last.ts]).toEqual([Math.round(line.arrival * 1e6), Math.round(line.finished! * 1e6)]);
      expect([parts[0].ts, parts[parts.length - 1].ts]).toEqual([first.ts, last.ts]);
      for (let i = 0; i < parts.length; i += 2) {
        if (i > 0) expect(parts[i].ts).toBe(parts[i - 1].ts);
        seconds[parts[i].name] = (seconds[parts[i].name] ?? 0) + (parts[i + 1].ts - parts[i].ts) / 1e6;
      }
      expect(first.args).toMatchObject({ outcome: 'completed', engine: line.engine, output_tokens: line.output_tokens, preemptions: line.preemptions });
    }
    const { split } = record('plain').detail, told = Object.fromEntries(Object.entries(split!.seconds).map(([name, s]) => [name.replace(/[A-Z]/, (letter) => ` ${letter.toLowerCase()}`), s]));
    expect(told['preempted']).toBeGreaterThan(0);
    expect(told['gate']).toBeGreaterThan(0);
    for (const [name, s] of Object.entries(told)) expect([name, (seconds[name] ?? 0).toFixed(5)]).toEqual([name, s.toFixed(5)]);
  });

  it('has counters that begin and end with nothing', () => {
    for (const name of ['running', 'KV blocks held, %', 'calls at the gate']) {
      const points = events.filter((event) => event.ph === 'C' && event.name === name && event.pid === (name === 'calls at the gate' ? 1 : 2));
      expect(points.length, name).toBeGreaterThan(3);
      expect(Object.values(points[points.length - 1].args!), name).toEqual([0]);
    }
  });

  it('begins where --trace-from says, and is refused without a trace', async () => {
    const fromUs = 1.5e6;
    expect((await say(...LOAD, '-o', 'late', '--trace', 'late.json', '--trace-from', '1.5')).err).toBe('');
    const late = drawn('late.json');
    expect(brokenRules(late)).toEqual([]);
    expect(late.filter(({ cat }) => cat === 'step')).toEqual(events.filter(({ cat, ts, dur }) => cat === 'step' && ts + dur! >= fromUs));
    expect((await say('run', '--from', 'plain', '--cell', record('plain').cell, '--rep', '0', '--trace', 'again.json', '-q')).code).toBe(0);
    expect(text('again.json')).toBe(text('t.json'));
    const { code, err } = await say(...LOAD, '-o', 'none', '--trace-from', '1.5');
    expect([code, err]).toEqual([2, expect.stringContaining('Add --trace FILE') as string]);
  });

  it('ends where the file is full, with the calls in flight as far as they went, and says how to go on', async () => {
    const model = setUp(openLoad, { requests: 3000, rate: 2000, input: 20, output: 6, engine: 'h100-llama-3.1-8b-tp1' }), task = { cell: 0, replication: 0 }, file = path.join(cwd, 'full.json');
    // A sixty-fourth of a file, as where it has so many cells.
    const part = new TimelinePart({ path: file, fromS: 0, labels: ['a', ...Array<string>(63).fill('b')] }, task, model);
    await runReplication(model, { seed: '1', replication: 0, shell: 'event', params: {}, cell: 'c', watch: part.watch });
    part.close();
    await joinParts(file, '--trace', [task], [task]);
    const all = drawn('full.json'), end = all.find(({ ph }) => ph === 'i')!;
    expect(part.leftOut).toMatch(new RegExp(`^the trace of a ends at ${end.ts / 1e6} s, .*--trace-from ${end.ts / 1e6}, best to one cell`));
    expect(text('full.json').length).toBeLessThan(1.5 * 2 ** 20);
    expect(brokenRules(all)).toEqual([]);
    expect(Math.max(...all.filter(({ ph }) => ph === 'e').map(({ ts }) => ts))).toBeLessThanOrEqual(end.ts);
    expect(all.some(({ args }) => args?.['outcome'] === 'drawn so far')).toBe(true);
  });
});

describe('a sink of trace events', () => {
  it('takes groups whole until it is full, then none, and tells when that was', () => {
    const told: string[] = [], sink = new TraceSink({ write: (event) => { told.push(event); }, most: 150, fromUs: 5 }), event = (ts: number) => ({ ph: 'X', ts, dur: 1, name: 'x', pid: 1, tid: 1 });
    sink.put(4, event(3));
    for (const ts of [6, 7, 8, 9]) sink.put(ts, event(ts), event(ts));
    sink.name('process_name', 1, { name: 'engine' });
    expect([told.length, sink.fullUs, sink.left]).toEqual([5, 7, 2]);
  });
});
