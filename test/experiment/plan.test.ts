// Planning: which cells, with which parameters, under which names, and what is refused.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planExperiment } from '../../sim/experiment/plan.ts';
import type { ExperimentRequest } from '../../sim/experiment/types.ts';
import { fakeLaboratory, fakeScenario } from './fake.ts';

const plan = (more: Partial<ExperimentRequest> = {}) => planExperiment({ scenario: fakeScenario, version: '1.0.0', ...more }, fakeLaboratory);
const flag = (value: unknown) => ({ value, origin: 'flag' as const, where: 'the command' });

test('one cell has all defaults, those of the scenario before those of the policy', () => {
  const { cells, origins, baseline, question } = plan();
  expect(cells).toHaveLength(1);
  expect(cells[0].params).toEqual({ policy: 'tuned', load: 0.5, steady: false, data: '', fail: 'none', alpha: 0.25, guard: true, stride: 1 });
  expect(cells[0].label).toBe('fake');
  expect(origins).toMatchObject({ alpha: 'scenario', guard: 'default', load: 'default' });
  expect(baseline).toBe(-1);
  expect(question).toBe('Which alpha at load 0.5?');
});

test('several keys multiply, the first varying slowest', () => {
  const { cells, swept } = plan({ swept: [{ key: 'load', values: [0.5, 0.8] }, { key: 'alpha', values: ['0', '0.25', '1'] }] });
  expect(cells.map((c) => c.label)).toEqual(['load=0.5 alpha=0', 'load=0.5 alpha=0.25', 'load=0.5 alpha=1', 'load=0.8 alpha=0', 'load=0.8 alpha=0.25', 'load=0.8 alpha=1']);
  expect(swept).toEqual(['load', 'alpha']);
  expect(cells[0].varied).toEqual({ load: 0.5, alpha: 0 });
});

test('zipped keys advance together', () => {
  const { cells } = plan({ zip: [{ key: 'alpha', values: [0, 1] }, { key: 'guard', values: ['on', 'off'] }] });
  expect(cells.map((c) => c.label)).toEqual(['alpha=0 guard=on', 'alpha=1 guard=off']);
  expect(() => plan({ zip: [{ key: 'alpha', values: [0, 1] }, { key: 'guard', values: ['on'] }] })).toThrow(/equally many.*alpha has 2, guard has 1/);
});

test('a parameter that a cell\'s policy lacks is dropped there and equal cells are merged', () => {
  const { cells, merged } = plan({ swept: [{ key: 'policy', values: ['plain', 'tuned'] }, { key: 'alpha', values: [0, 1] }] });
  expect(cells.map((c) => c.label)).toEqual(['policy=plain', 'policy=tuned alpha=0', 'policy=tuned alpha=1']);
  expect(cells[0].params).not.toHaveProperty('alpha');
  expect(merged).toEqual(['policy=plain alpha=1']);
});

test('an extra cell stands beside the grid and is told apart from it', () => {
  const { cells } = plan({ swept: [{ key: 'alpha', values: [0, 0.25] }], also: [{ policy: 'plain' }, { guard: 'off' }, { alpha: 0.25 }] });
  expect(cells.map((c) => c.label)).toEqual(['alpha=0', 'alpha=0.25', 'policy=plain', 'alpha=0.25 guard=off']);
});

test('the baseline is the scenario\'s default among the swept cells, else the first', () => {
  expect(plan({ swept: [{ key: 'alpha', values: [0, 0.25, 1] }] }).baseline).toBe(1);
  expect(plan({ swept: [{ key: 'alpha', values: [0, 1] }], also: [{ policy: 'plain' }] }).baseline).toBe(0);
});

test('a baseline is named by label, id or pairs, and must fit exactly one cell', () => {
  const swept = [{ key: 'alpha', values: [0, 0.25, 1] }];
  const cells = plan({ swept }).cells;
  expect(plan({ swept, baseline: 'alpha=1' }).baseline).toBe(2);
  expect(plan({ swept, baseline: 'alpha=1.0,policy=tuned' }).baseline).toBe(2);
  expect(plan({ swept, baseline: cells[0].id }).baseline).toBe(0);
  expect(() => plan({ swept, baseline: 'alpha=3' })).toThrow(/fits no cell/);
  expect(() => plan({ swept, baseline: 'guard=on' })).toThrow(/fits 3 cells/);
});

test('an unknown key is refused with the nearest name and the valid ones', () => {
  expect(() => plan({ swept: [{ key: 'aplha', values: [0] }] })).toThrow('unknown key "aplha" in the sweep. Did you mean "alpha"? Valid: alpha, data, fail, guard, load, policy, steady, stride.');
  expect(() => plan({ given: { lod: flag(1) } })).toThrow(/unknown key "lod" in the command. Did you mean "load"/);
});

test('a key of a policy that no cell uses says whose it is', () => {
  expect(() => plan({ given: { policy: flag('plain'), alpha: flag(0) } })).toThrow(/"alpha" in the command is a parameter of policy=tuned, which no cell here uses/);
});

test('values out of range, unknown policies and empty lists are refused', () => {
  expect(() => plan({ swept: [{ key: 'alpha', values: [0, 7] }] })).toThrow(/alpha in the command accepts a number from 0 to 1/);
  expect(() => plan({ given: { policy: flag('tunde') } })).toThrow(/unknown policy "tunde" in the command. Did you mean "tuned"/);
  expect(() => plan({ swept: [{ key: 'alpha', values: [] }] })).toThrow(/no values/);
  expect(() => plan({ swept: [{ key: 'alpha', values: [0] }, { key: 'alpha', values: [1] }] })).toThrow(/swept twice/);
  expect(() => plan({ swept: [{ key: 'alpha', values: Array.from({ length: 200 }, (_, i) => i / 200) }, { key: 'load', values: Array.from({ length: 200 }, (_, i) => i / 200) }] })).toThrow(/40000 cells/);
});

test('a policy that asks to know more than is declared is refused', () => {
  expect(() => plan({ given: { policy: flag('knowing') } })).toThrow(expect.objectContaining({ code: 'ERR_KNOWLEDGE' }));
});

test('a cell\'s id follows the content of its data, not the place where the data lie', () => {
  const id = (path: string, version = '1.0.0') => plan({ version, given: { data: flag(path) } }).cells[0].id;
  expect(id('here/7')).toBe(id('there/7'));
  expect(id('here/7')).not.toBe(id('here/8'));
  expect(id('here/7')).not.toBe(id('here/7', '1.0.1'));
  expect(id('here/7')).toMatch(/^[0-9a-f]{12}$/);
});

test('a policy from a file counts by its content, not by its path', () => {
  const id = (path: string, sum: string) => planExperiment({ scenario: fakeScenario, version: '1.0.0', given: { policy: flag(path) } }, { ...fakeLaboratory, policies: { ...fakeLaboratory.policies, [path]: fakeLaboratory.policies['plain'] }, files: { [path]: sum } }).cells[0].id;
  expect(id('./mine.ts', 'a')).toBe(id('elsewhere/mine.ts', 'a'));
  expect(id('./mine.ts', 'a')).not.toBe(id('./mine.ts', 'b'));
});

test('the same parameters have the same id however they were asked for', () => {
  const swept = plan({ swept: [{ key: 'alpha', values: [0, 1] }] }).cells[1].id;
  expect(plan({ given: { alpha: flag('1.0') } }).cells[0].id).toBe(swept);
});

test('cells are never equal and labels never repeat', () => {
  const value = fc.constantFrom(0, 0.25, 0.5, 1);
  fc.assert(fc.property(fc.array(fc.constantFrom('plain', 'tuned'), { minLength: 1, maxLength: 3 }), fc.array(value, { minLength: 1, maxLength: 5 }), fc.array(fc.record({ load: value }), { maxLength: 3 }), (policies, alphas, also) => {
    let found;
    try { found = plan({ swept: [{ key: 'policy', values: policies }, { key: 'alpha', values: alphas }], also }); }
    catch (error) { expect(String(error)).toMatch(/which no cell here uses/); return; }
    expect(new Set(found.cells.map((c) => c.id)).size).toBe(found.cells.length);
    expect(new Set(found.cells.map((c) => c.label)).size).toBe(found.cells.length);
    expect(found.cells.every((c, i) => c.index === i)).toBe(true);
  }), { numRuns: 100, seed: 4 });
});
