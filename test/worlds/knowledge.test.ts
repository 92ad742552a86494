// What a policy may know is what it declares and the scenario grants: nothing, an estimate with its error, the truth.
import { expect, test } from 'vitest';
import { definePolicy, type KnowledgeLevel, type PolicyContext } from '../../src/policies/policy.ts';
import { fcfs } from '../../src/policies/fcfs.ts';
import { modelOf, play, type ScriptedProgram } from './scripted-model.ts';

const programs: ScriptedProgram[] = Array.from({ length: 400 }, (_, p) => ({ arrivalUs: p * 10, calls: [{ serviceUs: 5, outputTokens: 100 + p }] }));

/** What a policy of this level is told of each call, by program. */
async function told(knowledge: KnowledgeLevel, more: Partial<Parameters<typeof modelOf>[0]> = {}, asks = 1, shell: 'event' | 'promise' = 'event'): Promise<number[]> {
  const heard: number[] = [];
  const listening = definePolicy({ ...fcfs, name: 'listening', knowledge, create: (context: PolicyContext) => {
    const inner = fcfs.create(context), arrive = inner.arrive.bind(inner);
    inner.arrive = (call, nowUs) => { for (let i = 0; i < asks; i++) heard[context.calls.program[call]] = context.knowledge.outputTokens(call); arrive(call, nowUs); };
    return inner;
  } });
  await play(modelOf({ programs, policy: listening, ...more }), { shell });
  return heard;
}

test('a policy that declares nothing is told nothing, whatever the scenario grants', async () => {
  expect((await told('none', { knowledge: 'oracle' })).every(Number.isNaN)).toBe(true);
});

test('an oracle is told the truth, through both shells', async () => {
  const truth = programs.map(({ calls }) => calls[0].outputTokens);
  expect(await told('oracle', { knowledge: 'oracle' })).toEqual(truth);
  expect(await told('oracle', { knowledge: 'oracle' }, 1, 'promise')).toEqual(truth);
});

test('an estimate has the declared error, is right on average, and is the same however often it is asked and through both shells', async () => {
  const one = await told('estimate', { knowledge: 'estimate', estimateError: 0.3 }), often = await told('estimate', { knowledge: 'estimate', estimateError: 0.3 }, 5, 'promise');
  const ratios = one.map((value, p) => value / (100 + p)), mean = ratios.reduce((a, b) => a + b, 0) / ratios.length, sd = Math.sqrt(ratios.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (ratios.length - 1));
  expect(often).toEqual(one);
  expect(Math.abs(mean - 1)).toBeLessThan(0.06);
  expect(Math.abs(sd - 0.3)).toBeLessThan(0.06);
});

test('an estimate without an error is the truth', async () => {
  expect(await told('estimate', { knowledge: 'estimate', estimateError: 0 })).toEqual(programs.map(({ calls }) => calls[0].outputTokens));
});
