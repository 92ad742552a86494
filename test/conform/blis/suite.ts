// Golden sessions of another simulator: an implementation of its step-time model under continuous batching, not a real engine. Counts exact, means near.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drive, type Life } from '../../../bench/accuracy/drive.ts';
import { ruleSet } from '../../../sim/engine/batch/rules.ts';
import { NO_OVERHEAD, type CallOverhead, type CostModel } from '../../../sim/engine/cost/cost-model.ts';
import { createCostModel } from '../../../sim/engine/cost/registry.ts';
import type { GpuShape, ModelShape } from '../../../sim/engine/cost/shape.ts';
import { FormatError, type ConformCase, type ConformSuite } from '../suite.ts';
import { mismatch } from '../shape.ts';
import { GOLDENS_SHAPE, type GoldenExpected, type GoldenModel, type GoldenRun, type Goldens } from './format.ts';
import { sessions } from './sessions.ts';

/** Seeds whose means are averaged: start times are the only random numbers, and other ones than the golden run's. */
export const SEEDS = 10;
/** Largest difference of a mean, as a share. */
export const NEAR = { e2e: 0.02, itl: 0.02, ttft: 0.04 };

export interface Means { readonly completed: number; readonly inputTokens: number; readonly outputTokens: number; readonly ttftMs: number; readonly e2eMs: number; readonly itlMs: number }

/** One golden run under one of its models, seed by seed. */
export const goldenSeeds = (goldens: Goldens, run: GoldenRun, kind: 'trainedPhysics' | 'roofline', seeds: number): readonly Means[] => Array.from({ length: seeds }, (_, seed) => oneSeed(goldens, run, kind, `${seed + 1}`));

/** The mean of so many seeds. */
export function goldenMeans(goldens: Goldens, run: GoldenRun, kind: 'trainedPhysics' | 'roofline', seeds: number): Means {
  const all = goldenSeeds(goldens, run, kind, seeds), mean = (of: (means: Means) => number): number => all.reduce((sum, means) => sum + of(means), 0) / seeds;
  return { ...all[0], ttftMs: mean((m) => m.ttftMs), e2eMs: mean((m) => m.e2eMs), itlMs: mean((m) => m.itlMs) };
}

function oneSeed(goldens: Goldens, run: GoldenRun, kind: 'trainedPhysics' | 'roofline', seed: string): Means {
  const { first, then } = sessions(run.workload, seed), [cost, overhead] = pricing(goldens, run, kind);
  // The golden engine has no null block, admits by the first chunk, and no limit of length.
  const config = { maxSeqs: run.maxNumSeqs, maxBatchedTokens: run.maxNumBatchedTokens, blockSize: goldens.blockSize, blocks: run[kind].gpuBlocks + 1, maxModelLen: 2 ** 20, reserveFull: false, rules: ruleSet('vllm-0.32') };
  return means(drive(first, { config, cost, overhead, then }).lives);
}

function means(lives: readonly Life[]): Means {
  const sum = (of: (life: Life) => number): number => lives.reduce((total, life) => total + of(life), 0), n = lives.length;
  return {
    completed: n, inputTokens: sum((life) => life.promptTokens), outputTokens: sum((life) => life.outputTokens),
    ttftMs: sum((life) => life.firstUs - life.atUs) / n / 1e3, e2eMs: sum((life) => life.lastUs - life.atUs) / n / 1e3,
    itlMs: sum((life) => life.lastUs - life.firstUs) / sum((life) => life.outputTokens - 1) / 1e3,
  };
}

function pricing({ h100, models, trainedPhysicsCoefficients: { alphaUs, beta } }: Goldens, run: GoldenRun, kind: 'trainedPhysics' | 'roofline'): [CostModel, CallOverhead] {
  const gpu: GpuShape = { name: 'H100', peakTflops: h100.peakTflops, peakTflopsFp8: h100.peakTflopsFp8, bandwidthTBs: h100.bandwidthTBs, memoryGiB: 80 }, shape = shapeOf(models[run.model]), { tp } = run;
  if (kind === 'roofline') return [createCostModel({ model: 'roofline', shape, gpu, tp, mfuPrefill: h100.mfuPrefill, mfuDecode: h100.mfuDecode, mbu: 1, stepUs: 0, linkUs: 0, linkGBs: 1e9 }), NO_OVERHEAD];
  const factors = { prefillCompute: beta.prefillComputeTime, decodeKv: beta.decodeKvTime, weights: beta.weightLoadTime, allReduce: beta.allReduceTime, layerUs: beta.perLayerUs, sequenceUs: beta.perSequenceUs, stepUs: beta.perStepUs, expertLayerUs: beta.perMoeLayerUs };
  return [createCostModel({ model: 'trained-physics', shape, gpu, tp, factors }), { beforeUs: alphaUs.queueing, afterUs: alphaUs.postDecodeOnce, perOutputTokenUs: alphaUs.perOutputToken }];
}

function shapeOf({ weightBytesPerParam, kvBytesPerValue, moeLayerStep, experts, expertsPerToken, ffnDense, ...sizes }: GoldenModel): ModelShape {
  const withExperts = experts === undefined ? {} : { experts, expertsPerToken: expertsPerToken ?? 1, alternates: moeLayerStep === 1, ...(ffnDense === undefined ? {} : { ffnDense }) };
  return { ...sizes, weightBytes: weightBytesPerParam, kvBytes: kvBytesPerValue, ...withExperts };
}

/** Differences that are too large; none: the run is repeated. */
export function compared(found: Means, expected: GoldenExpected, judgesTimes: boolean): readonly string[] {
  const out: string[] = [];
  for (const key of ['completed', 'inputTokens', 'outputTokens'] as const) if (found[key] !== expected[key]) out.push(`${key}: expected ${expected[key]}, found ${found[key]}`);
  if (!judgesTimes) return out;
  for (const [name, own, golden, near] of [['E2E', found.e2eMs, expected.e2eMs.mean, NEAR.e2e], ['ITL', found.itlMs, expected.itlMeanMs, NEAR.itl], ['TTFT', found.ttftMs, expected.ttftMs.mean, NEAR.ttft]] as const) {
    if (!(Math.abs(own / golden - 1) <= near)) out.push(`${name} mean: expected ${golden.toFixed(3)} ms within ${near * 100} %, found ${own.toFixed(3)} ms (${((own / golden - 1) * 100).toFixed(2)} %)`);
  }
  return out;
}

export function readGoldens(dir: string): Goldens {
  let value: unknown;
  try { value = JSON.parse(readFileSync(join(dir, 'goldens.json'), 'utf8')); } catch (error) { throw new FormatError(`no goldens.json can be read in ${dir}: ${(error as Error).message}`); }
  const wrong = mismatch(value, GOLDENS_SHAPE, 'goldens.json');
  if (wrong) throw new FormatError(`${wrong}.`);
  return value as Goldens;
}

const told = (found: Means, expected: GoldenExpected): string => `E2E ${found.e2eMs.toFixed(1)} (${expected.e2eMs.mean.toFixed(1)}) · TTFT ${found.ttftMs.toFixed(2)} (${expected.ttftMs.mean.toFixed(2)}) · ITL ${found.itlMs.toFixed(3)} (${expected.itlMeanMs.toFixed(3)}) ms`;

export const blisSuite: ConformSuite = {
  name: 'blis', folder: 'blis-goldens',
  cases: (dir) => {
    const goldens = readGoldens(dir);
    return goldens.runs.flatMap((run): ConformCase[] => (['trainedPhysics', 'roofline'] as const).map((kind) => {
      let note = '';
      return {
        id: `${run.id} ${run.model} tp${run.tp} ${kind}`,
        check: () => {
          const judged = kind === 'trainedPhysics', found = goldenMeans(goldens, run, kind, judged ? SEEDS : 1), { expected } = run[kind];
          note = `${told(found, expected)}${judged ? '' : ' · times not judged'}`;
          return compared(found, expected, judged);
        },
        note: () => note,
      };
    }));
  },
};
