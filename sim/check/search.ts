// Searching for a history that breaks a clause, and making it as short as it can be: drawing and shrinking are fast-check's, the last step is ours.
import fc from 'fast-check';
import { seededRandom } from '../../src/random.ts';
import type { Violation } from './clauses.ts';

export interface Search {
  /** Any text. */
  readonly seed: string;
  /** Histories tried for each clause. */
  readonly histories: number;
}

/** What a history that broke a clause showed: the complaint, and what led to it. */
export interface Shown { readonly why: string; readonly lines: readonly string[] }

/** The result of playing one history: nothing where all held. */
export type Outcome = { readonly violation: Violation; readonly lines: readonly string[] } | undefined;

const numberOf = (seed: string): number => Math.floor(seededRandom(`check/${seed}`)() * 0x7fffffff);

/** The clauses that break first in some history: only these are worth a search. */
export function firstLook<H>(arbitrary: fc.Arbitrary<H>, play: (history: H) => Outcome, { seed, histories }: Search): ReadonlySet<string> {
  const broken = new Set<string>();
  fc.check(fc.property(arbitrary, (history) => { const outcome = play(history); if (outcome) broken.add(outcome.violation.clause); }), { seed: numberOf(seed), numRuns: histories });
  return broken;
}

/** The shortest history found that breaks `clause`, as it shows it; nothing where none does. Other clauses that break are not this one's matter. */
export function search<H>(clause: string, arbitrary: fc.Arbitrary<H>, play: (history: H) => Outcome, shorter: (history: H) => Iterable<H>, { seed, histories }: Search): Shown | undefined {
  // What broke is kept as it was seen: code with state of its own may not show it again.
  let seen: Outcome;
  const breaks = (history: H): boolean => { const outcome = play(history); if (outcome?.violation.clause !== clause) return false; seen = outcome; return true; };
  const { counterexample } = fc.check(fc.property(arbitrary, (history) => !breaks(history)), { seed: numberOf(seed), numRuns: histories });
  if (counterexample === null) return undefined;
  reduce(counterexample[0], breaks, shorter);
  return shownOf(seen);
}

const shownOf = (outcome: Outcome): Shown => ({ why: outcome!.violation.why, lines: outcome!.lines });

/** The same for histories that take time. */
export async function searchLater<H>(clause: string, arbitrary: fc.Arbitrary<H>, play: (history: H) => Promise<Outcome>, { seed, histories }: Search): Promise<Shown | undefined> {
  let seen: Outcome;
  const { counterexample } = await fc.check(fc.asyncProperty(arbitrary, async (history) => { const outcome = await play(history); if (outcome?.violation.clause !== clause) return true; seen = outcome; return false; }), { seed: numberOf(seed), numRuns: histories });
  return counterexample === null ? undefined : shownOf(seen);
}

/** Takes what can be taken away while the clause still breaks; each round tries everything once, and a round that takes nothing is the last. */
function reduce<H>(history: H, breaks: (history: H) => boolean, shorter: (history: H) => Iterable<H>): void {
  for (;;) {
    let found: H | undefined;
    for (const one of shorter(history)) if (breaks(one)) { found = one; break; }
    if (found === undefined) return;
    history = found;
  }
}

/** A list with one member less, every way; the later ones first, because what comes late follows from what came before. */
export function* without<T>(list: readonly T[]): Iterable<readonly T[]> {
  for (let i = list.length - 1; i >= 0; i--) yield [...list.slice(0, i), ...list.slice(i + 1)];
  // A pair at a time, for what comes and goes together.
  for (let i = list.length - 1; i > 0; i--) for (let j = i - 1; j >= 0; j--) yield list.filter((_, k) => k !== i && k !== j);
}
