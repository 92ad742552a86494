// The built program, as a shell sees it: exit codes, streams, interrupts, and a hundred and thirty fuzzed commands that never exit 1.
import fc from 'fast-check';
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLine } from './command-lines.ts';
import { codeCase, complaint, traceCase, yamlCase, type Case } from './runs.ts';

const program = path.resolve(import.meta.dirname, '../../dist/bundle/src/cli/main.js');
const built = existsSync(program);
if (!built) console.warn('skipped: the tests of the built program need dist/ (npm run build)');

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-binary-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

interface Result { readonly code: number | null; readonly out: string; readonly err: string }
interface Options { readonly env?: Record<string, string>; readonly interruptAt?: RegExp; readonly times?: number; readonly closeStdout?: boolean; readonly dir?: string }

function start(args: readonly string[], { env = {}, interruptAt, times = 1, closeStdout = false, dir = cwd }: Options = {}): Promise<Result> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [program, ...args], { cwd: dir, env: { PATH: process.env.PATH ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '', err = '', sent = 0;
    if (closeStdout) child.stdout.destroy(); else child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
    const interrupt = (): void => { if (sent < times) { sent++; child.kill('SIGINT'); setTimeout(interrupt, 150); } };
    child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text; if (interruptAt?.test(err) && sent === 0) interrupt(); });
    child.on('error', fail);
    child.on('close', (code) => { done({ code, out, err }); });
  });
}

describe.skipIf(!built)('the built program', () => {
  beforeAll(() => {
    writeFileSync(path.join(cwd, 'f.yaml'), 'scenario: loco-fairness\nparams: {ticks: 50}\nsweep: {alpha: [0, 0.5]}\nreps: 2\nthresholds: [starved < -1]\n');
    writeFileSync(path.join(cwd, 't.csv'), 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10\n2023-11-16 18:17:04.0319600,3180,8\n');
    writeFileSync(path.join(cwd, 'mine.ts'), "import { locoPolicy } from './none.ts';\nexport default locoPolicy;\n");
    writeFileSync(path.join(cwd, 'enum.ts'), 'export default 1;\nenum Colour { Red }\n');
    writeFileSync(path.join(cwd, 'good.ts'), `import { count, defineScenario, oneSlotPerTick, policyParam, TickArrivals, TICK_US } from 'schedlab/sim';
import type { ScenarioDefinition } from 'schedlab/sim';
const twice = (n: number): number => n * 2;
export default defineScenario({
  name: 'mine', title: 'two agents', question: 'Who?', params: { policy: policyParam('loco'), ticks: count(twice(20), 'ticks') }, headline: ['starved'], notSimulated: [],
  setup({ params, ...partners }) {
    const ticks = params['ticks'] as number;
    if (ticks === 13) throw new TypeError('unlucky');
    return { ...oneSlotPerTick(partners, ticks), classes: ['all'], agents: [{ name: 'a', class: 'all' }, { name: 'b', class: 'all' }],
      workload: (streams) => new TickArrivals(streams, { ticks, tickUs: TICK_US, agents: [0, 1].map(() => ({ callClass: 0, weight: 1, arrivals: (tick) => { if (tick === 25 && ticks === 30) throw new RangeError('too late'); return 1; } })) }) };
  },
} satisfies ScenarioDefinition);
`);
  });

  it('tells its version, and help without a stack of imports', async () => {
    expect(await start(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string, err: '' });
    expect((await start(['--help'])).out).toContain('sweep SCENARIO');
  });
  it.skipIf(!existsSync('/dev/full'))('says which output could not be written to the end', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      for (const args of [['list'], ['run', 'loco-burst', '--json', '--quiet', '--no-report']]) {
        const child = spawn(process.execPath, [program, ...args], { cwd, env: { PATH: process.env.PATH ?? '' }, stdio: ['ignore', full, 'pipe'] });
        let err = '';
        child.stderr?.setEncoding('utf8').on('data', (text: string) => { err += text; });
        const code = await new Promise((done) => { child.on('close', done); });
        expect([code, err]).toEqual([2, expect.stringMatching(/^error: standard output could not be written to the end: no space left on the device\n {2}\S/) as string]);
      }
    } finally { closeSync(full); }
  });
  it('puts one JSON document on stdout and nothing else', async () => {
    const { code, out } = await start(['run', 'loco-burst', '--json', '--no-report']);
    expect(code).toBe(0);
    expect((JSON.parse(out) as { schema: string }).schema).toBe('schedlab/summary@1');
  });
  it('runs a sweep to a report', async () => {
    const { code, out, err } = await start(['sweep', 'loco-fairness', 'alpha=0,1', 'ticks=60', '--reps', '3', '-o', 'swept']);
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('redo     npx schedlab reproduce ');
    expect(readdirSync(path.join(cwd, 'swept')).sort()).toEqual(['manifest.json', 'replications.jsonl', 'report.html', 'report.md', 'summary.csv', 'summary.json', 'trails.jsonl']);
    expect((await start(['report', 'swept', '--out', 'again'])).code).toBe(0);
    expect(readFileSync(path.join(cwd, 'again/report.html'), 'utf8')).toBe(readFileSync(path.join(cwd, 'swept/report.html'), 'utf8'));
    expect((await start(['compare', 'swept', 'swept', '--fail-on', 'starved > +5%'])).code).toBe(0);
  }, 60_000);
  it('runs a scenario in TypeScript, on this Node as it stands', async () => {
    const { code, err } = await start(['sweep', './good.ts', 'alpha=0,1', '--reps', '2', '-j', '2', '--no-report', '-o', 'typed']);
    expect(err).toContain('mine · 2 cells');
    expect(code).toBe(0);
  }, 60_000);
  it.each([
    [['run', './enum.ts'], 2, '(./enum.ts:2:1)'], [['run', './mine.ts'], 2, 'file ending'], [['run', './good.ts', 'ticks=13'], 2, 'unlucky (./good.ts:8:'],
    [['sweep', 'f.yaml', '--no-report', '-o', 'thresholds'], 4, 'threshold failed: starved < -1'], [['run', 'queueing', 'load=2', 'calls=2000', '--reps', '2', '--no-report', '-o', 'unstable'], 3, 'invalid'],
    [['run', 'loco-burst', '--frobnicate'], 2, 'unknown flag'], [['bundle'], 2, 'not possible yet'], [['explain'], 2, 'needs one folder'], [['completion', 'tcsh'], 2, 'Valid: bash, fish, zsh'], [['schema', 'reslts'], 2, 'Did you mean'],
  ] as const)('%j exits with %i', async (args, expected, text) => {
    const { code, err } = await start(args);
    expect(err).toContain(text);
    expect(code).toBe(expected);
    expect(err).not.toMatch(/\n +at /);
  }, 60_000);
  it('goes on quietly when its reader goes away', async () => {
    const { code, err } = await start(['run', 'loco-burst', '--json', '-q', '--no-report'], { closeStdout: true });
    expect([code, err]).toEqual([0, '']);
  }, 60_000);
  it('uses no colour without a terminal', async () => { expect((await start(['sweep', 'loco-burst', 'alpha=0,1', '--reps', '2', '--no-report'])).err).not.toContain('\u001b'); }, 60_000);

  it.each([['one worker', '1'], ['two workers', '2']])('is interrupted and resumed to the same bytes, with %s', async (_name, jobs) => {
    const sweep = ['sweep', 'queueing', 'load=lin:0.2:0.75:12', 'calls=20000', '--reps', '2', '--no-report', '-j', jobs];
    const cut = await start([...sweep, '-o', `cut${jobs}`], { interruptAt: /^[234]\/24/m });
    expect(cut.code).toBe(130);
    expect(cut.err).toContain('--resume');
    const saved = readFileSync(path.join(cwd, `cut${jobs}`, 'replications.jsonl'), 'utf8').trim().split('\n').length;
    expect(saved).toBeGreaterThanOrEqual(2);
    expect(saved).toBeLessThan(24);
    expect((await start([...sweep, '-o', `cut${jobs}`, '--resume'])).code).toBe(0);
    expect((await start([...sweep, '-o', `whole${jobs}`])).code).toBe(0);
    for (const file of ['summary.json', 'replications.jsonl', 'summary.csv']) expect(readFileSync(path.join(cwd, `cut${jobs}`, file), 'utf8')).toBe(readFileSync(path.join(cwd, `whole${jobs}`, file), 'utf8'));
  }, 120_000);
  it('stops at the second Ctrl-C in the middle of a long replication', async () => {
    const { code, err } = await start(['run', 'queueing', 'calls=50000000', '--reps', '1', '--no-report', '-o', 'stopped'], { interruptAt: /seed/, times: 2 });
    expect(code).toBe(130);
    expect(err).toContain('no replication is finished; stopped holds what is needed to begin again');
  }, 60_000);

  it('says on Ctrl-C before and after a run what is saved', async () => {
    // Sent when somebody listens for the N-th time: at the start, and when a run has ended.
    writeFileSync(path.join(cwd, 'interrupt.cjs'), `const { on } = process; let n = 0;
process.on = function (name, ...rest) { const answer = on.call(this, name, ...rest); if (name === 'SIGINT' && ++n === Number(process.env.AT)) setImmediate(() => process.kill(process.pid, 'SIGINT')); return answer; };\n`);
    const at = (n: number): Promise<Result> => start(['run', 'loco-burst', '--reps', '2', '-q', '-o', `unheard${n}`], { env: { AT: String(n), NODE_OPTIONS: `--require ${JSON.stringify(path.join(cwd, 'interrupt.cjs'))}` } });
    expect(await at(1)).toEqual({ code: 130, out: '', err: 'interrupted: nothing was begun, and nothing is saved\n' });
    expect(existsSync(path.join(cwd, 'unheard1'))).toBe(false);
    expect(await at(3)).toEqual({ code: 130, out: '', err: 'interrupted: the results are saved, and what was to follow them is not finished\n' });
    expect(existsSync(path.join(cwd, 'unheard3/summary.json'))).toBe(true);
  }, 60_000);

  it('leaves nothing where a scenario goes wrong in the middle of a sweep', async () => {
    const before = readdirSync(cwd, { recursive: true }).sort();
    const { code, err } = await start(['sweep', './good.ts', 'ticks=5,6,30', '--reps', '2', '--no-report', '-o', 'made/by/it']);
    expect(err).toMatch(/error: ticks=30, replication \d: the workload of mine threw RangeError: too late \(\.\/good\.ts:\d+:\d+\)/);
    expect(code).toBe(2);
    expect(readdirSync(cwd, { recursive: true }).sort()).toEqual(before);
  }, 60_000);

  it('a hundred and thirty times: runs or refuses, never exits 1, and writes nothing by halves', async () => {
    const planned = fc.sample(commandLine, { numRuns: 90, seed: 7 }).filter((argv) => !argv.some((arg) => arg.includes('\0')))
      .map((argv): Case => ({ files: {}, argv: [...argv, ...(argv[0] === 'run' || argv[0] === 'sweep' ? ['--show-config'] : [])] }));
    const run = [...fc.sample(yamlCase, { numRuns: 14, seed: 7 }), ...fc.sample(traceCase, { numRuns: 14, seed: 7 }), ...fc.sample(codeCase, { numRuns: 14, seed: 7 })]
      .map(({ files, argv }): Case => ({ files, argv: [...argv, '--no-report', '-j', '1'] }));
    const cases = [...planned, ...run], wrong: string[] = [], before = readdirSync(cwd).sort();
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < cases.length) {
        const at = next++, { files, argv } = cases[at], isPlanned = at < planned.length, dir = isPlanned ? cwd : mkdtempSync(path.join(tmpdir(), 'schedlab-binary-'));
        for (const [name, text] of Object.entries(files)) writeFileSync(path.join(dir, name), text);
        const end = await start(argv, { dir });
        const what = isPlanned ? (end.code === 0 || end.code === 2 ? undefined : `exit ${String(end.code)}`) : complaint(dir, Object.keys(files), { ...end, code: end.code ?? -1 });
        if (what !== undefined) wrong.push(`${JSON.stringify(argv)}: ${what}\n${end.err}\n${Object.values(files).join('\n')}`);
        if (!isPlanned) rmSync(dir, { recursive: true });
      }
    };
    await Promise.all([worker(), worker()]);
    expect(cases.length).toBeGreaterThan(125);
    expect(wrong.join('\n----\n')).toBe('');
    expect(readdirSync(cwd).sort()).toEqual(before);
  }, 300_000);
});
