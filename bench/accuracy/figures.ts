// All figures of the accuracy page, computed from the shared data. Deterministic: the same data give the same page.
import path from 'node:path';
import type { AccuracyFigures } from '../../reports/accuracy/figures.ts';
import { PRESETS, presetNamed } from '../../sim/engine/presets/registry.ts';
import { goldenMeans, readGoldens } from '../../test/conform/blis/suite.ts';
import { cpuRuns } from './cpu-runs.ts';
import { PUBLISHED_SEEDS, publishedRuns, STAGE_S } from './published.ts';
import { realRun } from './real-run.ts';

const GOLDEN_SEEDS = 2;

/** `data`: the folder of shared data. Takes some ten seconds. */
export function accuracyFigures(data: string): AccuracyFigures {
  const { real, load, ablations } = realRun(path.join(data, 'real-runs', 'rtx4090-llama-3.1-8b')), goldens = readGoldens(path.join(data, 'blis-goldens'));
  const frontEndMs = presetNamed('h100-llama-3.1-70b-tp4').frontEndUs / 1000, unchecked = Object.values(PRESETS).filter((preset) => preset.checked.length === 0).map((preset) => preset.name);
  return {
    version: 'rule sets vllm-0.32 and vllm-0.19', real, load: [...load, ...cpuRuns(path.join(data, 'vllm-cpu-runs'))], ablations,
    published: { rows: publishedRuns(), frontEndMs, seeds: PUBLISHED_SEEDS, stageS: STAGE_S },
    goldens: {
      seeds: GOLDEN_SEEDS,
      rows: goldens.runs.map((run) => {
        const found = goldenMeans(goldens, run, 'trainedPhysics', GOLDEN_SEEDS), { expected } = run.trainedPhysics;
        return { run: run.id, model: `${run.model} tp${run.tp}`, e2e: found.e2eMs / expected.e2eMs.mean - 1, itl: found.itlMs / expected.itlMeanMs - 1, ttft: found.ttftMs / expected.ttftMs.mean - 1 };
      }),
    },
    fitted: [
      'RTX 4090: kernel times are measured one by one, not fitted on the run. One host constant was fitted on it, in whole µs a sequence and step, and came out as 0; the RTX PRO 6000 presets carry it over. That these engines schedule asynchronously was read from the time stamps of the run\'s first steps; without it the figures differ by no more than the row of R17 shows.',
      'RTX PRO 6000 with two GPUs: kernels are measured, the all-reduce is not. Its 16 GB/s and 20 µs a hop are what the profile\'s authors configure for this card; they may have been chosen on a run of theirs.',
      `H100: the lines of each preset were fitted on kernel tables of vLLM 0.19.0. The nine runs are of vLLM 0.15.1; of them only the front-end constant, ${frontEndMs} ms, was taken: the rounded median of what they need until the first token beyond the engine's own time. The TTFT column is therefore in-sample by one parameter, E2E is not. Synchronous scheduling was assumed; asynchronous was tried as well, and with its own best constant leaves a TTFT error of 13 %, with the same E2E.`,
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
