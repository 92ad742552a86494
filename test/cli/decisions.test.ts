// Lines of --decisions, through the front door: what a line holds, equal through both shells and with any number of workers, thinned out the same way twice, and without a trace in the results.
import { gunzipSync } from 'node:zlib';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import type { DecisionLine } from '../../sim/results.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-decisions-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

let runs = 0;
async function text(args: readonly string[], file = `d${runs}.jsonl`): Promise<string> {
  const io = fakeIo({ cwd });
  const code = await main([...args, '--no-report', '-q', ...(args.includes('-j') ? [] : ['-j', '1']), '-o', `out${runs++}`, '--decisions', file], io);
  expect([code, io.err()]).toEqual([0, '']);
  const bytes = readFileSync(path.join(cwd, file));
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
const parsed = (lines: string): DecisionLine[] => lines.trim().split('\n').map((line) => JSON.parse(line) as DecisionLine);
const decisions = async (args: readonly string[], file?: string): Promise<DecisionLine[]> => parsed(await text(args, file));
const refused = async (args: readonly string[]): Promise<string> => {
  const io = fakeIo({ cwd });
  expect(await main([...args, '--no-report', '-q'], io)).toBe(2);
  return io.err();
};

const KEYS = ['replication', 'time', 'kind', 'place', 'call', 'program', 'ordinal', 'agent', 'engine', 'chosen', 'waiting', 'candidates', 'age', 'tie', 'reason'];
const FAIR = ['run', 'loco-fairness', 'ticks=40', '--reps', '2'];

describe('a line of --decisions', () => {
  it('holds every member, and names calls as --calls does', async () => {
    const trace = path.join(cwd, 'named.csv');
    writeFileSync(trace, 'id,arrival,prompt_tokens,output_tokens,agent\nx-7,0,80000,5,ann\nx-8,0.1,80,5,bob\nx-9,0.2,80,5,ann\n');
    const lines = await decisions(['run', 'trace-replay', `trace=${trace}`, 'identity=field:agent', 'engine=slots:1', 'policy=loco', 'guard=off']);
    expect(lines.map((line) => Object.keys(line))).toEqual(lines.map(() => KEYS));
    expect(lines.map(({ kind, call, chosen, waiting, reason }) => [kind, call, chosen, waiting, reason])).toEqual([
      ['grant', 'x-7', 'x-7', 1, 'the only agent that waits'], ['grant', 'x-8', 'x-8', 2, 'drawn among 2 of 2 waiting agents, equal in score'], ['grant', 'x-9', 'x-9', 1, 'the only agent that waits'],
    ]);
    expect(lines[1]!.candidates).toEqual([
      { call: 'x-8', program: '1', ordinal: 0, agent: 'bob', waited: 10, score: 1, terms: { backlog: 1, age: 1, alpha: 0.25 } }, { call: 'x-9', program: '2', ordinal: 0, agent: 'ann', waited: 9.9, score: 1, terms: { backlog: 1, age: 1, alpha: 0.25 } },
    ]);
  });
  it('of a chosen engine says what was known of each, and how old it was', async () => {
    const lines = await decisions(['run', 'queueing', 'servers=2', 'calls=200', 'balancer=least-loaded', '--reps', '1']);
    const route = lines.find(({ kind }) => kind === 'route')!;
    expect(Object.keys(route.candidates[0]!)).toEqual(['engine', 'score', 'terms']);
    expect(route.chosen).toBe(route.engine);
    expect(lines.filter(({ kind }) => kind === 'route').every((line) => line.candidates.length === 2 && line.age === 0)).toBe(true);
  });
  it('stands for every grant of every replication, in order', async () => {
    const lines = await decisions([...FAIR, '--calls', 'calls.jsonl']);
    const granted = readFileSync(path.join(cwd, 'calls.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { replication: number; granted: number | null }).filter((line) => line.granted !== null);
    expect(lines.filter(({ kind }) => kind === 'grant')).toHaveLength(granted.length);
    expect(lines).toEqual([...lines].sort((a, b) => a.replication - b.replication || a.time - b.time));
  });
});

describe('a file of decisions', () => {
  it.each([['loco-fairness', ['ticks=60']], ['loco-webhook-spike', []], ['queueing', ['servers=3', 'calls=400', 'balancer=power-of-d', 'd=2']], ['queueing', ['servers=2', 'calls=300', 'discipline=preempt-resume', 'policy=atlas']]] as const)('is the same through both shells: %s %j', async (scenario, params) => {
    const args = ['run', scenario, ...params, '--reps', '2'];
    const event = await text([...args, '--shell', 'event']);
    expect(event.length).toBeGreaterThan(1000);
    expect(await text([...args, '--shell', 'promise'])).toBe(event);
  });
  it('is the same twice, and says nothing about how it was run', async () => {
    expect(await text([...FAIR, '--seed', 'a'])).toBe(await text([...FAIR, '--seed', 'a']));
  });
  it('leaves the results as they are, to the byte', async () => {
    const out = runs;
    await text(FAIR);
    const io = fakeIo({ cwd });
    expect(await main([...FAIR, '--no-report', '-q', '-j', '1', '-o', 'without'], io)).toBe(0);
    for (const file of ['replications.jsonl', 'summary.json', 'summary.csv']) expect(readFileSync(path.join(cwd, `out${out}`, file), 'utf8')).toBe(readFileSync(path.join(cwd, 'without', file), 'utf8'));
  });
  it('names its cells in a sweep, is packed where its name says so, and leaves no parts beside it', async () => {
    const lines = await decisions(['sweep', 'loco-burst', 'alpha=0,1', '--reps', '2'], 'd.jsonl.gz') as (DecisionLine & { readonly cell: string })[];
    expect(new Set(lines.map((line) => `${line.cell} ${line.replication}`)).size).toBe(4);
    expect(Object.keys(lines[0]!)).toEqual(['cell', ...KEYS]);
    expect(readdirSync(cwd).filter((name) => name.startsWith('.'))).toEqual([]);
  });
  it('of a stored replication is that of the run, line by line', async () => {
    const out = runs, all = await decisions(FAIR), io = fakeIo({ cwd });
    const { cell } = JSON.parse(readFileSync(path.join(cwd, `out${out}`, 'replications.jsonl'), 'utf8').split('\n')[0]!) as { cell: string };
    expect(await main(['run', '--from', `out${out}`, '--cell', cell, '--rep', '1', '--decisions', 'again.jsonl', '-q'], io)).toBe(0);
    expect(parsed(readFileSync(path.join(cwd, 'again.jsonl'), 'utf8'))).toEqual(all.filter(({ replication }) => replication === 1));
  });
});

describe('--decisions-sample', () => {
  it('keeps whole calls, says the share on every line, and picks the same ones again', async () => {
    const all = await decisions(['run', 'queueing', 'servers=2', 'calls=2000', 'balancer=least-loaded', '--reps', '1']);
    const args = ['run', 'queueing', 'servers=2', 'calls=2000', 'balancer=least-loaded', '--reps', '1', '--decisions-sample', '0.1'];
    const sample = await decisions(args), kept = new Set(sample.map(({ call }) => call));
    expect(sample.every((line) => line.sample === 0.1)).toBe(true);
    expect(sample.map(({ sample: _, ...line }) => line)).toEqual(all.filter(({ call }) => kept.has(call)));
    expect(kept.size).toBeGreaterThan(140);
    expect(kept.size).toBeLessThan(260);
    expect(await decisions(args)).toEqual(sample);
    expect((await decisions([...args, '--seed', 'other'])).map(({ call }) => call)).not.toEqual(sample.map(({ call }) => call));
  });
  it.each(['0', '-0.1', '1.5', 'half', ''])('of %j is refused', async (share) => {
    expect(await refused([...FAIR, '--decisions', 'x.jsonl', '--decisions-sample', share])).toMatch(/decisions-sample/);
    expect(existsSync(path.join(cwd, 'x.jsonl'))).toBe(false);
  });
  it('without a file is refused', async () => { expect(await refused([...FAIR, '--decisions-sample', '0.5'])).toMatch(/Add --decisions FILE/); });
});

describe('what cannot be is refused before anything runs', () => {
  it('one file for calls and decisions', async () => { expect(await refused([...FAIR, '--calls', 'one.jsonl', '--decisions', 'one.jsonl'])).toMatch(/name one file/); });
  it('a folder that is not there', async () => { expect(await refused([...FAIR, '--decisions', 'nowhere/d.jsonl'])).toMatch(/there is no folder/); });
  it('a resumed run, which would leave decisions out', async () => {
    const io = fakeIo({ cwd });
    expect(await main([...FAIR, '--no-report', '-q', '-j', '1', '-o', 'half'], io)).toBe(0);
    expect(await refused([...FAIR, '-o', 'half', '--resume', '--decisions', 'late.jsonl'])).toMatch(/--decisions needs every replication to run/);
    expect(existsSync(path.join(cwd, 'late.jsonl'))).toBe(false);
  });
});
