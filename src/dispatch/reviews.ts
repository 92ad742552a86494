// Policies that keep calls back for a time: reviewed before each decision, woken when their time has come.
import type { Policy } from '../policies/policy.ts';

/** Looks at a policy once, when it is new; where none keeps calls back, a round costs one comparison. */
export class Reviews {
  readonly #policies: readonly Policy[];
  readonly #reviewed: Policy[] = [];
  #seen = 0;

  constructor(policies: readonly Policy[]) { this.#policies = policies; }

  /** The earliest time at which one must be reviewed; Infinity: never. */
  get nextUs(): number {
    let nextUs = Infinity;
    for (const { wakeUs = Infinity } of this.#reviewed) if (wakeUs < nextUs) nextUs = wakeUs;
    return nextUs;
  }

  /** Call after the news of a round, before questions. */
  all(nowUs: number): void {
    for (; this.#seen < this.#policies.length; this.#seen++) if (this.#policies[this.#seen].review !== undefined) this.#reviewed.push(this.#policies[this.#seen]);
    for (const policy of this.#reviewed) policy.review!(nowUs);
  }
}
