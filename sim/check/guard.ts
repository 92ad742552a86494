// Between the check and the code it checks: what the code throws, what it reaches for, and what it writes are seen here.
import type { CallTable } from '../../src/dispatch/calls.ts';
import { SchedlabError } from '../../src/errors.ts';
import { Violation } from './clauses.ts';

/** What was reached for that no policy or balancer may: told by whoever can see it, since this room has no clock and no randomness. */
export interface Reach { readonly kind: 'clock' | 'random'; readonly what: string; /** `file:line:column`, where known. */ readonly at: string }

/** What the surroundings tell of the code under check. */
export interface Watcher {
  /** What was reached for since the last question, or nothing. */
  reached(): Reach | undefined;
  /** Where an error comes from, in words; empty where that is not known. */
  placeOf(error: unknown): string;
  /** Code of the user is called now, after this history; it may never come back. */
  enters?(what: string, lines: readonly string[]): void;
  /** It has come back. */
  leaves?(): void;
}

/** Sees nothing: for a check in which nobody traps clocks. */
export const BLIND: Watcher = { reached: () => undefined, placeOf: () => '' };

const COLUMNS = ['program', 'ordinal', 'key', 'agent', 'callClass', 'pin', 'weight', 'promptTokens', 'maxTokens', 'arrivedUs', 'grantedUs', 'engine', 'state', 'outputTokens', 'cachedTokens'] as const;

export class Guard {
  readonly #calls: CallTable;
  readonly #watcher: Watcher;
  /** What has happened, in words; a list that grows. */
  readonly #lines: readonly string[];
  /** Empty where nobody looks for writes. */
  readonly #read: readonly { readonly name: string; readonly values: () => ArrayLike<number> }[];

  /** `watches`: whether columns are compared; `read`: what else is handed out to be read; `lines`: what has happened, in words. */
  constructor(calls: CallTable, watcher: Watcher, watches: boolean, read: readonly { readonly name: string; readonly values: () => ArrayLike<number> }[], lines: readonly string[] = []) {
    this.#lines = lines;
    this.#calls = calls;
    this.#watcher = watcher;
    this.#read = watches ? [...COLUMNS.map((name) => ({ name: `calls.${name}`, values: () => this.#calls[name] })), ...read] : [];
  }

  /** Runs code of the user. Throws a Violation where it throws, reaches for a clock or randomness, or writes what it may only read. */
  user<T>(what: string, work: () => T): T {
    const before = this.#read.map(({ values }) => sumOf(values()));
    let answer: T;
    this.#watcher.enters?.(what, this.#lines);
    try { answer = work(); this.#watcher.leaves?.(); } catch (error) {
      this.#watcher.leaves?.();
      if (error instanceof Violation) throw error;
      this.#refuseReach(what);
      throw new Violation('throws', `${what} threw ${nameOf(error)}${this.#watcher.placeOf(error)}`);
    }
    this.#refuseReach(what);
    this.#read.forEach(({ name, values }, i) => { if (sumOf(values()) !== before[i]) throw new Violation('reads-only', `${what} changed ${name}`); });
    return answer;
  }

  #refuseReach(what: string): void {
    const reach = this.#watcher.reached();
    if (reach) throw new Violation(reach.kind, `${what} called ${reach.what}${reach.at}`);
  }
}

function nameOf(error: unknown): string {
  if (error instanceof SchedlabError) return error.message.replace(/\.$/, '');
  return error instanceof Error ? `${error.name}: ${error.message.replace(/\.$/, '')}` : `${String(error)}, which is no Error`;
}

/** A number that moves when any value does, as far as such a number can. */
function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) { const value = values[i]; if (value === value) sum += value === Infinity ? i + 0.5 : value * (i + 1); else sum += 0.25 * (i + 1); }
  return sum;
}
