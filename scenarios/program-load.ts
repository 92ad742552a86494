// How many programs a second an engine can take before they become too slow, under each policy; and what that costs those in the tail.
import { balancerParam, count, defineScenario, engineParams, engineParts, gateParams, knowledgeParams, knowledgeParts, policyParam, programParams, programParts, windowBefore } from '../sim/index.ts';
import type { Model } from '../sim/index.ts';
import { SchedlabError } from '../src/index.ts';

const US_PER_MIN = 60e6;
const METRICS = ['token_latency.mean', 'token_latency.p95', 'token_latency.p99', 'slowdown.mean', 'slowdown.p95', 'program_time.mean', 'program_time.p95'];

export const programLoad = defineScenario({
  name: 'program-load',
  title: 'the highest rate of programs that keeps a latency target, under each policy',
  question: ({ programs, engine, engines, target, metric, find, open, rate }) => (find === 'on'
    ? `${String(programs)} programs on ${engines === 1 ? '' : `${String(engines)} × `}${String(engine)}: up to which rate does ${String(metric)} stay at ${String(target)} or below${Number(open) < 1 ? `, with at most ${String(Math.round(Number(open) * 100))} % of the programs left over` : ''}, and who pays?`
    : `${String(rate)} ${String(programs)} programs a second on ${engines === 1 ? '' : `${String(engines)} × `}${String(engine)}: how long do they take?`),
  params: {
    policy: policyParam('fcfs'),
    ...knowledgeParams,
    find: { kind: 'choice', default: 'on', values: ['on', 'off'], help: 'on: each replication looks for the highest rate that keeps the target, and tells of the run at this rate; off: one run at rate' },
    metric: { kind: 'choice', default: 'token_latency.mean', values: METRICS, help: 'what must stay at the target or below; of programs completed in the window' },
    target: { kind: 'number', default: 0.5, min: 1e-9, max: 1e9, help: 'the most that it may be, in the unit of the metric: s/token for token_latency' },
    open: { kind: 'number', default: 1, min: 0.01, max: 1, help: 'share of the programs that may be open when the window ends; 1: all of them, so that the target alone counts' },
    from: { kind: 'number', default: 0.1, min: 1e-6, max: 1e6, unit: '1/s', help: 'lowest rate that is tried' },
    to: { kind: 'number', default: 2.4, min: 1e-6, max: 1e6, unit: '1/s', help: 'highest rate that is tried' },
    steps: { kind: 'number', default: 4, min: 0, max: 30, integer: true, help: 'times that the bracket of rates is halved before the point between is taken' },
    programs: { ...programParams.programs, default: 'mixed' },
    minutes: { kind: 'number', default: 20, min: 0.1, max: 10_000, unit: 'min', help: 'window in which programs arrive and are served; what is open at its end is told' },
    rate: { ...programParams.rate, help: 'programs that arrive, where find=off' },
    agents: programParams.agents,
    pauses: programParams.pauses,
    engines: count(1, 'engines', 10_000),
    ...engineParams,
    engine: { ...engineParams.engine, default: 'a100-llama-3.1-8b-tp1' },
    balancer: balancerParam('least-loaded'),
    ...gateParams,
    // In front of an engine no policy sees a call go on, and feedback over calls is the order of arrival.
    place: { ...gateParams.place, default: 'engine' },
  },
  sweep: { policy: ['fcfs', 'mlfq', 'atlas'] },
  reps: 5,
  // What a rate beyond saturation hides comes right after it.
  headline: ['rate_at_target', 'programs.open_share', 'program_time_all.mean', 'token_latency.p99', 'token_latency.mean', 'program_time.mean', 'programs.unfinished'],
  notSimulated: ['network'],
  assumptions: ({ find, minutes, metric, open }) => [
    ...(find === 'on' ? ['programs are the same at every rate, only closer together: rates of a replication are compared in pairs'] : []),
    `${String(metric)} counts programs that were completed within ${String(minutes)} minutes: a policy that leaves long programs waiting looks better in it than in programs.unfinished and program_time_all, which counts the open ones up to the end`,
    'policies that leave no place idle have the same limit in the long run, but for what they find in the cache: a rate above it is one that the window bears',
    ...(find === 'on' && open === 1 ? ['the rate at the target need not be one that the engine can go on with: programs.open_share is what it left over; open=0.25 asks for a rate at which three quarters of the programs end'] : []),
    ...(find === 'on' && Number(open) < 1 ? [`a rate counts where at most ${Math.round(Number(open) * 100)} % of the programs are open at the end, too`] : []),
  ],
  setup(setup) {
    const { params, policy, policyOptions, balancer, balancerOptions } = setup, number = (name: string): number => params[name] as number, parts = windowBefore(engineParts(setup), params);
    const [low, high] = [number('from'), number('to')];
    if (low >= high) throw new SchedlabError('ERR_OPTION_CONFLICT', `from=${low} is not below to=${high}: between the two rates the one that keeps the target is sought. Lower from, or raise to.`, { key: 'from' });
    const windowUs = Math.round(number('minutes') * US_PER_MIN), { search: _none, ...frame } = atRate(number('rate'));
    function atRate(rate: number): Model {
      // Far more than arrive before the window ends.
      const programs = programParts({ ...params, rate, count: Math.ceil((rate * windowUs) / 1e6 * 4 + 1000) }, parts);
      return {
        ...parts, ...programs, ...knowledgeParts(params),
        policy, policyOptions, balancer, balancerOptions,
        endUs: windowUs, tickUs: 0, study: 'terminating', headline: programLoad.headline,
        assumptions: [...parts.assumptions, ...programs.assumptions],
      };
    }
    return { ...frame, ...(params['find'] === 'on' ? { search: { low, high, steps: number('steps'), metric: params['metric'] as string, target: number('target'), open: number('open'), at: atRate } } : { headline: programLoad.headline.filter((name) => name !== 'rate_at_target') }) };
  },
});
