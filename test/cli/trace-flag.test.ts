// `--trace`: the calls of a replication as trace events that a viewer reads: waits by agent, services by place, nothing on top of each other.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import type { CallLine, ReplicationRecord } from '../../sim/results.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-timeline-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

interface Event { readonly ph: string; readonly ts: number; readonly dur?: number; readonly cat?: string; readonly id?: number; readonly name: string; readonly pid: number; readonly tid: number; readonly args?: Readonly<Record<string, unknown>> }
interface Drawn { readonly displayTimeUnit: string; readonly traceEvents: readonly Event[] }

async function say(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd });
  return { code: await main(argv, io), out: io.out(), err: io.err() };
}
const text = (file: string): string => { const bytes = readFileSync(path.join(cwd, file)); return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString(); };
const drawn = (file: string): readonly Event[] => (JSON.parse(text(file)) as Drawn).traceEvents;
const calls = (file: string): CallLine[] => text(file).trim().split('\n').map((line) => JSON.parse(line) as CallLine);
const record = (dir: string): ReplicationRecord => JSON.parse(text(`${dir}/replications.jsonl`).split('\n')[0]) as ReplicationRecord;

/** Services by engine and place, in order of time. */
function byPlace(events: readonly Event[]): Event[][] {
  const places = new Map<string, Event[]>();
  for (const event of events) if (event.ph === 'X' && event.cat === 'service') places.set(`${event.pid} ${event.tid}`, [...places.get(`${event.pid} ${event.tid}`) ?? [], event]);
  return [...places.values()].map((list) => list.sort((a, b) => a.ts - b.ts || a.dur! - b.dur!));
}

beforeAll(() => {
  const rows = Array.from({ length: 60 }, (_, i) => `${(i * 0.11).toFixed(2)},${200 + ((i * 977) % 4000)},${(i * 31) % 90}`);
  writeFileSync(path.join(cwd, 't.csv'), `arrival,prompt_tokens,output_tokens\n${rows.join('\n')}\n`);
});

const trace = ['trace-replay', `trace=${path.join(cwd, 't.csv')}`];
const CASES: readonly (readonly [name: string, args: readonly string[], places: number])[] = [
  ['one slot', ['loco-fairness', 'ticks=80'], 1],
  ['a trace with tokens on two engines of two slots', [...trace, 'engines=2', 'engine=slots:2'], 2],
  ['a queue at each engine', [...trace, 'engines=2', 'engine=slots:2', 'dispatch=immediate'], 2],
  ['a queue inside the engine', [...trace, 'engine=slots:3', 'window=none'], 3],
  ['preempted calls', ['queueing', 'calls=200', 'discipline=preempt-resume', 'policy=atlas', 'agents=4', 'load=0.9'], 1],
  ['a shared processor', ['queueing', 'calls=200', 'discipline=ps'], Infinity],
  ['agents written as code', ['agents-as-code', 'agents=3', 'tasks=2', 'slots=2'], 2],
];

describe.each(CASES)('a timeline of %s', (name, args, places) => {
  const dir = name.replaceAll(' ', '-'), shells = args[0] === 'agents-as-code' ? ['promise'] : ['event', 'promise'];
  let events: readonly Event[] = [], lines: CallLine[] = [];
  beforeAll(async () => {
    for (const shell of shells) expect((await say('run', ...args, '--reps', '1', '-o', `${dir}-${shell}`, '--trace', `${dir}-${shell}.json`, '--calls', `${dir}.jsonl`, '--shell', shell, '--no-report', '-q', '-j', '1')).err).toBe('');
    events = drawn(`${dir}-${shells[0]}.json`);
    lines = calls(`${dir}.jsonl`);
  });

  it('has one wait more than interruptions for every call, opened and closed, as long as the calls say', () => {
    const open = new Map<number, Event>(), waits = new Map<unknown, number>();
    for (const event of events) {
      if (event.ph === 'b') { expect(open.has(event.id!)).toBe(false); open.set(event.id!, event); }
      if (event.ph !== 'e') continue;
      const begun = open.get(event.id!)!, call = begun.args!['call'];
      open.delete(event.id!);
      expect(event.ts).toBeGreaterThanOrEqual(begun.ts);
      if (!waits.has(call)) waits.set(call, event.ts - begun.ts);
    }
    expect(open.size).toBe(0);
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) if (line.scheduled !== null) expect([line.id, waits.get(line.id)]).toEqual([line.id, Math.round((line.scheduled - line.arrival) * 1e6)]);
    expect(events.filter(({ ph }) => ph === 'b')).toHaveLength(lines.length + lines.filter((line) => line.scheduled !== null).reduce((sum, line) => sum + line.preemptions, 0));
  });

  it('has services that never overlap on a place, on no more places than there are', () => {
    const all = byPlace(events), engines = new Map<number, number>();
    for (const list of all) {
      engines.set(list[0].pid, (engines.get(list[0].pid) ?? 0) + 1);
      list.forEach((event, i) => { if (i > 0) expect(event.ts).toBeGreaterThanOrEqual(list[i - 1].ts + list[i - 1].dur!); });
    }
    expect(Math.max(...engines.values())).toBeLessThanOrEqual(places);
    const first = new Map<unknown, Event>();
    for (const event of all.flat().sort((a, b) => a.ts - b.ts)) if (!first.has(event.args!['call'])) first.set(event.args!['call'], event);
    for (const line of lines) if (line.scheduled !== null) expect([line.id, first.get(line.id)?.ts]).toEqual([line.id, Math.round(line.scheduled * 1e6)]);
  });

  it('counts the waiting calls from none to none', () => {
    const counts = events.filter(({ ph }) => ph === 'C');
    expect(counts.every((event, i) => i === 0 || event.ts > counts[i - 1].ts)).toBe(true);
    expect(Math.min(...counts.map((event) => Number(event.args!['calls'])))).toBeGreaterThanOrEqual(0);
    expect(counts.at(-1)?.args).toEqual({ calls: 0 });
  });

  it('names every track, and is the same through both shells', async () => {
    const named = new Set(events.filter(({ ph, name: what }) => ph === 'M' && (what === 'thread_name' || what === 'process_name')).map(({ pid, tid, name: what }) => `${what} ${pid} ${what === 'thread_name' ? tid : ''}`));
    for (const event of events) if (event.ph === 'X') { expect(named).toContain(`thread_name ${event.pid} ${event.tid}`); expect(named).toContain(`process_name ${event.pid} `); }
    if (shells.length > 1) expect(text(`${dir}-promise.json`)).toBe(text(`${dir}-event.json`));
    // What is watched goes as what is not.
    expect((await say('run', ...args, '--reps', '1', '-o', `${dir}-plain`, '--no-report', '-q', '-j', '1')).err).toBe('');
    expect(record(`${dir}-${shells[0]}`)).toMatchObject({ orderDigest: record(`${dir}-plain`).orderDigest, resultDigest: record(`${dir}-plain`).resultDigest });
  });
});

describe('--trace', () => {
  it('draws prefill and decode inside the service', () => {
    const events = drawn('a-trace-with-tokens-on-two-engines-of-two-slots-event.json');
    const parts = events.filter(({ cat }) => cat === 'tokens');
    expect(parts.length).toBeGreaterThan(50);
    for (const part of parts) expect(events.some((event) => event.cat === 'service' && event.pid === part.pid && event.tid === part.tid && event.ts <= part.ts && event.ts + event.dur! >= part.ts + part.dur!)).toBe(true);
  });

  it('draws the first replication of each cell of a sweep, under its label, whatever the workers', async () => {
    for (const jobs of ['1', '2']) expect((await say('sweep', 'loco-fairness', 'alpha=0,1', 'ticks=30', '--reps', '3', '-o', `swept-${jobs}`, '--trace', `swept-${jobs}.json.gz`, '--no-report', '-q', '-j', jobs)).err).toBe('');
    expect(text('swept-2.json.gz')).toBe(text('swept-1.json.gz'));
    const names = drawn('swept-1.json.gz').filter(({ name }) => name === 'process_name').map(({ args }) => args!['name']);
    expect(names).toEqual(['alpha=0 · waiting', 'alpha=0 · engine 0', 'alpha=1 · waiting', 'alpha=1 · engine 0']);
  });

  it('draws any stored replication with run --from', async () => {
    const cell = JSON.parse(text('swept-1/replications.jsonl').split('\n')[0]) as ReplicationRecord;
    for (const rep of ['0', '2']) expect((await say('run', '--from', 'swept-1', '--cell', cell.cell, '--rep', rep, '--trace', `again-${rep}.json`, '-q')).err).toBe('');
    const first = drawn('swept-1.json.gz').filter(({ pid }) => pid > 0 && pid < 10_000).map((event) => JSON.stringify(event).replace('alpha=0 · ', ''));
    expect(drawn('again-0.json').filter(({ pid }) => pid > 0).map((event) => JSON.stringify(event))).toEqual(first);
    expect(text('again-2.json')).not.toBe(text('again-0.json'));
  });

  it('shares no file with --calls, and leaves no part behind', async () => {
    const { code, err } = await say('run', 'loco-burst', '--trace', 'x.json', '--calls', 'x.json');
    expect([code, err]).toEqual([2, expect.stringContaining('--calls and --trace name one file') as string]);
    expect(readdirSync(cwd).filter((name) => name.endsWith('.part') || name.endsWith('.tmp'))).toEqual([]);
  });
});
