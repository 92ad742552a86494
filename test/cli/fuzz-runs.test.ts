// Scenario files and traces that really run, by the thousand, in this process: each leaves whole results, or a coded error, exit code 2 and nothing.
// SCHEDLAB_FUZZ=N: N times as many, from a seed of the day.
import fc from 'fast-check';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import { fakeIo } from './fake-io.ts';
import { complaint, traceCase, yamlCase, type Case } from './runs.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'schedlab-runs-')), home = process.cwd(), times = Number(process.env['SCHEDLAB_FUZZ'] ?? 1);
// Files of data are found from the folder of the process.
beforeAll(() => { process.chdir(dir); });
afterAll(() => { process.chdir(home); rmSync(dir, { recursive: true, force: true }); });

async function check({ files, argv }: Case, codes: Map<number, number>): Promise<void> {
  for (const name of readdirSync(dir)) rmSync(path.join(dir, name), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(dir, name), text);
  // Nobody interrupts, so nothing is run apart.
  const { onInterrupt: _nobody, ...io } = fakeIo({ cwd: dir });
  const code = await main([...argv, '--no-report', '-j', '1'], io);
  codes.set(code, (codes.get(code) ?? 0) + 1);
  const wrong = complaint(dir, Object.keys(files), { code, err: io.err(), out: io.out() });
  if (wrong !== undefined) throw new Error(`${wrong}\n${io.err()}`);
}

describe.each([['scenario files', yamlCase, 700], ['traces', traceCase, 700]])('fuzzed %s', (_name, cases, runs) => {
  it('run or are refused, and nothing is half-written', async () => {
    const codes = new Map<number, number>();
    await fc.assert(fc.asyncProperty(cases, (one) => check(one, codes)), { numRuns: runs * times, ...(times === 1 ? { seed: 11 } : {}) });
    // The cases are worth their name only if both happen often.
    expect(codes.get(0) ?? 0).toBeGreaterThan(runs / 4);
    expect(codes.get(2) ?? 0).toBeGreaterThan(runs / 5);
  }, 600_000 * times);
});
