// What a dispatcher knows of calls before they run: without it a policy that asks to know is refused, with it short calls go first.
import { describe, expect, it } from 'vitest';
import { createDispatcher, POLICIES, SchedlabError, type AcquireRequest, type DispatcherOptions } from '../../src/index.ts';
import { definePolicy } from '../../src/policies/policy.ts';

const refusal = (options: DispatcherOptions): unknown => { try { createDispatcher(options); return undefined; } catch (error) { return error; } };
/** Foreseen by the callers themselves: the limit that they set. */
const outputTokens = ({ maxTokens }: AcquireRequest): number => maxTokens ?? NaN;

async function order(options: DispatcherOptions, lengths: readonly number[]): Promise<readonly number[]> {
  const dispatcher = createDispatcher(options), served: number[] = [];
  await Promise.all(lengths.map((maxTokens) => dispatcher.run({ maxTokens }, async () => { served.push(maxTokens); await Promise.resolve(); })));
  return served;
}

describe('a dispatcher', () => {
  it.each(['sjf', 'srpt', 'program-srpt'])('refuses %s where nothing is known, and says what to give', (name) => {
    const error = refusal({ policy: POLICIES[name]! });
    expect(error).toBeInstanceOf(SchedlabError);
    expect((error as SchedlabError).code).toBe('ERR_KNOWLEDGE');
    expect((error as SchedlabError).message).toMatch(/asks to know "estimate".*knows "none".*outputTokens/);
  });

  it('refuses options that ask to know where the policy alone does not', () => {
    expect(refusal({ policy: POLICIES['hrrn']!, policyOptions: { predictedOutput: true } })).toMatchObject({ code: 'ERR_KNOWLEDGE' });
    expect(refusal({ policy: POLICIES['hrrn']! })).toBeUndefined();
  });

  it('refuses an estimate where the truth is asked for, and takes functions that say they tell it', () => {
    const policy = definePolicy({ ...POLICIES['sjf']!, knowledge: 'oracle' });
    expect(refusal({ policy, knowledge: { outputTokens } })).toMatchObject({ code: 'ERR_KNOWLEDGE' });
    expect(refusal({ policy, knowledge: { level: 'oracle', outputTokens } })).toBeUndefined();
  });

  it('refuses options that do not go together', () => {
    expect(refusal({ policy: POLICIES['atlas']!, policyOptions: { bounds: '0/2/3', quanta: '1' } })).toMatchObject({ code: 'ERR_OPTION_CONFLICT' });
  });

  it('serves by what is foreseen of each call; of whom nothing is foreseen goes as if it were short', async () => {
    expect(await order({ policy: POLICIES['sjf']!, knowledge: { outputTokens } }, [50, 9, 30, 1])).toEqual([1, 9, 30, 50]);
    expect(await order({ policy: POLICIES['program-srpt']!, knowledge: { outputTokens, programTokens: (request) => 100 - outputTokens(request) } }, [50, 9, 30, 1])).toEqual([50, 30, 9, 1]);
    expect(await order({ policy: POLICIES['sjf']!, knowledge: { outputTokens: (request) => (request.maxTokens === 30 ? NaN : request.maxTokens!) } }, [50, 9, 30])).toEqual([30, 9, 50]);
  });

  it('holds nothing of a call whose forecast throws', async () => {
    const dispatcher = createDispatcher({ policy: POLICIES['sjf']!, knowledge: { outputTokens: () => { throw new Error('no model'); } } });
    await expect((async () => dispatcher.acquire())()).rejects.toThrow('no model');
    expect([dispatcher.waiting, dispatcher.running, dispatcher.core.calls.open]).toEqual([0, 0, 0]);
  });
});
