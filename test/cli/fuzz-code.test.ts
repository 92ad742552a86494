// Scenarios and policies of code, right and wrong, through the built program in one process: results that are whole, or exit code 2 that says whose fault it is.
// SCHEDLAB_FUZZ=N: N times as many, from a seed of the day.
import fc from 'fast-check';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { codeCase, complaint, policyCase, type Case, type Ended } from './runs.ts';

const isBuilt = existsSync(path.resolve(import.meta.dirname, '../../dist/bundle/src/cli/front.js')), note = isBuilt ? '' : ' (skipped: dist is not built)';
const root = mkdtempSync(path.join(tmpdir(), 'schedlab-code-')), times = Number(process.env['SCHEDLAB_FUZZ'] ?? 1);
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

let made = 0;
async function ends(cases: readonly Case[]): Promise<{ one: Case; dir: string; end: Ended }[]> {
  const dirs = cases.map(({ files }) => {
    const dir = path.join(root, String(made++));
    mkdirSync(dir);
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(dir, name), text);
    return dir;
  });
  const child = spawn(process.execPath, ['--no-warnings', path.resolve(import.meta.dirname, 'many.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
  child.stdin.end(cases.map(({ argv }, i) => `${JSON.stringify({ dir: dirs[i], argv: [...argv, '--no-report', '-j', '1'] })}\n`).join(''));
  await new Promise((done) => { child.on('close', done); });
  const lines = out.trim().split('\n').map((line) => JSON.parse(line) as Ended);
  // A case that ends the process, or never ends, leaves the rest without an answer.
  if (lines.length !== cases.length) throw new Error(`no answer to ${JSON.stringify(cases[lines.length])}`);
  return cases.map((one, i) => ({ one, dir: dirs[i], end: lines[i] }));
}

describe.skipIf(!isBuilt).each([['scenarios of code', codeCase, 300], ['policies from files', policyCase, 100]])(`fuzzed %s${note}`, (_name, cases, runs) => {
  it('run or are refused, and never look like a bug of the program', async () => {
    const found = await ends(fc.sample(cases, { numRuns: runs * times, ...(times === 1 ? { seed: 5 } : {}) }));
    const wrong = found.flatMap(({ one, dir, end }) => { const what = complaint(dir, Object.keys(one.files), end); return what === undefined ? [] : [`${what}\n${end.err}\n${JSON.stringify(one.argv)}\n${Object.values(one.files).join('\n')}`]; });
    expect(wrong.slice(0, 3).join('\n----\n')).toBe('');
    const count = (code: number): number => found.filter(({ end }) => end.code === code).length;
    expect(count(0)).toBeGreaterThan(runs / 20);
    expect(count(2)).toBeGreaterThan(runs / 20);
  }, 300_000 * times);
});
