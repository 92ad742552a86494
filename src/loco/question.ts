// One question to the indexes: alpha, denominators, time; and the linear form of the score that follows from them.

/**
 * Linear forms and hulls are computed in doubles and differ from the score by a few 2^-53, a hull by a few more a level.
 * Whatever comes within the slack of the best bound is scored exactly, so the slack costs time, never truth.
 */
export const SLACK = 1e-12;

/** Filled anew for each question and handed around, because numbers as arguments of a call would be boxed. Fields start as NaN to be doubles from the first. */
export class Question {
  alpha = NaN;
  maxBacklog = NaN;
  maxAge = NaN;
  now = NaN;
  /** Best score found so far, elsewhere: what lies below by more than the slack need not be found. */
  floor = NaN;
  /** The score is, to a few roundings, perBacklog × backlog + perAge × (now − since). */
  perBacklog = NaN;
  perAge = NaN;

  set(alpha: number, maxBacklog: number, maxAge: number, now: number): void {
    this.alpha = alpha;
    this.maxBacklog = maxBacklog;
    this.maxAge = maxAge;
    this.now = now;
    this.floor = -Infinity;
    this.perBacklog = alpha / (maxBacklog || 1);
    this.perAge = (1 - alpha) / (maxAge || 1);
  }
}
