// The command that does it again, word by word.
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planExperiment } from '../../sim/experiment/plan.ts';
import { quoteShell, redoCommand } from '../../sim/experiment/redo.ts';
import type { ExperimentRequest } from '../../sim/experiment/types.ts';
import { fakeLaboratory, fakeScenario } from './fake.ts';

const redo = (request: Partial<ExperimentRequest>, options = {}) => redoCommand(planExperiment({ scenario: fakeScenario, version: '1', ...request }, fakeLaboratory), { reps: 10, seed: '1', shell: 'event', ...options });
const from = (origin: 'flag' | 'scenario' | 'environment', value: unknown, where = 'x') => ({ value, origin, where });

test('one cell is a run, with every given value', () => {
  expect(redo({ given: { alpha: from('flag', '0.5'), guard: from('flag', false) } })).toBe('npx schedlab run fake alpha=0.5 guard=off --reps 10 --seed 1');
});

test('a sweep keeps its spelling, its extra cells and its baseline', () => {
  expect(redo({ given: { load: from('environment', 0.9) }, swept: [{ key: 'alpha', values: [0, 0.5, 1], text: '0:1:0.5' }], zip: [{ key: 'guard', values: ['on', 'off'] }], also: [{ policy: 'plain' }], baseline: 'policy=plain' }, { seed: 'a b' }))
    .toBe("npx schedlab sweep fake load=0.9 alpha=0:1:0.5 --zip guard=on,off --also policy=plain --reps 10 --seed 'a b' --baseline policy=plain");
});

test('values that stand in a file stay there', () => {
  expect(redo({ named: 'my lab/fair.yaml', given: { load: from('scenario', 0.9, 'my lab/fair.yaml:3:1'), alpha: from('flag', 0) } }, { shell: 'promise' })).toBe("npx schedlab run 'my lab/fair.yaml' alpha=0 --reps 10 --seed 1 --shell promise");
});

test('a scenario file is named by its path', () => {
  expect(redo({ source: { kind: 'file', path: new URL('./fake.ts', import.meta.url).pathname } })).toMatch(/^npx schedlab run \/.*fake\.ts --reps/);
});

test('a quoted word comes back from a shell as it was', () => {
  const words = [...fc.sample(fc.string({ unit: 'grapheme', maxLength: 12 }), { numRuns: 30, seed: 8 }), "it's", '$(rm -rf x)', '`x`', 'a\\b', '*', '~', ''].filter((word) => !word.includes('\0'));
  const out = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(quoteShell).join(' ')}`], { encoding: 'utf8' });
  expect(out.split('\0').slice(0, -1)).toEqual(words);
});
