// Calls like those of a trace: gaps and lengths drawn from laws that were fitted to it. `schedlab trace fit` writes the settings.
import { balancerParam, count, defineScenario, engineParams, engineParts, gateParams, lawParam, parseDistribution, policyParam, TokenArrivals } from '../sim/index.ts';

export const fittedLoad = defineScenario({
  name: 'fitted-load',
  title: 'calls drawn from laws of gaps and lengths, on a pool of engines',
  question: ({ rate, engines, engine, policy }) => `${rate} calls a second on ${engines === 1 ? 'one engine' : `${engines} engines`} (${engine}), ${policy}: how long is the wait?`,
  params: {
    policy: policyParam('fcfs'),
    calls: count(10_000, 'calls, until all of them are served', 1_000_000_000),
    rate: { kind: 'number', default: 2, min: 1e-6, max: 1e6, unit: '1/s', help: 'calls that arrive, over the long run' },
    gaps: lawParam('exponential', 'law of the gaps between them, such as gamma:cv2=9:zeros=0.2'),
    prompt: { kind: 'number', default: 1000, min: 0.001, max: 1e9, unit: 'tokens', help: 'mean length of a prompt' },
    promptLaw: lawParam('lognormal:cv2=1', 'law of these lengths'),
    output: { kind: 'number', default: 100, min: 0.001, max: 1e9, unit: 'tokens', help: 'mean length of an output' },
    outputLaw: lawParam('gamma:cv2=1', 'law of these lengths'),
    agents: count(10, 'agents that send the calls, each as often as another', 1_000_000),
    engines: count(1, 'engines', 10_000),
    ...engineParams,
    balancer: balancerParam('round-robin'),
    ...gateParams,
  },
  headline: ['wait.mean', 'wait.p95', 'response.mean', 'slowdown.p95'],
  notSimulated: ['batching: a place serves its call at a fixed rate', 'KV cache and shared prefixes', 'network', 'programs: every call is one of its own'],
  assumptions: () => ['gaps and lengths are independent of each other and of those before'],
  setup(setup) {
    const { params, policy, policyOptions, balancer, balancerOptions } = setup, number = (name: string): number => params[name] as number, law = (name: string, mean: number) => parseDistribution(params[name] as string, mean);
    const { assumptions, ...parts } = engineParts(setup), isPriced = parts.engines.kind === 'batch';
    const drawn = {
      calls: number('calls'), agents: number('agents'), prefillRate: number('prefillRate'), decodeRate: number('decodeRate'), isPriced,
      gap: law('gaps', 1 / number('rate')), prompt: law('promptLaw', number('prompt')), output: law('outputLaw', number('output')),
    };
    return {
      ...parts,
      policy, policyOptions, balancer, balancerOptions,
      endUs: Infinity, tickUs: 0, study: 'terminating',
      classes: ['all'], agents: Array.from({ length: drawn.agents }, (_, a) => ({ name: `agent ${a}`, class: 'all' })),
      assumptions: [...assumptions, ...(isPriced ? ['no two prompts share anything; lengths are whole tokens, at least 1'] : [])],
      workload: (streams) => new TokenArrivals(streams, drawn),
    };
  },
});
