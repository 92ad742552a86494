// What a real run measured, request by request: the RTX 4090 run, whose workload has the token ids themselves.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Content } from '../../sim/engine/batch/content.ts';
import type { Demand } from './drive.ts';

/** Times of one request in ms, as its own engine counted them: from the moment at which it was queued. */
export interface Times { readonly ttftMs: number; readonly tpotMs: number; readonly e2eMs: number }

export interface RealRun { readonly demands: readonly Demand[]; readonly times: readonly Times[] }

interface WorkloadLine { readonly output_toks: number; readonly arrival_time_ns: number; readonly input_tok_ids: readonly number[] }
interface MeasuredLine { readonly output_toks: number; readonly queued_ts: number; readonly first_token_ts: number; readonly last_token_ts: number }

const lines = <T>(file: string): T[] => readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as T);

/** Workload and measurement of a folder with `workload.jsonl` and `measured.jsonl`, row by row the same requests. */
export function readRealRun(folder: string, blockSize: number): RealRun {
  const workload = lines<WorkloadLine>(path.join(folder, 'workload.jsonl')), measured = lines<MeasuredLine>(path.join(folder, 'measured.jsonl')), contents = new TokenContents(blockSize);
  if (workload.length !== measured.length) throw new Error(`${folder}: ${workload.length} requests, ${measured.length} measured.`);
  return {
    demands: workload.map((row) => ({ atUs: Math.round(row.arrival_time_ns / 1000), content: contents.of(row.input_tok_ids), outputTokens: row.output_toks, outputSegment: contents.own() })),
    times: measured.map((row) => ({ ttftMs: (row.first_token_ts - row.queued_ts) * 1e3, e2eMs: (row.last_token_ts - row.queued_ts) * 1e3, tpotMs: (row.last_token_ts - row.first_token_ts) * 1e3 / Math.max(1, row.output_toks - 1) })),
  };
}

/** Token ids to segments of one block each: equal blocks have equal segments. What is left of a prompt is its own. */
class TokenContents {
  readonly #segments = new Map<string, number>();
  readonly #blockSize: number;
  #made = 0;

  constructor(blockSize: number) { this.#blockSize = blockSize; }

  own(): number { return this.#made++; }

  of(tokens: readonly number[]): Content {
    const out: [number, number][] = [], size = this.#blockSize;
    for (let at = 0; at < tokens.length; at += size) {
      const block = tokens.slice(at, at + size), key = block.join(' ');
      let segment = block.length === size ? this.#segments.get(key) : undefined;
      if (segment === undefined) { segment = this.own(); if (block.length === size) this.#segments.set(key, segment); }
      out.push([segment, block.length]);
    }
    return out;
  }
}
