// What a start costs: the program answering at once, and the import of each door, over bare Node. Medians of twenty, taken in turn.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { BenchRow } from './row.ts';

const ROUNDS = 20, PROGRAM = path.resolve('dist/bundle/src/cli/main.js');
const importing = (door: string): readonly string[] => ['--input-type=module', '-e', `await import(${JSON.stringify(door)})`];

/** Each with what it is held against. */
const TASKS: readonly (readonly [task: string, args: readonly string[], over: readonly string[]])[] = [
  ['schedlab --version', [PROGRAM, '--version'], ['-e', '0']],
  ['schedlab --help', [PROGRAM, '--help'], ['-e', '0']],
  ['schedlab sweep --help', [PROGRAM, 'sweep', '--help'], ['-e', '0']],
  ['schedlab completion bash', [PROGRAM, 'completion', 'bash'], ['-e', '0']],
  ['one word completed: run loco-f', [PROGRAM, 'completion', 'answer', '--line', 'schedlab run loco-f'], ['-e', '0']],
  ['one value completed: policy=', [PROGRAM, 'completion', 'answer', '--line', 'schedlab run loco-fairness policy='], ['-e', '0']],
  ['schedlab validate loco-fairness', [PROGRAM, 'validate', 'loco-fairness', '--quiet'], ['-e', '0']],
  ['import schedlab', importing('schedlab'), ['--input-type=module', '-e', '0']],
  ['import schedlab/sim', importing('schedlab/sim'), ['--input-type=module', '-e', '0']],
  ['import schedlab/testing', importing('schedlab/testing'), ['--input-type=module', '-e', '0']],
];

interface Cost { readonly wallMs: number; readonly cpuMs: number }

/** One process, timed by the shell that waits for it: its own CPU time, threads included. */
function cost(args: readonly string[]): Cost {
  const started = performance.now();
  const out = execFileSync('/bin/sh', ['-c', '"$0" "$@" >/dev/null && times', process.execPath, ...args], { encoding: 'utf8' });
  const wallMs = performance.now() - started;
  const cpuMs = [...out.trim().split('\n')[1]!.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + Number(m) * 60_000 + Number(s) * 1000, 0);
  return { wallMs, cpuMs };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

export function startTimes(): Promise<BenchRow[]> {
  if (!existsSync(PROGRAM)) throw new Error('a start is timed on the built program: run npm run build');
  const found = new Map<string, { readonly wall: number[]; readonly cpu: number[]; readonly wallOver: number[]; readonly cpuOver: number[] }>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [task, args, over] of TASKS) {
      const bare = cost(over), own = cost(args), kept = found.get(task) ?? { wall: [], cpu: [], wallOver: [], cpuOver: [] };
      kept.wall.push(own.wallMs);
      kept.cpu.push(own.cpuMs);
      kept.wallOver.push(own.wallMs - bare.wallMs);
      kept.cpuOver.push(own.cpuMs - bare.cpuMs);
      found.set(task, kept);
    }
  }
  return Promise.resolve([...found].map(([task, { wall, cpu, wallOver, cpuOver }]) => ({
    task, perSecond: Math.max(0.1, median(cpuOver)), unit: 'ms CPU over bare Node', note: `${median(wallOver).toFixed(0)} ms wall over bare Node; in all ${median(wall).toFixed(0)} ms wall, ${median(cpu).toFixed(0)} ms CPU`,
  })));
}
