// What a policy may know is what it declares and the scenario grants: nothing, an estimate with its error, the truth.
import { expect, test } from 'vitest';
import { definePolicy, type KnowledgeLevel, type PolicyContext } from '../../src/policies/policy.ts';
import { NODE_CALL, NODE_TOOL } from '../../src/programs/plan.ts';
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

test('the time of a tool and of a pause is known as they begin, with the declared error, through both shells', async () => {
  const call = { serviceUs: 5, outputTokens: 1 }, plans: ScriptedProgram[] = Array.from({ length: 40 }, (_, p) => ({
    arrivalUs: p, calls: [call, call, { ...call, thinkUs: 30 + p }], graph: [{ kind: NODE_CALL, parents: [] }, { kind: NODE_TOOL, parents: [0], toolUs: 70 + p, pool: 0 }, { kind: NODE_CALL, parents: [1] }],
  }));
  const heardBy = async (knowledge: KnowledgeLevel, estimateError: number, shell: 'event' | 'promise'): Promise<string[]> => {
    const heard: string[] = [], listening = definePolicy({ ...fcfs, name: 'listening', knowledge, create: (context: PolicyContext) => Object.assign(fcfs.create(context), {
      toolStart: (program: number) => { heard.push(`${program} ${context.knowledge.toolUs(program)}`); },
      toolEnd: (program: number) => { if (!Number.isNaN(context.knowledge.toolUs(program))) heard.push(`${program} still`); },
    }) });
    await play(modelOf({ programs: plans, policy: listening, knowledge: 'oracle', estimateError, tools: [{ name: 'browser', places: 3 }] }), { shell });
    return heard.sort();
  };
  const truth = plans.flatMap((_, p) => [`${p} ${70 + p}`, `${p} ${30 + p}`]).sort();
  expect(await heardBy('oracle', 0, 'event')).toEqual(truth);
  const guessed = await heardBy('estimate', 0.5, 'event');
  expect(guessed).not.toEqual(truth);
  expect(await heardBy('estimate', 0.5, 'promise')).toEqual(guessed);
  expect(new Set((await heardBy('none', 0, 'event')).map((line) => line.split(' ')[1]))).toEqual(new Set(['NaN']));
});
