// What `programs=` names in a scenario: a shape, or a mixture of shapes; the parameters that go with it, and the part of a model that they declare.
import { usableBlocks } from './engine/batch/config.ts';
import type { EngineParts } from './engines.ts';
import { count } from './models.ts';
import type { ParamTable, ParamValues } from '../src/options.ts';
import type { Model } from './scenario.ts';
import { ProgramLoad, type ProgramSourceOptions } from './workload/program-load.ts';
import { ProgramPrompts } from './workload/program-prompts.ts';
import { PROGRAMS, provenanceOf } from './workload/shapes/registry.ts';

/** Where engines set no limit, programs have the room of the models that they were measured on. */
const CONTEXT_TOKENS = 131_072;

/** Parameters of scenarios whose work is programs of a shape. */
export const programParams = {
  programs: { kind: 'choice', default: 'chat', values: Object.keys(PROGRAMS), help: Object.values(PROGRAMS).map(({ name, title }) => `${name}: ${title}`).join('; ') },
  count: count(500, 'programs, until all of them are over', 10_000_000),
  rate: { kind: 'number', default: 1, min: 1e-6, max: 1e6, unit: '1/s', help: 'programs that arrive, in total' },
  agents: count(20, 'agents that send them, each program from one of them, each as likely as another', 1_000_000),
  pauses: { kind: 'number', default: 1, min: 0, max: 1000, help: 'factor on the times of tools and people between calls; 0: none passes' },
} as const satisfies ParamTable;

/** The shapes that the parameters name, and what limits them on these engines. */
export function programSource(params: ParamValues, { engines }: Pick<EngineParts, 'engines'>): ProgramSourceOptions {
  const mix = PROGRAMS[params['programs'] as string]!, pauses = (params['pauses'] ?? 1) as number;
  if (engines.kind === 'slots') return { mix, pauses, contextTokens: CONTEXT_TOKENS, slotRates: { prefill: params['prefillRate'] as number, decode: params['decodeRate'] as number } };
  const { config } = engines.spec;
  return { mix, pauses, contextTokens: Math.min(config.maxModelLen, usableBlocks(config) * config.blockSize) };
}

/** What a reader must know of programs: where their numbers come from, and what becomes of those that do not fit. */
export function programAssumptions({ mix, contextTokens, slotRates, pauses }: ProgramSourceOptions): readonly string[] {
  return [
    ...provenanceOf(mix),
    `a program whose prompt and answer would grow past ${contextTokens} tokens ends before, or goes on from less: means are those named where there is room for ${CONTEXT_TOKENS}`,
    ...(slotRates === undefined ? [] : ['a slot keeps nothing between calls: every prompt is read whole']),
    ...(pauses === 1 ? [] : [`times of tools and people are multiplied by ${pauses}`]),
  ];
}

/** Calls in flight of a batch engine, where a policy in front of it is to have something to decide; ours. */
const GATED = 64;

/** In front of a batch engine whose window nobody chose, a window that leaves the order to the policy: so many calls in flight at most. */
export function windowBefore(parts: EngineParts, params: ParamValues, most = GATED): EngineParts {
  if (parts.engines.kind !== 'batch' || parts.place !== 'gate' || (params['window'] ?? 'auto') !== 'auto') return parts;
  const window = Math.min(most, parts.engines.spec.config.maxSeqs);
  return { ...parts, window, assumptions: [...parts.assumptions, `at most ${window} calls are in flight on an engine, the others wait for the policy in front of it (window=auto; ours)`] };
}

/** Programs at random instants, with all that a model needs for them. */
export function programParts(params: ParamValues, parts: Pick<EngineParts, 'engines'>): Pick<Model, 'workload' | 'classes' | 'agents'> & Partial<Pick<Model, 'prompts' | 'tools'>> & { readonly assumptions: readonly string[] } {
  const source = programSource(params, parts), { shapes } = source.mix, agents = params['agents'] as number, tools = shapes.flatMap((shape) => shape.tools ?? []), class0 = shapes.length === 1 ? shapes[0]!.name : 'all';
  return {
    classes: shapes.map(({ name }) => name),
    agents: Array.from({ length: agents }, (_, a) => ({ name: `agent ${a}`, class: class0 })),
    assumptions: [...programAssumptions(source), `programs arrive at random (Poisson); ${agents === 1 ? 'one agent sends them' : `each is sent by one of ${agents} agents, drawn for it`}`],
    workload: (streams) => new ProgramLoad(streams, { ...source, programs: params['count'] as number, rate: params['rate'] as number, agents }),
    ...(parts.engines.kind === 'batch' ? { prompts: (_calls, programs) => new ProgramPrompts(programs) } : {}),
    ...(tools.length > 0 ? { tools } : {}),
  };
}
