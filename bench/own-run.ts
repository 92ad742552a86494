// Runs of the built program as a user starts them, without the report: what each cost, and what it found.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spent, type Spent } from './child.ts';

const PROGRAM = path.resolve('dist/bundle/src/cli/main.js');

/** The pool that the speed of the engine is told of; the preset has 26,312 blocks, 256 sequences, 2,048 tokens a step, and the balancer is round robin. */
export const POOL = ['engine=h100-llama-3.1-8b-tp1', 'engines=8', 'balancer=round-robin'];

/** The published conversation trace, among the shared data: beside the repository, or where SCHEDLAB_SHARED says. */
export const MOONCAKE = path.join(process.env['SCHEDLAB_SHARED'] ?? path.resolve('../shared'), 'data/traces/mooncake-conversation.jsonl');

/** Requests of 512 tokens in and 128 out, Poisson, 200 a second. */
export const openLoad = (requests: number): readonly string[] => ['open-load', `requests=${requests}`, 'rate=200', 'input=512', 'output=128', ...POOL, '--reps', '1'];
export const replay = (trace: string): readonly string[] => ['trace-replay', `trace=${trace}`, ...POOL];

export interface OwnRun extends Spent {
  /** Metrics of the one replication, by name, and the digest of all that it found. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly digest: string;
}

export async function ownRun(words: readonly string[]): Promise<OwnRun> {
  if (!existsSync(PROGRAM)) throw new Error('a run is timed on the built program: run npm run build');
  const folder = mkdtempSync(path.join(tmpdir(), 'schedlab-bench-'));
  try {
    const cost = await spent(process.execPath, [PROGRAM, 'run', ...words, '--no-report', '--quiet', '--out', path.join(folder, 'run')]);
    const { metrics, resultDigest } = JSON.parse(readFileSync(path.join(folder, 'run/replications.jsonl'), 'utf8')) as { metrics: Record<string, number>; resultDigest: string };
    if (!(metrics['completed'] > 0) || metrics['completed'] !== metrics['arrived']) throw new Error(`${words.join(' ')}: ${metrics['arrived']} requests arrived, ${metrics['completed']} completed`);
    return { ...cost, metrics, digest: resultDigest };
  } finally { rmSync(folder, { recursive: true, force: true }); }
}
