// Users in groups that share a system prompt, each asking again some time after every answer: what a prefix cache and a balancer make of them.
import { balancerParam, count, defineScenario, engineParams, engineParts, gateParams, policyParam, PrefixSessionPrompts, PrefixSessions } from '../sim/index.ts';
import { SchedlabError } from '../src/index.ts';

export const prefixSessions = defineScenario({
  name: 'prefix-sessions',
  title: 'sessions under shared system prompts, closed loop, on a pool of batch engines',
  question: ({ groups, usersPerGroup, engines, engine }) => `${groups} groups of ${usersPerGroup} users, each group with a system prompt of its own, on ${engines === 1 ? 'one engine' : `${engines} engines`} (${engine}): how long do answers take, and how much is found in the cache?`,
  params: {
    requests: count(2000, 'requests of all sessions together, until all are served', 100_000_000),
    rate: { kind: 'number', default: 5, min: 1e-6, max: 1e6, unit: '1/s', help: 'requests a second of all sessions together, if answers came at once' },
    groups: count(9, 'groups, each with a system prompt of its own', 100_000),
    usersPerGroup: count(5, 'users of a group, each a session', 10_000),
    systemPrompt: count(100, 'tokens that the prompts of a group begin with', 1_000_000_000),
    question: count(447, 'tokens that each request adds', 1_000_000_000),
    output: count(248, 'tokens of an answer', 1_000_000_000),
    policy: policyParam('fcfs'),
    engines: count(1, 'engines', 10_000),
    ...engineParams,
    engine: { ...engineParams.engine, default: 'h100-llama-3.1-8b-tp1' },
    balancer: balancerParam('round-robin'),
    ...gateParams,
  },
  headline: ['ttft.mean', 'ttft.p95', 'e2e.mean', 'hit_share'],
  notSimulated: ['network', 'growth of the context from request to request'],
  assumptions: () => ['sessions begin after exponential times and ask again sessions ÷ rate seconds after each answer: load yields where answers are slow', 'lengths are constant; a session is an agent'],
  setup(setup) {
    const { params, policy, policyOptions, balancer, balancerOptions } = setup, number = (name: string): number => params[name] as number, { assumptions, ...parts } = engineParts(setup);
    if (parts.engines.kind !== 'batch') throw new SchedlabError('ERR_NOT_POSSIBLE', `engine=${params['engine'] as string} has no cache in which a prefix could be found. Name a preset as engine=NAME: see schedlab list engines.`, { key: 'engine' });
    const sessions = { requests: number('requests'), rate: number('rate'), groups: number('groups'), usersPerGroup: number('usersPerGroup'), systemPrompt: number('systemPrompt'), question: number('question'), output: number('output') };
    return {
      ...parts,
      policy, policyOptions, balancer, balancerOptions,
      endUs: Infinity, tickUs: 0, study: 'terminating', assumptions,
      classes: ['all'], agents: Array.from({ length: sessions.groups * sessions.usersPerGroup }, (_, user) => ({ name: `user ${user}`, class: 'all' })),
      workload: (streams) => new PrefixSessions(streams, sessions),
      prompts: (calls) => new PrefixSessionPrompts(calls, sessions),
    };
  },
});
