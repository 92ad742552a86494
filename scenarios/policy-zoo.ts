// Every policy on the same programs: who is quick on average, who in the tail, who is fair, and what each costs the others.
import { balancerParam, count, defineScenario, engineParams, engineParts, gateParams, knowledgeParams, knowledgeParts, policyParam, programParams, programParts, windowBefore } from '../sim/index.ts';

/** Those that differ in kind. Beside them stand variants: loco-clock, oldest-first, priority, wfq, drr, las-decay, gittins. */
export const ZOO = ['fcfs', 'program-fcfs', 'round-robin', 'loco', 'vtc', 'hrrn', 'mlfq', 'atlas', 'lpm', 'sjf', 'srpt', 'program-srpt'] as const;

export const policyZoo = defineScenario({
  name: 'policy-zoo',
  title: 'every policy on the same programs, in one table',
  question: ({ programs, engine, engines, rate }) => `${String(rate)} ${String(programs)} programs a second on ${engines === 1 ? '' : `${String(engines)} × `}${String(engine)}: which policy is quickest on average, in the tail, and fair?`,
  params: {
    policy: policyParam('fcfs'),
    ...knowledgeParams,
    knowledge: { ...knowledgeParams.knowledge, default: 'oracle' },
    ...programParams,
    rate: { ...programParams.rate, default: 1 },
    engines: count(1, 'engines', 10_000),
    ...engineParams,
    engine: { ...engineParams.engine, default: 'slots:32' },
    balancer: balancerParam('least-loaded'),
    ...gateParams,
  },
  sweep: { policy: ZOO },
  headline: ['program_time.mean', 'program_time.p95', 'program_time.p99', 'token_latency.mean', 'slowdown.mean', 'wait_all.max', 'jain.slowdown', 'programs.lost'],
  notSimulated: ['batching and KV cache, on slots', 'network'],
  setup(setup) {
    const { params, policy, policyOptions, balancer, balancerOptions } = setup, parts = windowBefore(engineParts(setup), params), programs = programParts(params, parts);
    return {
      ...parts, ...programs, ...knowledgeParts(params),
      policy, policyOptions, balancer, balancerOptions,
      endUs: Infinity, tickUs: 0, study: 'terminating',
      headline: [...policyZoo.headline, ...(parts.engines.kind === 'batch' ? ['hit_share', 'preemptions'] : [])],
      assumptions: [...parts.assumptions, ...programs.assumptions],
    };
  },
});
