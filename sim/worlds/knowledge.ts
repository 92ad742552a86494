// What a policy may know beyond the calls' own columns, as the scenario grants it: nothing, an estimate with its declared error, or the truth.
import type { CallTable } from '../../src/dispatch/calls.ts';
import { KNOWS_NOTHING, type Knowledge } from '../../src/policies/policy.ts';
import type { Work } from '../engine/work.ts';
import { lognormal } from '../random/distributions.ts';
import type { Streams } from '../random/streams.ts';
import type { Model } from '../scenario.ts';

/**
 * The view that a policy gets: what it declares, which is never more than the scenario grants. An estimate is the true length times a lognormal
 * factor of mean 1, whose coefficient of variation is the scenario's `estimateError`; it is drawn from the call's own child stream, so that every
 * policy sees the same one however often it asks. O(1) a question.
 */
export function knowledgeOf(model: Pick<Model, 'policy' | 'estimateError'>, calls: CallTable, work: Work, streams: Streams): Knowledge {
  const level = model.policy.knowledge;
  if (level === 'none') return KNOWS_NOTHING;
  const truth = (call: number): number => work.outputTokens[call];
  if (level === 'oracle') return { ...KNOWS_NOTHING, level, outputTokens: truth };
  const error = model.estimateError ?? 0, factor = error > 0 ? lognormal(1, error * error) : undefined;
  return { ...KNOWS_NOTHING, level, outputTokens: (call) => (factor === undefined ? truth(call) : truth(call) * factor.sample(streams.stream('knowledge').at(calls.key[call]))) };
}
