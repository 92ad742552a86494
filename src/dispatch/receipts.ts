// Receipts of the dispatcher's decisions, built only when somebody listens. Building one draws nothing and changes nothing.
import type { Balancer, LoadView } from '../balancers/balancer.ts';
import { DROP_NAMES, type Receipt, type ReceiptCandidate } from '../observe/lifecycle.ts';
import type { Admits, Policy } from '../policies/policy.ts';
import { CALL_WAITING, type CallSlot, type CallView } from './calls.ts';

/** How many candidates a receipt lists: enough to see the runner-up, bounded for long queues and many engines. */
export const MOST_CANDIDATES = 8;

/** A candidate from the terms that a rule tells: the one named `score` stands apart. */
export function candidateOf(id: number, told: Readonly<Record<string, number>>): ReceiptCandidate {
  const { score, ...terms } = told;
  return { id, score: score === undefined ? null : score, terms };
}

/** Why this call goes next: itself, then the others that the policy chose among. Ask after `first` and before the grant. */
export function grantReceipt(call: CallSlot, engine: number, policy: Policy, calls: CallView, admits: Admits, nowUs: number): Receipt {
  const { waiting } = policy, answered = policy.answered?.(nowUs), candidates: ReceiptCandidate[] = [];
  const take = (other: CallSlot): void => { candidates.push(candidateOf(other, policy.explain?.(other, nowUs) ?? {})); };
  take(call);
  const visit = (other: CallSlot): boolean => {
    if (other !== call && calls.state[other] === CALL_WAITING && admits.open[calls.pin[other] + 1] === 1) take(other);
    return candidates.length < MOST_CANDIDATES;
  };
  if (waiting > 1) { if (policy.candidates) policy.candidates(admits, visit, nowUs); else policy.walk(visit, nowUs); }
  return {
    atUs: nowUs, kind: 'grant', place: 'gate', call, engine, chosen: call, waiting, candidates, ageUs: 0,
    tied: answered?.tied ?? (waiting === 1 ? 1 : null), reason: answered?.reason ?? (waiting === 1 ? 'the only call that waits' : `first of ${waiting} waiting calls`),
  };
}

/** Why this engine: what was believed of each candidate, ages included. */
export function routeReceipt(call: CallSlot, engine: number, engines: Int32Array, balancer: Balancer, view: LoadView, waiting: number, nowUs: number): Receipt {
  const isAlone = engines.length === 1, answered = isAlone ? undefined : balancer.answered?.();
  const shown = [engine, ...engines.filter((e) => e !== engine)].slice(0, MOST_CANDIDATES);
  return {
    atUs: nowUs, kind: 'route', place: 'gate', call, engine, chosen: engine, waiting, ageUs: view.ageUs(engine),
    candidates: shown.map((e) => candidateOf(e, (isAlone ? undefined : balancer.explain?.(call, e, view)) ?? { inFlight: view.inFlight(e) })),
    tied: isAlone ? 1 : answered?.tied ?? null, reason: isAlone ? 'the only engine to choose from' : answered?.reason ?? `one of ${engines.length} engines`,
  };
}

export function refuseReceipt(call: CallSlot, reason: number, waiting: number, nowUs: number): Receipt {
  return { atUs: nowUs, kind: 'refuse', place: 'gate', call, engine: -1, chosen: -1, waiting, candidates: [], ageUs: 0, tied: null, reason: DROP_NAMES[reason] ?? 'refused' };
}
