// A recorded hour of real requests, replayed on a pool of engines under the policy that you choose.
import { assignAgents, balancerParam, checkIdentity, checkReplay, count, defineScenario, engineParams, engineParts, gateParams, knowledgeParams, knowledgeParts, policyParam, prioritiesOf, promptAssumptions, ReplayWorkload, traceClasses, TracePrompts } from '../sim/index.ts';
import { SchedlabError } from '../src/index.ts';

export const traceReplay = defineScenario({
  name: 'trace-replay',
  title: 'a request trace on a pool of engines',
  question: ({ engines, engine, speed }) => `These requests on ${engines === 1 ? 'one engine' : `${engines} engines`} (${engine})${speed === 1 ? '' : `, ${speed} times as fast`}: which policy?`,
  reps: 1,
  params: {
    trace: { kind: 'file', default: '', help: 'the trace: schedlab/trace@1, Mooncake, Azure, BurstGPT, vLLM bench, JSONL or CSV, also .gz' },
    format: { kind: 'text', default: 'auto', help: 'its format; auto: recognised by header or fields; mooncake:16: ids of 16-token blocks' },
    policy: policyParam('fcfs'),
    ...knowledgeParams,
    engines: count(1, 'engines', 10_000),
    ...engineParams,
    balancer: balancerParam('round-robin'),
    ...gateParams,
    identity: { kind: 'text', default: 'hash:10', help: 'over whom fairness is meant: program, session, field:NAME, hash:N, none', suggest: ['program', 'session', 'hash:10', 'none'], check: checkIdentity },
    speed: { kind: 'number', default: 1, min: 1e-6, max: 1e6, help: 'how much faster than recorded requests arrive' },
  },
  headline: ['wait.mean', 'wait.p95', 'response.mean', 'slowdown.p95'],
  notSimulated: ['batching: a place serves its call at a fixed rate', 'KV cache and shared prefixes', 'network'],
  setup(setup) {
    const { params, data, policy, policyOptions, balancer, balancerOptions } = setup;
    const loaded = data['trace'];
    if (!loaded) throw new SchedlabError('ERR_USAGE', 'trace-replay needs a trace. Name one: trace=FILE (schedlab/trace@1, Mooncake, Azure, BurstGPT, vLLM bench, JSONL or CSV, also .gz).', { key: 'trace' });
    if (policy.needsAgents && params['identity'] === 'none') throw new SchedlabError('ERR_OPTION_CONFLICT', `policy ${policy.name} is fair between agents, and identity=none says that there are none. Say over whom fairness is meant: identity=hash:10, program, session or field:NAME.`, { key: 'identity' });
    const { trace } = loaded, { assumptions, ...parts } = engineParts(setup), { engines } = parts, isPriced = engines.kind === 'batch';
    const assignment = assignAgents(trace, params['identity'] as string);
    const named = traceClasses(trace), classes = named.length > 0 ? named : ['all'];
    const replay = { trace, assignment, isPriced, speed: params['speed'] as number, prefillRate: params['prefillRate'] as number, decodeRate: params['decodeRate'] as number };
    // What cannot be replayed is refused here, not in the middle of a run.
    const assumed = checkReplay(replay);
    if (isPriced) prioritiesOf(trace);
    return {
      ...parts,
      policy, policyOptions, balancer, balancerOptions,
      endUs: Infinity, tickUs: 0, study: 'terminating', traced: true, ...knowledgeParts(params),
      classes, agents: assignment.agents, assumptions: [...assumptions, assignment.assumption, ...assumed, ...(isPriced ? promptAssumptions(trace, parts.place === 'tag' ? 'fcfs' : engines.spec.config.scheduling) : [])],
      ...(isPriced ? { prompts: (calls) => new TracePrompts(trace, calls) } : {}),
      workload: () => new ReplayWorkload(replay),
    };
  },
});
