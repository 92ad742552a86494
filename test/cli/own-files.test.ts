// What a user brings, through the built program in a folder with nothing else: init, check, metrics by file, and saves that are watched.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../docs/pages.ts';

const program = path.join(ROOT, 'dist/src/cli/main.js'), isBuilt = existsSync(program), note = isBuilt ? '' : ' (skipped: dist is not built)';
const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-own-')), KINDS = ['scenario', 'policy', 'balancer', 'metric'] as const;
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

function run(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [program, ...args], { cwd, env: { PATH: process.env['PATH'] ?? '' } }, (error, out, err) => { done({ code: error === null ? 0 : Number(error.code), out, err }); });
  });
}
const write = (name: string, text: string): void => { writeFileSync(path.join(cwd, name), text); };
const read = (name: string): string => readFileSync(path.join(cwd, name), 'utf8');

interface Kept { readonly kept: boolean; readonly subjects: readonly { readonly clauses: readonly { readonly id: string; readonly holds: boolean | null; readonly why?: string; readonly history?: readonly string[] }[] }[] }

describe.skipIf(!isBuilt)(`in an empty folder${note}`, () => {
  beforeAll(async () => { for (const kind of KINDS) expect(await run('init', kind, '--quiet')).toEqual({ code: 0, out: '', err: '' }); });

  it.each(KINDS)('init %s writes an example that keeps its contract, and a test that passes', async (kind) => {
    const { code, err } = await run('check', `./my-${kind}.ts`, `./my-${kind}.test.ts`, '--histories', '30');
    expect([code, err]).toEqual([0, expect.stringMatching(/all \d+ clauses hold/) as string]);
    expect(err).toContain('pass 2');
  }, 60_000);

  it('what init writes runs together in a sweep, and its number is in every file', async () => {
    const { code, err } = await run('sweep', './my-scenario.ts', 'policy=loco,./my-policy.ts', 'ticks=80', '--reps', '2', '--metric', './my-metric.ts', '--out', 'together');
    expect([code, err]).toEqual([0, expect.stringContaining('my_metric') as string]);
    for (const file of ['summary.json', 'summary.csv', 'manifest.json', 'replications.jsonl']) expect(read(`together/${file}`), file).toContain('my_metric');
    for (const file of ['report.md', 'report.html']) expect(read(`together/${file}`), file).toContain('alls that waited too long');
    expect(read('together/manifest.json')).toContain('"what": "metric"');
    expect((await run('compare', 'together', 'together', '--metric', './my-metric.ts', '--fail-on', './my-metric.ts > +5%', '--json')).out).toContain('"metric": "my_metric"');
    expect((await run('sweep', 'queueing', 'servers=2', 'calls=300', 'balancer=least-loaded,./my-balancer.ts', '--reps', '2', '--no-report', '-q', '-o', 'spread')).code).toBe(0);
  }, 60_000);

  it('a scenario file names metrics, and thresholds hold them', async () => {
    write('late.yaml', 'scenario: ./my-scenario.ts\nparams: {ticks: 60}\nreps: 2\nmetrics: [./my-metric.ts]\nthresholds: [my_metric < -1]\n');
    const { code, err } = await run('run', 'late.yaml', '--no-report', '-o', 'late');
    expect([code, err]).toEqual([4, expect.stringContaining('threshold failed: my_metric < -1') as string]);
    expect(err).not.toMatch(/redo .*--metric/);
  });

  it('finished replications are not resumed with another metric', async () => {
    expect((await run('run', './my-scenario.ts', 'ticks=60', '--reps', '2', '--no-report', '-q', '-o', 'again')).code).toBe(0);
    const { code, err } = await run('run', './my-scenario.ts', 'ticks=60', '--reps', '3', '--no-report', '-q', '-o', 'again', '--resume', '--metric', './my-metric.ts');
    expect([code, err]).toEqual([2, expect.stringContaining('other files of --metric') as string]);
  });

  it('init overwrites nothing and leaves nothing by halves', async () => {
    const before = readdirSync(cwd).sort();
    write('half.test.ts', 'mine');
    expect(await run('init', 'policy', 'half')).toMatchObject({ code: 2, err: expect.stringContaining('half.test.ts exists already, and init overwrites nothing') as string });
    rmSync(path.join(cwd, 'half.test.ts'));
    for (const args of [['init'], ['init', 'polisy'], ['init', 'policy', 'My Policy'], ['init', 'policy', 'none/mine'], ['init', 'policy', 'a', 'b']]) expect((await run(...args)).code, args.join(' ')).toBe(2);
    expect((await run('init', 'polisy')).err).toContain('Did you mean "policy"');
    expect(readdirSync(cwd).sort()).toEqual(before);
  });

  it('check names the clause, the shortest history and what to do, and exits 4', async () => {
    write('waits.ts', read('my-policy.ts').replace('take(wasRunning ? this.#running : this.#queue, call)', 'if (wasRunning) take(this.#running, call)'));
    const { code, err } = await run('check', './waits.ts', '--histories', '100');
    expect(code).toBe(4);
    expect(err).toContain('broken      cancel');
    expect(err).toContain('broken: cancel: a cancelled call leaves nothing\n  the shortest history that shows it\n  1');
    expect(err).toContain('then waiting is 1, and 0 calls wait');
    const { clauses } = (JSON.parse((await run('check', './waits.ts', '--histories', '100', '--json', '-q')).out) as Kept).subjects[0];
    expect(clauses.filter(({ holds }) => holds === false)).toEqual([expect.objectContaining({ id: 'cancel', why: 'waiting is 1, and 0 calls wait', history: expect.arrayContaining([expect.stringContaining('is cancelled') as string]) as string[] })]);
  }, 60_000);

  it.each([['Date.now()', 'clock'], ['new Date()', 'clock'], ['performance.now()', 'clock'], ['setTimeout(() => {}, 1)', 'clock'], ['queueMicrotask(() => {})', 'clock'], ['process.hrtime.bigint()', 'clock'], ['Math.random()', 'random'], ['crypto.randomUUID()', 'random']])('check sees %s in a method, with its line', async (reach, clause) => {
    write('reaches.ts', read('my-policy.ts').replace('take(this.#queue, call);', `take(this.#queue, call); void ${reach};`));
    const { code, err } = await run('check', './reaches.ts', '--clause', clause, '--histories', '20');
    expect([code, err]).toEqual([4, expect.stringMatching(new RegExp(`broken: ${clause}[\\s\\S]*then grant called .* \\(reaches\\.ts:\\d+:\\d+\\)`)) as string]);
  }, 60_000);

  it('check sees what a module does while it is loaded, and what it keeps for later', async () => {
    write('early.ts', `const start = Date.now(), now = performance.now;\n${read('my-policy.ts').replace('take(this.#queue, call);', 'take(this.#queue, call); void now.call(performance); void start;')}`);
    expect((await run('check', './early.ts', '--histories', '20')).err).toContain('then the module calls Date.now() (early.ts:1:20) while it is loaded');
  });

  it.each([[['check'], 'needs a file or a name'], [['check', 'locko'], 'Did you mean "loco"'], [['check', './none.ts'], 'there is no file'], [['check', 'loco', 'alpha=2'], 'accepts a number from 0 to 1'], [['check', 'loco', 'alpah=1'], 'Did you mean "alpha"'], [['check', 'loco', 'alpha=0,1'], 'several values'], [['check', 'loco', '--clause', 'nothing'], 'unknown clause'], [['check', 'loco', '--histories', '0'], 'a whole number from 1'], [['check', './together/summary.json'], 'unknown policy or balancer']] as const)('%j is refused', async (args, why) => {
    expect(await run(...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(why) as string });
  });

  it('check passes what ships, by name and with its parameters', async () => {
    const { code, out } = await run('check', 'balancer=round-robin', 'fcfs', '--histories', '10', '--json', '-q');
    expect([code, (JSON.parse(out) as Kept).kept, (JSON.parse(out) as Kept).subjects.length]).toEqual([0, true, 2]);
  }, 60_000);

  it('a policy that asks to know what the scenario does not grant is refused, and runs where it does', async () => {
    write('short.ts', read('my-policy.ts').replace("knowledge: 'none'", "knowledge: 'oracle'"));
    expect(await run('run', './my-scenario.ts', 'policy=./short.ts')).toMatchObject({ code: 2, err: expect.stringContaining('asks to know "oracle"') as string });
    write('grants.ts', read('my-scenario.ts').replace("classes: ['large', 'small'],", "classes: ['large', 'small'], knowledge: 'oracle',"));
    expect((await run('run', './grants.ts', 'policy=./short.ts', 'ticks=40', '--reps', '1', '--no-report', '-q', '-o', 'granted')).code).toBe(0);
  });
});

describe.skipIf(!isBuilt)(`--watch${note}`, () => {
  it('runs again at a save of an import, shows a broken one and goes on, and ends at Ctrl-C with nothing left', async () => {
    write('order.ts', 'export const sign = 1;\n');
    write('watched.ts', read('my-policy.ts').replace("import { definePolicy } from 'schedlab';", "import { definePolicy } from 'schedlab';\nimport { sign } from './order.ts';").replace('return this.#turns(a) - this.#turns(b)', 'return sign * (this.#turns(a) - this.#turns(b))'));
    const temporary = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('schedlab-watch-')), before = temporary(), files = readdirSync(cwd).sort();
    const child = spawn(process.execPath, [program, 'sweep', 'loco-fairness', 'policy=loco,./watched.ts', 'ticks=60', '--reps', '2', '--watch'], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '', hear = (): void => { /* nobody waits yet */ };
    child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text; hear(); });
    const until = (pattern: RegExp): Promise<string> => new Promise((done) => { hear = () => { if (pattern.test(said)) { const heard = said; said = ''; done(heard); } }; hear(); });
    const ended = new Promise<number | null>((done) => { child.on('close', done); });
    expect(await until(/^[\d.]+ m?s$/m)).toContain('watching watched.ts, order.ts');
    write('order.ts', 'export const sign = -1;\n');
    expect(await until(/from the save to this number/)).toMatch(/saved order\.ts\npolicy=watched\nmetric +now − before +unit +before\n[\s\S]*equal in every replication: policy=loco/);
    write('order.ts', 'export const sign = ;\n');
    expect(await until(/still watching/)).toMatch(/order\.ts:1/);
    write('order.ts', 'export const sign = -1;\n');
    expect(await until(/from the save to this number/)).toContain('equal in every replication: nothing has changed');
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect([temporary(), readdirSync(cwd).sort()]).toEqual([before, files]);
  }, 120_000);

  it.each([[['sweep', 'loco-fairness', 'alpha=0,1', '--watch'], 'nothing to watch'], [['run', './my-scenario.ts', '--watch', '--out', 'x'], '--watch and --out'], [['run', './my-scenario.ts', '--watch', '--json'], '--watch and --json']] as const)('%j is refused', async (args, why) => {
    expect(await run(...args)).toMatchObject({ code: 2, err: expect.stringContaining(why) as string });
  });
});
