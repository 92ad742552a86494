// All figures of the accuracy page, computed from the shared data. Deterministic: the same data give the same page.
import path from 'node:path';
import type { AccuracyFigures } from '../../reports/accuracy/figures.ts';
import { PRESETS, presetNamed } from '../../sim/engine/presets/registry.ts';
import { goldenSeeds, NEAR, readGoldens, SEEDS } from '../../test/conform/blis/suite.ts';
import { mean } from './compare.ts';
import { cpuRuns } from './cpu-runs.ts';
import { frontEndFit, PUBLISHED_SEEDS, publishedRuns, STAGE_S } from './published.ts';
import { realRun } from './real-run.ts';

const GOLDEN_SEEDS = 2;

/** `data`: the folder of shared data. Takes some ten seconds. */
export function accuracyFigures(data: string): AccuracyFigures {
  const { real, load, ablations } = realRun(path.join(data, 'real-runs', 'rtx4090-llama-3.1-8b')), goldens = readGoldens(path.join(data, 'blis-goldens'));
  const frontEndMs = presetNamed('h100-llama-3.1-70b-tp4').frontEndUs / 1000, unchecked = Object.values(PRESETS).filter((preset) => preset.checked.length === 0).map((preset) => preset.name);
  const rows = publishedRuns(), asynchronousRows = publishedRuns(true), asynchronous = frontEndFit(asynchronousRows, frontEndMs), size = (share: number): string => `${(share * 100).toFixed(1)} %`;
  const e2eOff = (of: typeof rows, moreMs: number): number => mean(of.map((row) => Math.abs((row.e2eMs + moreMs) / row.e2eMeasuredMs - 1))), asynchronousE2e = e2eOff(asynchronousRows, asynchronous.bestMs - frontEndMs), ttftLeftOut = frontEndFit(rows, frontEndMs).leftOut;
  return {
    version: 'rule sets vllm-0.32 and vllm-0.19', real, load: [...load, ...cpuRuns(path.join(data, 'vllm-cpu-runs'))], ablations,
    published: { rows, frontEndMs, seeds: PUBLISHED_SEEDS, stageS: STAGE_S, ttftLeftOut, asynchronous: { frontEndMs: asynchronous.bestMs, ttft: asynchronous.ttft, e2e: asynchronousE2e } },
    goldens: {
      seeds: GOLDEN_SEEDS, marks: { seeds: SEEDS, ...NEAR },
      rows: goldens.runs.map((run) => {
        const { expected } = run.trainedPhysics, all = goldenSeeds(goldens, run, 'trainedPhysics', GOLDEN_SEEDS), ttft = all.map((one) => one.ttftMs / expected.ttftMs.mean - 1);
        const middle = mean(ttft), ttftError = Math.sqrt(ttft.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (GOLDEN_SEEDS - 1) / GOLDEN_SEEDS);
        return { run: run.id, model: `${run.model} tp${run.tp}`, e2e: mean(all.map((one) => one.e2eMs)) / expected.e2eMs.mean - 1, itl: mean(all.map((one) => one.itlMs)) / expected.itlMeanMs - 1, ttft: middle, ttftError };
      }),
    },
    fitted: [
      'RTX 4090: kernel times are measured one by one, not fitted on the run. One host constant was fitted on it, in whole µs a sequence and step, and came out as 0; the RTX PRO 6000 presets carry it over. That these engines schedule asynchronously was read from the time stamps of the run\'s first steps; without it the figures differ by no more than the row of R17 shows.',
      'RTX PRO 6000 with two GPUs: kernels are measured, the all-reduce is not. Its 16 GB/s and 20 µs a hop are what the profile\'s authors configure for this card; they may have been chosen on a run of theirs.',
      `H100: the lines of each preset were fitted on kernel tables of vLLM 0.19.0. The nine runs are of vLLM 0.15.1 as a suite, and are replayed under the rules vllm-0.32. Two choices were made on them. First, the constant in front of the engine, ${frontEndMs} ms: in whole ms the one of the least mean TTFT error, near the median of what they need until the first token beyond the engine's own time. Fitted on eight and tested on the ninth it leaves a TTFT error of ${size(ttftLeftOut)}.`,
      `Second, synchronous scheduling. vLLM by itself schedules asynchronously on GPUs, and nothing in the runs says which was on; it was chosen because it fits better. Asynchronous, with its own best constant (${asynchronous.bestMs} ms), leaves a TTFT error of ${size(asynchronous.ttft)}, and of E2E ${size(asynchronousE2e)}. So the TTFT column is in-sample by a constant and by this choice, and E2E is in-sample only by the choice, which hardly moves it.`,
      'CPU: five numbers were fitted on the calibration run alone; the three Poisson runs were predicted.',
      'Golden sessions: nothing was fitted. They check an implementation of another simulator\'s formula, not a real engine.',
    ],
    unchecked: [
      `Presets without a real run behind them: ${unchecked.join(', ')}.`,
      'Nothing was checked above 300 requests a run on a GPU with a time for every request; the H100 runs are known by their means alone, and the real stages were sessions, replayed here as open-loop arrivals.',
      'Priority scheduling, long-prefill thresholds and block sizes other than 16 were held against the decisions of the real scheduler, never against its times on a GPU.',
      'Several engines behind one HTTP server, tensor parallelism over PCIe, contexts above 16,384 tokens and batches above 256 sequences were never compared with a measurement.',
    ],
  };
}
