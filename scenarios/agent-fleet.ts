// A fleet of coding agents that each take up the next task when the last is done: tasks an hour, how long one takes, what the cache gives, and what a task costs.
import { balancerParam, count, defineScenario, engineParams, engineParts, gateParams, knowledgeParams, knowledgeParts, policyParam, programAssumptions, programParams, ProgramFleet, ProgramPrompts, programSource, windowBefore } from '../sim/index.ts';

const US_PER_MIN = 60e6;
/** Calls in flight on an engine: about as many of the longest as its KV cache holds, so that nothing that runs is thrown out. */
const IN_FLIGHT = 8;
/** Agents begin within this time. */
const START_S = 60;

export const agentFleet = defineScenario({
  name: 'agent-fleet',
  title: 'coding agents in a closed loop on a pool of engines: tasks an hour, and what one costs',
  question: ({ agents, engines, engine }) => `${String(agents)} coding agents share ${String(engines)} × ${String(engine)}: how many tasks do they finish in an hour, how long does one take, and what does it cost?`,
  params: {
    policy: policyParam('atlas'),
    ...knowledgeParams,
    programs: { ...programParams.programs, default: 'coding-agent' },
    agents: count(200, 'agents, each with one task at a time', 100_000),
    minutes: { kind: 'number', default: 15, min: 0.1, max: 10_000, unit: 'min', help: 'window; tasks that are open at its end are told' },
    testRunners: count(64, 'test runs that go on at once, for all agents together; the others queue', 100_000),
    pricePerGpuHour: { kind: 'number', default: 0, min: 0, max: 1e6, help: 'what a GPU costs for an hour, in money of yours; 0: no cost is told' },
    pauses: programParams.pauses,
    engines: count(16, 'engines', 10_000),
    ...engineParams,
    engine: { ...engineParams.engine, default: 'h100-qwen3-32b-tp2' },
    balancer: balancerParam('least-loaded'),
    ...gateParams,
  },
  sweep: { policy: ['fcfs', 'program-fcfs', 'atlas'] },
  reps: 5,
  headline: ['programs.per_hour', 'program_time.p95', 'program_time_all.mean', 'hit_share', 'utilization', 'programs.unfinished'],
  notSimulated: ['network', 'what tools do to an engine'],
  assumptions: () => ['a task is a program; an agent begins the next one in the instant in which its last was completed', `agents begin within ${START_S} s`, 'program_time counts tasks completed in the window; program_time_all counts the open ones, too, up to its end'],
  setup(setup) {
    const { params, policy, policyOptions, balancer, balancerOptions } = setup, number = (name: string): number => params[name] as number;
    const parts = windowBefore(engineParts(setup), params, IN_FLIGHT), source = programSource(params, parts), { shapes } = source.mix, price = number('pricePerGpuHour'), isBatch = parts.engines.kind === 'batch';
    const tools = shapes.flatMap((shape) => shape.tools ?? []).map((tool) => ({ ...tool, places: number('testRunners') })), gpus = parts.engines.kind === 'batch' ? parts.engines.spec.gpus ?? 1 : 1;
    return {
      ...parts, ...knowledgeParts(params),
      policy, policyOptions, balancer, balancerOptions,
      endUs: Math.round(number('minutes') * US_PER_MIN), tickUs: 0, study: 'terminating', pricePerHour: price * gpus * number('engines'),
      headline: [...(price > 0 ? ['cost_per_program'] : []), ...agentFleet.headline.filter((name) => name !== (isBatch ? 'utilization' : 'hit_share'))],
      classes: shapes.map(({ name }) => name), agents: Array.from({ length: number('agents') }, (_, a) => ({ name: `agent ${a}`, class: shapes[0]!.name })),
      ...(tools.length > 0 ? { tools } : {}), ...(isBatch ? { prompts: (_calls, programs) => new ProgramPrompts(programs) } : {}),
      assumptions: [...parts.assumptions, ...programAssumptions(source), ...(tools.length > 0 ? [`${number('testRunners')} test runners serve all agents, first come, first served`] : []), ...(price > 0 ? [`a GPU costs ${price} an hour, used or not; an engine has ${gpus}`] : [])],
      workload: (streams) => new ProgramFleet(streams, { ...source, agents: number('agents'), startS: START_S }),
    };
  },
});
