// Whole numbers with a lognormal shape, from 1 to a bound, whose mean is met exactly: counts of calls and of tokens.
import { SchedlabError } from '../../src/errors.ts';
import type { Uniform } from './xoshiro.ts';

/** A law of whole numbers; `sample` takes exactly one uniform. */
export interface WholeLaw {
  readonly mean: number;
  readonly most: number;
  readonly sigma: number;
  sample(u: Uniform): number;
}

/** Halvings of the interval in which μ is sought: down to the last bits of a double. */
const HALVINGS = 60;
const MOST = 1 << 16;

const known = new Map<string, WholeLaw>();

/**
 * P(k) ∝ exp(−(ln k − μ)² ÷ 2σ²) ÷ k for k = 1 … most, with μ such that the mean is exact although the tail is cut. Made once for equal arguments:
 * O(most), 60 times; a sample O(log most).
 * @throws ERR_OPTION_RANGE unless 1 < mean < (most + 1) ÷ 2, sigma is from 0.05 to 3 and most at most 65536
 */
export function wholeLognormal(mean: number, sigma: number, most: number): WholeLaw {
  const key = `${mean}/${sigma}/${most}`, before = known.get(key);
  if (before !== undefined) return before;
  if (!(Number.isInteger(most) && most >= 2 && most <= MOST && mean > 1 && mean < (most + 1) / 2 && sigma >= 0.05 && sigma <= 3)) {
    throw new SchedlabError('ERR_OPTION_RANGE', `a lognormal law of whole numbers accepts most from 2 to ${MOST}, a mean above 1 and below half of most + 1, sigma from 0.05 to 3, received mean ${mean}, sigma ${sigma}, most ${most}.`, { mean, sigma, most });
  }
  const logs = Float64Array.from({ length: most }, (_, i) => Math.log(i + 1)), sums = new Float64Array(most), top = Math.log(most);
  const fill = (mu: number): number => {
    // Weights are taken relative to the largest: none overflows, and never do all vanish.
    const peak = Math.min(top, Math.max(0, mu - sigma * sigma)), least = (peak - mu) / sigma, offset = least * least / 2 + peak;
    let mass = 0, moment = 0;
    for (let i = 0; i < most; i++) {
      const z = (logs[i]! - mu) / sigma, weight = Math.exp(offset - z * z / 2 - logs[i]!);
      mass += weight;
      moment += weight * (i + 1);
      sums[i] = mass;
    }
    return moment / mass;
  };
  // Wide enough for every mean that is accepted; the mean grows with μ.
  let low = -30 * sigma * sigma - 1, high = top + 4 * sigma * sigma + 4;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (fill(middle) < mean) low = middle;
    else high = middle;
  }
  const reached = fill(high), mass = sums[most - 1]!;
  const law: WholeLaw = {
    mean: reached, most, sigma,
    sample: (u) => {
      const x = u.next() * mass;
      let from = 0, to = most - 1;
      while (from < to) {
        const middle = (from + to) >>> 1;
        if (sums[middle]! > x) to = middle;
        else from = middle + 1;
      }
      return from + 1;
    },
  };
  known.set(key, law);
  return law;
}
