// Models whose programs are written down one by one: what a test wants to happen, happens.
import { BALANCERS } from '../../src/balancers/registry.ts';
import type { ParamValues } from '../../src/options.ts';
import { resolveOptions } from '../../src/options.ts';
import type { PolicyDefinition } from '../../src/policies/policy.ts';
import { planOf, type PlanNode } from '../../src/programs/plan.ts';
import { POLICIES } from '../../src/policies/registry.ts';
import type { ReplicationRecord } from '../../sim/results.ts';
import type { Model, SlotPool } from '../../sim/scenario.ts';
import type { ProgramDraft, Workload } from '../../sim/workload/workload.ts';
import { runReplication, type ReplicationOptions } from '../../sim/worlds/virtual.ts';

export interface ScriptedCall {
  readonly serviceUs: number;
  readonly thinkUs?: number; readonly firstTokenUs?: number; readonly promptTokens?: number; readonly outputTokens?: number;
  readonly pin?: number; readonly timeoutUs?: number; readonly cancelUs?: number;
}

export interface ScriptedProgram {
  readonly arrivalUs: number;
  readonly agent?: number; readonly callClass?: number; readonly weight?: number; readonly id?: string;
  readonly calls: readonly ScriptedCall[];
  /** How they hang together, where it is no chain: one entry a call, of which only those that are calls are read above. */
  readonly graph?: readonly PlanNode[];
  /** Node at which its client dies. */
  readonly abandonAt?: number;
}

/** Hands out the programs in the order given, which must be the order of arrival; numbers them from 0. */
export class ScriptedWorkload implements Workload {
  readonly total: number;
  readonly #programs: readonly ScriptedProgram[];
  #made = 0;

  constructor(programs: readonly ScriptedProgram[]) { this.#programs = programs; this.total = programs.length; }

  next(draft: ProgramDraft): boolean {
    const program = this.#programs[this.#made];
    if (program === undefined) return false;
    const { calls } = program;
    draft.ensure(calls.length);
    draft.program = this.#made++;
    draft.arrivalUs = program.arrivalUs;
    draft.agent = program.agent ?? 0;
    draft.callClass = program.callClass ?? 0;
    draft.weight = program.weight ?? 1;
    draft.id = program.id ?? '';
    draft.length = calls.length;
    draft.graph = program.graph === undefined ? undefined : planOf(program.graph).graph;
    draft.abandonAt = program.abandonAt ?? -1;
    calls.forEach((call, k) => {
      draft.thinkUs[k] = call.thinkUs ?? 0;
      draft.serviceUs[k] = call.serviceUs;
      draft.firstTokenUs[k] = call.firstTokenUs ?? 0;
      draft.promptTokens[k] = call.promptTokens ?? 0;
      draft.outputTokens[k] = call.outputTokens ?? 0;
      draft.pin[k] = call.pin ?? -1;
      draft.timeoutUs[k] = call.timeoutUs ?? 0;
      draft.cancelUs[k] = call.cancelUs ?? 0;
    });
    return true;
  }
}

export interface ScriptedModel extends Partial<Omit<Model, 'policy' | 'balancer' | 'engines' | 'workload' | 'agents'>> {
  readonly programs: readonly ScriptedProgram[];
  readonly policy?: string | PolicyDefinition;
  readonly balancer?: string;
  readonly engines?: Partial<SlotPool>;
  readonly agents?: number | Model['agents'];
}

/** One engine with one place behind a gate, fcfs, until all is served, unless said otherwise. */
export function modelOf({ programs, policy: named = 'fcfs', balancer: balancerName = 'least-loaded', engines, agents, policyOptions, balancerOptions, ...rest }: ScriptedModel): Model {
  const policy = typeof named === 'string' ? POLICIES[named]! : named, balancer = BALANCERS[balancerName]!;
  const known = Object.fromEntries(Object.entries(policyOptions ?? {}).filter(([key]) => Object.hasOwn(policy.params, key)));
  const pool = { kind: 'slots' as const, count: 1, slots: 1, discipline: 'nonpreemptive' as const, ...engines };
  const most = programs.reduce((n, p) => Math.max(n, (p.agent ?? 0) + 1), 1);
  return {
    engines: pool, dispatch: 'late', place: 'gate', window: pool.slots, maxWaiters: Infinity,
    policy, policyOptions: resolveOptions(policy.params, known, policy.name), balancer, balancerOptions: balancerOptions ?? resolveOptions(balancer.params, {}, balancer.name),
    endUs: Infinity, tickUs: 0, study: 'terminating', classes: ['all'],
    agents: typeof agents === 'object' ? agents : Array.from({ length: agents ?? most }, (_, a) => ({ name: `agent ${a}`, class: rest.classes?.[0] ?? 'all' })),
    workload: () => new ScriptedWorkload(programs),
    ...rest,
  };
}

const NO_PARAMS: ParamValues = {};

/** One replication of a model through a shell. */
export async function play(model: Model, options: Partial<ReplicationOptions> = {}): Promise<ReplicationRecord> {
  return runReplication(model, { seed: '1', replication: 0, shell: 'event', params: NO_PARAMS, cell: 'test', ...options });
}
