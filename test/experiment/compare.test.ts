// Two folders side by side: pairing, Welch, matching of cells, rules that fail.
import { expect, test } from 'vitest';
import { compareFolders } from '../../sim/experiment/compare.ts';
import { breaksRule, parseFailRule } from '../../sim/experiment/fail-on.ts';
import { planExperiment } from '../../sim/experiment/plan.ts';
import { runExperiment } from '../../sim/experiment/run.ts';
import type { ExperimentOptions, ExperimentRequest, ResultsFolder } from '../../sim/experiment/types.ts';
import { fakeLaboratory, fakeScenario } from './fake.ts';

const flag = (value: unknown) => ({ value, origin: 'flag' as const, where: 'the command' });
const folder = async (request: Partial<ExperimentRequest> = {}, options: ExperimentOptions = {}): Promise<ResultsFolder> => {
  const { manifest, summary, records } = await runExperiment(planExperiment({ scenario: fakeScenario, version: '1.0.0', ...request }, fakeLaboratory), { reps: 10, ...options }, fakeLaboratory);
  return { dir: `folder of ${manifest.redo}`, manifest, summary, records, torn: 0 };
};
const sweep = { swept: [{ key: 'alpha', values: [0, 1] }] };

test('an experiment equals itself', async () => {
  const a = await folder(sweep), found = compareFolders(a, a);
  expect(found).toMatchObject({ paired: true, regression: false, equalDigests: 20, commonReplications: 20, notes: [] });
  expect(found.rows.map((r) => [r.cell, r.metric, r.verdict, r.mean])).toEqual([['alpha=0', 'wait.mean', 'equal', 0], ['alpha=0', 'jain.completed', 'equal', 0], ['alpha=1', 'wait.mean', 'equal', 0], ['alpha=1', 'jain.completed', 'equal', 0]]);
});

test('one cell is compared with one cell, paired where the seeds match', async () => {
  const found = compareFolders(await folder({ given: { alpha: flag(0) } }), await folder({ given: { alpha: flag(0.05) } }));
  expect(found.paired).toBe(true);
  const row = found.rows[0];
  expect(row).toMatchObject({ method: 'paired-t', verdict: 'worse', n: 10, unit: 's', cell: 'fake' });
  expect(row.mean).toBeCloseTo(0.05, 2);
  expect(row.b! - row.a!).toBeCloseTo(row.mean!, 9);
  expect(row.relative).toBeCloseTo(row.mean! / row.a!, 12);
});

test('other seeds are not paired, and a small difference drowns', async () => {
  const found = compareFolders(await folder({ given: { alpha: flag(0) } }), await folder({ given: { alpha: flag(0.05) } }, { seed: 'other' }));
  expect(found.paired).toBe(false);
  expect(found.rows[0]).toMatchObject({ method: 'welch', verdict: 'same' });
});

test('cells are matched by parameters where the version changed, and those without a partner are named', async () => {
  const found = compareFolders(await folder(sweep), await folder({ version: '1.1.0', swept: [{ key: 'alpha', values: [1, 0.5] }] }));
  expect(new Set(found.rows.map((r) => r.cell))).toEqual(new Set(['alpha=1']));
  expect(found.notes).toEqual(['alpha=0 is in A only', 'alpha=0.5 is in B only', 'the versions differ: schedlab 1.0.0 and schedlab 1.1.0']);
});

test('folders without a common cell or metric are refused', async () => {
  const a = await folder(sweep), b = await folder({ swept: [{ key: 'load', values: [0.1, 0.2] }] });
  expect(() => compareFolders(a, b)).toThrow(/no cell in common/);
  expect(() => compareFolders(a, a, { metrics: ['hit_share'] })).toThrow(/hit_share is not in/);
  expect(() => compareFolders(a, a, { metrics: ['hitshare'] })).toThrow(/unknown metric/);
});

test('a rule is broken by a change that is large and not chance', async () => {
  const a = await folder({ given: { alpha: flag(0) } }), b = await folder({ given: { alpha: flag(1) } });
  expect(compareFolders(a, b, { failOn: ['wait.mean > +5%'] })).toMatchObject({ regression: true });
  expect(compareFolders(a, b, { failOn: ['wait.mean > +5%'] }).rows[0].broken).toEqual(['wait.mean > +5%']);
  expect(compareFolders(a, b, { failOn: ['wait.mean > +50%'] }).regression).toBe(false);
  expect(compareFolders(b, a, { failOn: ['wait.mean > +5%', 'jain.completed < -1%'] }).regression).toBe(false);
  expect(compareFolders(b, a, { failOn: ['wait.mean < -0.5'] }).regression).toBe(true);
});

test('a rule names a metric outside the headline too', async () => {
  const a = await folder({ given: { alpha: flag(0) } }), b = await folder({ given: { alpha: flag(1) } });
  expect(compareFolders(a, b, { failOn: ['wait.mean[class=quiet] > 1%'] }).rows.filter((r) => r.broken.length)).toHaveLength(1);
});

test('rules are read as written, and other texts are refused', () => {
  expect(parseFailRule(" wait.p95 > +5%")).toEqual({ text: 'wait.p95 > +5%', metric: 'wait.p95', operator: '>', limit: 0.05, relative: true });
  expect(parseFailRule('served_share<-0.02')).toMatchObject({ operator: '<', limit: -0.02, relative: false });
  expect(() => parseFailRule('wait.p95')).toThrow(/Write METRIC > \+5%/);
  expect(() => parseFailRule('wiat.p95 > 5%')).toThrow(/unknown metric "wiat.p95" in --fail-on/);
});

test('chance does not break a rule, and want of evidence does not keep one', () => {
  const rule = parseFailRule('wait.mean > +5%');
  const change = (base: number | null, mean: number | null, low: number | null = null, high: number | null = null) => breaksRule(rule, { base, now: base === null || mean === null ? null : base + mean, mean, low, high });
  expect(change(100, 6, -1, 13)).toBe(false);
  expect(change(100, 6, 1, 11)).toBe(true);
  expect(change(100, 6)).toBe(true);
  expect(change(100, 4, 3, 5)).toBe(false);
  expect(change(0, 0.1)).toBe(true);
  expect(change(0, 0)).toBe(false);
  expect(change(100, null)).toBe(true);
  expect(change(null, null)).toBe(false);
  expect(breaksRule(parseFailRule('wait.mean > -5%'), { base: 100, now: 97, mean: -3, low: -9, high: 3 })).toBe(true);
});
