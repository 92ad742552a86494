// A queue of the textbooks: Poisson arrivals, servers, a law of service. Theory says what must come out.
import { balancerParam, count, defineScenario, knowledgeParams, knowledgeParts, OpenArrivals, parseDistribution, policyParam } from '../sim/index.ts';
import type { Discipline } from '../sim/index.ts';

const LAWS = ['exponential', 'deterministic', 'hyperexponential:cv2=10', 'pareto:shape=1.5:ratio=10000'];

export const queueing = defineScenario({
  name: 'queueing',
  title: 'Poisson arrivals at c servers, checked against queueing theory',
  question: ({ load, servers, service, policy }) => `${servers === 1 ? 'One server' : `${servers} servers`} at load ${load}, ${service} service, ${policy}: how long is the wait?`,
  params: {
    policy: policyParam('fcfs'),
    ...knowledgeParams,
    servers: count(1, 'servers', 10_000),
    load: { kind: 'number', default: 0.8, min: 0.001, max: 10, help: 'utilisation of each server; from 1 on the queue grows without end' },
    service: { kind: 'text', default: 'exponential', help: 'law of the service time, mean 1 s: exponential, deterministic, hyperexponential:cv2=10, pareto:shape=1.5:ratio=10000, …', suggest: LAWS, check: lawIsWrong },
    arrivals: { kind: 'text', default: 'exponential', help: 'law of the gaps between arrivals', suggest: LAWS, check: lawIsWrong },
    discipline: { kind: 'choice', default: 'nonpreemptive', values: ['nonpreemptive', 'preempt-resume', 'ps'], help: 'how a server treats its calls' },
    balancer: balancerParam(''),
    calls: count(100_000, 'calls, until all of them are served', 1_000_000_000),
    agents: count(1, 'agents that send the calls, each as often as another', 1_000_000),
  },
  headline: ['wait.mean', 'response.mean', 'response.p95'],
  notSimulated: ['tokens', 'batching', 'KV cache', 'network'],
  setup({ params, policy, policyOptions, balancer, balancerOptions }) {
    const servers = params['servers'] as number, agents = params['agents'] as number, discipline = params['discipline'] as Discipline;
    // Without a balancer all servers share one queue; with one, each has its own and a call goes to it on arrival.
    const isCentral = params['balancer'] === '' || params['balancer'] === 'none';
    return {
      engines: { kind: 'slots', count: isCentral ? 1 : servers, slots: isCentral ? servers : 1, discipline },
      dispatch: isCentral ? 'late' : 'immediate',
      place: discipline === 'preempt-resume' ? 'engine' : 'gate',
      window: discipline === 'nonpreemptive' ? (isCentral ? servers : 1) : Infinity,
      maxWaiters: Infinity, policy, policyOptions, balancer, balancerOptions,
      endUs: Infinity, tickUs: 0, study: 'steady', offeredLoad: params['load'] as number,
      ...knowledgeParts(params), classes: ['all'],
      agents: Array.from({ length: agents }, (_, a) => ({ name: `agent ${a}`, class: 'all' })),
      workload: (streams) => new OpenArrivals(streams, {
        calls: params['calls'] as number, agents,
        gapS: 1 / ((params['load'] as number) * servers), gap: parseDistribution(params['arrivals'] as string, 1), service: parseDistribution(params['service'] as string, 1),
      }),
    };
  },
});

function lawIsWrong(text: string): string | undefined {
  try { parseDistribution(text, 1); } catch (error) { return error instanceof Error ? error.message : String(error); }
  return undefined;
}
