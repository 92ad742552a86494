// A policy held against its contract, clause by clause.
import { Violation, POLICY_CLAUSES } from './clauses.ts';
import { heldByPolicy, type HeapMeter } from './memory.ts';
import { PolicyDesk, type Answer, type Play, type PolicyUnderCheck } from './policy-desk.ts';
import { policyHistories, type PolicyHistory } from './policy-steps.ts';
import { firstLook, search, without, type Outcome, type Search, type Shown } from './search.ts';
import { judgeAll, type Verdict } from './verdicts.ts';
import { differingShells } from './worlds.ts';

export interface CheckOptions extends Search {
  /** Clauses to judge, by id; empty: all. */
  readonly only?: readonly string[];
  /** Bytes in use after a collection of garbage; without one the clause about memory is left out. */
  readonly heap?: HeapMeter;
  /** A clause that was broken before anything was played: while the module was loaded. */
  readonly early?: { readonly clause: string; readonly why: string };
}

/** Judges every clause. O(histories × steps) questions; nothing is kept between histories. */
export function checkPolicy(subject: PolicyUnderCheck, options: CheckOptions): Promise<readonly Verdict[]> {
  const find = (clause: string, play: (history: PolicyHistory) => Outcome): Shown | undefined => search(clause, policyHistories, play, shorter, options);
  const clauses = POLICY_CLAUSES.filter(({ id }) => id !== 'memory' || options.heap !== undefined);
  const broken = firstLook(policyHistories, (history) => playOnce(subject, history, BASE), options);
  // Searched once: where plays differ as they stand, comparing them for anything else says nothing.
  let again: { readonly shown: Shown | undefined } | undefined;
  const differsAgain = (): Shown | undefined => (again ??= { shown: find('again', (history) => compared(subject, history, COMPARED, COMPARED, 'again', 'played a second time, it answers')) }).shown;
  return judgeAll(clauses, ({ id }) => {
    if (options.early?.clause === id) return { why: options.early.why, lines: [] };
    switch (id) {
      case 'reads-only': return find(id, (history) => playOnce(subject, history, WATCHED));
      case 'asked-twice': return (broken.has(id) ? find(id, (history) => playOnce(subject, history, BASE)) : undefined) ?? (differsAgain() ? undefined
        : find(id, (history) => compared(subject, history, { ...COMPARED, asks: 1 }, { ...COMPARED, asks: 3 }, id, 'each question put three times, it answers')));
      case 'again': return differsAgain();
      case 'slots': return find(id, (history) => compared(subject, history, COMPARED, { ...COMPARED, scattered: true }, id, 'with other slots it answers'));
      case 'receipts': return find(id, (history) => compared(subject, history, COMPARED, { ...COMPARED, asksReceipts: true }, id, 'with receipts asked for it answers'));
      case 'ids': return find(id, (history) => compared(subject, history, NUMBERED, { ...NUMBERED, renumbered: true }, id, 'with other numbers for agents and programs it answers'));
      case 'memory': return heldByPolicy(subject, options.heap!);
      case 'shells': return differingShells({ policy: subject.definition, policyOptions: subject.options }, options);
      default: return broken.has(id) ? find(id, (history) => playOnce(subject, history, BASE)) : undefined;
    }
  }, options.only);
}

const BASE: Play = { seed: 'check', withTerms: true };
const WATCHED: Play = { ...BASE, watchesReads: true };
const COMPARED: Play = { seed: 'check', plain: true };
const NUMBERED: Play = { ...COMPARED, distinct: true, withTerms: true, onePlace: true };

/** A history with a step less, or with a plainer step. */
function* shorter(history: PolicyHistory): Iterable<PolicyHistory> {
  const { steps } = history;
  for (const fewer of without(steps)) yield { ...history, steps: fewer };
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i];
    if (step.gapUs > 1) yield { ...history, steps: steps.with(i, { ...step, gapUs: 1 }) };
    if (step.do === 'arrive' && (step.pin >= 0 || step.weight !== 1 || step.promptTokens > 0)) yield { ...history, steps: steps.with(i, { ...step, pin: -1, weight: 1, promptTokens: 0 }) };
    if (step.do === 'arrive' && step.agent > 0) yield { ...history, steps: steps.with(i, { ...step, agent: step.agent - 1 }) };
  }
}

function attempt(subject: PolicyUnderCheck, history: PolicyHistory, play: Play): { readonly violation: Violation | undefined; readonly lines: readonly string[]; readonly answers: readonly Answer[] } {
  subject.watcher.reached();
  let desk: PolicyDesk | undefined;
  try {
    desk = new PolicyDesk(subject, history.place, { ...play, seed: `${play.seed}/${history.luck}` });
    desk.play(history);
    return { violation: undefined, lines: desk.desk.lines, answers: desk.answers };
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return { violation: error, lines: desk?.desk.lines ?? [], answers: desk?.answers ?? [] };
  }
}

function playOnce(subject: PolicyUnderCheck, history: PolicyHistory, play: Play): Outcome {
  const { violation, lines } = attempt(subject, history, play);
  return violation && { violation, lines };
}

/** Plays a history in two ways that may not matter, and answers the first answer that differs. */
function compared(subject: PolicyUnderCheck, history: PolicyHistory, one: Play, other: Play, clause: string, how: string): Outcome {
  const a = attempt(subject, history, one), b = attempt(subject, history, other);
  for (let i = 0; i < Math.min(a.answers.length, b.answers.length); i++) {
    const x = a.answers[i], y = b.answers[i];
    if (x.name === y.name) continue;
    if (isTie(x, y)) return undefined;
    return { violation: new Violation(clause, `it answers ${x.name}; ${how} ${y.name}`), lines: a.lines.slice(0, x.line + 1) };
  }
  return undefined;
}

/** Two answers whose calls have the same terms: a score where there is one, else all of them. */
function isTie(x: Answer, y: Answer): boolean {
  const p = x.terms.get(x.name), q = x.terms.get(y.name);
  if (p === undefined || q === undefined || Object.keys(p).length === 0) return false;
  return 'score' in p ? p.score === q.score : JSON.stringify(p) === JSON.stringify(q);
}
