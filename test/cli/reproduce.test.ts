// `reproduce`: a folder run again in a clone of the place where it was made: equal, or what differs first and which of scenario, data and version has changed.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import { ROOT } from '../docs/pages.ts';
import { fakeIo, type FakeIo } from './fake-io.ts';

const all = mkdtempSync(path.join(tmpdir(), 'schedlab-reproduce-')), first = path.join(all, 'first');
afterAll(() => { rmSync(all, { recursive: true, force: true }); });

const program = path.join(ROOT, 'dist/bundle/src/cli/main.js'), isBuilt = existsSync(program), note = isBuilt ? '' : ' (skipped: dist is not built)';
const SCENARIO = `import { count, defineScenario, oneSlotPerTick, poisson, policyParam, TickArrivals, TICK_US } from 'schedlab/sim';
export default defineScenario({
  name: 'pair', title: 'two agents', question: 'Who waits?', params: { policy: policyParam('loco'), rate: count(1, 'arrivals', 9) }, headline: ['wait.mean'], notSimulated: [],
  setup({ params, ...partners }) {
    const agents = ['a', 'b'].map((name) => ({ name, class: 'all' }));
    return { ...oneSlotPerTick(partners, 30), classes: ['all'], agents, workload: (streams) => new TickArrivals(streams, {
      ticks: 30, tickUs: TICK_US, agents: agents.map(() => ({ callClass: 0, weight: 1, arrivals: (_tick, u) => poisson(u, 0.4 * Number(params['rate'])) })) }) };
  },
});
`;
const POLICY = `import { definePolicy, POLICIES } from 'schedlab';
export default definePolicy({ ...POLICIES.fcfs, name: 'mine', title: 'mine' });
`;
const TRACE = 'arrival,prompt_tokens,output_tokens\n0,8000,50\n0.5,800,50\n0.6,800,5\n';

interface Said { readonly code: number; readonly out: string; readonly err: string }
async function say(cwd: string, argv: readonly string[], io: FakeIo = fakeIo({ cwd })): Promise<Said> {
  return { code: await main(argv, io), out: io.out(), err: io.err() };
}

/** The same through the built program, which loads code of users. */
function run(cwd: string, ...argv: readonly string[]): Promise<Said> {
  return new Promise((done) => { execFile(process.execPath, [program, ...argv], { cwd, env: { PATH: process.env['PATH'] ?? '' } }, (error, out, err) => { done({ code: error === null ? 0 : Number(error.code), out, err }); }); });
}

let clones = 0;
/** A copy of the first place, with some files changed. */
function clone(changes: Readonly<Record<string, (text: string) => string>> = {}): string {
  const cwd = path.join(all, `clone-${clones++}`);
  cpSync(first, cwd, { recursive: true });
  for (const [file, change] of Object.entries(changes)) { const full = path.join(cwd, file); writeFileSync(full, change(readFileSync(full, 'utf8'))); }
  return cwd;
}
/** Everything under a folder, with contents: nothing may be written. */
const contents = (dir: string): string[] => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => `${entry.name} ${readFileSync(path.join(entry.parentPath, entry.name), 'utf8')}`).sort();

beforeAll(async () => {
  mkdirSync(first);
  writeFileSync(path.join(first, 'pair.ts'), SCENARIO);
  writeFileSync(path.join(first, 'mine.ts'), POLICY);
  writeFileSync(path.join(first, 't.csv'), TRACE);
  const quiet = ['--no-report', '-q', '-j', '1'];
  expect((await say(first, ['sweep', 'loco-fairness', 'alpha=0,0.5', 'ticks=40', '--reps', '4', '--seed', 'night', '-o', 'results/swept', ...quiet])).err).toBe('');
  if (!isBuilt) return;
  for (const argv of [
    ['sweep', './pair.ts', 'rate=1,2', '--reps', '3', '-o', 'results/coded'], ['run', 'trace-replay', 'trace=t.csv', '-o', 'results/traced'],
    ['sweep', 'loco-fairness', 'policy=loco,./mine.ts', 'ticks=30', '--reps', '2', '-o', 'results/mine'],
  ]) expect((await run(first, ...argv, ...quiet)).err).toBe('');
});

describe('reproduce in a clone', () => {
  it.skipIf(!isBuilt).each([['coded', 'all 6 replications of 2 cells have'], ['mine', 'all 4 replications of 2 cells have']])(`%s: equal, and nothing is written${note}`, async (name, what) => {
    const cwd = clone(), before = contents(cwd);
    const { code, out, err } = await run(cwd, 'reproduce', `results/${name}`, '-j', '1');
    expect([code, out, err.split('\n').at(-2)]).toEqual([0, '', `equal: ${what} the digests that were recorded`]);
    expect(contents(cwd)).toEqual(before);
  });

  it.skipIf(!isBuilt)(`works from another folder: files are found above the results${note}`, async () => {
    const cwd = clone();
    const { code, err } = await run(all, 'reproduce', path.join(cwd, 'results/traced'), '-j', '2');
    expect([code, err.split('\n').at(-2)]).toEqual([0, 'equal: the replication has the digests that were recorded']);
  });

  it('says so with two workers as well, with one line a cell', async () => {
    const { code, err } = await say(clone(), ['reproduce', 'results/swept', '-j', '2']);
    expect(code).toBe(0);
    expect(err).toMatch(/^loco-fairness · 2 cells, 8 replications again · 2 workers · seed "night"\n/);
    expect(err.match(/^\d\/8 {2}alpha=/gm)).toHaveLength(2);
  });

  it('is limited to a cell by --cell, and answers in JSON', async () => {
    const { code, out, err } = await say(clone(), ['reproduce', 'results/swept', '--cell', 'alpha=0.5', '--json', '-q']);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual({ equal: true, cells: 1, replications: 4, repeated: 4, different: 0, first: null, changed: [] });
  });
});

describe('reproduce names what changed', () => {
  it.skipIf(!isBuilt)(`the data: the first replication that differs, and the file${note}`, async () => {
    const { code, err } = await run(clone({ 't.csv': (text) => text.replace('0.6', '0.7') }), 'reproduce', 'results/traced', '-j', '1');
    expect(code).toBe(5);
    expect(err).toMatch(/\ndiffers: 1 of 1 replication; the first is replication 0 of trace-replay \(\w{12}\)\n {2}order .*\n {2}results .*\n(?: {2}\w.*\n)+changed: the data: t\.csv has another checksum, \w{16}… in place of \w{16}…\nsee it {3}npx schedlab run --from results\/traced --cell \w{12} --rep 0\n$/);
  });

  it.skipIf(!isBuilt)(`the scenario: an edited file of code${note}`, async () => {
    const { code, err, out } = await run(clone({ 'pair.ts': (text) => text.replace('0.4 *', '0.5 *') }), 'reproduce', 'results/coded', '-j', '1', '--json');
    expect(code).toBe(5);
    expect(err).toContain('changed: the scenario: pair.ts has another checksum, ');
    expect(JSON.parse(out)).toMatchObject({ equal: false, different: 6, first: { label: 'rate=1', replication: 0 }, changed: [{ what: 'scenario', file: 'pair.ts' }] });
  });

  it.skipIf(!isBuilt)(`a scenario that does not know the recorded parameters any more${note}`, async () => {
    const { code, err } = await run(clone({ 'pair.ts': (text) => text.replaceAll('rate:', 'pace:').replaceAll("'rate'", "'pace'") }), 'reproduce', 'results/coded', '-j', '1');
    expect(code).toBe(5);
    expect(err).toMatch(/^differs: results\/coded does not run any more: unknown key "rate"/);
    expect(err).toContain('\nchanged: the scenario: pair.ts has another checksum, ');
  });

  it('the version of the manifest, where the results are equal as where they are not', async () => {
    const old = (text: string): string => text.replace(/"tool": "schedlab [^"]*"/, '"tool": "schedlab 0.0.9"');
    const { code, err } = await say(clone({ 'results/swept/manifest.json': old }), ['reproduce', 'results/swept', '-j', '1']);
    expect(code).toBe(0);
    expect(err).toMatch(/\nequal: .*\nthough another is the version: recorded by schedlab 0\.0\.9, repeated by schedlab \d\S*\n$/);
    const other = await say(clone({ 'results/swept/manifest.json': old, 'results/swept/replications.jsonl': (text) => text.replace(/"resultDigest":"\w{4}/, '"resultDigest":"0000') }), ['reproduce', 'results/swept', '-j', '1', '--json', '-q']);
    expect(other.code).toBe(5);
    expect((JSON.parse(other.out) as { changed: { what: string }[] }).changed.map(({ what }) => what)).toEqual(['version', 'folder']);
  });

  it.skipIf(!isBuilt)(`a policy of a cell that is asked for, and not that of another${note}`, async () => {
    const cwd = clone({ 'mine.ts': (text) => text.replace('POLICIES.fcfs', "POLICIES['round-robin']") });
    const { code, err } = await run(cwd, 'reproduce', 'results/mine', '-j', '1');
    expect(code).toBe(5);
    expect(err).toMatch(/\ndiffers: 2 of 4 replications; the first is replication 0 of policy=mine /);
    expect(err).toContain('changed: the policy: ./mine.ts has another checksum');
    const other = await run(cwd, 'reproduce', 'results/mine', '-j', '1', '--cell', 'policy=loco', '--json', '-q');
    expect([other.code, (JSON.parse(other.out) as { changed: unknown[] }).changed]).toEqual([0, []]);
  });

  it('an edited figure, though its digests stand', async () => {
    const { code, err } = await say(clone({ 'results/swept/replications.jsonl': (text) => text.replace(/"completed":\d+/, '"completed":9999') }), ['reproduce', 'results/swept', '-j', '1']);
    expect(code).toBe(5);
    expect(err).toContain('  completed  9999 recorded, ');
    expect(err).toContain('nothing named has changed');
  });
});

describe('reproduce refuses', () => {
  it.skipIf(!isBuilt)(`what cannot run: data that are not here${note}`, async () => {
    const cwd = clone();
    rmSync(path.join(cwd, 't.csv'));
    const { code, err } = await run(cwd, 'reproduce', 'results/traced');
    expect(code).toBe(2);
    expect(err.replaceAll('\n  ', ' ')).toMatch(/cannot run results\/traced again without its files: the data: t\.csv is not here; its checksum was \w{64} Put it there/);
  });
  it.each([[[], 'needs one folder'], [['a', 'b'], 'needs one folder'], [['none'], 'there is no folder'], [['results/swept', '--cell', 'zzz'], 'fits no cell'], [['results/swept', '-j', '0'], 'a whole number from 1'], [['results/swept', '--rep', '0'], 'unknown flag']])('%j', async (args, why) => {
    const { code, out, err } = await say(first, ['reproduce', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err.replaceAll('\n  ', ' ')).toContain(why);
  });

  it('stops when interrupted, and says how far it came', async () => {
    const io = fakeIo({ cwd: first }), write = io.stderr.write;
    (io.stderr as { write: (text: string) => unknown }).write = (text) => { write(text); if (text.startsWith('4/8')) { io.interrupt(); } };
    const { code, err } = await say(first, ['reproduce', 'results/swept', '-j', '1'], io);
    expect([0, 130]).toContain(code);
    if (code === 130) expect(err).toContain('interrupted: ');
  });
});
