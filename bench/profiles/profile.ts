// A folder of measured kernel times: dense layers, per-sequence layers, attention. Read as they are, in µs for one layer.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** One attention measurement of one layer. */
export interface AttentionPoint {
  readonly chunk: number;
  readonly chunkContext: number;
  readonly decodes: number;
  readonly decodeContext: number;
  readonly us: number;
}

export interface Profile {
  /** µs of the dense layers of a whole step by tokens: a layer's own times the layers, what runs once a step once. */
  readonly dense: ReadonlyMap<number, number>;
  /** µs of head and sampler by sequences. */
  readonly head: ReadonlyMap<number, number>;
  readonly attention: readonly AttentionPoint[];
  readonly layers: number;
}

const ONCE_A_STEP = ['embedding', 'final_layernorm'], TWICE_A_LAYER = ['layernorm'];

/** Throws where a file is missing or its header is another. */
export function readProfile(folder: string, layers: number): Profile {
  const dense = new Map<number, number>(), head = new Map<number, number>();
  for (const [layer, tokens, us] of rows(folder, 'dense.csv', 'layer,tokens,time_us')) {
    const times = ONCE_A_STEP.includes(layer) ? 1 : TWICE_A_LAYER.includes(layer) ? 2 * layers : layers;
    dense.set(Number(tokens), (dense.get(Number(tokens)) ?? 0) + times * Number(us));
  }
  for (const [, sequences, us] of rows(folder, 'per_sequence.csv', 'layer,sequences,time_us')) head.set(Number(sequences), (head.get(Number(sequences)) ?? 0) + Number(us));
  const attention = rows(folder, 'attention.csv', 'prefill_chunk,kv_prefill,n_decode,kv_decode,time_us')
    .map((cells) => cells.map(Number)).map(([chunk, chunkContext, decodes, decodeContext, us]) => ({ chunk, chunkContext, decodes, decodeContext, us }));
  return { dense, head, attention, layers };
}

function rows(folder: string, file: string, header: string): readonly string[][] {
  const [first, ...lines] = readFileSync(path.join(folder, file), 'utf8').trim().split(/\r?\n/);
  if (first !== header) throw new Error(`${file} of ${folder} has the header ${first}, expected ${header}.`);
  return lines.map((line) => line.split(','));
}
