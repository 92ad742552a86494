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

export function publishedRuns(): readonly PublishedRow[] {
  return H100_RUNS.map((run) => {
    const lives = Array.from({ length: PUBLISHED_SEEDS }, (_, seed) => replay(run, `${seed + 1}`)).flat();
    return {
      run: run.id, preset: run.preset, load: `${run.systemTokens + run.questionTokens} → ${run.outputTokens}; ${run.ratesPerS.join(', ')}/s`,
      ttftMs: mean(lives.map(({ firstUs, atUs }) => (firstUs - atUs) / 1e3)), ttftMeasuredMs: run.ttftMs, e2eMs: mean(lives.map(({ lastUs, atUs }) => (lastUs - atUs) / 1e3)), e2eMeasuredMs: run.e2eMs,
    };
  });
}

function replay(run: PublishedRun, seed: string): readonly Life[] {
  const { config, cost, overhead } = specOf(presetNamed(run.preset), { blocks: run.blocks, maxSeqs: 128, maxBatchedTokens: run.maxBatchedTokens });
  return drive(demandsOf(run, seed), { config, cost: createCostModel(cost), overhead }).lives;
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
