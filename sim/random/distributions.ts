// Distributions of durations and sizes, by inversion: one uniform a sample, so that streams stay aligned whatever is drawn.
import { SchedlabError } from '../../src/errors.ts';
import { gammaQuantile, normalQuantile, powReal } from './math.ts';
import type { Uniform } from './xoshiro.ts';

/** A non-negative random variable. `sample` takes exactly one uniform, but for `deterministic`, which takes none. */
export interface Distribution {
  /** As `parseDistribution` reads it: `gamma:cv2=2`. */
  readonly name: string;
  readonly mean: number;
  /** Squared coefficient of variation: variance over squared mean. */
  readonly cv2: number;
  sample(u: Uniform): number;
}

/** Quantiles are not defined at 0, which a uniform yields once in 2^53 draws. */
function positive(u: number): number { return u === 0 ? 2 ** -54 : u; }

function inRange(what: string, value: number, least: number, most: number, open = false): void {
  if (!(open ? value > least : value >= least) || !(value <= most)) {
    throw new SchedlabError('ERR_OPTION_RANGE', `${what} accepts ${open ? 'a number above' : 'a number from'} ${least}${most === Infinity || most === Number.MAX_VALUE ? '' : ` to ${most}`}, received ${value}.`, { what, value });
  }
}
function checkMean(mean: number): void { inRange('the mean of a distribution', mean, 0, Number.MAX_VALUE, true); }

/** Always the mean; draws nothing. */
export function deterministic(mean: number): Distribution {
  inRange('the mean of a distribution', mean, 0, Number.MAX_VALUE);
  return { name: 'deterministic', mean, cv2: 0, sample: () => mean };
}

/** −mean · ln(1 − u). */
export function exponential(mean: number): Distribution {
  checkMean(mean);
  return { name: 'exponential', mean, cv2: 1, sample: (u) => -mean * Math.log(1 - u.next()) };
}

/** Uniform on [0, 2 · mean). */
export function uniform(mean: number): Distribution {
  checkMean(mean);
  return { name: 'uniform', mean, cv2: 1 / 3, sample: (u) => 2 * mean * u.next() };
}

/** Shape 1 / cv2, any shape above 0, by the numeric inverse of the incomplete gamma function: about 1 µs a sample, more for large shapes. */
export function gamma(mean: number, cv2: number): Distribution {
  checkMean(mean);
  inRange('gamma cv2', cv2, 1e-6, 1e6);
  const shape = 1 / cv2, scale = mean * cv2;
  return { name: `gamma:cv2=${cv2}`, mean, cv2, sample: (u) => scale * gammaQuantile(shape, u.next()) };
}

/** exp(μ + σz) with σ² = ln(1 + cv2) and z by the inverse of the normal distribution. */
export function lognormal(mean: number, cv2: number): Distribution {
  checkMean(mean);
  inRange('lognormal cv2', cv2, 0, 1e9, true);
  const variance = Math.log1p(cv2), sigma = Math.sqrt(variance), mu = Math.log(mean) - variance / 2;
  return { name: `lognormal:cv2=${cv2}`, mean, cv2, sample: (u) => Math.exp(mu + sigma * normalQuantile(positive(u.next()))) };
}

/**
 * Two exponentials with balanced means (each phase contributes half of the mean), the usual fit of a cv2 above 1.
 * The uniform that chooses the phase is stretched and used again within it: one draw, but not monotone in it.
 */
export function hyperexponential(mean: number, cv2: number): Distribution {
  checkMean(mean);
  inRange('hyperexponential cv2', cv2, 1, 1e9);
  const p = (1 + Math.sqrt((cv2 - 1) / (cv2 + 1))) / 2;
  const frequent = mean / (2 * p), rare = mean / (2 * (1 - p));
  return {
    name: `hyperexponential:cv2=${cv2}`, mean, cv2,
    sample: (u) => {
      const x = u.next();
      return x < p ? -frequent * Math.log(1 - x / p) : -rare * Math.log((1 - x) / (1 - p));
    },
  };
}

/**
 * Pareto with tail exponent `shape`, cut at `ratio` times its least value, scaled to the mean.
 * F(x) = (1 − (L / x)^shape) / (1 − ratio^−shape) on [L, ratio · L].
 */
export function boundedPareto(mean: number, shape: number, ratio: number): Distribution {
  checkMean(mean);
  inRange('pareto shape', shape, 0.01, 100);
  inRange('pareto ratio', ratio, 1, 1e12, true);
  const width = Math.log(ratio), mass = -Math.expm1(-shape * width);
  // k-th moment for L = 1; the limit at k = shape is shape · ln(ratio) / mass.
  const moment = (k: number): number => {
    const y = (k - shape) * width;
    return shape * width * (y === 0 ? 1 : Math.expm1(y) / y) / mass;
  };
  const first = moment(1), least = mean / first;
  return {
    name: `pareto:shape=${shape}:ratio=${ratio}`, mean, cv2: moment(2) / (first * first) - 1,
    sample: (u) => least * powReal(1 - u.next() * mass, -1 / shape),
  };
}

/** Draws one of the samples, each equally likely, by inversion of their distribution function. Keeps a sorted copy. */
export function empirical(samples: ArrayLike<number>): Distribution {
  const sorted = Float64Array.from(samples).sort();
  const n = sorted.length;
  if (n === 0) throw new SchedlabError('ERR_OPTION_RANGE', 'an empirical distribution needs at least one sample, received none.');
  if (!(sorted[0]! >= 0) || !(sorted[n - 1]! < Infinity)) throw new SchedlabError('ERR_OPTION_RANGE', `an empirical distribution accepts finite samples from 0, received values from ${sorted[0]} to ${sorted[n - 1]}.`);
  let mean = 0, squares = 0;
  for (let i = 0; i < n; i++) mean += (sorted[i]! - mean) / (i + 1);
  for (const x of sorted) squares += (x - mean) * (x - mean);
  return { name: 'empirical', mean, cv2: mean === 0 ? 0 : squares / n / (mean * mean), sample: (u) => sorted[Math.floor(u.next() * n)]! };
}
