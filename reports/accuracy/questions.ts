// The questions of the accuracy page: what was measured, what was simulated, under which load it is off, what each rule is worth.
import { NBSP, decimalsFor, fixed, list, percent, signed } from '../numbers.ts';
import { BASELINE, CANDIDATE } from '../looks.ts';
import { distributionPanel, inSeconds } from '../trace/curves.ts';
import type { Question } from '../trace/frame.ts';
import type { AccuracyFigures, MetricPair, PublishedRow } from './figures.ts';

const off = (share: number): string => `${signed(share * 100, 1)}${NBSP}%`;
const size = (share: number): string => `${fixed(share * 100, 2)}${NBSP}%`;
const ms = (value: number): string => fixed(value, value >= 1000 ? 0 : decimalsFor(value));
const meanSize = (values: readonly number[]): number => values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
const metric = (figures: AccuracyFigures, name: MetricPair['metric']): MetricPair => figures.real.metrics.find((one) => one.metric === name) as MetricPair;
const STATISTICS = ['mean', 'p50', 'p90', 'p95', 'p99'] as const;

/** Mean sizes of the errors of the published runs. */
export function publishedErrors({ published: { rows } }: AccuracyFigures): { readonly ttft: number; readonly e2e: number; readonly bias: number } {
  const e2e = rows.map((row) => row.e2eMs / row.e2eMeasuredMs - 1);
  return { ttft: meanSize(rows.map((row) => row.ttftMs / row.ttftMeasuredMs - 1)), e2e: meanSize(e2e), bias: e2e.reduce((sum, value) => sum + value, 0) / e2e.length };
}

interface Outlier { readonly row: PublishedRow; readonly name: 'TTFT' | 'E2E'; readonly error: number }

/** Means that are off by more than a tenth, the furthest first. */
const outliers = (rows: readonly PublishedRow[]): readonly Outlier[] => rows
  .flatMap((row): Outlier[] => [{ row, name: 'TTFT', error: row.ttftMs / row.ttftMeasuredMs - 1 }, { row, name: 'E2E', error: row.e2eMs / row.e2eMeasuredMs - 1 }])
  .filter(({ error }) => Math.abs(error) > 0.1).sort((a, b) => Math.abs(b.error) - Math.abs(a.error));

function real(figures: AccuracyFigures): Question {
  const { real: { metrics, curves, name, requests, steps, preemptions } } = figures, e2e = metric(figures, 'E2E'), ttft = metric(figures, 'TTFT'), tpot = metric(figures, 'TPOT');
  const bias = (of: MetricPair): string => off(of.simulated.mean / of.measured.mean - 1);
  return {
    id: 'real', short: 'One real run, request by request', question: 'How near is a simulated run to the real one?', abreast: 1,
    finding: [`The E2E of half of the requests is within ${size(e2e.error.p50)}, of nine in ten within ${size(e2e.error.p90)}, of all within ${size(e2e.error.most)}.`, `Means: TTFT ${bias(ttft)}, TPOT ${bias(tpot)}, E2E ${bias(e2e)}; means can agree because errors of single requests cancel, so read those first.`, `${fixed(steps, 0)} steps, ${preemptions} preemptions.`],
    caption: ['Share of requests whose E2E is at most so long.', ` ${name}. Both runs count from the moment at which the engine queued the request. A request that waits for 50 ms and is 20 ms off has an error of 40 %: TTFT quantiles of single requests say more of the short ones.`],
    panels: [distributionPanel({ title: 'E2E: share of requests that is at most so long', label: 'Distribution functions of measured and simulated E2E; the quantiles are in the table.', xTitle: 'E2E', say: inSeconds, height: 260, of: [{ name: 'measured', look: BASELINE, curve: curves.measured }, { name: 'simulated', look: CANDIDATE, curve: curves.simulated }] })],
    table: {
      label: 'measured against simulated', columns: [{ head: 'metric', words: true }, { head: 'statistic', words: true }, { head: 'measured', unit: 'ms' }, { head: 'simulated', unit: 'ms' }, { head: 'difference' }],
      rows: metrics.flatMap((one) => STATISTICS.map((which) => ({ cells: [one.metric, which, ms(one.measured[which]), ms(one.simulated[which]), off(one.simulated[which] / one.measured[which] - 1)] }))),
      note: `${fixed(requests, 0)} requests.`,
    },
  };
}

function perRequest({ real: { metrics, curves } }: AccuracyFigures): Question {
  return {
    id: 'requests', short: 'Error of single requests', question: 'How far is a single request off?', abreast: 1,
    finding: [...metrics].reverse().map(({ metric: name, error }) => `${name}: median ${size(error.p50)}, nine in ten within ${size(error.p90)}.`),
    caption: ['Share of requests whose E2E is off by at most so much.', ' Absolute error of each request as a share of what was measured; the axis is logarithmic.'],
    panels: [distributionPanel({ title: 'E2E error: share of requests that is at most so far off', label: 'Distribution function of the error of single requests; quantiles are in the table.', xTitle: 'error', say: (v) => percent(v, 1), height: 220, of: [{ name: 'E2E', look: CANDIDATE, curve: curves.error }] })],
    table: {
      label: 'error of single requests', columns: [{ head: 'metric', words: true }, ...['p50', 'p90', 'p95', 'p99', 'most'].map((head) => ({ head }))],
      rows: metrics.map(({ metric: name, error }) => ({ cells: [name, size(error.p50), size(error.p90), size(error.p95), size(error.p99), size(error.most)] })),
    },
  };
}

function published(figures: AccuracyFigures): Question {
  const { published: { rows, frontEndMs, seeds, stageS, ttftLeftOut, asynchronous } } = figures, errors = publishedErrors(figures);
  return {
    id: 'published', short: 'Nine H100 runs', question: 'How near are presets to nine runs of which only the means are known?', abreast: 1,
    finding: [
      `Furthest off: ${outliers(rows).map(({ row, name, error }) => `run ${row.run}, ${name} ${off(error)}`).join('; ')}.`,
      `Mean absolute error over nine runs: E2E ${size(errors.e2e)} (bias ${off(errors.bias)}), TTFT ${size(errors.ttft)}; TTFT with the constant fitted on the other eight: ${size(ttftLeftOut)}.`,
      `Two choices were made on these runs: the ${frontEndMs} ms in front of the engine, and synchronous scheduling, although vLLM by itself schedules asynchronously on GPUs. Asynchronous, with its own best constant (${asynchronous.frontEndMs} ms), TTFT is off by ${size(asynchronous.ttft)} and E2E by ${size(asynchronous.e2e)}.`,
    ],
    caption: [
      'Means of nine runs of vLLM 0.15.1 on H100, replayed under the rules vllm-0.32.',
      ` Simulated with Poisson arrivals at the stages' rates, ${stageS} s a stage, mean of ${seeds} seeds; kernels of vLLM 0.19.0. The version is stated for the suite as a whole, not for each run. Workload and measurement come from two public repositories and were joined by the run's id: measured answers may be shorter or longer than the workload says, above all in run 67 and the other Llama-2-7B row.`,
    ],
    panels: [],
    table: {
      label: 'nine H100 runs', columns: [{ head: 'run', words: true }, { head: 'load', unit: 'tokens; rate', words: true }, { head: 'TTFT', unit: 'real, ms' }, { head: 'TTFT', unit: 'sim., ms' }, { head: 'error' }, { head: 'E2E', unit: 'real, ms' }, { head: 'E2E', unit: 'sim., ms' }, { head: 'error' }],
      rows: rows.map((row) => ({ cells: [`${row.run}: ${row.preset.replace(/^h100-/, '')}`, row.load, ms(row.ttftMeasuredMs), ms(row.ttftMs), off(row.ttftMs / row.ttftMeasuredMs - 1), ms(row.e2eMeasuredMs), ms(row.e2eMs), off(row.e2eMs / row.e2eMeasuredMs - 1)] })),
    },
  };
}

function load({ load: rows }: AccuracyFigures): Question {
  const most = [...rows].sort((a, b) => Math.abs(b.ttft) - Math.abs(a.ttft))[0];
  return {
    id: 'load', short: 'Error by load', question: 'Under which load is it off?', abreast: 1,
    finding: [`Furthest off: ${most.run}, ${most.load}, TTFT ${off(most.ttft)}.`, ...(rows.some(({ run }) => run.includes('CPU')) ? ['On the CPU server steps took 1.2 to 1.3 times what they took during calibration, because other work shared its cores; a queue multiplies that.'] : [])],
    caption: ['Relative error of the means, and the median of the absolute error of a request\'s E2E.', ' The real GPU run in thirds by the wait that each request really had; the CPU server at three rates, predicted from its calibration alone.'],
    panels: [],
    table: {
      label: 'error by load', columns: [{ head: 'run', words: true }, { head: 'load', words: true }, { head: 'requests' }, { head: 'TTFT' }, { head: 'E2E' }, { head: 'E2E of a request', unit: 'median, absolute' }],
      rows: rows.map((row) => ({ cells: [row.run, row.load, fixed(row.requests, 0), off(row.ttft), off(row.e2e), size(row.e2eMedianAbsolute)] })),
    },
  };
}

function ablations({ ablations: rows }: AccuracyFigures): Question {
  const worst = rows.slice(1).sort((a, b) => b.errorP50 - a.errorP50).slice(0, 3), better = rows.slice(1).filter((row) => /^R\d/.test(row.without) && Math.min(row.errorP50 - rows[0].errorP50, row.errorP90 - rows[0].errorP90) < -0.0001), idle = rows.slice(1).filter((row) => Math.abs(row.errorP50 - rows[0].errorP50) < 0.0005).length;
  return {
    id: 'rules', short: 'What each rule is worth', question: 'What is each rule worth on the real run?', abreast: 1,
    finding: [`Dearest to leave out: ${worst.map((row) => row.without).join('; ')}.`, `${idle} of ${rows.length - 1} changes move the median error of a request by less than 0.05${NBSP}%: this run does not notice them, others may.`, ...(better.length ? [`Without ${list(better.map((row) => row.without.split(':')[0]))} a request's error is even a little smaller, by its median or by nine in ten: errors compensate each other. That is no evidence against these rules, which recorded decisions of the real scheduler prove (npm run conform -- vllm-scheduler).`] : [])],
    caption: ['Simulated against measured with one rule or setting changed.', ' Means of TTFT, TPOT and E2E, the 99th percentile of TPOT, and the absolute error of a request\'s E2E (median and nine in ten). Rules R13b and R19b are off in vLLM 0.19, so they cannot be left out here. A difference of a few tenths of a percent between two rows tells nothing about a rule: one run, and the errors of rules and kernel times compensate each other.'],
    panels: [],
    table: {
      label: 'ablations', columns: [{ head: 'without', words: true }, { head: 'TTFT' }, { head: 'TPOT' }, { head: 'E2E' }, { head: 'TPOT', unit: 'p99' }, { head: 'request', unit: 'p50' }, { head: 'request', unit: 'p90' }],
      rows: rows.map((row, i) => ({ base: i === 0, cells: [row.without, off(row.ttft), off(row.tpot), off(row.e2e), off(row.tpotP99), size(row.errorP50), size(row.errorP90)] })),
    },
  };
}

function goldens({ goldens: { rows, seeds, marks } }: AccuracyFigures): Question {
  const mark = (share: number): string => `${fixed(share * 100, 0)}${NBSP}%`;
  return {
    id: 'goldens', short: 'Golden sessions', question: 'Does the trained-physics model repeat its golden sessions?', abreast: 1,
    finding: [`Largest difference of a mean: E2E ${size(Math.max(...rows.map((row) => Math.abs(row.e2e))))}, ITL ${size(Math.max(...rows.map((row) => Math.abs(row.itl))))}, TTFT ${size(Math.max(...rows.map((row) => Math.abs(row.ttft))))}; counts are exact.`],
    caption: ['Difference from what another simulator reports under the same formula.', ` Its start times are random and not repeated here. Mean of ${seeds} seeds, ± the standard error of TTFT, itself rough with so few. The mark is for the mean of ${marks.seeds} seeds, which npm run conform -- blis takes: E2E within ${mark(marks.e2e)}, ITL ${mark(marks.itl)}, TTFT ${mark(marks.ttft)}. With ${seeds} a row may lie outside.`],
    panels: [],
    table: { label: 'golden sessions', columns: [{ head: 'run', words: true }, { head: 'model', words: true }, { head: 'E2E' }, { head: 'ITL' }, { head: 'TTFT' }, { head: 'TTFT', unit: 'standard error' }], rows: rows.map((row) => ({ cells: [row.run, row.model, off(row.e2e), off(row.itl), off(row.ttft), `± ${size(row.ttftError)}`] })) },
  };
}

export const questions = (figures: AccuracyFigures): readonly Question[] => [real(figures), perRequest(figures), published(figures), load(figures), ablations(figures), goldens(figures)];
