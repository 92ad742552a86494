// Most requests find nearly all of their prompt in the cache, a few find nothing: who goes first, and what do the few pay?
import { balancerParam, count, defineMetric, defineScenario, engineParams, engineParts, gateParams, HotCold, HotColdPrompts, kindOf, knowledgeParams, knowledgeParts, policyParam } from '../sim/index.ts';
import type { MetricCall } from '../sim/index.ts';
import { SchedlabError } from '../src/index.ts';

/** From the arrival, in the queue and on the engine, in seconds. */
const firstTokens = (calls: readonly MetricCall[]): number[] => calls.flatMap(({ arrival, first_token: first }) => (first === null ? [] : [first - arrival]));
const only = (calls: readonly MetricCall[], kind: 'hot' | 'cold'): MetricCall[] => calls.filter(({ id }) => kindOf(id) === kind);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function coldShare(calls: readonly MetricCall[]): number | null {
  const all = sum(firstTokens(calls));
  return all === 0 ? null : sum(firstTokens(only(calls, 'cold'))) / all;
}

const TTFT = { unit: 's', better: 'lower', start: 'arrival', end: 'first token', distribution: true } as const;

export const localityVsStarvation = defineScenario({
  name: 'locality-vs-starvation',
  title: 'nearly all requests share long prompts that the engine has cached, a few share nothing: who waits?',
  question: ({ clients, cold, hits, policy }) => `${String(clients)} clients: ${percent(1 - Number(cold))} of the requests find ${percent(Number(hits))} of their prompt in the cache, ${percent(Number(cold))} find nothing. Who waits for the first token under ${String(policy)}?`,
  params: {
    clients: count(100, 'clients, each with one request at a time', 100_000),
    requests: count(2000, 'requests of all clients together, until all are served', 100_000_000),
    think: { kind: 'number', default: 20, min: 0, max: 1e6, unit: 's', help: 'time of a client between an answer and its next request, on average' },
    cold: { kind: 'number', default: 0.05, min: 0, max: 1, help: 'share of requests that share nothing with any other' },
    prompt: count(32_768, 'tokens of every prompt', 1_000_000_000),
    hits: { kind: 'number', default: 0.96, min: 0, max: 1, help: 'share of a prompt that the other requests have in common with those of their agent' },
    groups: count(4, 'agents, each with a prompt of its own that its requests begin with', 100_000),
    output: count(64, 'tokens of an answer', 1_000_000_000),
    policy: policyParam('lpm'),
    ...knowledgeParams,
    engines: count(1, 'engines', 10_000),
    ...engineParams,
    engine: { ...engineParams.engine, default: 'h100-llama-3.1-8b-tp1' },
    balancer: balancerParam('round-robin'),
    ...gateParams,
    window: { ...gateParams.window, default: 4 },
  },
  headline: ['first_token.p99', 'cold_share', 'first_token.p50', 'first_token.mean', 'first_token_cold.p50', 'throughput.calls'],
  metrics: [
    defineMetric({ ...TTFT, name: 'first_token', title: 'Time to the first token, the wait in front of the engine included', short: 'time to first token from arrival', population: 'calls with a first token', measure: ({ calls }) => firstTokens(calls) }),
    defineMetric({ ...TTFT, name: 'first_token_hot', title: 'The same of requests that share their prompt', short: 'time to first token of hot requests', population: 'hot calls with a first token', measure: ({ calls }) => firstTokens(only(calls, 'hot')) }),
    defineMetric({ ...TTFT, name: 'first_token_cold', title: 'The same of requests that share nothing', short: 'time to first token of cold requests', population: 'cold calls with a first token', measure: ({ calls }) => firstTokens(only(calls, 'cold')) }),
    defineMetric({ name: 'cold_share', title: 'Cold requests\' share of the time to first token of all', short: 'share of all time to first token that cold requests have', unit: 'ratio', better: 'lower', population: 'calls with a first token', measure: ({ calls }) => coldShare(calls) }),
  ],
  notSimulated: ['network', 'growth of the context from request to request'],
  assumptions: ({ window }) => [`policies choose in front of the engine, which has ${window === 'auto' || window === 'none' ? 'any number of' : `at most ${String(window)}`} requests in flight`, 'closed loop: a client that waits asks for nothing else, so that load yields; thinking takes exponential time, lengths are constant', 'a request is cold with the same probability whoever asks; it is as long as the others, and its id ends in cold'],
  setup(setup) {
    const { params, policy, policyOptions, balancer, balancerOptions } = setup, number = (name: string): number => params[name] as number, { assumptions, headline: _, ...parts } = engineParts(setup);
    if (parts.engines.kind !== 'batch') throw new SchedlabError('ERR_NOT_POSSIBLE', `engine=${params['engine'] as string} has no cache in which a prompt could be found. Name a preset as engine=NAME: see schedlab list engines.`, { key: 'engine' });
    const options = { clients: number('clients'), requests: number('requests'), thinkS: number('think'), cold: number('cold'), groups: number('groups'), prompt: number('prompt'), shared: Math.round(number('prompt') * number('hits')), output: number('output') };
    return {
      ...parts, ...knowledgeParts(params),
      policy, policyOptions, balancer, balancerOptions,
      endUs: Infinity, tickUs: 0, study: 'terminating', assumptions, classes: ['all'],
      agents: Array.from({ length: options.clients }, (_, client) => ({ name: `client ${client}`, class: 'all' })),
      workload: (streams) => new HotCold(streams, options),
      prompts: (calls, _programs, streams) => new HotColdPrompts(calls, streams, options),
    };
  },
});

function percent(share: number): string { return `${Math.round(share * 1000) / 10} %`; }
