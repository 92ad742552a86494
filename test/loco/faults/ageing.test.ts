// Point 12, a limit that is kept: in `loco` ages count releases, so time stands still while nobody releases; `loco-clock` does not stand still.
import { describe, expect, test } from 'vitest';
import { CALL_WAITING, CallTable } from '../../../src/dispatch/calls.ts';
import { resolveOptions } from '../../../src/options.ts';
import { loco } from '../../../src/policies/loco.ts';
import { locoClock } from '../../../src/policies/loco-clock.ts';
import { KNOWS_NOTHING, type PolicyDefinition } from '../../../src/policies/policy.ts';
import { seededRandom } from '../../../src/random.ts';

/** Age of a call that has waited from 0 to `nowUs` without one release. */
function ageAfter(definition: PolicyDefinition, nowUs: number): number | undefined {
  const calls = new CallTable();
  const policy = definition.create({ calls, random: seededRandom('ties'), knowledge: KNOWS_NOTHING, options: resolveOptions(definition.params, {}, 'test') });
  const call = calls.allocate(0, 0, 0);
  calls.state[call] = CALL_WAITING;
  policy.arrive(call, 0);
  return policy.explain?.(call, nowUs)['age'];
}

describe('a holder that never releases', () => {
  test('does not let ages move in loco', () => { expect(ageAfter(loco, 50_000)).toBe(0); });
  test('does let ages move in loco-clock', () => { expect(ageAfter(locoClock, 50_000)).toBe(50_000); });
});
