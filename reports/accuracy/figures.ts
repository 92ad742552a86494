// What the accuracy page is made from: measured and simulated figures of every validation case, as plain data.

export interface Quantiles { readonly mean: number; readonly p50: number; readonly p90: number; readonly p95: number; readonly p99: number }

/** One metric of one run, ms: what was measured, what was simulated, and how far single requests are off, as shares. */
export interface MetricPair {
  readonly metric: 'TTFT' | 'TPOT' | 'E2E';
  readonly measured: Quantiles;
  readonly simulated: Quantiles;
  /** Absolute error of a request, over requests. */
  readonly error: { readonly p50: number; readonly p90: number; readonly p95: number; readonly p99: number; readonly most: number };
}

/** A part of a run, by how busy the engine was. */
export interface LoadRow { readonly run: string; readonly load: string; readonly requests: number; readonly ttft: number; readonly e2e: number; readonly e2eMedianAbsolute: number }

/** `without`: the rule that is left out, with its number, or the setting that is changed. */
export interface Ablation { readonly without: string; readonly ttft: number; readonly tpot: number; readonly e2e: number; readonly tpotP99: number; readonly errorP50: number; readonly errorP90: number }

export interface PublishedRow { readonly run: string; readonly preset: string; readonly load: string; readonly ttftMs: number; readonly ttftMeasuredMs: number; readonly e2eMs: number; readonly e2eMeasuredMs: number }

/** Differences of the means over seeds, and the standard error of the one that scatters most. */
export interface GoldenRow { readonly run: string; readonly model: string; readonly e2e: number; readonly itl: number; readonly ttft: number; readonly ttftError: number }

/** TTFT error over the published runs with asynchronous scheduling and the constant that is then the best. */
export interface Asynchronous { readonly frontEndMs: number; readonly ttft: number; readonly e2e: number }

/** Points of a distribution function. */
export interface Curve { readonly at: readonly number[]; readonly share: readonly number[] }

export interface AccuracyFigures {
  readonly version: string;
  /** The run with a measurement for every request. */
  readonly real: { readonly name: string; readonly requests: number; readonly steps: number; readonly preemptions: number; readonly metrics: readonly MetricPair[]; readonly curves: { readonly measured: Curve; readonly simulated: Curve; readonly error: Curve } };
  readonly load: readonly LoadRow[];
  readonly ablations: readonly Ablation[];
  readonly published: { readonly rows: readonly PublishedRow[]; readonly frontEndMs: number; readonly seeds: number; readonly stageS: number; /** TTFT error where the constant was fitted on the other eight. */ readonly ttftLeftOut: number; readonly asynchronous: Asynchronous };
  readonly goldens: { readonly rows: readonly GoldenRow[]; readonly seeds: number; /** Marks of the mean of so many seeds, as shares. */ readonly marks: { readonly seeds: number; readonly e2e: number; readonly itl: number; readonly ttft: number } };
  /** What was fitted on what, and what was never checked, a sentence each. */
  readonly fitted: readonly string[];
  readonly unchecked: readonly string[];
}
