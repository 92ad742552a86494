// What a program finds of its own earlier prompts: held against comparing them one by one, and against engines that serve nobody else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content } from '../../sim/engine/batch/content.ts';
import { presetNamed } from '../../sim/engine/presets/registry.ts';
import { specOf } from '../../sim/engine/presets/engine-spec.ts';
import { CONTEXT_FULL, CONTEXT_LAST, CONTEXT_NEW } from '../../sim/workload/context.ts';
import { OwnHistory } from '../../sim/workload/own-history.ts';
import { ProgramPrompts } from '../../sim/workload/program-prompts.ts';
import type { Workload } from '../../sim/workload/workload.ts';
import { NODE_CALL, planOf, type PlanNode, type ProgramPlan } from '../../src/programs/plan.ts';
import { modelOf, play } from '../worlds/scripted-model.ts';

describe('the own history of a program', () => {
  it('is the longest beginning that a prompt shares with an earlier one', () => {
    // A segment is always as long: 1 + its number.
    const prompt = fc.array(fc.nat(3), { maxLength: 5 }).map((segments): Content => segments.map((segment, place) => [segment + 10 * place, segment + 1]));
    fc.assert(fc.property(fc.array(prompt, { maxLength: 8 }), (prompts) => {
      const history = new OwnHistory();
      prompts.forEach((one, k) => {
        const shared = (other: Content): number => { let tokens = 0; for (let i = 0; i < one.length && one[i]![0] === other[i]?.[0]; i++) tokens += one[i]![1]; return tokens; };
        expect(history.repeated(one)).toBe(prompts.slice(0, k).reduce((most, other) => Math.max(most, shared(other)), 0));
      });
    }), { numRuns: 200 });
  });

  it('counts the shorter part of a segment, and goes on where a longer one follows a shorter', () => {
    const history = new OwnHistory();
    expect([history.repeated([[1, 40]]), history.repeated([[1, 100], [2, 5]]), history.repeated([[1, 30]]), history.repeated([]), history.repeated([[1, 100], [2, 9], [3, 1]])]).toEqual([0, 40, 30, 0, 105]);
  });
});

describe('a program that is alone on a batch engine', () => {
  const spec = specOf(presetNamed('h100-llama-3.1-8b-tp1'), {});
  const metricsOf = async (rule: number, program: { readonly graph?: ProgramPlan['graph']; readonly calls: number }): Promise<Readonly<Record<string, number | null>>> => {
    let isMade = false;
    const { calls, graph } = program, workload: Workload = { total: 1, next: (draft) => {
      if (isMade) return false;
      isMade = true;
      draft.ensure(calls);
      Object.assign(draft, { program: 0, agent: 0, callClass: 0, weight: 1, arrivalUs: 0, length: calls, id: '', ids: [], graph, context: { rule: new Uint8Array(calls).fill(rule), newTokens: new Int32Array(calls).fill(219), systemText: 1, systemTokens: 1001 } });
      for (let k = 0; k < calls; k++) { draft.thinkUs[k] = graph === undefined && k > 0 ? 1e6 : 0; draft.outputTokens[k] = 50 + 13 * k; draft.promptTokens[k] = draft.serviceUs[k] = draft.timeoutUs[k] = draft.cancelUs[k] = 0; draft.pin[k] = -1; }
      return true;
    } };
    return (await play({ ...modelOf({ programs: [], agents: 1 }), engines: { kind: 'batch', count: 1, spec }, window: Infinity, workload: () => workload, prompts: (_calls, programs) => new ProgramPrompts(programs) })).metrics;
  };

  it.each([['new text', CONTEXT_NEW], ['the last answer', CONTEXT_LAST], ['all that was said', CONTEXT_FULL]])('takes as long as it is said to take, its prompts holding %s', async (_, rule) => {
    const metrics = await metricsOf(rule, { calls: 9 });
    expect(metrics['slowdown.mean']).toBe(1);
    expect(metrics['hit_share']).toBeGreaterThan(0.5);
  });

  it('takes a little longer where its branches run side by side in one batch', async () => {
    const { graph } = planOf([[], [0], [0], [0], [0], [1, 2, 3, 4]].map((parents): PlanNode => ({ kind: NODE_CALL, parents })));
    const slowdown = (await metricsOf(CONTEXT_FULL, { graph, calls: 6 }))['slowdown.mean']!;
    expect(slowdown).toBeGreaterThan(0.99);
    expect(slowdown).toBeLessThan(1.2);
  });
});
