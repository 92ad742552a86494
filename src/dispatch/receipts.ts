// Receipts of the dispatcher's decisions, built only when somebody listens.
import type { Balancer, LoadView } from '../balancers/balancer.ts';
import { DROP_NAMES, type Receipt } from '../observe/lifecycle.ts';
import type { Policy } from '../policies/policy.ts';
import type { CallSlot } from './calls.ts';

/** How many candidates of a queue a receipt lists: enough to see the runner-up, bounded for long queues. */
const CANDIDATES = 8;

/** Why this call was granted: the head of the policy's order, with the terms of the calls behind it. */
export function grantReceipt(call: CallSlot, engine: number, policy: Policy, ageUs: number, nowUs: number): Receipt {
  const candidates: { id: number; terms: Readonly<Record<string, number>> }[] = [{ id: call, terms: policy.explain?.(call, nowUs) ?? {} }];
  policy.walk((other) => {
    if (other !== call) candidates.push({ id: other, terms: policy.explain?.(other, nowUs) ?? {} });
    return candidates.length < CANDIDATES;
  }, nowUs);
  return { atUs: nowUs, kind: 'grant', call, chosen: engine, candidates, ageUs, reason: `first of ${policy.waiting} waiting` };
}

/** Why this engine: what was believed of each candidate. */
export function routeReceipt(call: CallSlot, engine: number, candidates: Int32Array, balancer: Balancer, view: LoadView, nowUs: number): Receipt {
  return {
    atUs: nowUs, kind: 'route', call, chosen: engine, ageUs: view.ageUs(engine), reason: `one of ${candidates.length} engines`,
    candidates: Array.from(candidates, (e) => ({ id: e, terms: balancer.explain?.(call, e, view) ?? { inFlight: view.inFlight(e) } })),
  };
}

export function refuseReceipt(call: CallSlot, reason: number, nowUs: number): Receipt {
  return { atUs: nowUs, kind: 'refuse', call, chosen: -1, candidates: [], ageUs: 0, reason: DROP_NAMES[reason] ?? 'refused' };
}
