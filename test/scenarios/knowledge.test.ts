// What an estimate is worth, in whole runs of the shipped scenario: it pays while the predictor errs little, and then it does not.
import { describe, expect, it } from 'vitest';
import type { Policy, PolicyContext } from '../../src/policies/policy.ts';
import type { Model } from '../../sim/scenario.ts';
import { play } from '../worlds/scripted-model.ts';
import { scenarioModel } from './setup.ts';

type Given = Readonly<Record<string, string | number>>;

async function slowdown(given: Given): Promise<number> {
  const values: number[] = [];
  for (const seed of ['1', '2']) values.push((await play(scenarioModel('knowledge', { count: 500, ...given }), { seed: `knowledge/${seed}` })).metrics['slowdown.mean']!);
  return (values[0]! + values[1]!) / 2;
}

describe('knowledge', () => {
  it('of whole programs pays against attained service while the predictor errs little, and no more when it errs much', async () => {
    const told = (estimateError: number): Promise<number> => slowdown({ policy: 'program-srpt', estimateError });
    const [blind, exact, poor, bad] = [await slowdown({ policy: 'atlas' }), await told(0), await told(1), await told(3)];
    expect([exact < poor, poor < bad, exact < blind, bad > blind]).toEqual([true, true, true, true]);
  });

  it('of single calls pays against first come, first served, and is worth less than the attained service of programs, which asks for none', async () => {
    const [fcfs, sjf, atlas] = [await slowdown({ policy: 'fcfs' }), await slowdown({ policy: 'sjf', knowledge: 'oracle' }), await slowdown({ policy: 'atlas' })];
    expect([sjf < fcfs, atlas < sjf]).toEqual([true, true]);
  });

  it('of a program inside an engine is all the service that its calls will have, those to come included', async () => {
    const model = scenarioModel('knowledge', { place: 'engine', policy: 'program-srpt', knowledge: 'oracle', count: 30 }), told = new Map<number, Set<number>>(), served = new Map<number, number>();
    const create = (context: PolicyContext): Policy => {
      const made = model.policy.create(context), arrive = made.arrive.bind(made), { program } = context.calls;
      made.arrive = (call, nowUs) => { told.set(program[call]!, (told.get(program[call]!) ?? new Set()).add(Math.round(context.knowledge.programTokens(call)))); arrive(call, nowUs); };
      return made;
    };
    await play({ ...model, policy: { ...model.policy, create } } satisfies Model, { callLine: ({ program, prompt_tokens: prompt, output_tokens: output }) => { served.set(Number(program), (served.get(Number(program)) ?? 0) + (prompt / 8000 + output! / 50) * 1000); } });
    expect(told.size).toBe(30);
    for (const [program, totals] of told) { expect(totals.size).toBe(1); expect(Math.abs([...totals][0]! - served.get(program)!)).toBeLessThan(1); }
  });

  it('gives both shells equal digests', async () => {
    for (const place of ['gate', 'engine']) {
      const model = scenarioModel('knowledge', { place, policy: 'program-srpt', count: 40, estimateError: 1 }), [a, b] = [await play(model), await play(model, { shell: 'promise' })];
      expect([a.orderDigest, a.resultDigest]).toEqual([b.orderDigest, b.resultDigest]);
    }
  });
});
