// What a policy may know beyond the calls' own columns, as the scenario grants it: nothing, an estimate with its declared error, or the truth.
import type { CallSlot, CallTable } from '../../src/dispatch/calls.ts';
import { knowledgeAsked, KNOWS_NOTHING, type Knowledge } from '../../src/policies/policy.ts';
import type { CacheView } from '../engine/batch/cache-view.ts';
import { TOKEN_US, type Work } from '../engine/work.ts';
import { NODES_MAX } from '../../src/programs/plan.ts';
import { STATE_THINKING } from '../../src/programs/program-run.ts';
import { lognormal } from '../random/distributions.ts';
import type { Streams } from '../random/streams.ts';
import type { Model } from '../scenario.ts';
import { plannedServiceUs } from '../workload/planned-service.ts';
import type { ProgramTable } from '../workload/programs.ts';

/** What the truth is read from. */
export interface Truth { readonly calls: CallTable; readonly work: Work; readonly programs: ProgramTable; readonly streams: Streams; readonly caches?: CacheView | undefined }

/**
 * The view that a policy gets: what it asks for, which is never more than the scenario grants. An estimate is the true length times a lognormal
 * factor of mean 1, whose coefficient of variation is the scenario's `estimateError`; it is drawn from the call's own child stream, and for programs
 * from the program's, so that every policy sees the same one however often it asks. Where progress counts milliseconds of service as tokens, and
 * where calls have no tokens, so does this. What is cached is no estimate: any policy is told what batch engines hold at this instant, whatever its level.
 * O(1) a question of a call, O(calls of the program) of a program, O(pieces found) of a cache.
 */
export function knowledgeOf(model: Pick<Model, 'policy' | 'policyOptions' | 'estimateError' | 'engines'>, { calls, work, programs, streams, caches }: Truth): Knowledge {
  const level = knowledgeAsked(model.policy, model.policyOptions);
  const unknown: Knowledge = caches === undefined ? KNOWS_NOTHING : { ...KNOWS_NOTHING, cachedTokens: (call, engine) => caches.cachedTokens(call, engine), cachedAgeUs: () => 0 };
  if (level === 'none') return unknown;
  const inService = model.engines.kind === 'slots' && model.engines.discipline === 'preempt-resume';
  const sizeOf = (prompt: number, output: number, serviceUs: number): number => (inService || (prompt === 0 && output === 0 && serviceUs >= 0) ? serviceUs / TOKEN_US : output);
  const ofCall = (call: CallSlot): number => sizeOf(calls.promptTokens[call], work.outputTokens[call], work.serviceUs[call]);
  const ofProgram = (call: CallSlot): number => {
    const run = programs.runOf(call);
    if (run === undefined) return ofCall(call);
    const serviceUs = plannedServiceUs(run.plan);
    return run.plannedTokens((node) => sizeOf(run.promptTokens[node]!, run.plan.outputTokens[node]!, serviceUs[node]!));
  };
  const ofTool = (program: number): number => {
    const outside = programs.outside.get(program);
    if (outside === undefined) return NaN;
    const { run: { plan, state }, node } = outside;
    return state[node] === STATE_THINKING ? plan.thinkUs[node]! : plan.graph!.toolUs[node]!;
  };
  const error = level === 'oracle' ? 0 : model.estimateError ?? 0;
  if (error === 0) return { ...unknown, level, outputTokens: ofCall, programTokens: ofProgram, toolUs: ofTool };
  const factor = lognormal(1, error * error);
  return {
    ...unknown, level,
    outputTokens: (call) => ofCall(call) * factor.sample(streams.stream('knowledge').at(calls.key[call])),
    programTokens: (call) => ofProgram(call) * factor.sample(streams.stream('knowledge/programs').at(calls.program[call])),
    toolUs: (program) => ofTool(program) * factor.sample(streams.stream('knowledge/tools').at(program * NODES_MAX + (programs.outside.get(program)?.node ?? 0))),
  };
}
