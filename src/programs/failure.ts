// What becomes of a program when a call of it is lost: it is tried again, its branch ends, or the program does.

export interface FailureRule {
  /** Times that a call is tried in all, from 1. */
  readonly attempts: number;
  /** µs before the second attempt; each further one waits `factor` times as long as the one before, at most `mostUs`. */
  readonly backoffUs: number;
  readonly factor: number;
  readonly mostUs: number;
  /** When no attempt is left: the whole program fails, or only what cannot do without this call. */
  readonly then: 'program' | 'branch';
}

/** A lost call ends its program. */
export const NO_RETRY: FailureRule = { attempts: 1, backoffUs: 0, factor: 1, mostUs: 0, then: 'program' };

/** A lost call ends its branch. */
export const LOSE_BRANCH: FailureRule = { ...NO_RETRY, then: 'branch' };

/** Whole µs to wait after so many attempts were lost; at least 1, so that what was refused is never asked again in the same instant. O(attempts). */
export function backoffUs(rule: FailureRule, lost: number): number {
  let us = rule.backoffUs;
  for (let k = 1; k < lost && us < rule.mostUs; k++) us *= rule.factor;
  return Math.max(1, Math.round(Math.min(us, rule.mostUs)));
}
