// Building blocks that scenario files share: a slot that serves one call a tick, a pool of slots behind a gate, common parameters.
import type { ParamSpec, ParamTable } from '../src/options.ts';
import { SchedlabError } from '../src/errors.ts';
import { parseDistribution } from './random/parse.ts';
import type { Model, Setup } from './scenario.ts';

/** One tick of the LOCO scenarios: a second, so that seconds and ticks read alike. */
export const TICK_US = 1_000_000;

type Partners = Pick<Setup, 'policy' | 'policyOptions' | 'balancer' | 'balancerOptions'>;
export type ModelFrame = Omit<Model, 'workload' | 'agents' | 'classes'>;

/** One place, one service a tick, for so many ticks; Infinity: until everybody is served. */
export function oneSlotPerTick({ policy, policyOptions, balancer, balancerOptions }: Partners, ticks: number): ModelFrame {
  return {
    engines: { kind: 'slots', count: 1, slots: 1, discipline: 'nonpreemptive' },
    dispatch: 'late', place: 'gate', window: 1, maxWaiters: Infinity,
    policy, policyOptions, balancer, balancerOptions,
    endUs: ticks === Infinity ? Infinity : ticks * TICK_US, tickUs: TICK_US, study: 'terminating',
  };
}

export const policyParam = (fallback: string): ParamSpec => ({ kind: 'text', default: fallback, help: 'who goes next: see `schedlab list policies`' });
export const balancerParam = (fallback: string): ParamSpec => ({ kind: 'text', default: fallback, help: 'on which engine: see `schedlab list balancers`' });
export const count = (fallback: number, help: string, max = 1e9): ParamSpec => ({ kind: 'number', default: fallback, min: 1, max, integer: true, help });
export const rate = (fallback: number, help: string, unit: string): ParamSpec => ({ kind: 'number', default: fallback, min: 0, max: 1e6, help, unit });
/** A law as `parseDistribution` reads it, checked before anything runs. */
export const lawParam = (fallback: string, help: string): ParamSpec => ({ kind: 'text', default: fallback, help, check: wrongLaw });
/** What a policy may know of the calls to come, as a choice. */
export const knowledgeParams = {
  knowledge: { kind: 'choice', default: 'none', values: ['none', 'estimate', 'oracle'], help: 'what a policy may know of output lengths, of calls and whole programs' },
  estimateError: { kind: 'number', default: 0.5, min: 0, max: 100, help: 'coefficient of variation of what knowledge=estimate says of a length: a lognormal factor of mean 1 (ours)' },
} as const satisfies ParamTable;

/** The part of a model that these parameters declare. */
export function knowledgeParts(params: Setup['params']): Pick<Model, 'knowledge' | 'estimateError'> {
  const knowledge = params['knowledge'] as NonNullable<Model['knowledge']>;
  return knowledge === 'estimate' ? { knowledge, estimateError: params['estimateError'] as number } : { knowledge };
}
export type { ParamTable };

function wrongLaw(text: string): string | undefined {
  try { parseDistribution(text, 1); } catch (error) { return error instanceof Error ? error.message : String(error); }
  return undefined;
}

/** Reads `slots:8`. Throws ERR_ENGINE_UNKNOWN for anything else. */
export function parseSlots(text: string): number {
  const match = /^slots:(\d{1,6})$/.exec(text), slots = match ? Number(match[1]) : 0;
  if (slots >= 1) return slots;
  throw new SchedlabError('ERR_ENGINE_UNKNOWN', `unknown engine ${JSON.stringify(text)}. This version simulates slots:N, an engine of N places (N from 1 to 999999); see \`schedlab list engines\`.`, { engine: text });
}
