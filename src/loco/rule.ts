// The load function of LOCO and the grid on which weights lie.
import { SchedlabError } from '../errors.ts';

/**
 * Load of an agent: alpha × backlog ÷ largest backlog + (1 − alpha) × wait ÷ largest wait; the highest goes first.
 * A largest value of 0 counts as 1. The result lies in [0, 1]. This very expression, in doubles, decides every order:
 * each of its operations is monotone, so equal inputs tie exactly and a larger backlog or wait never scores less.
 * Source: LOCO (load-conscious orchestration), load function over agents with queued work.
 */
export function loadScore(alpha: number, backlog: number, maxBacklog: number, age: number, maxAge: number): number {
  return alpha * (backlog / (maxBacklog || 1)) + (1 - alpha) * (age / (maxAge || 1));
}

const GRID = 2 ** 36;

/**
 * The nearest multiple of 2^-36 (1.5e-11). Sums of such weights are exact, and so independent of order, while they stay
 * below 131,072; sums of whole weights stay exact up to 2^53. Throws ERR_OPTION_RANGE unless the weight is finite and ≥ 0.
 */
export function gridWeight(weight: number): number {
  if (!(weight >= 0 && weight < Infinity)) {
    throw new SchedlabError('ERR_OPTION_RANGE', `the weight of a task is a finite number from 0, received ${weight}. Use 1 for a call like any other.`, { weight });
  }
  return weight < 65_536 ? Math.round(weight * GRID) / GRID : weight;
}
