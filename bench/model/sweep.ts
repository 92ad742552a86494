// Wall time of the fairness sweep through the built program, 5 alphas × 20 seeds × 500 ticks, without the report, at 1 and 2 workers.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BenchRow } from '../row.ts';

const PROGRAM = path.resolve('dist/bundle/src/cli/main.js'), ROUNDS = 3;
const SWEEP = ['sweep', 'loco-fairness', 'alpha=0,0.25,0.5,0.75,1', 'guard=off', '--reps', '20', '--no-report', '--quiet'];

/** The whole process, from its start to its end. Every number of workers must leave the same bytes. */
export function sweepTimes(): Promise<BenchRow[]> {
  if (!existsSync(PROGRAM)) throw new Error('the sweep is timed on the built program: run npm run build');
  const folder = mkdtempSync(path.join(tmpdir(), 'schedlab-bench-')), best = new Map<number, number>();
  let bytes: string | undefined;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const jobs of [1, 2]) {
        const out = path.join(folder, `${round}-${jobs}`), start = performance.now();
        execFileSync(process.execPath, [PROGRAM, ...SWEEP, '--jobs', String(jobs), '--out', out], { stdio: ['ignore', 'ignore', 'inherit'] });
        best.set(jobs, Math.min(best.get(jobs) ?? Infinity, (performance.now() - start) / 1000));
        const found = readFileSync(path.join(out, 'replications.jsonl'), 'utf8');
        if ((bytes ??= found) !== found) throw new Error(`the sweep at ${jobs} workers left other bytes than the one before`);
      }
    }
  } finally { rmSync(folder, { recursive: true, force: true }); }
  return Promise.resolve([...best].map(([jobs, seconds]) => ({ task: `fairness sweep, 5 alphas × 20 seeds × 500 ticks, ${jobs} worker${jobs === 1 ? '' : 's'}`, perSecond: seconds, unit: 's wall', note: 'the whole process, start included; best of three' })));
}
