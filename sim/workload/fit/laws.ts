// The laws that are fitted: each finds its parameters from positive values, and tells its distribution function and density.
import { incompleteGamma, logGamma } from '../../random/math.ts';
import type { Weighted } from '../describe/spread.ts';
import { digamma, normalCdf, trigamma } from './special.ts';

/** A law with its parameters. */
export interface Fitted {
  /** As scenario parameters spell it, without the mean. */
  readonly text: string;
  readonly mean: number;
  readonly cv2: number;
  /** Parameters in words, in the unit of the values. */
  readonly parameters: Readonly<Record<string, number>>;
  cdf(x: number): number;
  logDensity(x: number): number;
}

export interface Law {
  readonly name: string;
  readonly method: 'maximum likelihood' | 'moments';
  /** Parameters that were chosen by the data. */
  readonly free: number;
  /** Undefined where the law cannot have such values; `why` says it. */
  fit(values: Moments): Fitted | string;
}

/** What the fits ask of the values, found in one pass. */
export interface Moments extends Weighted { readonly mean: number; readonly cv2: number; readonly meanLog: number; readonly varianceLog: number; readonly min: number; readonly max: number }

/** The moments of positive values. O(distinct values). */
export function momentsOf(positive: Weighted): Moments {
  const { values, counts, n } = positive;
  let mean = 0, meanLog = 0, squares = 0, squaresLog = 0;
  for (let i = 0; i < values.length; i++) { mean += (values[i] * counts[i]) / n; meanLog += (Math.log(values[i]) * counts[i]) / n; }
  for (let i = 0; i < values.length; i++) { const d = values[i] - mean, l = Math.log(values[i]) - meanLog; squares += d * d * counts[i]; squaresLog += l * l * counts[i]; }
  return { ...positive, mean, meanLog, cv2: squares / n / (mean * mean), varianceLog: squaresLog / n, min: values[0], max: values[values.length - 1] };
}

const round = (x: number): number => Number(x.toPrecision(6));

const exponential: Law = {
  name: 'exponential', method: 'maximum likelihood', free: 1,
  fit: ({ mean }) => ({ text: 'exponential', mean, cv2: 1, parameters: { mean }, cdf: (x) => -Math.expm1(-x / mean), logDensity: (x) => -x / mean - Math.log(mean) }),
};

const gamma: Law = {
  name: 'gamma', method: 'maximum likelihood', free: 2,
  fit({ mean, meanLog }) {
    const s = Math.log(mean) - meanLog;
    if (!(s > 5e-7)) return 'the values hardly differ';
    // Minka's start, then Newton on ln k − ψ(k) = s.
    let shape = (3 - s + Math.sqrt((s - 3) * (s - 3) + 24 * s)) / (12 * s);
    for (let i = 0; i < 50; i++) {
      const next = 1 / (1 / shape + (Math.log(shape) - digamma(shape) - s) / (shape * shape * (1 / shape - trigamma(shape))));
      if (!(next > 0) || Math.abs(next - shape) <= 1e-13 * shape) break;
      shape = next;
    }
    const cv2 = round(1 / shape), scale = mean / shape;
    if (cv2 > 1e6) return 'its shape would be below one millionth';
    return { text: `gamma:cv2=${cv2}`, mean, cv2, parameters: { shape, scale }, cdf: (x) => incompleteGamma(shape, x / scale, false), logDensity: (x) => (shape - 1) * Math.log(x) - x / scale - logGamma(shape) - shape * Math.log(scale) };
  },
};

const lognormal: Law = {
  name: 'lognormal', method: 'maximum likelihood', free: 2,
  fit({ meanLog: mu, varianceLog: variance }) {
    const sigma = Math.sqrt(variance), cv2 = round(Math.expm1(variance));
    if (!(cv2 > 0 && cv2 <= 1e9)) return cv2 > 1 ? 'its variance would be too large to draw from' : 'the values do not differ';
    return { text: `lognormal:cv2=${cv2}`, mean: Math.exp(mu + variance / 2), cv2, parameters: { mu, sigma }, cdf: (x) => normalCdf((Math.log(x) - mu) / sigma), logDensity: (x) => { const z = (Math.log(x) - mu) / sigma; return -0.5 * z * z - Math.log(x * sigma) - 0.9189385332046727; } };
  },
};

const pareto: Law = {
  name: 'pareto', method: 'maximum likelihood', free: 3,
  fit({ min, max, meanLog }) {
    const ratio = round(max / min), width = Math.log(ratio), excess = meanLog - Math.log(min);
    if (!(ratio > 1.001 && ratio <= 1e12)) return ratio > 1e12 ? 'the largest value is more than 10^12 times the least' : 'the values hardly differ';
    // Least and largest value bound it; the slope of its likelihood falls in the exponent (Aban, Meerschaert and Panorska, JASA 101, 2006, theorem 2).
    const slope = (a: number): number => 1 / a - width / Math.expm1(a * width) - excess;
    let low = 0.01, high = 100;
    if (slope(low) < 0) return 'its exponent would be below 0.01';
    if (slope(high) > 0) return 'its exponent would be above 100';
    for (let i = 0; i < 200 && high - low > 1e-14 * high; i++) { const mid = (low + high) / 2; if (slope(mid) > 0) low = mid; else high = mid; }
    const shape = round((low + high) / 2), mass = -Math.expm1(-shape * width), moment = (k: number): number => { const y = (k - shape) * width; return (shape * width * (y === 0 ? 1 : Math.expm1(y) / y)) / mass; };
    return { text: `pareto:shape=${shape}:ratio=${ratio}`, mean: min * moment(1), cv2: moment(2) / (moment(1) * moment(1)) - 1, parameters: { shape, least: min, largest: max }, cdf: (x) => (x <= min ? 0 : x >= max ? 1 : -Math.expm1(-shape * Math.log(x / min)) / mass), logDensity: (x) => Math.log(shape) + shape * Math.log(min) - (shape + 1) * Math.log(x) - Math.log(mass) };
  },
};

const hyperexponential: Law = {
  name: 'hyperexponential', method: 'moments', free: 2,
  fit({ mean, cv2: raw }) {
    const cv2 = round(raw);
    if (!(cv2 > 1)) return 'its CV² is above 1, and that of the values is not';
    const p = (1 + Math.sqrt((cv2 - 1) / (cv2 + 1))) / 2, frequent = mean / (2 * p), rare = mean / (2 * (1 - p));
    return { text: `hyperexponential:cv2=${cv2}`, mean, cv2, parameters: { share: p, frequent, rare }, cdf: (x) => -p * Math.expm1(-x / frequent) - (1 - p) * Math.expm1(-x / rare), logDensity: (x) => Math.log((p / frequent) * Math.exp(-x / frequent) + ((1 - p) / rare) * Math.exp(-x / rare)) };
  },
};

export const LAWS: readonly Law[] = [exponential, gamma, lognormal, pareto, hyperexponential];
