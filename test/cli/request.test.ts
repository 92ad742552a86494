// From a command line to a request: scenarios, precedence, and what is refused before anything runs.
import { mkdtempSync, rmSync, writeFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-request-'));
beforeAll(() => {
  writeFileSync(path.join(cwd, 'f.yaml'), 'scenario: loco-fairness\nparams:\n  guard: off\n  ticks: 200\nsweep:\n  alpha: [0, 0.5]\nreps: 7\n');
  writeFileSync(path.join(cwd, 'bad.yaml'), 'scenario: loco-fairness\nsweep:\n  aplha: [0, 0.25]\n');
  writeFileSync(path.join(cwd, 'range.yaml'), 'scenario: loco-fairness\nparams:\n  alpha: 2\n');
  writeFileSync(path.join(cwd, 'trace.csv'), 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10\n2023-11-16 18:17:04.0319600,3180,8\n');
  writeFileSync(path.join(cwd, 'replay.yaml'), 'scenario: trace-replay\nparams: {trace: trace.csv}\n');
});
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

async function say(argv: readonly string[], env: Record<string, string> = {}): Promise<{ code: number; out: string; err: string }> {
  const before = readdirSync(cwd).sort(), io = fakeIo({ cwd, env });
  const code = await main(argv, io);
  expect(readdirSync(cwd).sort()).toEqual(before);
  return { code, out: io.out(), err: io.err() };
}
type Config = { cells: number; parameters: Record<string, { value: unknown; origin: string }>; settings: Record<string, { value: unknown; origin: string }> };
async function config(argv: readonly string[], env: Record<string, string> = {}): Promise<Config> {
  const { code, out, err } = await say([...argv, '--show-config', '--json'], env);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Config;
}

describe('a value comes from', () => {
  it('the default', async () => { expect((await config(['run', 'loco-fairness'])).parameters).toMatchObject({ ticks: { value: 500, origin: 'default' }, alpha: { value: 0.25, origin: 'scenario' } }); });
  it('the scenario file before the default', async () => {
    const { parameters, settings, cells } = await config(['sweep', 'f.yaml']);
    expect(cells).toBe(2);
    expect(parameters).toMatchObject({ ticks: { value: 200, origin: 'scenario' }, alpha: { value: [0, 0.5], origin: 'scenario' } });
    expect(settings.reps).toEqual({ value: 7, origin: 'scenario' });
  });
  it('the environment before the scenario file', async () => {
    const { parameters, settings, cells } = await config(['run', 'f.yaml'], { SCHEDLAB_PARAM_ALPHA: '0.75', SCHEDLAB_PARAM_BUSY_RATE: '0.3', SCHEDLAB_REPS: '3' });
    expect(cells).toBe(1);
    expect(parameters).toMatchObject({ alpha: { value: 0.75, origin: 'environment' }, busyRate: { value: 0.3, origin: 'environment' } });
    expect(settings.reps).toEqual({ value: 3, origin: 'environment' });
  });
  it('a flag before all', async () => {
    const { parameters, settings } = await config(['run', 'f.yaml', 'alpha=1', '--reps', '2'], { SCHEDLAB_PARAM_ALPHA: '0.75', SCHEDLAB_REPS: '3' });
    expect(parameters.alpha).toEqual({ value: 1, origin: 'flag' });
    expect(settings.reps).toEqual({ value: 2, origin: 'flag' });
  });
  it('a sweep of the command in place of the one in the file', async () => { expect((await config(['sweep', 'f.yaml', 'alpha=0:1:0.1'])).cells).toBe(11); });
  it('a path in a scenario file starts at the file', async () => { expect((await say(['validate', path.join(cwd, 'replay.yaml')])).code).toBe(0); });
});

describe('what does not fit', () => {
  it('a wrong key of a file is shown in its line', async () => {
    const { code, err } = await say(['sweep', 'bad.yaml']);
    expect(code).toBe(2);
    expect(err).toMatch(/^error: unknown key "aplha" in sweep \(bad\.yaml:3:3\)\n {2}3 \| {3}aplha: \[0, 0\.25\]\n {8}\^{5}\n {2}Did you mean "alpha"\? Valid: /);
  });
  it('a wrong value of a file too', async () => { expect((await say(['run', 'range.yaml'])).err).toContain('(range.yaml:3:3)'); });
  it('a list in run is a sweep, with the command to write', async () => {
    const { code, err } = await say(['run', 'loco-fairness', 'alpha=0,0.5', 'guard=off']);
    expect([code, err]).toEqual([2, 'error: alpha in run has several values, which is a sweep\n  Write:\n  npx schedlab sweep loco-fairness alpha=0,0.5 guard=off\n']);
  });
  it.each([
    [['run'], 'needs a scenario'], [['run', 'alpha=1'], 'expects a scenario'], [['run', 'loco-fairnes'], 'Did you mean "loco-fairness"?'], [['run', './none.ts'], 'there is no file'], [['run', '.'], 'unknown scenario'], [['run', './'], 'is no file'],
    [['run', 'loco-fairness', 'alpha'], 'has no "="'], [['run', 'loco-fairness', 'alpha='], 'alpha in run accepts'], [['run', 'loco-fairness', 'alpha=1', 'alpha=2'], 'given twice'],
    [['run', 'loco-fairness', 'aplha=1'], 'Did you mean "alpha"?'], [['run', 'loco-fairness', 'alpha=2'], 'from 0 to 1'], [['run', 'loco-fairness', 'policy=loko'], 'Did you mean "loco"?'],
    [['sweep', 'loco-fairness', 'reps=1,2'], 'never swept'], [['sweep', 'loco-fairness', 'alpha=0:1'], 'start:stop:step'], [['run', 'trace-replay'], 'trace=FILE'], [['run', 'trace-replay', 'trace=none.csv'], 'none.csv'],
    [['run', 'loco-fairness', '--reps', '0'], '--reps in run accepts'], [['run', 'loco-fairness', '--reps', '1.5'], 'whole number'], [['run', 'loco-fairness', '--until', '5%'], 'ci=5%'], [['run', 'loco-fairness', '--until', 'ci=0%'], 'ci=5%'],
    [['run', 'loco-fairness', '--shell', 'fast'], 'event, promise'], [['run', 'loco-fairness', '--jobs', '-1'], '--jobs in run accepts'], [['run', 'loco-fairness', '--target', 'nowhere'], 'sim or the URL'],
    [['run', 'loco-fairness', '--target', 'both=http://a'], 'not possible yet'], [['run', 'loco-fairness', '--target', 'http://a,http://b'], 'not possible yet'], [['run', 'loco-fairness', '--resume'], '--out DIR'],
    [['run', 'loco-fairness', '--out', 'f.yaml'], 'is a file'], [['run', 'loco-fairness', '--out', 'f.yaml/x'], 'is a file'], [['run', 'loco-fairness', '--calls', 'none/calls.jsonl'], 'there is no folder none'], [['run', 'loco-fairness', '--calls', '.'], 'is a folder'],
    [['sweep', 'loco-fairness', 'alpha=0,1', '--baseline', 'alpha=3'], 'fits no cell'], [['sweep', 'loco-fairness', '--zip', 'alpha=0,1', '--zip', 'ticks=1,2,3'], 'alpha has 2, ticks has 3'],
    [['demo', 'live'], 'not possible yet'], [['demo', 'fleet'], 'not possible yet'], [['demo', 'fairnes'], 'Did you mean "fairness"?'], [['demo', 'fairness', 'alpha=1'], 'takes no parameters'],
    [['list', 'things'], 'Valid:'], [['report'], 'needs a folder'], [['report', 'none'], 'no folder'], [['report', '.'], 'no results folder'], [['compare', 'a'], 'two folders'], [['compare', 'none', 'none'], 'no folder'],
  ])('%j', async (argv, why) => {
    const { code, out, err } = await say(argv);
    expect([code, out]).toEqual([2, '']);
    expect(err.replace(/\n {2}/g, ' ')).toContain(why);
    expect(err).toMatch(/^error: /);
  });
  it('a wrong value of the environment names its variable', async () => { expect((await say(['run', 'loco-fairness'], { SCHEDLAB_PARAM_ALPHA: '7' })).err).toContain('SCHEDLAB_PARAM_ALPHA'); });
  it('a variable that nobody reads is a warning', async () => { expect((await say(['run', 'loco-fairness', '--show-config'], { SCHEDLAB_RESP: '3' })).err).toBe('warning: the environment variable SCHEDLAB_RESP means nothing to schedlab. Did you mean SCHEDLAB_REPS?\n'); });
});

describe('list', () => {
  it('shows every kind, one line each', async () => {
    const { code, out } = await say(['list']);
    expect(code).toBe(0);
    for (const word of ['scenarios', 'loco-fairness', 'policies', 'fcfs', 'balancers', 'least-loaded', 'engines', 'slots:N', 'metrics', 'wait.{mean']) expect(out).toContain(word);
  });
  it('shows units, direction and population of metrics', async () => { expect((await say(['list', 'metrics'])).out).toMatch(/^wait \* +s +lower +Wait of served calls +arrival … start of service +served calls$/m); });
  it('is one JSON document on request', async () => { expect(Object.keys(JSON.parse((await say(['list', '--json'])).out) as object)).toEqual(['scenarios', 'policies', 'balancers', 'addons', 'engines', 'programs', 'metrics']); });
});

describe('a grid that is not what its lists multiply to', () => {
  const notes = async (...argv: string[]): Promise<string> => (await say([...argv, '-n'])).err.split('\n').filter((line) => line.startsWith('note: ')).join('\n');
  it('says which cells are not run twice', async () => {
    expect(await notes('sweep', 'loco-fairness', 'ticks=9', 'alpha=0,0.5', 'policy=loco,fcfs')).toBe('note: alpha=0.5 policy=fcfs is the same as a cell before it, and is not run twice');
    expect(await notes('sweep', 'loco-fairness', 'ticks=9', 'alpha=0,0.5,1', 'policy=fcfs,loco')).toBe('note: 2 of 6 cells are the same as others before them, and are not run twice: alpha=0.5 policy=fcfs; alpha=1 policy=fcfs');
  });
  it('says that a sweep without a list is one cell', async () => {
    expect(await notes('sweep', 'loco-fairness', 'ticks=9')).toBe('note: one cell: a list of values makes a grid, such as policy=fcfs,loco');
    expect(await notes('run', 'loco-fairness', 'ticks=9')).toBe('');
  });
});
