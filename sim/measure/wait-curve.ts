// Kaplan–Meier: the share of calls still waiting so long after their arrival, the unserved counted as long as they were watched.
import type { WaitCurve } from '../results.ts';
import { Samples } from './samples.ts';

/** Times at which curves are kept, so that curves of replications can be averaged: ten a decade from 1 ms to 10^6 s, and 0. */
const GRID_S = [0, ...['0.001', '0.01', '0.1', '1', '10', '100', '1000', '10000', '100000'].flatMap((decade) => [1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8].map((step) => Number((step * Number(decade)).toPrecision(6)))), 1e6];

/** Fifty equal steps of a window, where the scenario has one. */
function gridOf(windowUs: number): readonly number[] {
  return Number.isFinite(windowUs) ? Array.from({ length: 51 }, (_, i) => Math.round((windowUs * i) / 50) / 1e6) : GRID_S;
}

/**
 * Product-limit estimate (Kaplan and Meier, JASA 53, 1958) from served waits and censored ones, in µs; sampled on a common grid.
 * Ends with the last grid point before which somebody is still under observation. O(n log n).
 */
export function waitCurve(served: readonly Samples[], unserved: readonly Samples[], windowUs: number): WaitCurve {
  const atS: number[] = [], share: number[] = [];
  let atRisk = [...served, ...unserved].reduce((n, bag) => n + bag.count, 0);
  if (atRisk === 0) return { atS, share };
  if (unserved.every((bag) => bag.count === 0) && served.every((bag) => bag.isExact)) return uncensored(served, gridOf(windowUs));
  const wait = Samples.steps(served), watched = Samples.steps(unserved);
  let s = 0, u = 0, survival = 1;
  for (const gridS of gridOf(windowUs)) {
    const gridUs = Math.round(gridS * 1e6);
    for (;;) {
      const serve = s < wait.values.length ? wait.values[s] : Infinity, censor = u < watched.values.length ? watched.values[u] : Infinity;
      if (Math.min(serve, censor) > gridUs) break;
      if (serve <= censor) { survival *= 1 - wait.counts[s] / atRisk; atRisk -= wait.counts[s++]; }
      else atRisk -= watched.counts[u++];
    }
    atS.push(gridS);
    share.push(survival);
    if (atRisk <= 0) break;
  }
  return { atS, share };
}

/** Where everybody was served the estimate is the plain share of longer waits: counting into the grid is enough. */
function uncensored(served: readonly Samples[], grid: readonly number[]): WaitCurve {
  const gridUs = grid.map((s) => Math.round(s * 1e6)), upTo = new Float64Array(grid.length + 1);
  let left = 0;
  for (const piece of served.flatMap((bag) => bag.pieces)) {
    left += piece.length;
    for (let i = 0; i < piece.length; i++) upTo[placeOf(piece[i], gridUs)]++;
  }
  const all = left, atS: number[] = [], share: number[] = [];
  for (let i = 0; i < grid.length && left > 0; i++) {
    left -= upTo[i];
    atS.push(grid[i]);
    share.push(left / all);
  }
  return { atS, share };
}

/** First point of the grid that is not below the value. O(log grid); nothing waited is the commonest wait. */
function placeOf(value: number, gridUs: readonly number[]): number {
  if (value <= gridUs[0]) return 0;
  let low = 0, high = gridUs.length;
  while (low < high) { const mid = (low + high) >> 1; if (gridUs[mid] < value) low = mid + 1; else high = mid; }
  return low;
}
