// The steps of a history that a policy is told, and how fast-check draws them. Any list of steps is a history: what a step needs and does not find, it skips.
import fc from 'fast-check';
import { ENGINES } from './desk.ts';

export type PolicyStep =
  | { readonly do: 'arrive'; readonly gapUs: number; readonly agent: number; readonly pin: number; readonly weight: number; readonly promptTokens: number; /** A program that waits for its next call brings it. */ readonly continues: boolean; /** The program has another call after this. */ readonly more: boolean }
  /** The dispatcher asks who goes next and, mostly, grants. */
  | { readonly do: 'ask'; readonly gapUs: number; readonly isGranted: boolean }
  /** An engine lets its running calls produce tokens, then fills its places by a walk. */
  | { readonly do: 'fill'; readonly gapUs: number; readonly places: number; readonly tokens: number }
  | { readonly do: 'finish'; readonly gapUs: number; readonly which: number; readonly well: boolean; readonly tokens: number }
  | { readonly do: 'cancel'; readonly gapUs: number; readonly which: number }
  /** One bit an engine: whether it takes calls. */
  | { readonly do: 'doors'; readonly gapUs: number; readonly open: number };

/** `gate`: asked with `first`, in front of engines; `engine`: asked with `walk`, inside one. */
export interface PolicyHistory { readonly place: 'gate' | 'engine'; /** Which random stream the policy gets. */ readonly luck: number; readonly steps: readonly PolicyStep[] }

const gapUs = fc.constantFrom(0, 1, 500_000, 1_000_000, 1_500_000);
const which = fc.nat(7);

const arrive = (pinned: boolean): fc.Arbitrary<PolicyStep> => fc.record({
  do: fc.constant('arrive' as const), gapUs, agent: fc.nat(4), pin: pinned ? fc.oneof({ weight: 2, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: ENGINES - 1 }) }) : fc.constant(-1),
  weight: fc.constantFrom(1, 2, 0, 5), promptTokens: fc.constantFrom(0, 100, 2000), continues: fc.boolean(), more: fc.boolean(),
});
const ask: fc.Arbitrary<PolicyStep> = fc.record({ do: fc.constant('ask' as const), gapUs, isGranted: fc.constantFrom(true, true, true, false) });
const fill: fc.Arbitrary<PolicyStep> = fc.record({ do: fc.constant('fill' as const), gapUs, places: fc.integer({ min: 1, max: 3 }), tokens: fc.constantFrom(0, 1, 10, 600) });
const finish: fc.Arbitrary<PolicyStep> = fc.record({ do: fc.constant('finish' as const), gapUs, which, well: fc.constantFrom(true, true, false), tokens: fc.constantFrom(0, 1, 40, 3000) });
const cancel: fc.Arbitrary<PolicyStep> = fc.record({ do: fc.constant('cancel' as const), gapUs, which });
const doors: fc.Arbitrary<PolicyStep> = fc.record({ do: fc.constant('doors' as const), gapUs, open: fc.integer({ min: 0, max: (1 << ENGINES) - 1 }) });

const some = (weight: number, arbitrary: fc.Arbitrary<PolicyStep>): fc.WeightedArbitrary<PolicyStep> => ({ weight, arbitrary });
const list = (...of: fc.WeightedArbitrary<PolicyStep>[]): fc.Arbitrary<readonly PolicyStep[]> => fc.array(fc.oneof(...of), { maxLength: 40, size: 'max' });

/** Half of the histories at a gate, half inside an engine. */
export const policyHistories: fc.Arbitrary<PolicyHistory> = fc.oneof(
  fc.record({ place: fc.constant('gate' as const), luck: fc.nat(9), steps: list(some(5, arrive(true)), some(5, ask), some(3, finish), some(2, cancel), some(2, doors)) }),
  fc.record({ place: fc.constant('engine' as const), luck: fc.nat(9), steps: list(some(5, arrive(false)), some(5, fill), some(2, finish), some(2, cancel)) }),
);
