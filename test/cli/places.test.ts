// `validate` points at what is wrong: with file, line and column, in YAML and in code, whenever it is found.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import { ROOT, blocksOf } from '../docs/pages.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-places-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });
const program = path.join(ROOT, 'dist/bundle/src/cli/main.js'), isBuilt = existsSync(program), note = isBuilt ? '' : ' (skipped: dist is not built)';

/** What carets under the line point at. */
function pointed(err: string): string {
  const [line = '', marks = ''] = err.split('\n').slice(1, 3);
  const from = marks.indexOf('^');
  return from < 0 ? '' : line.slice(from, marks.lastIndexOf('^') + 1);
}

describe('a scenario file in YAML', () => {
  it.each([
    ['scenario: loco-fairness\nparams: {alpha: 3}', 'f.yaml:2:10', 'alpha'],
    ['scenario: loco-fairness\nparams:\n  alpha: 0\n  tick: 5', 'f.yaml:4:3', 'tick'],
    ['scenario: loco-fairness\nsweep: {alpha: [0, 1]}\nbaseline: alpha=7', 'f.yaml:3:11', 'alpha=7'],
    ['scenario: loco-fairness\nalso: [{aplha: 1}]', 'f.yaml:2:9', 'aplha'],
    ['scenario: loco-fairness\nsweep: {alpha: [0, 1]}\nalso:\n  - policy: fcfs\n  - alpha: 9', 'f.yaml:5:5', 'alpha'],
    ['scenario: loco-fairness\nthresholds:\n  - starved < 0\n  - wait.p955 < 3', 'f.yaml:4:5', 'wait.p955'],
    ['scenario: loco-fairness\nthresholds: [starved]', 'f.yaml:2:14', 'starved'],
    ['scenario: loco-fairness\nmetrics: [foo]', 'f.yaml:2:11', 'foo'],
    ['scenario: loco-fairness\nreps: 0', 'f.yaml:2:1', 'reps'],
    ['scenario: loco-fairness\nuntil: 5', 'f.yaml:2:1', 'until'],
    ['scenario: loco-fairness\nzip: {alpha: [0, 1], ticks: [100]}', 'f.yaml:2:1', 'zip'],
    ['scenario: loco-fairness\nzip: {alpha: [0, 1]}', 'f.yaml:2:1', 'zip'],
    ['scenario: trace-replay\nparams: {trace: none.csv}', 'f.yaml:2:17', 'none.csv'],
    ['scenario: ./none.ts', 'f.yaml:1:11', './none.ts'],
    ['scenario: loco-fairness\nsweep: {policy: [loco, fcf]}', 'f.yaml:2:9', 'policy'],
  ])('%j is told at %s', async (text, place, word) => {
    writeFileSync(path.join(cwd, 'f.yaml'), text);
    const io = fakeIo({ cwd });
    expect([await main(['validate', 'f.yaml'], io), io.out()]).toEqual([2, '']);
    expect(io.err()).toContain(`(${place})`);
    expect(pointed(io.err())).toBe(word);
  });

  it('is not blamed for what the command says', async () => {
    writeFileSync(path.join(cwd, 'f.yaml'), 'scenario: loco-fairness\nsweep: {alpha: [0, 1]}\nalso: [{policy: fcfs}]\nbaseline: alpha=0');
    for (const args of [['--also', 'aplha=1'], ['--baseline', 'alpha=7'], ['alpha=9'], ['--reps', '0']]) {
      const io = fakeIo({ cwd });
      expect([args, await main(['sweep', 'f.yaml', '-n', ...args], io), io.err().includes('f.yaml')]).toEqual([args, 2, false]);
    }
  });
});

describe.skipIf(!isBuilt)(`a scenario in code${note}`, () => {
  const good = blocksOf('README.md').find(({ file }) => file === 'two-teams.ts')?.text ?? '';
  const ERRS: readonly (readonly [what: string, from: RegExp | string, to: string, word: string])[] = [
    ['a headline that is no list', /headline: .*/, "headline: 'jain',", 'headline'],
    ['a metric that there is not', "'jain.completed'", "'jain.complete'", "'jain.complete'"],
    ['a title that is no text', /title: .*/, 'title: 3,', 'title'],
    ['a part that is missing', 'setup({', 'setups({', 'defineScenario'],
    ['a kind of parameter that there is not', /large: count\(.*?\)/, "large: { kind: 'numbr', default: 3, help: '' }", 'large'],
    ['a default that its own range refuses', 'count(8,', 'count(800,', 'large'],
    ['a threshold that is none', 'notSimulated', "thresholds: ['wait.p95 <'], notSimulated", "'wait.p95 <'"],
    ['a default policy that there is not', "policyParam('loco')", "policyParam('loko')", "'loko'"],
    ['a default for nobody', 'notSimulated', 'defaults: { aplha: 1 }, notSimulated', 'defineScenario'],
    ['a member of the model of another kind', "classes: ['large', 'small']", 'classes: 3', 'classes'],
    ['no default export', 'export default', 'export const it =', 'defineScenario'],
    ['a word in a comment before the fault', 'title:', '// title: 4\n  /* title: 5 */ title: 3 as never, x:', 'title'],
  ];
  it.each(ERRS.map(([what, ...rest]) => [what, rest] as const))('with %s is told with its line', (_what, [from, to, word]) => {
    const text = good.replace(from, to);
    expect(text).not.toBe(good);
    writeFileSync(path.join(cwd, 'two-teams.ts'), text);
    let err = '', code = 0;
    try { execFileSync(process.execPath, [program, 'validate', './two-teams.ts'], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] ?? '' } }); } catch (error) { ({ stderr: err, status: code } = error as { stderr: string; status: number }); }
    expect([code, err]).toEqual([2, expect.stringMatching(/\(\.\/two-teams\.ts:\d+:\d+\)\n/)]);
    expect(pointed(err).replace(/\($/, '').trim()).toBe(word);
  });
});
