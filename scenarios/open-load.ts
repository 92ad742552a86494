// Requests of one size, arriving at random without end: what a pool of engines does under a steady load, and where it breaks.
import { balancerParam, count, defineScenario, engineParams, engineParts, OpenLoad, policyParam, SharedPrefixPrompts, slotFirstTokenUs, slotServiceUs } from '../sim/index.ts';
import { SchedlabError } from '../src/index.ts';

export const openLoad = defineScenario({
  name: 'open-load',
  title: 'Poisson arrivals of equal requests on a pool of engines',
  question: ({ rate, input, output, engines, engine }) => `${rate} requests a second of ${input} tokens in and ${output} out on ${engines === 1 ? 'one engine' : `${engines} engines`} (${engine}): how long do they take?`,
  params: {
    requests: count(100_000, 'requests, until all of them are served', 1_000_000_000),
    rate: { kind: 'number', default: 200, min: 1e-6, max: 1e6, unit: '1/s', help: 'requests that arrive, in total' },
    input: count(512, 'tokens of a prompt', 1_000_000_000),
    output: count(128, 'tokens of an output', 1_000_000_000),
    sharedPrefix: { kind: 'number', default: 0, min: 0, max: 1_000_000_000, integer: true, unit: 'tokens', help: 'tokens that all prompts begin with' },
    policy: policyParam('fcfs'),
    engines: count(1, 'engines', 10_000),
    ...engineParams,
    balancer: balancerParam('round-robin'),
    dispatch: { kind: 'choice', default: 'late', values: ['late', 'immediate'], help: 'late: one queue, the engine is chosen at the grant; immediate: at arrival, each engine has its queue' },
    place: { kind: 'choice', default: 'gate', values: ['gate', 'engine', 'tag'], help: 'where the policy acts' },
    identity: { kind: 'text', default: 'hash:10', help: 'over whom fairness is meant: hash:N, none', suggest: ['hash:10', 'none'], check: wrongIdentity },
    window: { kind: 'numberOrWord', default: 'auto', min: 1, integer: true, words: ['auto', 'none'], help: 'calls in flight per engine; auto: its places, and no limit for presets' },
    maxWaiters: { kind: 'numberOrWord', default: 'none', min: 0, integer: true, words: ['none'], help: 'calls that may wait before one is refused' },
  },
  headline: ['wait.mean', 'wait.p95', 'response.mean', 'slowdown.p95'],
  notSimulated: ['batching: a place serves its call at a fixed rate', 'KV cache and shared prefixes', 'network'],
  setup(setup) {
    const { params, policy, policyOptions, balancer, balancerOptions } = setup, number = (name: string): number => params[name] as number;
    const { assumptions, ...parts } = engineParts(setup), isPriced = parts.engines.kind === 'batch', agents = agentsOf(params['identity'] as string);
    const [input, output, shared] = [number('input'), number('output'), number('sharedPrefix')], prefillRate = number('prefillRate'), decodeRate = number('decodeRate');
    if (shared > input) throw new SchedlabError('ERR_OPTION_CONFLICT', `sharedPrefix=${shared} is longer than the prompts, which have input=${input} tokens. Lower it, or raise input.`, { key: 'sharedPrefix' });
    if (policy.needsAgents && agents === 0) throw new SchedlabError('ERR_OPTION_CONFLICT', `policy ${policy.name} is fair between agents, and identity=none says that there are none. Say over whom fairness is meant: identity=hash:10.`, { key: 'identity' });
    const load = {
      requests: number('requests'), rate: number('rate'), input, output, agents,
      serviceUs: isPriced ? NaN : slotServiceUs(input, output, prefillRate, decodeRate), firstTokenUs: isPriced ? NaN : slotFirstTokenUs(input, output, prefillRate, decodeRate),
    };
    return {
      ...parts,
      maxWaiters: params['maxWaiters'] === 'none' ? Infinity : number('maxWaiters'),
      policy, policyOptions, balancer, balancerOptions,
      endUs: Infinity, tickUs: 0, study: 'terminating',
      classes: ['all'], agents: Array.from({ length: agents }, (_, a) => ({ name: `agent-${a}`, class: 'all' })),
      assumptions: [...assumptions, agents === 0 ? 'Calls belong to nobody (identity=none): nothing is said of fairness between agents.' : `Agents are made up: ${agents} of them, each call given to one by FNV-1a 32 of its number modulo ${agents}.`],
      workload: (streams) => new OpenLoad(streams, load),
      ...(isPriced ? { prompts: (calls) => new SharedPrefixPrompts(calls, shared) } : {}),
    };
  },
});

const AGENTS_MAX = 1_000_000;

function agentsOf(identity: string): number { return identity === 'none' ? 0 : Number(identity.slice('hash:'.length)); }

function wrongIdentity(text: string): string | undefined {
  const agents = /^hash:\d{1,7}$/.test(text) ? agentsOf(text) : 0;
  return text === 'none' || (agents >= 1 && agents <= AGENTS_MAX) ? undefined : `accepts hash:N (N from 1 to ${AGENTS_MAX}) or none: these calls have no programs, sessions or fields`;
}
