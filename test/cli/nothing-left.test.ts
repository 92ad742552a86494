// What ends with exit code 2 leaves no trace, whether it is refused while planning or goes wrong later; what cannot be done live is refused before anything is made.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import { undoOf } from '../../src/cli/folders.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-nothing-')), trace = path.join(cwd, 't.csv');
const LIVE = ['--target', 'http://127.0.0.1:9'];
beforeAll(() => {
  writeFileSync(trace, 'arrival,prompt_tokens,output_tokens\n0,10,2\n0.001,10,2\n');
  writeFileSync(path.join(cwd, 'wrong.yaml'), 'scenario: loco-fairness\nparams: {ticks: -1}\n');
});
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

async function say(argv: readonly string[], env: Record<string, string> = {}): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd, env });
  return { code: await main(argv, io), out: io.out(), err: io.err().replaceAll('\n  ', ' ') };
}
const listing = (): string[] => readdirSync(cwd, { recursive: true }).map(String).sort();

describe.each([['run', []], ['run --dry-run', ['--dry-run']], ['run --show-config', ['--show-config']]])('%s refuses, and makes nothing:', (_name, more) => {
  it.each<[readonly string[], string, Record<string, string>?]>([
    [['agents-as-code', 'agents=2', '--shell', 'event'], 'agents written as async functions need the promise shell'],
    [['trace-replay', `trace=${trace}`, 'engines=2', ...LIVE], '2 engines are not possible live yet'],
    [['trace-replay', `trace=${trace}`, 'place=engine', ...LIVE], 'a policy inside a real engine is not possible yet'],
    [['queueing', 'discipline=ps', ...LIVE], 'discipline ps is for simulated slots'],
    [['queueing', 'discipline=preempt-resume', ...LIVE], 'a policy inside a real engine'],
    [['loco-burst', '--shell', 'event', ...LIVE], 'the event shell is for simulated time'],
    [['loco-burst', '--target', 'http://a:b@127.0.0.1:9'], 'has a user name or password in its address'],
    [['loco-burst', '--target', 'http://127.0.0.1:9/?key=b'], 'has a query or fragment'],
    [['loco-burst', '--target', 'http://127.0.0.1:9,http://127.0.0.1:10'], 'more than one live endpoint'],
    [['loco-burst', '--target', 'nowhere'], 'accepts sim or the URL of an endpoint'],
    [['loco-burst', ...LIVE], 'SCHEDLAB_API_KEY accepts printable ASCII', { SCHEDLAB_API_KEY: 'a b' }],
    [['trace-replay', `trace=${trace}`, 'speed=1e-6', 'prefillRate=0.001', 'decodeRate=1e-7'], 'decodeRate in run accepts'],
    [['trace-replay', `trace=${trace}`, 'policy=loco', 'identity=none'], 'identity=none says that there are none'],
    [['trace-replay'], 'needs a trace'], [['wrong.yaml'], 'ticks in params'], [['none.yaml'], 'there is no file'],
    [['loco-burst', '--until', 'ci=0'], 'ci=5%'], [['loco-burst', '--baseline', 'alpha=7'], 'fits no cell'],
  ])('%j', async (args, why, env) => {
    const before = listing(), { code, out, err } = await say(['run', ...args, ...more], env);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(why);
    expect(listing()).toEqual(before);
  });
});

describe('what is refused when it is about to be written', () => {
  it.each<[readonly string[], string]>([
    [['loco-burst', '--calls', 'none/c.jsonl'], 'there is no folder none'], [['loco-burst', '--resume'], 'does not know which folder'],
    [['loco-burst', '-o', 't.csv'], 'is a file'], [['loco-burst', '-o', 't.csv/x'], 'is a file'], [['loco-burst', '--calls', '.'], 'is a folder'],
    [['trace-replay', `trace=${trace}`, '--calls', 't.csv'], 'would overwrite the data'],
  ])('%j makes nothing', async (args, why) => {
    const before = listing(), { code, err } = await say(['run', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(why);
    expect(listing()).toEqual(before);
  });
  it('the trace is as it was', () => { expect(readFileSync(trace, 'utf8')).toContain('arrival'); });
});

describe('a run that goes wrong', () => {
  it('before its first replication has ended, such as an endpoint that does not answer, leaves no folder', async () => {
    const before = listing(), { code, err } = await say(['run', 'loco-fairness', 'ticks=2', '--reps', '1', ...LIVE]);
    expect(code).toBe(3);
    expect(err).toContain('http://127.0.0.1:9/v1/models does not answer (unreachable: ECONNREFUSED) Check that the server runs');
    expect(listing()).toEqual(before);
  });
  it('takes back the folders that it made and the files of a run, and nothing else', () => {
    const full = path.join(cwd, 'made/too'), before = listing(), undo = undoOf(full);
    mkdirSync(full, { recursive: true });
    writeFileSync(path.join(full, 'manifest.json'), '');
    undo();
    expect(listing()).toEqual(before);
    const again = undoOf(full);
    mkdirSync(full, { recursive: true });
    writeFileSync(path.join(full, 'mine.txt'), '');
    again();
    expect(readdirSync(full)).toEqual(['mine.txt']);
  });
  it('leaves a folder that held results as it was', () => {
    const full = path.join(cwd, 'held');
    mkdirSync(full);
    writeFileSync(path.join(full, 'manifest.json'), '{}');
    undoOf(full)();
    expect(readdirSync(full)).toEqual(['manifest.json']);
  });
});
