// Running: the same bytes however many workers, resumed or not; interrupts, errors, stopping rules.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planExperiment } from '../../sim/experiment/plan.ts';
import { repeatReplication, runExperiment } from '../../sim/experiment/run.ts';
import type { ExperimentOptions, ExperimentRequest, Laboratory, Progress, StopSignal } from '../../sim/experiment/types.ts';
import { fakeLaboratory, fakeScenario } from './fake.ts';

const root = mkdtempSync(join(tmpdir(), 'schedlab-run-'));
const workerFile = join(root, 'worker', 'fake-worker.mjs'), scenarioFile = join(root, 'worker', 'fake-scenarios.mjs');
let made = 0;
const fresh = (): string => join(root, `out${made++}`);

beforeAll(async () => {
  // Node 20 loads no TypeScript in worker threads: the entry is bundled as the build would compile it.
  await build({
    entryPoints: [fileURLToPath(new URL('./fake-worker.ts', import.meta.url)), fileURLToPath(new URL('./fake-scenarios.ts', import.meta.url))],
    bundle: true, format: 'esm', platform: 'node', outdir: join(root, 'worker'), outExtension: { '.js': '.mjs' }, logLevel: 'error', external: ['amaro'],
  });
});
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

const source = () => ({ kind: 'module' as const, url: pathToFileURL(scenarioFile).href, exportName: 'SCENARIOS', name: 'fake' });
const plan = (more: Partial<ExperimentRequest> = {}) => planExperiment({ scenario: fakeScenario, source: source(), version: '1.0.0', swept: [{ key: 'alpha', values: [0, 0.25, 1] }], ...more }, fakeLaboratory);
const run = (options: ExperimentOptions = {}, more: Partial<ExperimentRequest> = {}, laboratory: Laboratory = fakeLaboratory) =>
  runExperiment(plan(more), { reps: 8, workerUrl: pathToFileURL(workerFile), ...options }, laboratory);
const flag = (value: unknown) => ({ value, origin: 'flag' as const, where: 'the command' });

/** All files of a folder, the manifest without the facts of the wall clock. */
function contents(dir: string): Record<string, string> {
  return Object.fromEntries(readdirSync(dir).sort().map((name) => {
    const text = readFileSync(join(dir, name), 'utf8');
    return [name, name === 'manifest.json' ? JSON.stringify({ ...JSON.parse(text) as object, wall: null }) : text];
  }));
}

test('one worker and two write the same bytes', async () => {
  const one = fresh(), two = fresh();
  await run({ outDir: one, jobs: 1 });
  const result = await run({ outDir: two, jobs: 2 });
  expect(result.manifest.wall.workers).toBe(2);
  expect(contents(two)).toEqual(contents(one));
  expect(Object.keys(contents(one))).toEqual(['manifest.json', 'replications.jsonl', 'summary.csv', 'summary.json']);
});

test('three workers with many short replications write the same bytes as this thread', async () => {
  const here = fresh(), there = fresh();
  await run({ outDir: here, jobs: 1, reps: 150 });
  await run({ outDir: there, jobs: 3, reps: 150 });
  expect(contents(there)).toEqual(contents(here));
});

test('replication k has the same seed in every cell', async () => {
  const { records } = await run({ seed: 'night', reps: 3 });
  expect(records.map((r) => r.seed)).toEqual(['night/0', 'night/1', 'night/2', 'night/0', 'night/1', 'night/2', 'night/0', 'night/1', 'night/2']);
  expect(records.filter((r) => r.detail.series).map((r) => r.replication)).toEqual([0, 0, 0]);
});

/** Asks for a stop once `after` replications are done. */
function stopper(after: number, level: 1 | 2): { signal: StopSignal; onProgress: (p: Progress) => void } {
  const signal: StopSignal = { stopRequested: 0 };
  return { signal, onProgress: (p) => { if (p.kind === 'replication' && p.done >= after) signal.stopRequested = level; } };
}

test('the first interrupt finishes the cells that have begun', async () => {
  const dir = fresh();
  const result = await run({ outDir: dir, ...stopper(3, 1) });
  expect(result.interrupted).toBe(true);
  expect(result.exitCode).toBe(130);
  expect(result.summary.cells.map((c) => c.replications)).toEqual([8, 0, 0]);
  expect(result.summary.valid).toBe(false);
  expect(JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8'))).toMatchObject({ interrupted: true, verdict: 'interrupted' });
});

test('the second interrupt stops at once, and what was finished is saved', async () => {
  const dir = fresh();
  const result = await run({ outDir: dir, ...stopper(3, 2) });
  expect(result.records).toHaveLength(3);
  expect(readFileSync(join(dir, 'replications.jsonl'), 'utf8').split('\n')).toHaveLength(4);
});

test('interrupts reach workers', async () => {
  // The workers need some 40 ms to hear; what matters is that the folder stays sound.
  const dir = fresh(), whole = fresh();
  await run({ outDir: dir, jobs: 2, reps: 40, ...stopper(1, 2) });
  const result = await run({ outDir: dir, jobs: 2, reps: 40, resume: true });
  expect(result.interrupted).toBe(false);
  await run({ outDir: whole, reps: 40 });
  expect(contents(dir)).toEqual(contents(whole));
});

test('a resumed experiment equals one that was never interrupted', async () => {
  const whole = fresh();
  await run({ outDir: whole });
  for (const after of [1, 7, 8, 13, 23]) {
    const dir = fresh();
    await run({ outDir: dir, ...stopper(after, 2) });
    const result = await run({ outDir: dir, resume: true, jobs: after % 2 + 1 });
    expect(result.reused).toBe(after);
    expect(contents(dir)).toEqual(contents(whole));
  }
});

test('a line that was cut is dropped, said, and run again', async () => {
  const whole = fresh(), dir = fresh();
  await run({ outDir: whole });
  await run({ outDir: dir, ...stopper(5, 2) });
  const file = join(dir, 'replications.jsonl'), text = readFileSync(file, 'utf8');
  writeFileSync(file, text.slice(0, -100));
  const result = await run({ outDir: dir, resume: true });
  expect(result.reused).toBe(4);
  expect(result.warnings).toEqual(['1 damaged line was dropped from replications.jsonl and run again']);
  expect(contents(dir)).toEqual(contents(whole));
});

test('more replications and more cells can be added to a finished experiment', async () => {
  const dir = fresh(), whole = fresh();
  await run({ outDir: dir, reps: 4 });
  const result = await run({ outDir: dir, reps: 6, resume: true }, { also: [{ policy: 'plain' }] });
  expect(result.reused).toBe(12);
  await run({ outDir: whole, reps: 6 }, { also: [{ policy: 'plain' }] });
  expect(contents(dir)).toEqual(contents(whole));
});

test('results are never overwritten', async () => {
  const dir = fresh();
  await run({ outDir: dir, reps: 4 });
  const before = contents(dir);
  await expect(run({ outDir: dir, reps: 4 })).rejects.toThrow(/holds results already.*--resume/);
  await expect(run({ outDir: dir, reps: 4, seed: '2', resume: true })).rejects.toThrow(/its seed is "1", not "2"/);
  await expect(run({ outDir: dir, reps: 2, resume: true })).rejects.toThrow(/more replications than the 2/);
  await expect(run({ outDir: dir, reps: 4, resume: true }, { swept: [{ key: 'alpha', values: [0] }] })).rejects.toThrow(/8 of its replications belong to cells/);
  await expect(run({ outDir: dir, reps: 4, resume: true }, { version: '2.0.0' })).rejects.toThrow(/parameters, data or version/);
  expect(contents(dir)).toEqual(before);
});

test('an error in a replication keeps its code, says where, and leaves a folder that can be resumed', async () => {
  for (const jobs of [1, 2]) {
    const dir = fresh();
    const failing = run({ outDir: dir, jobs }, { also: [{ alpha: 0.5, fail: 5 }] });
    await expect(failing).rejects.toMatchObject({ code: 'ERR_STALLED', message: 'alpha=0.5 fail=5, replication 5: nobody moves.', details: { waiters: 3 } });
    const resumed = await run({ outDir: dir, resume: true }, { also: [{ alpha: 0.5 }] }).catch((error: unknown) => error);
    // Finished replications of the failing cell would be lost, unless it had none: both answers are sound.
    if (resumed instanceof Error) expect(resumed.message).toMatch(/would be lost/);
  }
});

test('what no worker can find again is said as such', async () => {
  const lost = { ...source(), name: 'gone' };
  await expect(run({ jobs: 2 }, { source: lost })).rejects.toMatchObject({ code: 'ERR_SCENARIO_FILE', message: expect.stringMatching(/a worker could not start: gone of SCENARIOS is not a scenario/) as string });
});

test('a scenario that changes while the experiment runs is refused', async () => {
  await expect(runExperiment({ ...plan(), version: '1.0.1' }, { reps: 4, jobs: 2, workerUrl: pathToFileURL(workerFile) }, fakeLaboratory)).rejects.toThrow(/changed while the experiment ran/);
});

test('replications are added in blocks until the metric is precise in every cell, whatever the workers', async () => {
  const one = fresh(), two = fresh();
  const result = await run({ outDir: one, reps: 5, until: { relative: 0.02 } });
  const reps = result.summary.cells[0].replications;
  expect(reps).toBeGreaterThan(5);
  expect(reps % 5).toBe(0);
  expect(result.summary.notes).toContain(`wait.mean is known to 2 % in every cell after ${reps} replications`);
  expect(result.manifest.redo).toContain('--until ci=2% --max-reps 50');
  await run({ outDir: two, reps: 5, until: { relative: 0.02 }, jobs: 2 });
  expect(contents(two)).toEqual(contents(one));
});

test('a precision that is not reached is said', async () => {
  await expect(run({ reps: 4, maxReps: 3, until: { relative: 1e-6 } })).rejects.toThrow(/max-reps=3 is below the 4 replications.*--reps 3/);
  const result = await run({ reps: 4, maxReps: 7, until: { relative: 1e-6 } });
  expect(result.summary.cells[0].replications).toBe(7);
  expect(result.summary.notes.join()).toMatch(/not known to 0.0001 %.*raise --max-reps/);
  await expect(run({ until: { relative: 0.05, metric: 'wiat.mean' } })).rejects.toThrow(/unknown metric "wiat.mean" in until. Did you mean "wait.mean"/);
});

test('the file of calls has every replication in order, however many workers', async () => {
  const one = join(root, 'one.jsonl'), two = join(root, 'two.jsonl.gz');
  await run({ calls: one, reps: 5 });
  await run({ calls: two, reps: 5, jobs: 2 });
  const { gunzipSync } = await import('node:zlib');
  const text = readFileSync(one, 'utf8');
  expect(gunzipSync(readFileSync(two)).toString()).toBe(text);
  const lines = text.trim().split('\n').map((line) => JSON.parse(line) as { cell: string; replication: number });
  expect(lines).toHaveLength(15);
  expect(lines.map((l) => l.replication)).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
  expect(readdirSync(root).filter((name) => name.includes('.part'))).toEqual([]);
});

test('one cell\'s calls have the members of the contract and no other', async () => {
  const file = join(root, 'single.jsonl');
  await run({ calls: file, reps: 1 }, { swept: [] });
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object)).toEqual(['replication', 'id', 'program', 'agent', 'engine', 'class', 'arrival', 'granted', 'scheduled', 'first_token', 'finished', 'prompt_tokens', 'cached_tokens', 'output_tokens', 'preemptions', 'outcome']);
});

test('progress counts up to the total and tells each cell once', async () => {
  const told: Progress[] = [];
  await run({ onProgress: (p) => { told.push(p); } });
  expect(told[0]).toMatchObject({ kind: 'start', done: 0, total: 24 });
  expect(told.filter((p) => p.kind === 'cell').map((p) => p.cell!.label)).toEqual(['alpha=0', 'alpha=0.25', 'alpha=1']);
  expect(told.at(-1)).toMatchObject({ kind: 'end', done: 24, total: 24, events: 24 * 300 });
});

test('one stored replication can be repeated alone', async () => {
  const { records } = await run({ seed: 's' });
  const planned = plan();
  const again = await repeatReplication(planned, planned.cells[1].id.slice(0, 6), 3, { seed: 's' }, fakeLaboratory);
  expect(again).toEqual(records[11]);
  await expect(repeatReplication(planned, 'zz', 0, {}, fakeLaboratory)).rejects.toThrow(/no cell has the id "zz"/);
});

test('an unstable steady study is invalid, a failed threshold is told after it', async () => {
  const unstable = await run({}, { given: { load: flag(1.5), steady: flag(true) } });
  expect(unstable.exitCode).toBe(3);
  expect(unstable.summary.notes[0]).toMatch(/^unstable: the queue grows in alpha=0, alpha=0.25, alpha=1, and a steady state was asked for/);
  expect((await run({}, { thresholds: ['wait.mean < 1s'] })).exitCode).toBe(4);
  expect((await run({}, { thresholds: ['wait.mean < 1h', 'upper(jain.completed) <= 75%'] })).exitCode).toBe(0);
});

test('counts out of range are refused', async () => {
  await expect(run({ reps: 0 })).rejects.toMatchObject({ code: 'ERR_OPTION_RANGE' });
  await expect(run({ jobs: 1.5 })).rejects.toMatchObject({ code: 'ERR_OPTION_RANGE' });
});
