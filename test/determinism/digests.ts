// The table of digests: every shipped scenario and every discipline, a few seeds each. Equal on every machine and every supported Node.
import type { LoadedData } from '../../sim/scenario.ts';
import { Streams } from '../../sim/random/streams.ts';
import { scenarioModel } from '../scenarios/setup.ts';
import { play } from '../worlds/scripted-model.ts';

export interface DigestRow { readonly name: string; readonly seed: string; readonly events: number; readonly order: string; readonly results: string }
export interface DigestCase { readonly name: string; readonly scenario: string; readonly given: Readonly<Record<string, number | string | boolean>>; readonly shell: 'event' | 'promise' }

/** 300 requests in a minute, in bursts, from streams: a trace that needs no file. */
export function tinyTrace(): LoadedData {
  const u = new Streams('tiny trace').stream('rows'), rows = 300;
  const arrivalUs = Float64Array.from({ length: rows }, (_, r) => Math.floor(r / 3) * 600_000), promptTokens = Int32Array.from({ length: rows }, () => 100 + Math.floor(4000 * u.next())), outputTokens = Int32Array.from({ length: rows }, () => 1 + Math.floor(300 * u.next()));
  return { file: { path: 'tiny', sha256: '', bytes: 0, format: 'tiny', rowsRead: rows, rowsDropped: 0, notes: [] }, trace: { format: 'tiny', rows, arrivalUs, promptTokens, outputTokens, fields: {} } };
}

const SEEDS = ['1', '2'];
const one = (name: string, scenario: string, given: DigestCase['given'] = {}, shell: DigestCase['shell'] = 'event'): DigestCase => ({ name, scenario, given, shell });

/** Policies that order calls by one rule. */
const ORDERS = ['program-fcfs', 'mlfq', 'hrrn', 'priority', 'lpm', 'sjf', 'srpt', 'program-srpt', 'gittins'];

export const CASES: readonly DigestCase[] = [
  ...[0, 0.25, 0.5, 0.75, 1].map((alpha) => one(`loco-fairness alpha=${alpha}`, 'loco-fairness', { alpha, guard: false, ticks: 200 })),
  one('loco-fairness guard', 'loco-fairness', { ticks: 200 }),
  one('loco-fairness autoTune', 'loco-fairness', { autoTune: true, guard: false, ticks: 200 }),
  ...['loco-clock', 'fcfs', 'oldest-first', 'round-robin', 'atlas'].map((policy) => one(`loco-fairness ${policy}`, 'loco-fairness', { policy, ticks: 200 })),
  one('loco-webhook-spike', 'loco-webhook-spike'), one('loco-burst', 'loco-burst'), one('loco-mdash', 'loco-mdash'),
  ...['exponential', 'deterministic', 'hyperexponential:cv2=10', 'pareto:shape=1.5:ratio=10000', 'gamma:cv2=2', 'lognormal:cv2=3'].map((service) => one(`queueing ${service}`, 'queueing', { service, calls: 3000 })),
  ...['nonpreemptive', 'preempt-resume', 'ps'].flatMap((discipline) => [one(`queueing ${discipline} central`, 'queueing', { discipline, servers: 3, calls: 2000, agents: 4, policy: 'atlas' }), one(`queueing ${discipline} least-loaded`, 'queueing', { discipline, servers: 3, calls: 2000, balancer: 'least-loaded', agents: 4, policy: 'loco' })]),
  one('queueing round-robin', 'queueing', { servers: 4, calls: 2000, balancer: 'round-robin' }), one('queueing power-of-d', 'queueing', { servers: 4, calls: 2000, balancer: 'power-of-d' }),
  one('trace-replay late', 'trace-replay', { policy: 'loco', engines: 2, engine: 'slots:2' }), one('trace-replay immediate', 'trace-replay', { policy: 'round-robin', engines: 3, engine: 'slots:1', dispatch: 'immediate', balancer: 'least-loaded' }),
  one('trace-replay in the engine', 'trace-replay', { policy: 'atlas', engines: 2, engine: 'slots:2', place: 'engine' }), one('trace-replay wide window, few may wait', 'trace-replay', { policy: 'oldest-first', engines: 1, engine: 'slots:2', window: 4, maxWaiters: 20 }),
  one('trace-replay on a preset, few blocks', 'trace-replay', { engines: 2, engine: 'h100-llama-3.1-8b-tp1', blocks: 400, maxSeqs: 16, maxBatchedTokens: 512 }),
  one('trace-replay on a preset behind a gate, older rules', 'trace-replay', { policy: 'loco', engine: 'rtx4090-llama-3.1-8b-tp1', window: 12, dispatch: 'immediate' }),
  one('trace-replay on a preset, the policy in the batch', 'trace-replay', { policy: 'atlas', base: 64, quantum: 64, place: 'engine', engine: 'h100-llama-3.1-8b-tp1', blocks: 400, maxSeqs: 16, maxBatchedTokens: 512 }),
  one('trace-replay on a preset, srpt in the batch, swap', 'trace-replay', { policy: 'srpt', knowledge: 'oracle', place: 'engine', preemption: 'swap', engine: 'rtx4090-llama-3.1-8b-tp1', blocks: 400, maxSeqs: 16, maxBatchedTokens: 512 }),
  one('trace-replay on a preset, sjf by tags', 'trace-replay', { policy: 'sjf', knowledge: 'oracle', place: 'tag', engine: 'h100-llama-3.1-8b-tp1', blocks: 400, maxSeqs: 16, maxBatchedTokens: 512 }),
  one('open-load on a preset', 'open-load', { requests: 1000, engine: 'h100-llama-3.1-8b-tp1', engines: 2, rate: 80, sharedPrefix: 200, balancer: 'power-of-d' }), one('open-load on slots', 'open-load', { requests: 1000, rate: 20, engine: 'slots:24', engines: 2 }),
  one('autellix-fig2', 'autellix-fig2'), one('autellix-fig9', 'autellix-fig9', { order: 7 }), ...['fcfs', 'atlas'].map((policy) => one(`fork-join ${policy}`, 'fork-join', { policy, programs: 100, phases: 4, chains: 0.5, join: 4 })), ...['wall', 'kv', 'weighted'].map((meter) => one(`atlas ${meter} in the engine`, 'queueing', { discipline: 'preempt-resume', servers: 2, load: 0.9, calls: 2000, agents: 4, policy: 'atlas', meter, base: 0.25, quantum: meter === 'wall' ? 0.25 : 250, beta: 2, mode: 'parents' })),
  one('fitted-load', 'fitted-load', { calls: 2000, gaps: 'gamma:cv2=9:zeros=0.2', engine: 'slots:2', engines: 2, policy: 'loco' }),
  ...['lpm', 'hrrn'].map((policy) => one(`locality-vs-starvation ${policy}`, 'locality-vs-starvation', { policy, requests: 200, clients: 40, think: 5 })),
  ...['gate', 'engine'].map((place) => one(`knowledge ${place}`, 'knowledge', { place, count: 40, estimateError: 1 })),
  one('prefix-sessions', 'prefix-sessions', { requests: 500, engines: 2 }),
  ...['tenant', 'program'].map((identity) => one(`who-is-an-agent ${identity}`, 'who-is-an-agent', { identity, minutes: 2 })),
  ...['vtc', 'wfq', 'drr', 'las-decay'].flatMap((policy) => ['engine', 'gate'].map((place) => one(`vtc-two-clients ${policy} ${place}`, 'vtc-two-clients', { policy, place, seconds: 3 }))), ...[true, false].map((lift) => one(`vtc-idle-return lift=${lift}`, 'vtc-idle-return', { lift, seconds: 5 })),
  ...['chat', 'react', 'map-reduce', 'coding-agent'].map((programs) => one(`policy-zoo ${programs} on slots`, 'policy-zoo', { programs, count: 20, rate: 3, engine: 'slots:6', policy: 'atlas' })), one('policy-zoo mcts in the engine', 'policy-zoo', { programs: 'mcts', count: 4, rate: 1, engine: 'slots:6', place: 'engine', policy: 'mlfq' }),
  one('policy-zoo mixed on a preset', 'policy-zoo', { programs: 'mixed', count: 8, rate: 2, engine: 'h100-llama-3.1-8b-tp1', window: 6, policy: 'program-fcfs' }), one('program-load on slots', 'program-load', { programs: 'react', engine: 'slots:4', place: 'gate', minutes: 3, from: 0.1, to: 2, steps: 2, target: 0.2 }),
  one('agent-fleet', 'agent-fleet', { engine: 'h100-llama-3.1-8b-tp1', agents: 12, engines: 2, minutes: 4, window: 3, testRunners: 2, pricePerGpuHour: 2 }),
  one('agents-as-code', 'agents-as-code', { agents: 8 }, 'promise'),
  ...['program-fcfs', 'mlfq', 'hrrn', 'priority', 'lpm', 'gittins'].map((policy) => one(`loco-fairness ${policy}`, 'loco-fairness', { policy, ticks: 200 })),
  ...ORDERS.map((policy) => one(`queueing preempt-resume ${policy}`, 'queueing', { policy, knowledge: 'oracle', discipline: 'preempt-resume', servers: 2, calls: 1000, service: 'hyperexponential:cv2=10' })),
  ...ORDERS.map((policy) => one(`trace-replay ${policy}`, 'trace-replay', { policy, knowledge: 'estimate', engines: 2, engine: 'slots:2' })),
];

export async function digestsOf(cases: readonly DigestCase[] = CASES): Promise<DigestRow[]> {
  const rows: DigestRow[] = [], trace = tinyTrace();
  for (const { name, scenario, given, shell } of cases) {
    const model = scenarioModel(scenario, given, { trace });
    for (const seed of SEEDS) {
      const record = await play(model, { seed: `golden/${seed}`, shell });
      rows.push({ name, seed, events: record.events, order: record.orderDigest, results: record.resultDigest });
    }
  }
  return rows;
}
