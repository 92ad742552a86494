// A tiny scenario, two policies and a runner of a few arithmetic steps: experiments are tested without a world.
import { definePolicy } from '../../src/policies/policy.ts';
import { defineBalancer } from '../../src/balancers/balancer.ts';
import { SchedlabError } from '../../src/errors.ts';
import type { Laboratory, RunCell } from '../../sim/experiment/types.ts';
import type { ReplicationRecord } from '../../sim/results.ts';
import { defineScenario } from '../../sim/scenario.ts';
import type { ScenarioDefinition } from '../../sim/scenario.ts';

const nothing = (): never => { throw new Error('no policy is made here'); };
export const plainPolicy = definePolicy({ name: 'plain', title: 'in order', source: 'test', params: {}, knowledge: 'none', create: nothing });
export const tunedPolicy = definePolicy({
  name: 'tuned', title: 'by alpha', source: 'test', knowledge: 'none', create: nothing,
  params: { alpha: { kind: 'number', default: 0.5, min: 0, max: 1, help: 'age against load' }, guard: { kind: 'flag', default: true, help: 'lowers alpha' } },
});
export const knowingPolicy = definePolicy({ name: 'knowing', title: 'shortest first', source: 'test', params: {}, knowledge: 'oracle', create: nothing });
export const anyBalancer = defineBalancer({ name: 'round-robin', title: 'in turn', source: 'test', params: { stride: { kind: 'number', default: 1, help: 'steps' } }, create: nothing });

export const fakeScenario: ScenarioDefinition = defineScenario({
  name: 'fake', title: 'arithmetic', question: (params) => `Which alpha at load ${String(params['load'])}?`,
  params: {
    policy: { kind: 'text', default: 'tuned', help: 'who goes next' },
    load: { kind: 'number', default: 0.5, min: 0, max: 2, help: 'of each server' },
    steady: { kind: 'flag', default: false, help: 'a steady state is asked for' },
    data: { kind: 'file', default: '', help: 'a trace' },
    fail: { kind: 'numberOrWord', default: 'none', words: ['none'], help: 'replication that fails' },
  },
  defaults: { alpha: 0.25 },
  headline: ['wait.mean', 'jain.completed'],
  notSimulated: ['everything'],
  setup: ({ params, policy, policyOptions, balancer, balancerOptions, data }) => ({
    engines: { kind: 'slots', count: 1, slots: 1, discipline: 'nonpreemptive' }, dispatch: 'late', place: 'gate', window: 1, maxWaiters: Infinity,
    policy, policyOptions, balancer, balancerOptions, endUs: 1, tickUs: 0, study: params['steady'] ? 'steady' : 'terminating',
    agents: [], classes: [], workload: nothing, ...(data['data'] ? { traced: true } : {}),
  }),
});

/** A hash to [0, 1): the fake's only source of variety. */
function unit(text: string): number {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619) >>> 0;
  h ^= h >>> 15; h = Math.imul(h, 2246822519) >>> 0; h ^= h >>> 13;
  return (h >>> 0) / 4294967296;
}

export const fakeRun: RunCell = (model, options): ReplicationRecord => {
  const { params, seed, cell, replication } = options;
  if (params['fail'] === replication) throw new SchedlabError('ERR_STALLED', 'nobody moves.', { waiters: 3 });
  const alpha = Number(params['alpha'] ?? 0.9), noise = unit(seed), load = Number(params['load']);
  const wait = 10 * load + noise + alpha + 0.01 * unit(`${seed}/${alpha}`);
  options.callLine?.({ replication, id: '0', program: '0', agent: 'a', engine: 0, class: 'all', arrival: 0, granted: wait, scheduled: wait, first_token: null, finished: wait + 1, prompt_tokens: 1, cached_tokens: 0, output_tokens: 1, preemptions: 0, outcome: 'completed' });
  return {
    cell, replication, seed, params,
    metrics: {
      'wait.mean': wait, 'wait.mean[class=quiet]': wait / 2, 'jain.completed': 0.75, arrived: 100, completed: 90, unfinished: 10,
      'queue.growth': load > 1 ? 0.5 + 0.1 * noise : 0.02 * (noise - 0.5), 'ttft.mean': null,
    },
    orderDigest: '0000000000000000', resultDigest: String(Math.floor(unit(`${cell}${seed}`) * 1e15)).padStart(16, '0'), events: 300, checks: { little: 1 }, notes: [],
    detail: { agents: [], agentsTotal: 0, waitCurves: {}, ...(options.series ? { series: { atS: [0], waiting: [1], oldestWaitS: [0] } } : {}), ...(model.traced ? { batches: { wait: Array.from({ length: 24 }, (_, i) => unit(`window ${i}`) * 5 + alpha + 0.05 * unit(`${i}/${alpha}`)) } } : {}) },
    draws: { arrivals: 100 },
  };
};

export const fakeLaboratory: Laboratory = {
  policies: { plain: plainPolicy, tuned: tunedPolicy, knowing: knowingPolicy },
  balancers: { 'round-robin': anyBalancer },
  runCell: fakeRun,
  readData: (path) => ({
    file: { path, sha256: path.replace(/\D/g, '').padStart(64, '0'), bytes: 1, format: 'plain', rowsRead: 1, rowsDropped: 0, notes: [] },
    trace: { format: 'plain', rows: 0, arrivalUs: new Float64Array(0), promptTokens: new Int32Array(0), outputTokens: new Int32Array(0), fields: {} },
  }),
};
