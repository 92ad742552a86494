// Decisions that differ, in words: how many, in how many seeds, and why none does. The terminal and the report speak alike.
import type { DecisionCause, DecisionContrast } from '../sim/results.ts';
import { count, fixed, list, percent } from './numbers.ts';

type Alike = NonNullable<DecisionContrast['alike']>;

/** Every run of the cell went as the baseline's did, to the microsecond. */
export const hasNoEffect = (contrast: DecisionContrast): contrast is DecisionContrast & { readonly alike: Alike } => contrast.alike !== null;

const share = (part: number, whole: number): string => (part === whole ? 'all' : percent(part / whole));

function causeText(cause: DecisionCause, { decisions, choices, guarded }: Alike): string {
  switch (cause) {
    case 'none': return 'nothing was decided';
    case 'one-call': return 'never more than one call waited';
    case 'one-agent': return 'never more than one agent waited';
    case 'scores': return 'all scores were equal wherever several agents waited';
    case 'guard': return `the guard decided ${share(guarded, decisions)} of them${guarded < decisions ? ', and the others left no choice' : ''}`;
    case 'guard-part': return `the guard decided ${percent(guarded / decisions)} of them, and the others came out the same`;
    case 'one-engine': return 'there is only one engine';
    case 'one-free': return 'there was never more than one engine to choose from';
    case 'order': return choices === null || choices === 0 ? 'both put the calls in the same order' : `both chose the same at ${choices === 1 ? 'the one decision' : `each of the ${count(choices, 'decision')}`} that left a choice`;
  }
}

/** `never more than one agent waited`. */
export const whyText = (alike: Alike): string => list(alike.causes.map((cause) => causeText(cause, alike)));

/** `0 of 41 200 decisions differ`; of the first ones, where not all were kept. */
export const differText = ({ differ, compared, isCut }: DecisionContrast): string =>
  `${fixed(differ, 0)} of ${isCut ? 'the first ' : ''}${count(compared, 'decision')} ${compared === 1 ? 'differs' : 'differ'}`;

/** `in 20 of 20 seeds`: in how many pairs that is so. */
const seedsText = (pairs: number, of: number): string => `in ${fixed(pairs, 0)} of ${count(of, 'seed')}`;

const ordinal = (n: number): string => `${fixed(n, 0)}${n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;

/** What is to be said of one cell against another, without their names. */
export function contrastText(contrast: DecisionContrast): string {
  const { differ, compared, pairs, equalPairs, first } = contrast;
  if (hasNoEffect(contrast)) return `${differText(contrast)} ${seedsText(pairs, pairs)}: no effect here${contrast.alike.causes.length === 0 ? ', and the runs are equal in every replication' : `, because ${whyText(contrast.alike)}`}`;
  if (contrast.samePairs === pairs) return `${differText(contrast)} ${seedsText(pairs, pairs)}`;
  if (equalPairs === pairs) return `${differText(contrast)} ${seedsText(pairs, pairs)}, and the runs do: what is set acts on something else than who goes where`;
  const where = first === null ? 'after those that were kept' : `first at the ${ordinal(first.decision + 1)} of replication ${fixed(first.replication, 0)}`;
  return `${differText(contrast)}${differ === 0 ? '' : ` (${percent(differ / compared)})`}, ${seedsText(pairs - equalPairs, pairs)}, ${where}`;
}

/** Cells that are told in one breath: those without effect for one reason, and all that decide otherwise. */
export interface DecidedGroup { readonly contrasts: readonly DecisionContrast[]; readonly text: string }

/** Cells with nothing to tell them apart share a sentence; those whose decisions differ share a range. `nameOf` names a cell, as `list` takes it. */
export function groupsOf(contrasts: readonly DecisionContrast[], nameOf: (cell: string) => string): readonly DecidedGroup[] {
  const alike = new Map<string, DecisionContrast[]>(), other: DecisionContrast[] = [];
  for (const contrast of contrasts) {
    if (contrast.equalPairs < contrast.pairs) { other.push(contrast); continue; }
    const text = contrastText(contrast);
    alike.set(text, [...(alike.get(text) ?? []), contrast]);
  }
  const groups = [...alike].map(([text, all]): DecidedGroup => ({ contrasts: all, text: all.length === 1 ? text : text.replace(/ differ /, ' of each differ ') }));
  if (other.length === 0) return groups;
  return [...groups, { contrasts: other, text: other.length === 1 ? contrastText(other[0]) : rangeText(other, nameOf) }];
}

function rangeText(all: readonly DecisionContrast[], nameOf: (cell: string) => string): string {
  const at = ({ differ, compared }: DecisionContrast): number => (compared === 0 ? 0 : differ / compared);
  const least = all.reduce((a, b) => (at(b) < at(a) ? b : a)), most = all.reduce((a, b) => (at(b) > at(a) ? b : a));
  return percent(at(least)) === percent(at(most)) ? `${percent(at(most))} of the decisions differ` : `from ${percent(at(least))} (${nameOf(least.cell)}) to ${percent(at(most))} (${nameOf(most.cell)}) of the decisions differ`;
}

