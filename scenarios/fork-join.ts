// Agents that fork and agents that go straight on, on one engine of slots: what does a scheduler of programs gain on parallel calls, and who pays?
import { count, defineScenario, ForkJoin, knowledgeParams, knowledgeParts, policyParam } from '../sim/index.ts';
import { SchedlabError } from '../src/index.ts';

/** A step of the batch: a millisecond, which engines of slots count as a token. */
const STEP_US = 1000;

export const forkJoin = defineScenario({
  name: 'fork-join',
  title: 'programs of parallel calls and chains on one engine: who gains under a scheduler of programs?',
  question: ({ chains, load, policy }) => `${Number(chains) === 0 ? 'Programs that fork and join' : Number(chains) === 1 ? 'Chains of calls' : 'Chains of calls and programs that fork and join'} share an engine at load ${load}. How long do they take under ${String(policy)}, against being alone?`,
  params: {
    policy: policyParam('atlas'), ...knowledgeParams,
    knowledge: { ...knowledgeParams.knowledge, default: 'oracle' },
    chains: { kind: 'number', default: 0, min: 0, max: 1, help: 'share of programs that are chains of single calls' },
    load: { kind: 'number', default: 0.9, min: 0.01, max: 10, help: 'steps that programs bring ÷ steps that the engine can do, those of withdrawn calls included; from 1 on the queue grows without end' },
    width: count(5, 'calls of a fork, all at once', 1000),
    join: { kind: 'numberOrWord', default: 'all', min: 1, integer: true, words: ['all'], help: 'calls of a fork that the next phase waits for, the others are withdrawn; all, or so many' },
    forkSteps: { kind: 'number', default: 8, min: 1, max: 1e6, unit: 'steps', help: 'length of a call of a fork, on average' },
    chainSteps: { kind: 'number', default: 20, min: 1, max: 1e6, unit: 'steps', help: 'length of a call of a chain, on average' },
    phases: { kind: 'number', default: 12, min: 1, max: 1e4, help: 'forks, or calls of a chain, one after another in a program, on average (ours)' },
    sigma: { kind: 'number', default: 1, min: 0, max: 3, help: 'how much the number of phases differs: σ of its logarithm; 0: not at all' },
    slots: count(16, 'calls that the engine serves at once', 10_000),
    programs: count(3000, 'programs, until all of them are served', 10_000_000),
  },
  // Levels without an end in practice, quanta doubling from 8 steps, nobody promoted: attained service and nothing else.
  defaults: { levels: 20, base: 8, beta: 0, starvation: 0 },
  reps: 5,
  headline: ['slowdown.mean', 'slowdown.p95', 'program_time.mean'],
  notSimulated: ['prefill', 'KV cache, and what preemption costs', 'tools', 'network'],
  assumptions: ({ join }) => [
    'a step is 1 ms and produces one token of each call that runs: a thousandth of a second of program time is a step', 'lengths are geometric, phases of a program lognormal, arrivals Poisson',
    'calls are preempted at any step and lose nothing', 'slowdown: time of a program ÷ its longest way through its calls', ...(join === 'all' ? [] : ['load counts the whole length of calls that are withdrawn']),
  ],
  setup({ params, ...partners }) {
    const number = (name: string): number => params[name] as number, slots = number('slots'), chains = number('chains'), load = number('load'), classes = ['fork', 'chain'];
    if (params['join'] !== 'all' && number('join') > number('width')) throw new SchedlabError('ERR_OPTION_CONFLICT', `join=${number('join')} waits for more calls than a fork has, which are width=${number('width')}. Lower it, or raise width.`, { key: 'join' });
    return {
      ...partners, ...knowledgeParts(params),
      engines: { kind: 'slots', count: 1, slots, discipline: 'preempt-resume' },
      dispatch: 'late', place: 'engine', window: Infinity, maxWaiters: Infinity,
      endUs: Infinity, tickUs: STEP_US, study: 'terminating', offeredLoad: load, classes, agents: classes.map((name) => ({ name: `${name}s`, class: name })),
      ...(chains > 0 && chains < 1 ? { headline: ['slowdown.mean', ...classes.flatMap((name) => [`slowdown.mean[class=${name}]`, `program_time.mean[class=${name}]`])] } : {}),
      workload: (streams) => new ForkJoin(streams, {
        programs: number('programs'), workPerStep: load * slots, stepUs: STEP_US, phases: number('phases'), sigma: number('sigma'), width: number('width'), forkSteps: number('forkSteps'),
        join: params['join'] === 'all' ? Infinity : number('join'), chainSteps: number('chainSteps'), chains,
      }),
    };
  },
});
