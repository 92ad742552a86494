// Coins and counts: one uniform a sample, as everywhere in this room.
import { SchedlabError } from '../../src/errors.ts';
import { incompleteGamma, normalQuantile } from './math.ts';
import type { Uniform } from './xoshiro.ts';

/** Above this mean the search from zero would cost more than one evaluation of the distribution function. */
const SEARCH_FROM_ZERO = 30;

/** True with probability p. One draw, also at 0 and 1. */
export function bernoulli(u: Uniform, p: number): boolean { return u.next() < p; }

/**
 * A Poisson count by inversion: one draw at every mean. O(mean) up to a mean of 30; above, a search that starts near the quantile,
 * O(√mean). The mean is at most 1e9.
 * @throws ERR_OPTION_RANGE
 */
export function poisson(u: Uniform, mean: number): number {
  if (!(mean >= 0 && mean <= 1e9)) throw new SchedlabError('ERR_OPTION_RANGE', `the mean of a Poisson count accepts a number from 0 to 1000000000, received ${mean}.`, { mean });
  const x = u.next();
  return mean <= SEARCH_FROM_ZERO ? searchUp(x, mean) : searchNear(x, mean);
}

function searchUp(x: number, mean: number): number {
  let count = 0, probability = Math.exp(-mean), below = probability;
  // The sum may end a rounding short of 1: stop where terms no longer count.
  while (x >= below && (count < mean || probability > 2 ** -54)) {
    count++;
    probability *= mean / count;
    below += probability;
  }
  return count;
}

/** The least k with P(X ≤ k) > x, where P(X ≤ k) = Q(k + 1, mean); steps from a normal guess with its skewness corrected. */
function searchNear(x: number, mean: number): number {
  const z = normalQuantile(Math.max(x, 2 ** -54)), deviation = Math.sqrt(mean);
  let count = Math.max(0, Math.floor(mean + z * deviation + (z * z - 1) / 6));
  const exceeds = (k: number): boolean => incompleteGamma(k + 1, mean, true) > x;
  while (count > 0 && exceeds(count - 1)) count--;
  // Bounded, because the computed distribution function may end a rounding short of 1.
  while (!exceeds(count) && count < mean + 12 * deviation) count++;
  return count;
}
