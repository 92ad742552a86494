// Two clients and more want an engine at the same time, one sends twice as much as the other: how far does their service drift apart?
import { ClientArrivals, count, defineScenario, knowledgeParams, knowledgeParts, parseDistribution, policyParam } from '../sim/index.ts';

/** An engine tells a policy of a token a millisecond, so that is how fast a place writes here. */
const TOKEN_US = 1000;
const US_PER_S = 1e6;
const MEAN_OUTPUT = 256;

export const vtcTwoClients = defineScenario({
  name: 'vtc-two-clients',
  title: 'clients that all want more than they can get: how far their service drifts apart',
  question: ({ agents, policy }) => `${String(agents)} clients always wait, the last sends twice as much as the first. How far apart does ${String(policy)} let their service drift?`,
  params: {
    policy: policyParam('vtc'),
    ...knowledgeParams,
    agents: { kind: 'number', default: 2, min: 2, max: 64, integer: true, help: 'clients' },
    load: { kind: 'number', default: 0.86, min: 0.01, max: 100, help: 'work that the first client offers ÷ what the engine can do; the last offers twice as much' },
    lengths: { kind: 'text', default: 'uniform', help: 'law of prompt and output lengths, mean 256 tokens each: uniform, deterministic, exponential, …', suggest: ['uniform', 'deterministic', 'exponential'] },
    places: count(19, 'calls that the engine holds at once, each with room for the whole of its length', 10_000),
    place: { kind: 'choice', default: 'engine', values: ['engine', 'gate'], help: 'engine: the policy hears of every token; gate: of output when a call has ended' },
    seconds: { kind: 'number', default: 60, min: 1, max: 1e6, unit: 's', help: 'time in which calls arrive; all are served' },
  },
  headline: ['service_gap', 'service_gap_over_u', 'service_unit', 'wait.mean[class=client 0]', 'wait.mean[class=client 1]'],
  thresholds: ['service_gap_over_u <= 2'],
  notSimulated: ['prefill: a prompt is read at once', 'batching: a place writes 1000 tokens/s whatever else runs', 'network'],
  assumptions: () => ['nothing is preempted, and a call that begins has room for the whole of its length: U is the larger of the longest prompt and twice the most tokens held at once, divided by the least weight, and VTC promises a gap of at most 2 U'],
  setup({ params, ...partners }) {
    const agents = params['agents'] as number, places = params['places'] as number, seconds = params['seconds'] as number, inEngine = params['place'] === 'engine';
    const rate = ((params['load'] as number) * places * US_PER_S) / (MEAN_OUTPUT * TOKEN_US), law = parseDistribution(params['lengths'] as string, MEAN_OUTPUT);
    // Shares that the policy is asked for are what service is measured against.
    const asked = String(partners.policyOptions['weights'] ?? ''), weights = /^\d/.test(asked) ? asked.split('+').map(Number) : [1];
    return {
      ...partners,
      engines: { kind: 'slots', count: 1, slots: places, discipline: inEngine ? 'preempt-resume' : 'nonpreemptive' },
      dispatch: inEngine ? 'immediate' : 'late', place: inEngine ? 'engine' : 'gate', window: inEngine ? Infinity : places, maxWaiters: Infinity,
      endUs: Infinity, tickUs: 0, study: 'terminating', ...knowledgeParts(params),
      classes: Array.from({ length: agents }, (_, a) => `client ${a}`),
      agents: Array.from({ length: agents }, (_, a) => ({ name: `client ${a}`, class: `client ${a}`, weight: weights[a % weights.length]! })),
      workload: (streams) => new ClientArrivals(streams, {
        clients: Array.from({ length: agents }, (_, a) => ({ fromS: 0, untilS: seconds, rate: rate * (1 + a / (agents - 1)) })), prompt: law, output: law, tokenUs: TOKEN_US,
      }),
    };
  },
});
