// A balancer held against its contract, clause by clause.
import { BalancerDesk, balancerHistories, type BalancerHistory, type BalancerUnderCheck } from './balancer-desk.ts';
import { BALANCER_CLAUSES, Violation } from './clauses.ts';
import type { Ways } from './desk.ts';
import { heldByBalancer } from './memory.ts';
import type { CheckOptions } from './policy-check.ts';
import { firstLook, search, without, type Outcome, type Shown } from './search.ts';
import { judgeAll, type Verdict } from './verdicts.ts';
import { differingShells } from './worlds.ts';

const WAYS: Ways = { seed: 'check' };

/** Judges every clause. O(histories × steps) questions; nothing is kept between histories. */
export function checkBalancer(subject: BalancerUnderCheck, options: CheckOptions): Promise<readonly Verdict[]> {
  const find = (clause: string, play: (history: BalancerHistory) => Outcome): Shown | undefined => search(clause, balancerHistories, play, shorter, options);
  const clauses = BALANCER_CLAUSES.filter(({ id }) => id !== 'memory' || options.heap !== undefined);
  const once = (history: BalancerHistory): Outcome => { const { violation, lines } = attempt(subject, history, WAYS); return violation && { violation, lines }; };
  const broken = firstLook(balancerHistories, once, options);
  return judgeAll(clauses, ({ id }) => {
    if (options.early?.clause === id) return { why: options.early.why, lines: [] };
    switch (id) {
      case 'reads-only': return find(id, (history) => { const { violation, lines } = attempt(subject, history, { ...WAYS, watchesReads: true }); return violation && { violation, lines }; });
      case 'again': return find(id, (history) => compared(subject, history, WAYS, id, 'played a second time, it picks'));
      case 'slots': return find(id, (history) => compared(subject, history, { ...WAYS, scattered: true }, id, 'with other slots it picks'));
      case 'memory': return heldByBalancer(subject, options.heap!);
      case 'shells': return differingShells({ balancer: subject.definition, balancerOptions: subject.options }, options);
      default: return broken.has(id) ? find(id, once) : undefined;
    }
  }, options.only);
}

function* shorter(history: BalancerHistory): Iterable<BalancerHistory> {
  const { steps } = history;
  for (const fewer of without(steps)) yield { ...history, steps: fewer };
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i];
    if (step.gapUs > 1) yield { ...history, steps: steps.with(i, { ...step, gapUs: 1 }) };
    if (step.do === 'pick' && (step.promptTokens > 0 || step.full > 0)) yield { ...history, steps: steps.with(i, { ...step, promptTokens: 0, full: 0 }) };
    if (step.do === 'pick' && step.agent > 0) yield { ...history, steps: steps.with(i, { ...step, agent: step.agent - 1 }) };
  }
}

interface Attempt { readonly violation: Violation | undefined; readonly lines: readonly string[]; readonly picks: BalancerDesk['picks'] }

function attempt(subject: BalancerUnderCheck, history: BalancerHistory, ways: Ways): Attempt {
  subject.watcher.reached();
  let desk: BalancerDesk | undefined;
  try {
    desk = new BalancerDesk(subject, history.refreshUs, { ...ways, seed: `${ways.seed}/${history.luck}` });
    desk.play(history);
    return { violation: undefined, lines: desk.desk.lines, picks: desk.picks };
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return { violation: error, lines: desk?.desk.lines ?? [], picks: desk?.picks ?? [] };
  }
}

function compared(subject: BalancerUnderCheck, history: BalancerHistory, other: Ways, clause: string, how: string): Outcome {
  const a = attempt(subject, history, WAYS), b = attempt(subject, history, other);
  const at = a.picks.findIndex((pick, i) => b.picks[i] !== undefined && pick.name !== b.picks[i].name);
  return at < 0 ? undefined : { violation: new Violation(clause, `it picks ${a.picks[at].name}; ${how} ${b.picks[at].name}`), lines: a.lines.slice(0, a.picks[at].line + 1) };
}
