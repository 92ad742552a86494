// A policy that fills the batch of an engine: both shells alike for every policy, vLLM's own decisions under fcfs, and nothing lost on the way.
import { describe, expect, it } from 'vitest';
import { POLICIES } from '../../src/policies/registry.ts';
import { seededRandom } from '../../src/random.ts';
import { orderedModel } from './ordered-model.ts';
import { play } from './scripted-model.ts';

/** More by SCHEDLAB_PARITY=2000. */
const RUNS = Math.max(2, Math.round(Number(process.env['SCHEDLAB_PARITY'] ?? 30) / 15));
/** Options under which a policy's order changes while calls run. */
const LIVELY: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  mlfq: { quanta: '2/4/inf', starvation: 0.02 }, atlas: { base: 4, quantum: 3, beta: 2 }, gittins: { sizes: 'hyperexponential:cv2=10', mean: 10 }, priority: { ageing: 0.005 },
};

/** Whoever listens to steps sees every one of them: none is passed over. */
const silence = (): void => undefined, DEAF = { arrive: silence, grant: silence, schedule: silence, preempt: silence, resume: silence, firstToken: silence, finish: silence, drop: silence, close: silence };

describe('place engine on batch engines', () => {
  it.each(Object.keys(POLICIES))('%s: equal digests through both shells, however they are turned', async (policy) => {
    for (let n = 0; n < RUNS; n++) {
      const model = orderedModel(n, { policy, policyOptions: LIVELY[policy] ?? {} }), seed = `places/${n}`, event = await play(model, { seed }), extra = seededRandom(`turn${n}`);
      for (const [shell, perturb] of [['promise', { extraMicrotasks: () => Math.floor(extra() * 6), reversed: true, ties: 'shuffle' }], ['event', { ties: 'lifo' }]] as const) {
        const other = await play(model, { seed, shell, perturb });
        expect([n, shell, other.orderDigest, other.resultDigest]).toEqual([n, shell, event.orderDigest, event.resultDigest]);
      }
    }
  });

  it.each([['enough memory', true], ['little memory', false]] as const)('under fcfs is the engine by itself, event by event: %s', async (_name, plenty) => {
    let preempted = 0;
    for (let n = 0; n < 14; n++) {
      const given = { policy: 'fcfs', plenty, asynchronous: plenty && n % 2 === 1, swaps: false }, [ours, theirs] = [await play(orderedModel(n, given)), await play(orderedModel(n, { ...given, place: 'gate' }))];
      expect([n, ours.orderDigest, ours.resultDigest]).toEqual([n, theirs.orderDigest, theirs.resultDigest]);
      preempted += ours.metrics['preemptions'] as number;
    }
    expect(preempted > 20).toBe(!plenty);
  });

  it('passes over silent steps and changes nothing by it', async () => {
    for (const policy of ['srpt', 'atlas', 'mlfq', 'vtc']) for (let n = 0; n < 3; n++) {
      const model = orderedModel(n, { policy, policyOptions: LIVELY[policy] ?? {}, asynchronous: false }), silent = await play(model), told: number[] = [];
      const stepped = await play(model, { watch: () => ({ ...DEAF, step: ({ endUs }) => { told.push(endUs); } }) });
      expect([policy, n, stepped.orderDigest, stepped.resultDigest]).toEqual([policy, n, silent.orderDigest, silent.resultDigest]);
      expect(told.length).toBeGreaterThan(0);
    }
  });
});
