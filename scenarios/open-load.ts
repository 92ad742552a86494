// Requests that arrive at random without end, of one size or of many: what a pool of engines does under a steady load, and where it breaks.
import { balancerParam, count, defineScenario, engineParams, engineParts, gateParams, lawParam, OpenLoad, parseDistribution, policyParam, SharedPrefixPrompts } from '../sim/index.ts';
import type { Distribution, OpenLoadOptions } from '../sim/index.ts';
import { SchedlabError } from '../src/index.ts';

export const openLoad = defineScenario({
  name: 'open-load',
  title: 'arrivals at random, of equal requests or of sizes drawn from laws, on a pool of engines',
  question: ({ rate, input, output, engines, engine }) => `${rate} requests a second of ${input} tokens in and ${output} out on ${engines === 1 ? 'one engine' : `${engines} engines`} (${engine}): how long do they take?`,
  params: {
    requests: count(100_000, 'requests, until all of them are served', 1_000_000_000),
    rate: { kind: 'number', default: 200, min: 1e-6, max: 1e6, unit: '1/s', help: 'requests that arrive, in total' },
    gaps: lawParam('exponential', 'law of the gaps between them, such as gamma:cv2=9'),
    input: count(512, 'tokens of a prompt, on average', 1_000_000_000),
    inputLaw: lawParam('deterministic', 'law of these lengths, such as lognormal:cv2=1'),
    output: count(128, 'tokens of an output, on average', 1_000_000_000),
    outputLaw: lawParam('deterministic', 'law of these lengths'),
    sharedPrefix: { kind: 'number', default: 0, min: 0, max: 1_000_000_000, integer: true, unit: 'tokens', help: 'tokens that all prompts begin with' },
    urgent: { kind: 'number', default: 0, min: 0, max: 1, help: 'share of requests that are a class of their own, urgent, and go first where scheduling=priority' },
    policy: policyParam('fcfs'),
    engines: count(1, 'engines', 10_000),
    ...engineParams,
    balancer: balancerParam('round-robin'),
    ...gateParams,
    identity: { kind: 'text', default: 'hash:10', help: 'over whom fairness is meant: hash:N, none', suggest: ['hash:10', 'none'], check: wrongIdentity },
  },
  headline: ['wait.mean', 'wait.p95', 'response.mean', 'slowdown.p95'],
  notSimulated: ['batching: a place serves its call at a fixed rate', 'KV cache and shared prefixes', 'network'],
  setup(setup) {
    const { params, policy, policyOptions, balancer, balancerOptions } = setup, number = (name: string): number => params[name] as number;
    const { assumptions, ...parts } = engineParts(setup), isPriced = parts.engines.kind === 'batch', agents = agentsOf(params['identity'] as string);
    // One size needs no draw.
    const sizeOf = (name: string): number | Distribution => (params[`${name}Law`] === 'deterministic' ? number(name) : parseDistribution(params[`${name}Law`] as string, number(name)));
    const input = sizeOf('input'), output = sizeOf('output'), shared = number('sharedPrefix'), urgent = number('urgent');
    if (shared > number('input')) throw new SchedlabError('ERR_OPTION_CONFLICT', `sharedPrefix=${shared} is longer than the prompts, which have input=${number('input')} tokens. Lower it, or raise input.`, { key: 'sharedPrefix' });
    if (policy.needsAgents && agents === 0) throw new SchedlabError('ERR_OPTION_CONFLICT', `policy ${policy.name} is fair between agents, and identity=none says that there are none. Say over whom fairness is meant: identity=hash:10.`, { key: 'identity' });
    const load: OpenLoadOptions = {
      requests: number('requests'), rate: number('rate'), gap: parseDistribution(params['gaps'] as string, 1), input, output, agents,
      ...(isPriced ? {} : { slotRates: { prefill: number('prefillRate'), decode: number('decodeRate') } }), ...(urgent > 0 ? { urgent } : {}),
    };
    const drawn = [input, output].some((size) => typeof size !== 'number'), classes = urgent > 0 ? ['urgent', 'other'] : ['all'];
    return {
      ...parts,
      policy, policyOptions, balancer, balancerOptions,
      endUs: Infinity, tickUs: 0, study: 'terminating',
      classes, agents: Array.from({ length: agents }, (_, a) => ({ name: `agent-${a}`, class: classes[0]! })),
      assumptions: [...assumptions, ...(drawn ? [DRAWN] : []), ...(urgent > 0 ? [URGENT] : []), agents === 0 ? 'Calls belong to nobody (identity=none): nothing is said of fairness between agents.' : `Agents are made up: ${agents} of them, each call given to one by FNV-1a 32 of its number modulo ${agents}.`],
      workload: (streams) => new OpenLoad(streams, load),
      ...(isPriced ? { prompts: (calls) => new SharedPrefixPrompts(calls, shared) } : {}),
    };
  },
});

const DRAWN = 'lengths are independent of each other and of the arrivals, rounded to whole tokens, at least 1';
const URGENT = 'urgent requests have priority 0 and all others 1; an engine looks at it where scheduling=priority, and at nothing but arrival where it is fcfs';
const AGENTS_MAX = 1_000_000;

function agentsOf(identity: string): number { return identity === 'none' ? 0 : Number(identity.slice('hash:'.length)); }

function wrongIdentity(text: string): string | undefined {
  const agents = /^hash:\d{1,7}$/.test(text) ? agentsOf(text) : 0;
  return text === 'none' || (agents >= 1 && agents <= AGENTS_MAX) ? undefined : `accepts hash:N (N from 1 to ${AGENTS_MAX}) or none: these calls have no programs, sessions or fields`;
}
