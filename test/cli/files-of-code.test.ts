// Policies named by file, through the built program: on the command line, and in a scenario file that lies elsewhere.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, blocksOf } from '../docs/pages.ts';

const program = path.join(ROOT, 'dist/bundle/src/cli/main.js'), isBuilt = existsSync(program), note = isBuilt ? '' : ' (skipped: dist is not built)';
const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-code-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

function run(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [program, ...args], { cwd, env: { PATH: process.env['PATH'] ?? '' } }, (error, out, err) => { done({ code: error === null ? 0 : Number(error.code), out, err }); });
  });
}

interface Summary { readonly cells: readonly { readonly metrics: Readonly<Record<string, { readonly mean: number }>> }[] }
const SMALL = ['calls=400', '--reps', '2', '--jobs', '2', '--json', '--no-report', '--quiet'];

describe.skipIf(!isBuilt)(`a policy from a file${note}`, () => {
  beforeAll(() => {
    const { text } = blocksOf('CONTRIBUTING.md').find(({ file }) => file === 'newest-first.ts')!;
    mkdirSync(path.join(cwd, 'study'));
    writeFileSync(path.join(cwd, 'newest-first.ts'), text);
    writeFileSync(path.join(cwd, 'study/newest-first.ts'), text);
    writeFileSync(path.join(cwd, 'study/newest.yaml'), 'scenario: queueing\nparams: {policy: ./newest-first.ts, calls: 400}\nreps: 2\n');
    writeFileSync(path.join(cwd, 'no-policy.ts'), 'export default { name: 3 };\n');
  });

  it('runs beside a shipped one, in workers too, and serves in another order', async () => {
    const { code, out } = await run('sweep', 'queueing', 'policy=fcfs,./newest-first.ts', ...SMALL);
    expect(code).toBe(0);
    const [fcfs, newest] = (JSON.parse(out) as Summary).cells;
    // The mean does not depend on the order among equal calls; the tail does.
    expect(newest.metrics['wait.mean'].mean).toBeCloseTo(fcfs.metrics['wait.mean'].mean, 0);
    expect(newest.metrics['wait.p99'].mean).toBeGreaterThan(fcfs.metrics['wait.p99'].mean);
  });

  it('is found beside the scenario file that names it', async () => {
    expect(await run('run', 'study/newest.yaml', '--no-report', '--quiet')).toMatchObject({ code: 0 });
  });

  it.each([['./none.ts', 'does not exist'], ['./no-policy.ts', 'is no policy']])('%s is refused: it %s', async (file, why) => {
    const { code, err } = await run('run', 'queueing', `policy=${file}`, ...SMALL);
    expect([code, err]).toEqual([2, expect.stringContaining(why) as string]);
  });
});
