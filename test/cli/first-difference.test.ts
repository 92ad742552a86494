// `compare A B --first-difference`: which decision it shows, in words and side by side, on wide and on narrow terminals, and how it ends.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import { because, sideBySide } from '../../src/cli/side-by-side.ts';
import { splitCell } from '../../src/cli/stored.ts';
import { width } from '../../src/cli/table.ts';
import type { DecisionCandidate, DecisionLine } from '../../sim/results.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-parting-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

async function say(...argv: string[]): Promise<{ code: number; out: string; err: string }> { return on({}, ...argv); }
async function on(terminal: { readonly columns?: number; readonly isTTY?: boolean }, ...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd, ...terminal });
  return { code: await main(argv, io), out: io.out(), err: io.err() };
}
const decisions = (file: string): DecisionLine[] => readFileSync(path.join(cwd, file), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as DecisionLine);
const first = '--first-difference';

beforeAll(async () => {
  const quiet = ['--no-report', '-q', '-j', '1'];
  for (const argv of [
    ['sweep', 'loco-fairness', 'alpha=0,0.25,1', 'guard=off', 'ticks=60', '--reps', '3', '-o', 'swept'], ['run', 'loco-fairness', 'alpha=0.25', 'guard=off', 'ticks=60', '--reps', '2', '-o', 'one'],
    ['run', 'loco-fairness', 'alpha=1', 'guard=off', 'ticks=60', '--reps', '3', '-o', 'other'], ['run', 'loco-fairness', 'policy=fcfs', 'ticks=60', '--reps', '2', '-o', 'plain'], ['run', 'loco-fairness', 'ticks=60', '--reps', '1', '--seed', '2', '-o', 'seeded'],
    ['run', 'queueing', 'calls=100', 'servers=2', 'balancer=least-loaded', '--reps', '1', '-o', 'routed'], ['run', 'queueing', 'calls=100', 'servers=2', 'balancer=round-robin', '--reps', '1', '-o', 'turns'],
  ]) expect([0, 3]).toContain((await say(...argv, ...quiet)).code);
});

describe('the first difference of two folders', () => {
  it('is the one that full lists of receipts show, with both receipts', async () => {
    for (const dir of ['one', 'other']) expect((await say('run', '--from', dir, '--cell', JSON.parse(readFileSync(path.join(cwd, dir, 'manifest.json'), 'utf8')).cells[0] as string, '--rep', '0', '--decisions', `${dir}.jsonl`, '-q')).code).toBe(0);
    const [a, b] = [decisions('one.jsonl'), decisions('other.jsonl')], at = a.findIndex((line, i) => line.call !== b[i].call || line.time !== b[i].time);
    const { code, out, err } = await say('compare', 'one', 'other', first, '--json');
    expect(code).toBe(5);
    expect(JSON.parse(out)).toEqual({
      equal: false, replication: 0, shared: at, first: { a: a[at], b: b[at] },
      a: { dir: 'one', cell: expect.stringMatching(/^\w{12}$/) as string, label: 'loco-fairness', decisions: a.length }, b: { dir: 'other', cell: expect.stringMatching(/^\w{12}$/) as string, label: 'loco-fairness', decisions: b.length },
    });
    expect(err).toMatch(new RegExp(`^differs: decision ${at + 1} of replication 0; the ${at} before it are the same\nA is loco-fairness in one, B is loco-fairness in other\nA grants call ${a[at].call} of ${a[at].agent} on engine 0; B grants call ${b[at].call} of ${b[at].agent} on engine 0\\.\n`));
    expect(err).toContain('alpha is 0.25 in A and 1 in B');
    expect(err).toMatch(/\n {9}A +B\ntime +(\S+ s) +\1\nkind +grant at the gate +grant at the gate\n/);
    expect(err).toMatch(/\ncandidate +score A +score B +waited +backlog +age +alpha\n/);
    expect(err.match(/▸/g)).toHaveLength(2);
  });
  it('is none of a folder with itself: exit 0, and nothing is played', async () => {
    expect(await say('compare', 'swept', 'swept', first)).toEqual({ code: 0, out: '', err: 'equal: the order of events is the same in 9 of 9 replications, so no decision differs\n' });
    expect(JSON.parse((await say('compare', 'one', 'swept#alpha=0.25', first, '--json', '-q')).out)).toEqual({ equal: true, a: 'one', b: 'swept#alpha=0.25', replications: 2, played: 0, first: null });
  });
  it('is looked for in two cells of one folder, named by label, by values or by id', async () => {
    const id = (JSON.parse(readFileSync(path.join(cwd, 'swept/manifest.json'), 'utf8')) as { cells: string[] }).cells[2];
    const said = await Promise.all(['alpha=1', 'alpha=1,guard=off', id.slice(0, 8)].map(async (cell) => (await say('compare', 'swept#alpha=0', `swept#${cell}`, first)).err));
    expect(said[0]).toContain('A is alpha=0 in swept, B is alpha=1 in swept\n');
    expect(new Set(said).size).toBe(1);
  });
  it('is limited to a replication by --rep', async () => {
    expect((await say('compare', 'one', 'other', first, '--rep', '1')).err).toMatch(/^differs: decision \d+ of replication 1[;,]/);
    expect((await say('compare', 'one', 'other', first, '--rep', '2')).err).toContain('have no replication 2 in common');
  });
  it('says nothing but its exit code under --quiet', async () => { expect(await say('compare', 'one', 'other', first, '-q')).toEqual({ code: 5, out: '', err: '' }); });
  it('tells a rule without numbers by places', async () => {
    const { err } = await say('compare', 'one', 'plain', first);
    expect(err).toMatch(/\ncandidate +score A +place B +waited/);
  });
  it('shows routes to engines', async () => {
    const { code, err } = await say('compare', 'routed', 'turns', first);
    expect(code).toBe(5);
    expect(err).toMatch(/\nA sends call \d+( of agent \d)? to engine \d; B sends call \d+( of agent \d)? to engine \d\.\n/);
    expect(err).toMatch(/\nengine \d +(▸ )?/);
  });
  it('warns where the seeds differ, and where a file has changed', async () => {
    expect((await say('compare', 'one', 'seeded', first)).err).toContain('warning: the seeds differ, "1/0" and "2/0": the runs have other arrivals');
    mkdirSync(path.join(cwd, 'old'));
    for (const name of ['manifest.json', 'replications.jsonl', 'summary.json']) writeFileSync(path.join(cwd, 'old', name), readFileSync(path.join(cwd, 'one', name), 'utf8').replace(/"tool": "schedlab [^"]*"/, '"tool": "schedlab 0.0.9"').replace(/"orderDigest":"\w{4}/, '"orderDigest":"0000'));
    const { err } = await say('compare', 'old', 'other', first);
    expect(err).toContain('warning: A is repeated with another than it was recorded with: the version: recorded by schedlab 0.0.9');
    expect(err).toContain('warning: replication 0 of A does not go as it was recorded');
  });
  it.each([[24], [40], [63], [64], [80], [100], [140]])('fits a terminal of %i columns', async (columns) => {
    const { err } = await on({ isTTY: true, columns }, 'compare', 'one', 'other', first);
    for (const line of err.split('\n')) if (!line.includes('  alpha')) expect([line, width(line) <= Math.max(columns, 30)]).toEqual([line, true]);
    expect(/\nA\n/.test(err)).toBe(columns < 64);
  });
  it.each([
    [['one', 'other', first, '--metric', 'wait.mean'], '--metric has no say'], [['one', 'other', first, '--fail-on', 'wait.p95 > 1%'], '--fail-on has no say'], [['one', 'other', '--rep', '0'], '--rep in compare belongs to --first-difference'],
    [['one', 'swept#alpha=3', first], 'fits no cell of swept'], [['one', 'swept#', first], 'fits no cell'], [['one', 'none', first], 'there is no folder'], [['one', first], 'compare needs two folders'], [['one', 'other', first, '--rep', 'x'], 'a whole number from 0'],
  ])('refuses %j', async (args, why) => {
    const { code, out, err } = await say('compare', ...args);
    expect([code, out]).toEqual([2, '']);
    expect(err.replaceAll('\n  ', ' ')).toContain(why);
  });
});

describe('two cells of one folder', () => {
  it('are compared by their figures as well', async () => {
    const { code, err } = await say('compare', 'swept#alpha=0', 'swept#alpha=1', '--metric', 'jain.completed');
    expect(code).toBe(0);
    expect(err).toContain('paired by seed');
  });
  it('are named after the last #, unless a folder has that very name', () => {
    expect(splitCell('a#b#c', () => false)).toEqual(['a#b', 'c']);
    expect(splitCell('a#b', () => true)).toEqual(['a#b', undefined]);
    expect(splitCell('#b', () => false)).toEqual(['#b', undefined]);
  });
});

describe('the words for two receipts', () => {
  const candidate = (call: string, score: number | null, terms: Readonly<Record<string, number>> = {}): DecisionCandidate => ({ call, program: call, ordinal: 0, agent: `agent ${call}`, waited: 1, score, terms });
  const line = (candidates: readonly DecisionCandidate[], more: Partial<DecisionLine> = {}): DecisionLine => {
    const [head] = candidates as unknown as { call: string; agent: string }[];
    return { replication: 0, time: 1, kind: 'grant', place: 'gate', call: head.call, program: head.call, ordinal: 0, agent: head.agent, engine: 0, chosen: head.call, waiting: 2, candidates, age: 0, tie: 1, reason: 'highest score', ...more };
  };
  it('say that the rule or its draw differs where all it looked at is the same', () => {
    const terms = { age: 2 };
    expect(because([line([candidate('1', 0.5, terms), candidate('2', 0.5, terms)]), line([candidate('2', 0.5, terms), candidate('1', 0.5, terms)])])).toEqual([
      'In A, both score 0.5, and the tie went to call 1 of agent 1.', 'In B, both score 0.5, and the tie went to call 2 of agent 2.', 'What the rule looked at is the same for every candidate listed: the rule itself, or its draw, differs.',
    ]);
  });
  it('show as many digits as it takes to tell two scores apart', () => {
    expect(because([line([candidate('1', 0.50001), candidate('2', 0.5)]), line([candidate('2', 0.6), candidate('1', 0.5)])])[0]).toBe('In A, call 1 of agent 1 scores 0.50001, call 2 of agent 2 0.5.');
  });
  it('name terms once where they differ alike, else with whom', () => {
    expect(because([line([candidate('1', 1, { alpha: 0, age: 3 }), candidate('2', 0, { alpha: 0, age: 1 })]), line([candidate('2', 1, { alpha: 1, age: 1 }), candidate('1', 0, { alpha: 1, age: 4 })])]).at(-1)).toBe('What the rule looked at differs: alpha is 0 in A and 1 in B; age of call 1 of agent 1 is 3 in A and 4 in B.');
  });
  it('say so where a rival is not listed, where the queues differ, and where the instants do', () => {
    expect(because([line([candidate('1', 1)]), line([candidate('2', 1)], { waiting: 3 })])).toEqual(['In A, call 2 of agent 2 is not among the candidates listed.', 'In B, call 1 of agent 1 is not among the candidates listed.', 'The queues differ: 2 waiting in A, 3 in B.']);
    expect(because([line([candidate('1', 1)]), line([candidate('1', 1)], { time: 2 })])).toEqual(['The instants differ: 1 s in A, 2 s in B.']);
  });
  it('show a run that has ended beside the other', () => {
    expect(because([null, line([candidate('1', 1)])])).toEqual([]);
    expect(sideBySide([null, line([candidate('1', 1)])], 80).join('\n')).toMatch(/time +– +1 s/);
    expect(sideBySide([null, line([candidate('1', 1)])], 40).slice(0, 2)).toEqual(['A', '  no further decision']);
  });
});
