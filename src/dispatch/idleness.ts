// Notices that a place stands idle: a policy answered nobody although a call waits that an engine with room may serve.
import type { Admits } from '../policies/policy.ts';
import { CALL_WAITING, type CallTable } from './calls.ts';

/** Looks at all calls, each O(slots), before it gives up: a policy may answer nobody, rightly, very often. */
const MOST_LOOKS = 1000;

export class Idleness {
  found = false;
  #looks = 0;

  /** A policy answered nobody. It may, where every waiting call is for an engine that is full. Looked for until it is found once. */
  look({ pin, state }: CallTable, { open }: Admits): void {
    if (this.found || this.#looks++ >= MOST_LOOKS) return;
    for (let c = 0; c < state.length && !this.found; c++) this.found = state[c] === CALL_WAITING && open[Math.max(-1, pin[c]) + 1] === 1;
  }
}
