// Thousands of command lines in process: each plans, or gives a coded error and exit code 2. Nothing is ever written.
// SCHEDLAB_FUZZ=N: N times as many, from a seed of the day. With fuzz-runs and fuzz-code, more than ten thousand cases as they stand.
import fc from 'fast-check';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import { fakeIo } from './fake-io.ts';
import { commandLine } from './command-lines.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-fuzz-'));
writeFileSync(path.join(cwd, 'f.yaml'), 'scenario: loco-fairness\nsweep: {alpha: [0, 0.5]}\n');
writeFileSync(path.join(cwd, 't.csv'), 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10\n');
const times = Number(process.env['SCHEDLAB_FUZZ'] ?? 1);
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

it('command lines plan or are refused with a code', async () => {
  const codes = new Map<number, number>();
  await fc.assert(fc.asyncProperty(commandLine, async (argv) => {
    const io = fakeIo({ cwd });
    // Whatever is well-formed is only planned: --show-config stops before a run, and wins over nothing else.
    const code = await main([...argv, ...(argv[0] === 'run' || argv[0] === 'sweep' ? ['--show-config'] : [])], io);
    codes.set(code, (codes.get(code) ?? 0) + 1);
    if (code !== 0 && code !== 2) throw new Error(`exit ${code}: ${io.err()}`);
    if (code === 2) expect(io.err()).toMatch(/^(warning: .*\n|note: .*\n)*error: .+\n/);
    else expect(io.err()).not.toContain('error:');
  }), { numRuns: 7700 * times });
  expect(readdirSync(cwd).sort()).toEqual(['f.yaml', 't.csv']);
  // The generator is worth its name only if both happen often.
  expect(codes.get(0) ?? 0).toBeGreaterThan(500);
  expect(codes.get(2) ?? 0).toBeGreaterThan(3000);
}, 300_000 * times);
