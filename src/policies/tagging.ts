// A policy that speaks to a server by numbers: at every grant the call gets its tag, and nothing is changed later.
import type { CallSlot } from '../dispatch/calls.ts';
import { SchedlabError } from '../errors.ts';
import type { Policy, PolicyDefinition } from './policy.ts';

/** @throws ERR_NOT_POSSIBLE for a policy whose order no number says that is set in advance. `able`: policies to name instead. */
export function refuseUntagged(policy: PolicyDefinition, able: readonly string[]): void {
  if (policy.tag !== undefined) return;
  throw new SchedlabError('ERR_NOT_POSSIBLE', `place=tag is not possible with policy=${policy.name}: no number that is set when a call is sent says the order that it wants. Use place=engine or place=gate, or a policy with tags: ${able.join(', ')}.`, { policy: policy.name });
}

/** The policy itself, telling the tag of each call right before its grant. Throws ERR_INVARIANT for a tag that is no whole number. */
export function tagging(policy: Policy, name: string, put: (call: CallSlot, tag: number) => void): Policy {
  const grant = policy.grant.bind(policy);
  policy.grant = (call, nowUs) => {
    const tag = policy.tag?.(call, nowUs);
    if (!Number.isSafeInteger(tag)) throw new SchedlabError('ERR_INVARIANT', `the tag of a call is a whole number, and policy ${name} answered ${String(tag)}. Round it where the policy answers.`, { policy: name, tag });
    put(call, tag!);
    grant(call, nowUs);
  };
  return policy;
}
