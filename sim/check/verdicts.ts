// The clauses of a contract judged one after the other: what a broken one breaks with it is left unjudged, so that the cause is named and not its effects.
import type { Clause } from './clauses.ts';
import type { Shown } from './search.ts';

export interface Verdict {
  readonly clause: Clause;
  /** null: not judged, because a clause that it needs does not hold. */
  readonly holds: boolean | null;
  /** The first clause in the way, where it was not judged. */
  readonly after?: string;
  /** What broke it, where it is broken. */
  readonly shown?: Shown;
}

export type Judge = (clause: Clause) => Promise<Shown | undefined> | Shown | undefined;

/** Judges every clause, or those that are asked for; in order, so that needs are known before. */
export async function judgeAll(clauses: readonly Clause[], judge: Judge, only: readonly string[] = []): Promise<readonly Verdict[]> {
  const verdicts = new Map<string, Verdict>();
  const wanted = new Set(only.length === 0 ? clauses.map(({ id }) => id) : clauses.filter(({ id }) => only.includes(id)).flatMap(({ id, needs }) => [id, ...needs]));
  for (const clause of clauses) {
    if (!wanted.has(clause.id)) continue;
    const after = clause.needs.find((id) => verdicts.get(id)?.holds === false);
    if (after !== undefined) { verdicts.set(clause.id, { clause, holds: null, after }); continue; }
    const shown = await judge(clause);
    verdicts.set(clause.id, { clause, holds: shown === undefined, ...(shown ? { shown } : {}) });
  }
  return [...verdicts.values()].filter(({ clause, holds }) => only.length === 0 || only.includes(clause.id) || holds === false);
}
