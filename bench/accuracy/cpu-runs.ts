// A real vLLM server on one CPU core at three loads: step times fitted on its calibration alone, then its requests predicted.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LoadRow } from '../../reports/accuracy/figures.ts';
import { ruleSet } from '../../sim/engine/batch/rules.ts';
import type { CostModel } from '../../sim/engine/cost/cost-model.ts';
import type { StepLoad } from '../../sim/engine/cost/step-load.ts';
import { bias, errors, quantile } from './compare.ts';
import { drive } from './drive.ts';
import { leastSquares } from './least-squares.ts';
import type { Times } from './measured.ts';

interface RequestLine { readonly id: string; readonly prompt_len: number; readonly output_len: number; readonly sent: number; readonly token_times: readonly number[] }
interface StepLine { readonly scheduled: Readonly<Record<string, number>>; readonly ms: number }

const lines = <T>(file: string): T[] => readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as T);
const CONFIG = { blockSize: 32, blocks: 512, maxSeqs: 16, maxBatchedTokens: 512, maxModelLen: 1024, rules: ruleSet('vllm-0.32') };
const MS = 1e3;

/** µs a step: fixed, a prefill token, a decode, a token of decode context, a pair (prefill token, context before it). */
class Fitted implements CostModel {
  readonly name = 'fitted';
  readonly #each: readonly number[];
  constructor(each: readonly number[]) { this.#each = each; }
  stepUs(load: StepLoad): number {
    let pairs = 0;
    for (let i = 0; i < load.chunks; i++) pairs += load.newTokens[i] * load.context[i];
    return termsOf(load.chunkTokens, load.decoders, load.decodeContext, pairs).reduce((sum, term, i) => sum + term * this.#each[i], 0) * MS;
  }
}

const termsOf = (prefill: number, decodes: number, context: number, pairs: number): readonly number[] => [1, prefill, decodes, context, pairs];

/** Weighted by 1 / ms, so that short steps count as much as long ones. */
export function calibrated(folder: string): CostModel {
  const prompts = new Map(lines<RequestLine>(path.join(folder, 'calibrate.jsonl')).map((row) => [row.id, row.prompt_len])), computed = new Map<string, number>();
  const rows = lines<StepLine>(path.join(folder, 'calibrate-steps.jsonl')).map(({ scheduled, ms }) => {
    let prefill = 0, decodes = 0, context = 0, pairs = 0;
    for (const [id, tokens] of Object.entries(scheduled)) {
      const before = computed.get(id) ?? 0;
      if (before >= (prompts.get(id) ?? 0)) { decodes++; context += before; } else { prefill += tokens; pairs += tokens * before; }
      computed.set(id, before + tokens);
    }
    return { terms: termsOf(prefill, decodes, context, pairs), value: ms, weight: 1 / (ms * ms) };
  });
  return new Fitted(leastSquares(rows));
}

export function cpuRuns(folder: string): readonly LoadRow[] {
  if (!existsSync(folder)) return [];
  const cost = calibrated(folder);
  return ['0.4', '1.0', '2.2'].map((rate) => {
    const rows = lines<RequestLine>(path.join(folder, `poisson-${rate}.jsonl`)).sort((a, b) => a.sent - b.sent);
    const lives = drive(rows.map((row, i) => ({ atUs: Math.round(row.sent * 1e6), content: [[2 * i, row.prompt_len]], outputTokens: row.output_len, outputSegment: 2 * i + 1 })), { config: CONFIG, cost }).lives;
    const measured = rows.map(({ sent, token_times: times }): Times => ({ ttftMs: (times[0] - sent) * MS, e2eMs: (times[times.length - 1] - sent) * MS, tpotMs: 0 }));
    const simulated = lives.map(({ atUs, firstUs, lastUs }): Times => ({ ttftMs: (firstUs - atUs) / MS, e2eMs: (lastUs - atUs) / MS, tpotMs: 0 }));
    return { run: 'vLLM 0.32 on a CPU core', load: `${rate}/s`, requests: rows.length, ttft: bias(measured, simulated, 'ttftMs'), e2e: bias(measured, simulated, 'e2eMs'), e2eMedianAbsolute: quantile(errors(measured, simulated, 'e2eMs'), 0.5) };
  });
}
