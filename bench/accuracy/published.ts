// Nine published H100 runs, replayed with open-loop Poisson arrivals at their rates: their means are known, their requests are not.
import type { PublishedRow } from '../../reports/accuracy/figures.ts';
import { createCostModel } from '../../sim/engine/cost/registry.ts';
import { specOf } from '../../sim/engine/presets/engine-spec.ts';
import { presetNamed } from '../../sim/engine/presets/registry.ts';
import { exponential } from '../../sim/random/distributions.ts';
import { Streams } from '../../sim/random/streams.ts';
import { mean } from './compare.ts';
import { drive, type Demand, type Life } from './drive.ts';
import { H100_RUNS, type PublishedRun } from './h100-runs.ts';

/** A stage lasted 600 to 1200 s; so long is enough for a mean within 1 %. */
export const STAGE_S = 150;
export const PUBLISHED_SEEDS = 2;

/** `asynchronous`: a step is planned while the last runs, as vLLM does by itself on GPUs; the presets plan one after the other. */
export function publishedRuns(asynchronous?: boolean): readonly PublishedRow[] {
  return H100_RUNS.map((run) => {
    const lives = Array.from({ length: PUBLISHED_SEEDS }, (_, seed) => replay(run, `${seed + 1}`, asynchronous)).flat();
    return {
      run: run.id, preset: run.preset, load: `${run.systemTokens + run.questionTokens} → ${run.outputTokens}; ${run.ratesPerS.join(', ')}/s`,
      ttftMs: mean(lives.map(({ firstUs, atUs }) => (firstUs - atUs) / 1e3)), ttftMeasuredMs: run.ttftMs, e2eMs: mean(lives.map(({ lastUs, atUs }) => (lastUs - atUs) / 1e3)), e2eMeasuredMs: run.e2eMs,
    };
  });
}

function replay(run: PublishedRun, seed: string, asynchronous?: boolean): readonly Life[] {
  const { config, cost, overhead } = specOf(presetNamed(run.preset), { blocks: run.blocks, maxSeqs: 128, maxBatchedTokens: run.maxBatchedTokens });
  return drive(demandsOf(run, seed), { config: asynchronous === undefined ? config : { ...config, asynchronous }, cost: createCostModel(cost), overhead }).lives;
}

/**
 * TTFT error of the constant in front of the engine that is the best in whole ms: of the least mean error.
 * It moves every request alike, so it need not be replayed. `leftOut`: chosen on eight, judged on the ninth, for each.
 */
export function frontEndFit(rows: readonly PublishedRow[], frontEndMs: number): { readonly bestMs: number; readonly ttft: number; readonly leftOut: number } {
  const off = (row: PublishedRow, constantMs: number): number => Math.abs((row.ttftMs - frontEndMs + constantMs) / row.ttftMeasuredMs - 1);
  const all = (of: readonly PublishedRow[], constantMs: number): number => mean(of.map((row) => off(row, constantMs)));
  const best = (of: readonly PublishedRow[]): number => Array.from({ length: 31 }, (_, ms) => ms).reduce((a, b) => (all(of, b) < all(of, a) ? b : a)), bestMs = best(rows);
  return { bestMs, ttft: all(rows, bestMs), leftOut: mean(rows.map((row) => off(row, best(rows.filter((other) => other !== row))))) };
}

function demandsOf(run: PublishedRun, seed: string): readonly Demand[] {
  const streams = new Streams(seed), gaps = streams.stream('arrivals'), prompts = streams.stream('prompts'), out: Demand[] = [];
  let segment = run.systemPrompts, atUs = 0, endUs = 0;
  for (const ratePerS of run.ratesPerS) {
    const gap = exponential(1e6 / ratePerS);
    endUs += STAGE_S * 1e6;
    for (atUs += gap.sample(gaps); atUs < endUs; atUs += gap.sample(gaps)) {
      const prompt = Math.floor(prompts.next() * run.systemPrompts);
      out.push({ atUs: Math.round(atUs), content: [[prompt, run.systemTokens], [segment++, run.questionTokens]], outputTokens: run.outputTokens, outputSegment: segment++ });
    }
    atUs = endUs;
  }
  return out;
}
