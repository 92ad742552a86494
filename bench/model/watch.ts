// From a save to the new number under --watch: twenty saves of a policy, each with another constant; the median is what a user waits for.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { policyCode } from '../../src/cli/templates/policy.ts';
import type { BenchRow } from '../row.ts';

const SAVES = 20;

export async function watchTimes(): Promise<readonly BenchRow[]> {
  const program = path.resolve('dist/bundle/src/cli/main.js');
  if (!existsSync(program)) throw new Error('dist/bundle is missing: npm run build');
  const folder = mkdtempSync(path.join(tmpdir(), 'schedlab-saves-')), file = path.join(folder, 'mine.ts');
  const save = (quantum: number): void => { writeFileSync(file, policyCode('mine').replace('default: 1, min: 1', `default: ${quantum}, min: 1`)); };
  save(1);
  const child = spawn(process.execPath, [program, 'sweep', 'loco-fairness', 'policy=loco,./mine.ts', '--watch'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '', hear: () => void = () => { /* nobody waits yet */ };
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said += text; hear(); });
  /** Resolves when `pattern` has been said since `from`. */
  const until = (pattern: RegExp, from: number): Promise<void> => new Promise((done) => { hear = () => { if (pattern.test(said.slice(from))) done(); }; hear(); });
  const seconds: number[] = [];
  try {
    await until(/^[\d.]+ m?s$/m, 0);
    for (let n = 0; n < SAVES; n++) {
      const from = said.length, started = performance.now();
      save(2 + n);
      await until(/from the save to this number\n/, from);
      seconds.push((performance.now() - started) / 1000);
    }
    // Every save changes the order of service: what was printed is a new number.
    if ((said.match(/now − before/g) ?? []).length !== SAVES) throw new Error(`a save brought no new number:\n${said}`);
  } finally {
    const ended = new Promise((done) => { child.on('close', done); });
    child.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
  seconds.sort((a, b) => a - b);
  const median = (seconds[SAVES / 2 - 1]! + seconds[SAVES / 2]!) / 2;
  return [{ task: 'save to new number, median', perSecond: median, unit: 's wall', note: `${SAVES} saves of a policy; 2 cells × 10 replications of loco-fairness; slowest ${seconds[SAVES - 1]!.toFixed(2)} s` }];
}
