// What simulated engines cost, each as a process of its own with start, reading, metrics and writing: a real trace, and open loads of two sizes.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MOONCAKE, openLoad, ownRun, replay, type OwnRun } from '../own-run.ts';
import type { BenchRow } from '../row.ts';
import { finerIds } from './finer.ts';

export interface EngineSpeedOptions {
  /** Requests of the two open loads, and of the one whose cost counts as the start. */
  readonly small?: number;
  readonly large?: number;
  readonly start?: number;
  /** Runs of each kind, in turns: the least CPU time and the most memory count. */
  readonly rounds?: number;
  /** The trace; it is left out, with a row that says so, where there is no such file. */
  readonly trace?: string;
}

interface Best { readonly cpuS: number; readonly peakMiB: number; readonly first: OwnRun }

export async function engineSpeed(options: EngineSpeedOptions = {}): Promise<BenchRow[]> {
  const { small = 100_000, large = 1_000_000, start = 1000, rounds = 3, trace = MOONCAKE } = options, hasTrace = existsSync(trace);
  const folder = mkdtempSync(path.join(tmpdir(), 'schedlab-bench-')), finer = path.join(folder, 'finer.jsonl');
  const kinds: (readonly [name: string, words: readonly string[]])[] = [['start', openLoad(start)], ['small', openLoad(small)], ['large', openLoad(large)]];
  try {
    if (hasTrace) {
      writeFileSync(finer, finerIds(readFileSync(trace, 'utf8')));
      kinds.unshift(['trace', replay(trace)], ['finer', [...replay(finer), 'format=bailian']]);
    }
    const best = await inTurns(kinds, rounds), of = (name: string): Best => best.get(name)!;
    const told = (task: string, { cpuS, peakMiB, first }: Best): BenchRow => ({ task, perSecond: cpuS, unit: 'CPU s', note: `at most ${peakMiB.toFixed(0)} MiB; ${first.metrics['completed']} requests, mean E2E ${first.metrics['e2e.mean'].toFixed(3)} s; least of ${rounds}` });
    const each = (name: string, requests: number): number => (of(name).cpuS - of('start').cpuS) / (requests - start) * 1e6;
    const rows: BenchRow[] = [];
    if (hasTrace) {
      alike(of('trace').first, of('finer').first);
      rows.push(told('Mooncake conversation trace, 8 engines', of('trace')), told('the same with one id per 16 tokens, equal results', of('finer')));
    } else rows.push({ task: 'Mooncake conversation trace, 8 engines', perSecond: null, unit: 'CPU s', note: 'skipped: the trace is not among the shared data; SCHEDLAB_SHARED says where that is' });
    rows.push(told(`open load, ${start} requests: the start`, of('start')));
    for (const [name, requests] of [['small', small], ['large', large]] as const) {
      rows.push(told(`open load, ${requests} requests, 8 engines`, of(name)), { task: `open load, ${requests}: a request without the start`, perSecond: each(name, requests), unit: 'CPU µs', note: '512 tokens in, 128 out, 200/s' });
    }
    rows.push({ task: `a request of ${large} over one of ${small}`, perSecond: each('large', large) / each('small', small), unit: '×', note: 'without the start; 1: the cost is flat' });
    return rows;
  } finally { rmSync(folder, { recursive: true, force: true }); }
}

async function inTurns(kinds: readonly (readonly [name: string, words: readonly string[]])[], rounds: number): Promise<Map<string, Best>> {
  const best = new Map<string, Best>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, words] of kinds) {
      const run = await ownRun(words), kept = best.get(name);
      if (kept !== undefined && kept.first.digest !== run.digest) throw new Error(`${words.join(' ')}: two runs have different results`);
      best.set(name, { cpuS: Math.min(run.cpuS, kept?.cpuS ?? Infinity), peakMiB: Math.max(run.peakMiB, kept?.peakMiB ?? 0), first: kept?.first ?? run });
    }
  }
  return best;
}

/** Times and hits of both must be equal to the bit; who is an agent may differ, for ids do. */
function alike(a: OwnRun, b: OwnRun): void {
  for (const name of Object.keys(a.metrics).filter((key) => /^(completed|hit_share|preemptions|ttft|tpot|e2e)\b/.test(key))) {
    if (a.metrics[name] !== b.metrics[name]) throw new Error(`with one id per 16 tokens ${name} is ${b.metrics[name]}, with one per 512 it is ${a.metrics[name]}`);
  }
}
