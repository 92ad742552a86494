// What simulated engines cost, each as a process of its own with start, reading, metrics and writing: a real trace, and open loads of two sizes.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MOONCAKE, openLoad, ownRun, replay, type OwnRun } from '../own-run.ts';
import type { BenchRow } from '../row.ts';
import { finerLine } from '../traces/finer.ts';

export interface EngineSpeedOptions {
  /** Requests of the open loads: what one of them costs is taken from `small` to twice as many, and from half of `large` to `large`, so that start and warm-up count in neither. */
  readonly small?: number;
  readonly large?: number;
  /** Runs of each kind, in turns: the least CPU time and the most memory count. */
  readonly rounds?: number;
  /** The trace; it is left out, with a row that says so, where there is no such file. */
  readonly trace?: string;
}

interface Best { readonly cpuS: number; readonly peakMiB: number; readonly first: OwnRun }

export async function engineSpeed(options: EngineSpeedOptions = {}): Promise<BenchRow[]> {
  const { small = 100_000, large = 1_000_000, rounds = 3, trace = MOONCAKE } = options, hasTrace = existsSync(trace);
  const folder = mkdtempSync(path.join(tmpdir(), 'schedlab-bench-')), finer = path.join(folder, 'finer.jsonl');
  const kinds: (readonly [name: string, words: readonly string[]])[] = [small, 2 * small, large / 2, large].map((requests) => [String(requests), openLoad(requests)]);
  try {
    if (hasTrace) {
      writeFileSync(finer, readFileSync(trace, 'utf8').split('\n').filter((line) => line.trim() !== '').map((line) => `${finerLine(line, 16)}\n`).join(''));
      kinds.unshift(['trace', replay(trace)], ['finer', [...replay(finer), 'format=mooncake:16']]);
    }
    const best = await inTurns(kinds, rounds), of = (name: string): Best => best.get(name)!;
    const told = (task: string, { cpuS, peakMiB, first }: Best): BenchRow => ({ task, perSecond: cpuS, unit: 'CPU s', note: `at most ${peakMiB.toFixed(0)} MiB; ${first.metrics['completed']} requests, mean E2E ${first.metrics['e2e.mean'].toFixed(3)} s; least of ${rounds}` });
    const each = (from: number, to: number): number => (of(String(to)).cpuS - of(String(from)).cpuS) / (to - from) * 1e6;
    const rows: BenchRow[] = [];
    if (hasTrace) {
      alike(of('trace').first, of('finer').first);
      rows.push(told('Mooncake conversation trace, 8 engines', of('trace')), told('the same with one id per 16 tokens, equal results', of('finer')));
    } else rows.push({ task: 'Mooncake conversation trace, 8 engines', perSecond: null, unit: 'CPU s', note: 'skipped: the trace is not among the shared data; SCHEDLAB_SHARED says where that is' });
    for (const [requests, from, to] of [[small, small, 2 * small], [large, large / 2, large]] as const) {
      rows.push(told(`open load, ${requests} requests, 8 engines`, of(String(requests))), { task: `open load, a request more, from ${from} to ${to}`, perSecond: each(from, to), unit: 'CPU µs', note: '512 tokens in, 128 out, 200/s' });
    }
    rows.push({ task: `a request more at ${large} over one at ${small}`, perSecond: each(large / 2, large) / each(small, 2 * small), unit: '×', note: 'without start and warm-up; 1: the cost is flat' });
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
