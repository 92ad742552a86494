// `run --from`: a stored replication again. Equal digests exit 0; others exit 5 and say what else is another.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import type { CallLine, Manifest, ReplicationRecord } from '../../sim/results.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-repeat-')), trace = path.join(cwd, 't.csv'), TRACE = 'arrival,prompt_tokens,output_tokens\n0,8000,50\n0.5,800,50\n0.6,800,5\n';
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

async function say(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd });
  return { code: await main(argv, io), out: io.out(), err: io.err() };
}
const records = (dir: string): ReplicationRecord[] => readFileSync(path.join(cwd, dir, 'replications.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as ReplicationRecord);
const edit = (file: string, change: (text: string) => string): void => { const full = path.join(cwd, file); writeFileSync(full, change(readFileSync(full, 'utf8'))); };

let cell = '', calls: CallLine[] = [];
beforeAll(async () => {
  writeFileSync(trace, TRACE);
  for (const argv of [
    ['sweep', 'loco-fairness', 'alpha=0,0.5', 'ticks=40', '--reps', '4', '--seed', 'night', '-o', 'swept', '--calls', 'all.jsonl'],
    ['run', 'trace-replay', `trace=${trace}`, '-o', 'traced'], ['run', 'agents-as-code', 'agents=3', 'tasks=1', '--reps', '2', '-o', 'coded'],
  ]) expect((await say(...argv, '--no-report', '-q', '-j', '1')).code).toBe(0);
  cell = records('swept')[4].cell;
  calls = readFileSync(path.join(cwd, 'all.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as CallLine & { cell: string }).filter((line) => line.cell === cell && line.replication === 3);
});

describe('run --from', () => {
  it('repeats a replication, says that its digests are equal, and writes nothing', async () => {
    const before = readdirSync(cwd).sort(), { code, out, err } = await say('run', '--from', 'swept', '--cell', cell, '--rep', '3');
    expect([code, out]).toEqual([0, '']);
    const { orderDigest, resultDigest } = records('swept').find((record) => record.cell === cell && record.replication === 3)!;
    expect(err).toBe(`equal: replication 3 of alpha=0.5 (${cell}) has the digests that were recorded: order ${orderDigest}, results ${resultDigest}\n`);
    expect(readdirSync(cwd).sort()).toEqual(before);
  });
  it('understands the beginning of an id and a label, and either shell', async () => {
    for (const name of [cell.slice(0, 6), 'alpha=0.5']) expect((await say('run', '--from', 'swept', '--cell', name, '--rep', '0', '--shell', 'promise')).code).toBe(0);
  });
  it('writes the calls on request: those that the whole experiment wrote', async () => {
    expect((await say('run', '--from', 'swept', '--cell', cell, '--rep', '3', '--calls', 'again.jsonl', '-q')).code).toBe(0);
    const lines = readFileSync(path.join(cwd, 'again.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as CallLine);
    expect(lines).toEqual(calls.map(({ cell: _cell, ...line }: CallLine & { cell?: string }) => line));
  });
  it('answers in JSON on request', async () => {
    const { out, err } = await say('run', '--from', 'traced', '--cell', records('traced')[0].cell, '--rep', '0', '--json', '-q');
    expect(JSON.parse(out)).toMatchObject({ equal: true, replication: 0, differs: [], recorded: { resultDigest: records('traced')[0].resultDigest } });
    expect(err).toBe('');
  });
  it('repeats agents written as code', async () => {
    expect((await say('run', '--from', 'coded', '--cell', records('coded')[0].cell, '--rep', '1')).code).toBe(0);
    expect((await say('run', '--from', 'coded', '--cell', records('coded')[0].cell, '--rep', '1', '--shell', 'event')).code).toBe(2);
  });

  it('exits 5 where the digests differ, with both of them', async () => {
    edit('coded/replications.jsonl', (text) => text.replace(/"resultDigest":"\w{4}/, '"resultDigest":"0000'));
    const { code, err } = await say('run', '--from', 'coded', '--cell', records('coded')[0].cell, '--rep', '0', '-q');
    expect(code).toBe(5);
    expect(err).toMatch(/^differs: replication 0 of agents-as-code \(\w{12}\)\n {2}order {4}(\w{16}) recorded, \1 now\n {2}results {2}0000\w{12} recorded, \w{16} now\nchanged: the folder: replications\.jsonl does not give the digest \w{16}… of manifest\.json, so one of the two was edited or cut\n$/);
  });
  it('names data that have changed', async () => {
    writeFileSync(trace, TRACE.replace('0.6', '0.7'));
    const { code, err } = await say('run', '--from', 'traced', '--cell', records('traced')[0].cell, '--rep', '0');
    writeFileSync(trace, TRACE);
    expect(code).toBe(5);
    expect(err).toContain(`changed: the data: ${trace} has another checksum, `);
  });
  it('names another version, also where the digests are equal', async () => {
    const old = (text: string): string => { const manifest = JSON.parse(text) as Manifest; return JSON.stringify({ ...manifest, tool: 'schedlab 0.0.9' }); }, id = records('swept')[0].cell;
    const was = readFileSync(path.join(cwd, 'swept/manifest.json'), 'utf8');
    edit('swept/manifest.json', old);
    const { code, err } = await say('run', '--from', 'swept', '--cell', id, '--rep', '0');
    writeFileSync(path.join(cwd, 'swept/manifest.json'), was);
    expect(code).toBe(0);
    expect(err).toMatch(/\nthough another is the version: recorded by schedlab 0\.0\.9, repeated by schedlab \d/);
  });

  it.each([
    [['--from', 'swept'], 'needs --cell and --rep'], [['--from', 'swept', '--cell', 'zzz', '--rep', '0'], 'fits no cell of swept'], [['--from', 'swept', '--cell', '', '--rep', '0'], 'fits no cell'],
    [['--from', 'swept', '--cell', 'alpha=0', '--rep', '9'], 'holds replications 0, 1, 2, 3'], [['--from', 'swept', '--cell', 'alpha=0', '--rep', '-1'], 'a whole number from 0'], [['--from', 'swept', '--cell', 'alpha=0', '--rep', 'x'], 'a whole number from 0'],
    [['--from', 'none', '--cell', 'a', '--rep', '0'], 'there is no folder'], [['loco-burst', '--from', 'swept'], 'has no place'], [['--from', 'swept', '--seed', 'x'], '--seed in run --from has no say'],
    [['--cell', 'a', 'loco-burst'], '--cell in run belongs to --from'], [['--rep', '3', 'loco-burst'], '--reps N says how many'], [['--from', 'swept', '--cell', 'alpha=0', '--rep', '0', '--calls', 'none/x'], 'there is no folder none'],
  ])('refuses %j', async (args, why) => {
    const before = readdirSync(cwd).sort(), { code, out, err } = await say('run', ...args);
    expect([code, out]).toEqual([2, '']);
    expect(err.replaceAll('\n  ', ' ')).toContain(why);
    expect(readdirSync(cwd).sort()).toEqual(before);
  });
  it('refuses what was recorded live', async () => {
    edit('traced/manifest.json', (text) => text.replace('"target": "sim"', '"target": "http://127.0.0.1:9"'));
    expect((await say('run', '--from', 'traced', '--cell', 'x', '--rep', '0')).err).toContain('was recorded live');
  });
});
