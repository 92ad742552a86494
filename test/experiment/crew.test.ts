// A crew: this thread works alone where that is quickest, calls workers where it is not, and always hears who interrupts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Crew } from '../../sim/experiment/crew.ts';
import { LocalRunner } from '../../sim/experiment/local.ts';
import { planExperiment } from '../../sim/experiment/plan.ts';
import { WorkerPool } from '../../sim/experiment/pool.ts';
import { sharedBytes } from '../../sim/experiment/protocol.ts';
import type { Task } from '../../sim/experiment/tasks.ts';
import type { Laboratory, RunCell, StopSignal } from '../../sim/experiment/types.ts';
import { fakeLaboratory, fakeRun, fakeScenario } from './fake.ts';

const root = mkdtempSync(join(tmpdir(), 'schedlab-crew-'));
beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('./fake-worker.ts', import.meta.url)), fileURLToPath(new URL('./fake-scenarios.ts', import.meta.url))],
    bundle: true, format: 'esm', platform: 'node', outdir: root, outExtension: { '.js': '.mjs' }, logLevel: 'error', external: ['amaro'],
  });
});
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

const source = { kind: 'module' as const, url: pathToFileURL(join(root, 'fake-scenarios.mjs')).href, exportName: 'SCENARIOS', name: 'fake' };
const settings = { seed: '1', shell: 'auto', calls: undefined, manyCells: true } as const;

/** A crew of two whose work in this thread is `runCell`; `enlisted` counts how often workers were called. */
function crewOf(runCell: RunCell, version = '1.0.0') {
  const laboratory: Laboratory = { ...fakeLaboratory, runCell }, shared = sharedBytes(2);
  const plan = planExperiment({ scenario: fakeScenario, source, version: '1.0.0', swept: [{ key: 'alpha', values: [0, 1] }] }, laboratory);
  const enlisted = { times: 0 };
  const crew = new Crew(2, new LocalRunner(plan, laboratory, settings, shared), () => { enlisted.times++; return new WorkerPool({ ...plan, version }, source, settings, 1, pathToFileURL(join(root, 'fake-worker.mjs')), shared); });
  return { crew, enlisted };
}

const tasksOf = (count: number): Task[] => Array.from({ length: count }, (_, i) => ({ cell: i % 2, replication: i >> 1 }));
const nobodyStops: StopSignal = { stopRequested: 0 };
const slow = (ms: number): RunCell => async (model, options) => {
  for (const end = performance.now() + ms; performance.now() < end;) await options.breathe?.();
  return fakeRun(model, options);
};

test('short work is done in this thread, without a worker', async () => {
  const { crew, enlisted } = crewOf(fakeRun), done: Task[] = [];
  await crew.run(tasksOf(60), nobodyStops, (task) => { done.push(task); });
  await crew.close();
  expect(done).toEqual(tasksOf(60));
  expect(enlisted.times).toBe(0);
});

test('long work calls workers, everything is done once, and a further block finds them there', async () => {
  const { crew, enlisted } = crewOf(slow(50)), seen = new Map<string, string>();
  const keep = (task: Task, record: { resultDigest: string }): void => { const key = `${task.cell}/${task.replication}`; expect(seen.has(key)).toBe(false); seen.set(key, record.resultDigest); };
  await crew.run(tasksOf(80), nobodyStops, keep);
  await crew.run(tasksOf(90).slice(80), nobodyStops, keep);
  await crew.close();
  expect(seen.size).toBe(90);
  expect(enlisted.times).toBe(1);
});

test('a long replication in this thread breathes, and the second interrupt ends it', async () => {
  const { crew } = crewOf(slow(60_000)), signal: StopSignal = { stopRequested: 0 }, started = performance.now();
  setTimeout(() => { signal.stopRequested = 2; }, 100);
  await crew.run(tasksOf(1), signal, () => { throw new Error('nothing is done'); });
  await crew.close();
  expect(performance.now() - started).toBeLessThan(20_000);
});

test('what goes wrong in a worker ends the work of this thread', async () => {
  const { crew } = crewOf(slow(50), '1.0.1');
  await expect(crew.run(tasksOf(200), nobodyStops, () => { /* kept by nobody */ })).rejects.toThrow(/changed while the experiment ran/);
  await crew.close();
});

test('what goes wrong in this thread is told with its cell and number', async () => {
  const { crew } = crewOf(() => { throw new Error('no'); });
  await expect(crew.run(tasksOf(2), nobodyStops, () => { /* kept by nobody */ })).rejects.toThrow(/replication 0: Error: no/);
  await crew.close();
});
