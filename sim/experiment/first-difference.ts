// Where two runs part: the first decision that is another. The runs are played again with receipts; nothing is stored but who was decided about.
import type { DecisionLine, ReplicationRecord } from '../results.ts';
import { assert } from '../../src/errors.ts';

/** Plays one replication and tells every decision, in order. Each time the same. */
export type Play = (tell: (line: DecisionLine) => void) => Promise<ReplicationRecord>;

/** `index`: decisions that both runs share before it. Null: the run makes no further decision. */
export interface FirstDifference { readonly index: number; readonly a: DecisionLine | null; readonly b: DecisionLine | null }

export interface Parting {
  /** Null: the runs decide the same from the first to the last. */
  readonly first: FirstDifference | null;
  /** Decisions in all. */
  readonly count: { readonly a: number; readonly b: number };
  readonly records: { readonly a: ReplicationRecord; readonly b: ReplicationRecord };
}

/** What was decided, about whom, when and by whom. Scores, terms and reasons are why, and may differ where the decision does not. */
export function decided({ time, kind, place, program, ordinal, chosen, engine }: DecisionLine): string {
  return `${time} ${kind} ${place} ${program}.${ordinal} ${typeof chosen === 'string' ? `"${chosen}"` : chosen} ${engine}`;
}

/** O(decisions) time and memory: A is played to learn its decisions, B beside them, and A once more for the receipt at the place where they part. */
export async function firstDifference(playA: Play, playB: Play): Promise<Parting> {
  const decisions: string[] = [];
  const a = await playA((line) => { decisions.push(decided(line)); });
  let index = 0, count = 0, parted = false, ofB: DecisionLine | null = null;
  const b = await playB((line) => {
    if (!parted && decisions[index] !== decided(line)) { parted = true; ofB = line; }
    if (!parted) index++;
    count++;
  });
  const counts = { a: decisions.length, b: count }, records = { a, b };
  if (!parted && index === decisions.length) return { first: null, count: counts, records };
  let at = 0, ofA: DecisionLine | null = null;
  if (index < decisions.length) {
    await playA((line) => { if (at++ === index) ofA = line; });
    assert(ofA !== null && decided(ofA) === decisions[index], 'a replication decides the same each time');
  }
  return { first: { index, a: ofA, b: ofB }, count: counts, records };
}
