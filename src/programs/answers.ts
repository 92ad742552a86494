// What the process table answers to what it is told: taken, or why not. Nothing is dropped in silence.

/** Taken as told. */
export const ANSWER_TAKEN = 0;
/** Told before: a call that is there already, a completion of a call that has ended, a program that is open. Nothing changes. */
export const ANSWER_DUPLICATE = 1;
/** Of a program that was closed or reaped since. Nothing is charged. */
export const ANSWER_LATE = 2;
/** Of a call or a program that the table was never told of, or has forgotten. Nothing changes. */
export const ANSWER_UNKNOWN = 3;

export type Answer = typeof ANSWER_TAKEN | typeof ANSWER_DUPLICATE | typeof ANSWER_LATE | typeof ANSWER_UNKNOWN;

/** By code, for people. */
export const ANSWER_NAMES = ['taken', 'duplicate', 'late', 'unknown'] as const;
