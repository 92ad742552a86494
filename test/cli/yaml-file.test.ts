// Scenario files in YAML: what they may say, and the place of every fault.
import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SchedlabError } from '../../src/errors.ts';
import { errorText } from '../../src/cli/say.ts';
import { readScenarioFile, withPlace } from '../../src/cli/yaml-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'schedlab-yaml-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
const file = path.join(folder, 'fairness.yaml');
const read = (text: string): ReturnType<typeof readScenarioFile> => { writeFileSync(file, text); return readScenarioFile(file, 'fairness.yaml'); };
const fault = (text: string): string => {
  try { read(text); } catch (error) { if (error instanceof SchedlabError) { expect(error.exitCode).toBe(2); return errorText(error); } throw error; }
  throw new Error('accepted');
};

describe('a scenario file', () => {
  it('names a scenario, its parameters, a sweep and settings', () => {
    const found = read('scenario: loco-fairness\nparams: {guard: off, ticks: 200}\nsweep:\n  alpha: [0, 0.25]\n  busyRate: 0.2:0.4:0.1\nreps: 20\nseed: x\nalso:\n  - {policy: fcfs}\nthresholds:\n  - starved < 1\n');
    expect(found.scenario.value).toBe('loco-fairness');
    expect(Object.entries(found.params).map(([key, { value }]) => [key, value])).toEqual([['guard', 'off'], ['ticks', 200]]);
    expect(found.sweep.map(({ key, values, text }) => [key, values, text])).toEqual([['alpha', [0, 0.25], undefined], ['busyRate', ['0.2', '0.3', '0.4'], '0.2:0.4:0.1']]);
    expect(found.settings.reps.value).toBe(20);
    expect(found.also).toEqual([{ policy: 'fcfs' }]);
    expect(found.thresholds).toEqual(['starved < 1']);
  });
  it('keeps the place of every key', () => { expect(read('scenario: a\nparams:\n  alpha: 0.5\n').params.alpha.where).toBe('params (fairness.yaml:3:3)'); });
  it('shows the line and a caret under the fault', () => {
    expect(fault('scenario: a\nparms: {}\n')).toBe('error: unknown key "parms" in the file (fairness.yaml:2:1)\n  2 | parms: {}\n      ^^^^^\n  Did you mean "params"? Valid: also, baseline, maxReps, metrics, params, reps,\n  scenario, seed, sweep, thresholds, until, zip.\n');
  });
  it('gives the line to an error that names one of its places', () => {
    const found = read('scenario: a\nsweep:\n  aplha: [0, 0.25]\n');
    const error = withPlace(new SchedlabError('ERR_OPTION_UNKNOWN', `unknown key "aplha" in ${found.sweep[0].where}. Did you mean "alpha"?`), found.places);
    expect(errorText(error as SchedlabError)).toBe('error: unknown key "aplha" in sweep (fairness.yaml:3:3)\n  3 |   aplha: [0, 0.25]\n        ^^^^^\n  Did you mean "alpha"?\n');
  });
  it.each([
    ['', 'a scenario file is a table'], ['- a\n', 'a scenario file is a table'], ['params: {a: 1}\n', 'names no scenario'], ['scenario: [a]\n', 'one value is expected'],
    ['scenario: a\nparams: 3\n', 'params is a table'], ['scenario: a\nparams: {a: [1, 2]}\n', 'lists stand under sweep'], ['scenario: a\nsweep: {a: []}\n', 'has no values'],
    ['scenario: a\nsweep: {a: "0:1"}\n', 'three parts in sweep (fairness.yaml:2:9)'], ['scenario: a\nscenario: b\n', 'fairness.yaml:2:1'], ['scenario: a\nparams: {a: 1\n', 'fairness.yaml:'],
    ['scenario: a\nalso: {a: 1}\n', 'also is a list'], ['scenario: a\nalso: [1]\n', 'is a table of keys and values'], ['scenario: a\n? [x]\n: 1\n', 'a key is a word'],
    ['a: &x [*x]\n', 'fairness.yaml'], ['scenario: *none\n', 'fairness.yaml'],
  ])('refuses %j with its place', (text, why) => { expect(fault(text)).toContain(why); });

  it('any text is read or refused with a code', () => {
    const word = fc.constantFrom('scenario', 'params', 'sweep', 'zip', 'also', 'reps', 'a', '1', ':', ' ', '\n', '  ', '- ', '[', ']', '{', '}', ',', '"', "'", '&x', '*x', '!!int', '|', '>', '#', '\t', '0:1:0.5', '.nan', '---', '%', '? ');
    fc.assert(fc.property(fc.oneof(fc.array(word, { maxLength: 30 }).map((words) => words.join('')), fc.string(), fc.array(word, { maxLength: 20 }).map((words) => `scenario: a\n${words.join('')}`)), (text) => {
      try { read(text); } catch (error) { expect(error).toBeInstanceOf(SchedlabError); expect((error as SchedlabError).exitCode).toBe(2); errorText(error as SchedlabError); }
    }), { numRuns: 800 });
  }, 30_000);
});

describe('what a scenario file refuses by its own name', () => {
  it.each([
    ['scenario: a\nparams:\n  guard: !!js/function "on"\n', 'unknown tag !!js/function (fairness.yaml:3:10)'],
    ['scenario: !mine a\n', 'unknown tag !mine (fairness.yaml:1:11)'],
    ['scenario: a\n---\nscenario: b\n', 'a second document begins, and a scenario file is one (fairness.yaml:2:1)'],
    ['scenario: a\nreps: *nope\n', '*nope stands for nothing: no anchor &nope stands before it in reps (fairness.yaml:2:7)'],
    ['scenario: a\nparams: *nope\n', '*nope stands for nothing'],
    ['scenario: a\nsweep: {alpha: *nope}\n', '*nope stands for nothing'],
    ['scenario: a\nparams: {alpha: .nan}\n', '.nan is no finite number in params (fairness.yaml:2:17)'],
    ['scenario: a\nsweep: {alpha: [0, -.inf]}\n', '-.inf is no finite number in sweep (fairness.yaml:2:20)'],
    ['scenario: a\nparams: {__proto__: 1}\n', 'unknown key "__proto__" in params (fairness.yaml:2:10)'],
    ['scenario: a\nsweep: {__proto__: [1]}\n', 'unknown key "__proto__" in sweep (fairness.yaml:2:9)'],
    ['scenario: a\n__proto__: 1\n', 'unknown key "__proto__" in the file (fairness.yaml:2:1)'],
  ])('%j', (text, said) => { expect(fault(text)).toContain(`error: ${said}`); });
  it('three million brackets, in its own words and not in those of the stack', () => {
    expect(fault(`scenario: ${'['.repeat(3_000_000)}`)).toMatch(/^error: lists and tables are nested too deeply \(fairness\.yaml:1:11\)/);
    expect(fault(`scenario: ${'[a, '.repeat(20_000)}`)).toMatch(/^error: lists and tables are nested too deeply \(fairness\.yaml:1:/);
  });
  it('and takes an alias for what it stands for', () => {
    const found = read('scenario: a\nparams: &all {alpha: &x 0.5, beta: *x}\nsweep: {alpha: &s [0, 1], beta: *s}\nalso: [*all]\n');
    expect([found.params['beta']!.value, found.sweep[1]!.values, found.also]).toEqual([0.5, [0, 1], [{ alpha: 0.5, beta: 0.5 }]]);
  });
});
