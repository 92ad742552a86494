// Calls like those of a trace: gaps and lengths drawn from laws that were fitted to it. `schedlab trace fit` writes the settings.
import { balancerParam, count, defineScenario, parseDistribution, parseSlots, policyParam, TokenArrivals } from '../sim/index.ts';

export const fittedLoad = defineScenario({
  name: 'fitted-load',
  title: 'calls drawn from laws of gaps and lengths, on a pool of engines',
  question: ({ rate, engines, engine, policy }) => `${rate} calls a second on ${engines === 1 ? 'one engine' : `${engines} engines`} (${engine}), ${policy}: how long is the wait?`,
  params: {
    policy: policyParam('fcfs'),
    calls: count(10_000, 'calls, until all of them are served', 1_000_000_000),
    rate: { kind: 'number', default: 2, min: 1e-6, max: 1e6, unit: '1/s', help: 'calls that arrive, over the long run' },
    gaps: { kind: 'text', default: 'exponential', help: 'law of the gaps between them, such as gamma:cv2=9:zeros=0.2', check: lawIsWrong },
    prompt: { kind: 'number', default: 1000, min: 0.001, max: 1e9, unit: 'tokens', help: 'mean length of a prompt' },
    promptLaw: { kind: 'text', default: 'lognormal:cv2=1', help: 'law of these lengths', check: lawIsWrong },
    output: { kind: 'number', default: 100, min: 0.001, max: 1e9, unit: 'tokens', help: 'mean length of an output' },
    outputLaw: { kind: 'text', default: 'gamma:cv2=1', help: 'law of these lengths', check: lawIsWrong },
    agents: count(10, 'agents that send the calls, each as often as another', 1_000_000),
    engines: count(1, 'engines', 10_000),
    engine: { kind: 'text', default: 'slots:8', help: 'what each engine is: slots:N' },
    balancer: balancerParam('round-robin'),
    dispatch: { kind: 'choice', default: 'late', values: ['late', 'immediate'], help: 'late: one queue, the engine is chosen at the grant; immediate: at arrival, each engine has its queue' },
    prefillRate: { kind: 'number', default: 8000, min: 0.001, max: 1e9, unit: 'tokens/s', help: 'prompt tokens that a place reads' },
    decodeRate: { kind: 'number', default: 50, min: 0.001, max: 1e9, unit: 'tokens/s', help: 'output tokens that a place writes' },
  },
  headline: ['wait.mean', 'wait.p95', 'response.mean', 'slowdown.p95'],
  notSimulated: ['batching: a place serves its call at a fixed rate', 'KV cache and shared prefixes', 'network', 'programs: every call is one of its own'],
  assumptions: ({ prefillRate, decodeRate }) => ['gaps and lengths are independent of each other and of those before', `service of a call: prompt ÷ ${prefillRate} + output ÷ ${decodeRate} tokens/s, whatever else runs`],
  setup({ params, policy, policyOptions, balancer, balancerOptions }) {
    const number = (name: string): number => params[name] as number, law = (name: string, mean: number) => parseDistribution(params[name] as string, mean);
    const slots = parseSlots(params['engine'] as string);
    const drawn = {
      calls: number('calls'), agents: number('agents'), prefillRate: number('prefillRate'), decodeRate: number('decodeRate'),
      gap: law('gaps', 1 / number('rate')), prompt: law('promptLaw', number('prompt')), output: law('outputLaw', number('output')),
    };
    return {
      engines: { kind: 'slots', count: number('engines'), slots, discipline: 'nonpreemptive' },
      dispatch: params['dispatch'] as 'late' | 'immediate', place: 'gate', window: slots, maxWaiters: Infinity,
      policy, policyOptions, balancer, balancerOptions,
      endUs: Infinity, tickUs: 0, study: 'terminating',
      classes: ['all'], agents: Array.from({ length: drawn.agents }, (_, a) => ({ name: `agent ${a}`, class: 'all' })),
      workload: (streams) => new TokenArrivals(streams, drawn),
    };
  },
});

function lawIsWrong(text: string): string | undefined {
  try { parseDistribution(text, 1); } catch (error) { return error instanceof Error ? error.message : String(error); }
  return undefined;
}
