// Code of a user that ends the process, lets errors float, eats memory, loops for ever or prints: the built program tells whose doing it is.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../docs/pages.ts';

const program = path.join(ROOT, 'dist/src/cli/main.js'), isBuilt = existsSync(program), note = isBuilt ? '' : ' (skipped: dist is not built)';
const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-strangers-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

interface Ended { readonly code: number | null; readonly signal: string | null; readonly out: string; readonly err: string }
function start(args: readonly string[], { interrupt, times = 1 }: { readonly interrupt?: RegExp; readonly times?: number } = {}): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [program, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] ?? '' } });
    let out = '', err = '', sent = 0;
    const again = (): void => { if (sent++ < times) { child.kill('SIGINT'); setTimeout(again, 200); } };
    child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text; if (interrupt?.test(err) && sent === 0) again(); });
    child.on('close', (code, signal) => { done({ code, signal, out, err }); });
  });
}
const run = (policy: string, ...more: readonly string[]): Promise<Ended> => start(['run', 'loco-fairness', `policy=./${policy}`, 'ticks=60', '--reps', '2', '--no-report', '-o', `out-${policy}`, ...more]);

const AT_TOP = { 'exit-top': 'process.exit(0);', floats: "Promise.reject(new Error('floating'));", 'floats-text': "Promise.reject('floating');", 'loops-top': "console.error('loaded'); for (;;);", prints: "console.log('printed');" };
const IN_FIRST = { 'exit-first': 'process.exit(1);', 'real-exit': 'process.reallyExit(0);', 'kills-first': "process.kill(process.pid, 'SIGKILL');", 'floats-first': "Promise.reject(new Error('floating'));", hogs: 'const all = []; for (;;) all.push(new Array(100000).fill(1.5));', loops: 'for (;;);', speaks: "console.log('spoken'); process.stdout.write('raw\\n');" };

describe.skipIf(!isBuilt)(`code of strangers${note}`, () => {
  beforeAll(async () => {
    await start(['init', 'policy', '--quiet']);
    const text = readFileSync(path.join(cwd, 'my-policy.ts'), 'utf8');
    for (const [name, line] of Object.entries(AT_TOP)) writeFileSync(path.join(cwd, `${name}.ts`), `${line}\n${text}`);
    for (const [name, line] of Object.entries(IN_FIRST)) writeFileSync(path.join(cwd, `${name}.ts`), text.replace('first(admits: Admits): CallSlot {', `$& ${line}`));
  });

  it.each(['exit-top', 'exit-first', 'real-exit', 'kills-first'])('%s: a call that would end the process is told with exit code 2, the file and the line', async (name) => {
    const { code, out, err } = await run(`${name}.ts`);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(new RegExp(`it calls process\\.\\w+\\([\\s\\S]*${name}\\.ts:\\d+:\\d+`));
    expect(existsSync(path.join(cwd, `out-${name}.ts`))).toBe(false);
  });

  it('validate hears of both as well', async () => {
    expect(await start(['validate', 'loco-fairness', 'policy=./exit-top.ts'])).toMatchObject({ code: 2, err: expect.stringContaining('exit-top.ts:1:') as string });
    expect(await start(['validate', 'loco-fairness', 'policy=./floats.ts'])).toMatchObject({ code: 2, err: expect.stringContaining('floats.ts:1:') as string });
  });

  it.each(['floats', 'floats-first', 'floats-text'])('%s: a rejection that nobody handles is the file\'s, and leaves no folder', async (name) => {
    const { code, err } = await run(`${name}.ts`);
    expect([code, err]).toEqual([2, expect.stringMatching(new RegExp(`floating[\\s\\S]*nobody waits for`)) as string]);
    expect(err).toContain(`${name}.ts`);
    expect(err).not.toContain('bug');
    expect(existsSync(path.join(cwd, `out-${name}.ts`))).toBe(false);
  });

  it('check names the clause of a call that would end the process, and of a method that never comes back', async () => {
    for (const name of ['exit-top', 'exit-first']) expect(await start(['check', `./${name}.ts`, '--histories', '20'])).toMatchObject({ code: 4, err: expect.stringMatching(/broken: throws[\s\S]*process\.exit\(\d\)/) as string });
    expect(await start(['check', './floats.ts', '--histories', '20'])).toMatchObject({ code: 2, err: expect.stringContaining('floats.ts:1:') as string });
    const { code, out, err } = await start(['check', './loops.ts', '--histories', '20', '--json']);
    expect([code, err]).toEqual([4, expect.stringMatching(/broken: ends: comes back[\s\S]* 1 .*arrives[\s\S]*then first has not come back within 10 s/) as string]);
    expect(JSON.parse(out)).toMatchObject({ kept: false, subjects: [{ clauses: [{ id: 'ends', holds: false }] }] });
    expect(await start(['check', './hogs.ts', '--histories', '20'])).toMatchObject({ code: 4, err: expect.stringContaining('then memory runs out while it is in first') as string });
  }, 60_000);

  it('memory that runs out names the policy, and is no bug', async () => {
    const { code, err } = await run('hogs.ts', '--jobs', '1', '-q');
    expect([code, err]).toEqual([2, expect.stringContaining('ran out of memory, with ./hogs.ts') as string]);
    expect(err).not.toMatch(/bug|\n\s+at /);
  }, 60_000);

  it.each(['prints', 'speaks'])('%s: what a file prints does not stand in --json', async (name) => {
    const { code, out, err } = await run(`${name}.ts`, '--json', '-q');
    expect([code, (JSON.parse(out) as { readonly scenario: string }).scenario]).toEqual([0, 'loco-fairness']);
    expect(err).toMatch(name === 'prints' ? /printed/ : /spoken[\s\S]*raw/);
  });

  it('Ctrl-C ends a file that loops while it is loaded, and a policy that loops in a run', async () => {
    expect(await start(['run', 'loco-fairness', 'policy=./loops-top.ts'], { interrupt: /loaded/, times: 2 })).toMatchObject({ code: null, signal: 'SIGINT' });
    expect(await start(['run', 'loco-fairness', 'policy=./loops.ts', '-o', 'looped'], { interrupt: /seed/, times: 2 })).toMatchObject({ code: 130 });
  }, 30_000);
});

describe.skipIf(!isBuilt)(`a folder${note}`, () => {
  it('two runs at a time are told apart, and the lock of a process that is gone is taken over', async () => {
    const first = start(['run', 'queueing', 'calls=3000000', '--reps', '40', '--jobs', '1', '--no-report', '-o', 'twice'], { interrupt: /(^|\r|\n)\s*\d+\/\d+|seed/, times: 0 });
    for (let i = 0; i < 100 && !existsSync(path.join(cwd, 'twice/manifest.json')); i++) await new Promise((done) => { setTimeout(done, 50); });
    const holder = JSON.parse(readFileSync(path.join(cwd, 'twice/.lock'), 'utf8')) as { readonly pid: number };
    const other = start(['run', 'queueing', 'calls=3000000', '--reps', '40', '--jobs', '1', '--no-report', '-o', 'twice', '--resume']);
    expect(await other).toMatchObject({ code: 2, err: expect.stringContaining(`process ${holder.pid} is writing to`) as string });
    process.kill(holder.pid, 'SIGKILL');
    await first;
    expect(existsSync(path.join(cwd, 'twice/.lock'))).toBe(true);
    const { code, err } = await start(['run', 'queueing', 'calls=3000000', '--reps', '40', '--jobs', '1', '--no-report', '-o', 'twice', '--resume'], { interrupt: /seed/, times: 2 });
    expect([code, err]).toEqual([130, expect.not.stringContaining('is writing to') as string]);
    expect(readdirSync(path.join(cwd, 'twice'))).not.toContain('.lock');
    for (const verb of ['report', 'reproduce']) expect(await start([verb, 'twice'])).toMatchObject({ code: 2, err: expect.stringContaining('holds no finished replication') as string });
  }, 60_000);

  it('an interrupted run says that a file beside the results is partial, and how to have it whole', async () => {
    const { code, err } = await start(['run', 'queueing', 'calls=20000', '--reps', '4000', '--jobs', '1', '--no-report', '--decisions', 'd.jsonl', '-o', 'cut'], { interrupt: /seed/, times: 2 });
    expect(code).toBe(130);
    expect(err).toMatch(/partial: d\.jsonl holds .*--resume adds nothing to it[\s\S]*schedlab run queueing calls=20000 --reps 4000 .*--decisions d\.jsonl/);
  }, 60_000);
});
