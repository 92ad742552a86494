// Schedulers that are told how long things will take, by a predictor that errs, against those that learn it as they go: what is an estimate worth?
import { balancerParam, count, defineScenario, engineParams, engineParts, gateParams, knowledgeParams, knowledgeParts, policyParam, programParams, programParts } from '../sim/index.ts';

export const knowledge = defineScenario({
  name: 'knowledge',
  title: 'a predictor of lengths that errs, against policies that know nothing: what is an estimate worth?',
  question: ({ programs, knowledge: level, estimateError, policy }) => `${String(policy)} is told the lengths of ${String(programs)} programs ${level === 'oracle' ? 'as they are' : level === 'none' ? 'by nobody' : `with an error of ${Math.round(Number(estimateError) * 100)} %`}. How long do programs take, and is that less than without a word?`,
  params: {
    policy: policyParam('program-srpt'),
    ...knowledgeParams,
    knowledge: { ...knowledgeParams.knowledge, default: 'estimate' },
    ...programParams,
    count: count(1000, programParams.count.help, 10_000_000),
    rate: { ...programParams.rate, default: 0.8 },
    pauses: { ...programParams.pauses, default: 0 },
    engines: count(1, 'engines', 10_000),
    ...engineParams,
    engine: { ...engineParams.engine, default: 'slots:32' },
    balancer: balancerParam('least-loaded'),
    ...gateParams,
  },
  headline: ['slowdown.mean', 'program_time.mean', 'program_time.p99', 'token_latency.mean'],
  reps: 5,
  notSimulated: ['batching and KV cache, on slots', 'network', 'the time that a predictor takes'],
  setup(setup) {
    const { params, policy, policyOptions, balancer, balancerOptions } = setup, parts = engineParts(setup), programs = programParts(params, parts);
    return {
      ...parts, ...programs, ...knowledgeParts(params),
      policy, policyOptions, balancer, balancerOptions,
      endUs: Infinity, tickUs: 0, study: 'terminating', headline: [...knowledge.headline],
      assumptions: [...parts.assumptions, ...programs.assumptions, 'a predictor errs by a lognormal factor of mean 1, drawn once for each call and each program and the same whenever it is asked; estimateError is its coefficient of variation'],
    };
  },
});
