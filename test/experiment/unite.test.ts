// Folders of one scenario as one experiment: cells side by side, the first wins, what differs is named.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readFolder } from '../../sim/experiment/folder.ts';
import { planExperiment } from '../../sim/experiment/plan.ts';
import { runExperiment } from '../../sim/experiment/run.ts';
import type { ExperimentOptions, ExperimentRequest } from '../../sim/experiment/types.ts';
import { uniteFolders, type FinishedFolder } from '../../sim/experiment/unite.ts';
import { fakeLaboratory, fakeScenario } from './fake.ts';

const root = mkdtempSync(join(tmpdir(), 'schedlab-unite-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

let made = 0;
const flag = (value: unknown) => ({ value, origin: 'flag' as const, where: 'the command' });
async function folder(request: Partial<ExperimentRequest>, options: ExperimentOptions = {}): Promise<FinishedFolder> {
  const dir = join(root, `f${made++}`);
  await runExperiment(planExperiment({ scenario: fakeScenario, version: '1.0.0', ...request }, fakeLaboratory), { reps: 4, outDir: dir, ...options }, fakeLaboratory);
  return { ...readFolder(dir), dir: `f${made - 1}` } as FinishedFolder;
}
const alphas = (...values: number[]): Partial<ExperimentRequest> => ({ swept: [{ key: 'alpha', values }] });

test('cells of two folders are what one sweep over all of them gives', async () => {
  const united = uniteFolders([await folder(alphas(0, 0.25)), await folder(alphas(0.5, 1))]), whole = await folder(alphas(0, 0.25, 0.5, 1));
  expect(united.summary).toEqual(whole.summary);
  expect(united.records).toEqual(whole.records);
  expect({ ...united.manifest, wall: null, redo: '', asked: '' }).toEqual({ ...whole.manifest, wall: null, redo: '', asked: '' });
  expect(united.manifest.redo).toBe('npx schedlab sweep fake alpha=0,0.25 --reps 4 --seed 1 && npx schedlab sweep fake alpha=0.5,1 --reps 4 --seed 1');
});

test('cells that were never swept are told apart by what differs', async () => {
  const { summary, manifest } = uniteFolders([await folder({ given: { policy: flag('plain') } }), await folder({ given: { load: flag(0.9) } })]);
  expect(summary.cells.map((cell) => cell.label)).toEqual(['policy=plain load=0.5', 'policy=tuned load=0.9']);
  expect(summary.baseline).toBe(summary.cells[0].id);
  expect(summary.comparisons).toHaveLength(2);
  expect(manifest.swept).toEqual(['policy', 'load']);
});

test('a cell that is in two folders is taken from the first, and that is said', async () => {
  const a = await folder(alphas(0, 0.25), { reps: 2 }), b = await folder(alphas(0.25, 1), { reps: 6 });
  const { summary, notes, manifest } = uniteFolders([a, b]);
  expect(summary.cells.map((cell) => [cell.label, cell.replications])).toEqual([['alpha=0', 2], ['alpha=0.25', 2], ['alpha=1', 6]]);
  expect(notes).toEqual([`the cell alpha=0.25 is in ${a.dir} and in ${b.dir}: the first is taken`]);
  expect(summary.notes).toEqual(expect.arrayContaining([...notes]));
  expect(manifest.reps).toBe(6);
  // Pairs are made of what both have.
  expect(summary.comparisons.map((comparison) => comparison.n)).toEqual([2, 2, 2, 2]);
});

test('thresholds of any folder are asked of every cell', async () => {
  const { summary } = uniteFolders([await folder(alphas(0), { seed: 's' }), await folder({ ...alphas(1), thresholds: ['wait.mean < 0'] }, { seed: 's' })]);
  expect(summary.thresholds.map(({ text, held }) => [text, held])).toEqual([['wait.mean < 0', false], ['wait.mean < 0', false]]);
});

test('folders that are not of one experiment are refused with what differs', async () => {
  const a = await folder(alphas(0));
  const refusal = (b: FinishedFolder): string => { try { uniteFolders([a, b]); } catch (error) { return (error as Error).message; } throw new Error('accepted'); };
  expect(refusal(await folder(alphas(1), { seed: 'other' }))).toContain('cannot stand in one report: they have other seeds, "1" and "other"');
  expect(refusal(await folder({ ...alphas(1), version: '1.1.0' }))).toContain('other versions, "schedlab 1.0.0" and "schedlab 1.1.0"');
  expect(refusal(await folder({ ...alphas(1), scenario: { ...fakeScenario, name: 'feint' } }))).toContain('other scenarios, "fake" and "feint"');
  expect(refusal(await folder(alphas(1), { target: 'http://127.0.0.1:8000' }))).toContain('other targets');
  expect(refusal(await folder({ ...alphas(1), given: { data: flag('t7.csv') } }))).toContain('other data, none and t7.csv');
  const file = { what: 'scenario' as const, path: 'mine.ts', sha256: 'a' }, mine = (sha256: string): FinishedFolder => ({ ...a, manifest: { ...a.manifest, files: [{ ...file, sha256 }] } });
  expect(() => uniteFolders([mine('a'), mine('b')])).toThrow('another content of the scenario mine.ts');
});
