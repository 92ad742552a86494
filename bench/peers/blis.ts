// BLIS, a simulator of inference clusters in Go, run as its makers ship it: its commands for our pieces of work, and what it says that it did.
import path from 'node:path';
import { spent, type Spent } from '../child.ts';

/** The same pool as ours. Round robin and a cache signal without delay are the fastest that it has; its own step times, which it learned on H100, come nearest to ours. */
const POOL = [
  '--model', 'meta-llama/llama-3.1-8b-instruct', '--hardware', 'H100', '--tp', '1', '--num-instances', '8', '--total-kv-blocks', '26312',
  '--max-num-seqs', '256', '--max-num-batched-tokens', '2048', '--routing-policy', 'round-robin', '--cache-signal-delay', '0', '--latency-model', 'trained-physics',
];

export interface BlisRun extends Spent {
  readonly completed: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly e2eMeanS: number;
}

/** Poisson arrivals of equal requests, made as they are needed: nothing that it offers takes less memory. No request times out. */
export const openLoadSpec = (requests: number): string => `version: "2"
seed: 1
aggregate_rate: 200
num_requests: ${requests}
clients:
  - id: all
    rate_fraction: 1
    arrival: { process: poisson }
    input_distribution: { type: constant, params: { value: 512 } }
    output_distribution: { type: constant, params: { value: 128 } }
    timeout: 0
`;

export const openLoadWords = (spec: string): readonly string[] => ['run', '--workload-spec', spec, '--lazy-generation', ...POOL];
export const replayWords = (header: string, data: string): readonly string[] => ['replay', '--trace-header', header, '--trace-data', data, ...POOL];

/** In the folder of the binary, for there it looks for its data files. Go's own settings, such as GOGC, reach it from the environment. */
export async function blisRun(binary: string, words: readonly string[]): Promise<BlisRun> {
  const program = path.resolve(binary), cost = await spent(program, words, path.dirname(program));
  return { ...cost, ...clusterOf(cost.out) };
}

/** The figures of the whole cluster, which come last among those it prints: one JSON object for each engine and one for all. */
export function clusterOf(out: string): Omit<BlisRun, keyof Spent> {
  for (const [text] of out.matchAll(/^\{$[\s\S]*?^\}$/gm)) {
    const said = JSON.parse(text) as Record<string, unknown>;
    if (said['instance_id'] !== 'cluster') continue;
    return { completed: said['completed_requests'] as number, promptTokens: said['total_input_tokens'] as number, outputTokens: said['total_output_tokens'] as number, e2eMeanS: (said['e2e_mean_ms'] as number) / 1000 };
  }
  throw new Error(`BLIS printed no figures of its cluster:\n${out.slice(-1000)}`);
}
