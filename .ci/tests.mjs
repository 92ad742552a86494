// Runs the tests and says the result in one last line: `N passed, N failed`. Skipped tests are listed with their reasons.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { node } from './child.mjs';

const REASON = /\(skipped: (.*)\)/;

/** Counts of a JSON report of vitest. A file that could not be loaded is one failure. */
export function countsOf(report) {
  let passed = 0, failed = 0;
  const skipped = new Map();
  for (const file of report.testResults) {
    const tests = file.assertionResults;
    for (const { status, fullName, title } of tests) {
      if (status === 'passed') passed++;
      else if (status === 'failed') failed++;
      else {
        const reason = REASON.exec(fullName)?.[1] ?? 'no reason given';
        skipped.set(reason, [...(skipped.get(reason) ?? []), title.replace(` (skipped: ${reason})`, '')]);
      }
    }
    if (file.status === 'failed' && !tests.some(({ status }) => status === 'failed')) failed++;
  }
  return { passed, failed, skipped };
}

/** Answers with the exit code; prints the last line itself. */
export async function test(root, args) {
  const folder = mkdtempSync(path.join(tmpdir(), 'schedlab-tests-')), file = path.join(folder, 'report.json');
  const code = await node([path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args], { cwd: root });
  let counts = { passed: 0, failed: 0, skipped: new Map() };
  try { counts = countsOf(JSON.parse(readFileSync(file, 'utf8'))); } catch { /* no report: vitest itself failed, and has said why */ }
  rmSync(folder, { recursive: true, force: true });
  const { passed, skipped } = counts;
  // An error outside any test fails the run as well.
  const failed = code !== 0 && counts.failed === 0 ? 1 : counts.failed;
  for (const [reason, titles] of skipped) {
    console.log(`skipped, ${reason}: ${titles.length === 1 ? titles[0] : `${titles.length} tests`}`);
    if (titles.length > 1) for (const title of titles) console.log(`  ${title}`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  return code !== 0 ? code : failed > 0 ? 1 : 0;
}
