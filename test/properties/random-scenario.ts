// Random scenarios for the parity test: chains, pins, time-outs, withdrawals, zero service and zero think, on a grid so coarse that most events coincide.
import { seededRandom, type RandomSource } from '../../src/random.ts';
import { LOSE_BRANCH, NO_RETRY } from '../../src/programs/failure.ts';
import { NEED_ALL, NEED_SETTLED, NODE_CALL, NODE_JOIN, NODE_TOOL, type PlanNode } from '../../src/programs/plan.ts';
import type { Model } from '../../sim/scenario.ts';
import { modelOf, type ScriptedCall, type ScriptedProgram } from '../worlds/scripted-model.ts';

export const TICK_US = 1000;
export const POLICY_NAMES = ['fcfs', 'loco', 'round-robin', 'oldest-first', 'atlas', 'loco-clock', 'program-fcfs', 'mlfq', 'hrrn', 'priority', 'lpm', 'sjf', 'srpt', 'program-srpt', 'gittins', 'vtc', 'wfq', 'drr', 'las-decay'] as const;
const QUANTA = ['doubling', '1', '1/2/inf'], SIZES = ['learnt', 'exponential', 'empirical:1/2/9'];

/** Scenario number n, the same on every machine. */
export function randomScenario(n: number): Model {
  const draw = seededRandom(`scenario/${n}`), pick = picker(draw), chance = (p: number): boolean => draw() < p, upTo = (most: number): number => Math.floor(draw() * (most + 1));
  const count = 1 + upTo(2), slots = 1 + upTo(2), agents = 1 + upTo(4), ticks = (most: number): number => upTo(most) * TICK_US;
  const discipline = pick(['nonpreemptive', 'nonpreemptive', 'nonpreemptive', 'preempt-resume', 'ps'] as const);
  const place = discipline === 'preempt-resume' ? pick(['engine', 'engine', 'gate'] as const) : pick(['gate', 'gate', 'gate', 'engine'] as const);
  const withPins = chance(0.4), withTimeouts = chance(0.4), withCancels = chance(0.5), withWeights = chance(0.3);
  const mostService = pick([1, 2, 4]), mostThink = pick([0, 1, 3]), lastTick = pick([0, 3, 12]), mostCalls = pick([1, 5, 5, 5]);
  const call = (serviceUs = ticks(mostService)): ScriptedCall => ({
    serviceUs, thinkUs: chance(0.5) ? ticks(mostThink) : 0, promptTokens: upTo(100), outputTokens: upTo(3), firstTokenUs: Math.min(serviceUs, ticks(1)),
    pin: withPins && chance(0.3) ? upTo(count - 1) : -1,
    timeoutUs: withTimeouts && chance(0.4) ? TICK_US + ticks(3) : 0,
    cancelUs: withCancels && chance(0.3) ? TICK_US + ticks(4) : 0,
  });
  const withGraphs = chance(0.5), tools = [{ name: 'one at a time', places: 1 }, { name: 'two', places: 2 }];
  const programs: ScriptedProgram[] = Array.from({ length: 1 + upTo(24) }, () => ({
    arrivalUs: ticks(lastTick), agent: upTo(agents - 1), callClass: upTo(1), weight: withWeights ? upTo(3) : 1,
    ...(withGraphs && chance(0.6) ? graph() : { calls: Array.from({ length: 1 + upTo(mostCalls - 1) }, () => call()) }),
  })).sort((a, b) => a.arrivalUs - b.arrivalUs);
  function graph(): Pick<ScriptedProgram, 'calls' | 'graph' | 'abandonAt'> {
    const nodes: PlanNode[] = randomGraph(1 + upTo(7), { upTo, chance, pick, toolUs: () => ticks(2) });
    return { calls: nodes.map(() => call()), graph: nodes.map((node) => ({ ...node, thinkUs: chance(0.3) ? ticks(mostThink) : 0 })), ...(chance(0.1) ? { abandonAt: upTo(nodes.length - 1) } : {}) };
  }
  return modelOf({
    programs, agents, classes: ['light', 'heavy'], engines: { count, slots, discipline }, dispatch: pick(['late', 'immediate'] as const), place,
    window: pick([slots, slots, 1, slots + 1, Infinity]), maxWaiters: pick([Infinity, Infinity, 0, 2, 6]),
    policy: pick(POLICY_NAMES), knowledge: 'estimate', estimateError: pick([0, 0.5]), policyOptions: { quanta: pick(QUANTA), starvation: pick([0, 0.002]), age: pick(['tokens', 'seconds']), by: pick(['class', 'weight']), ageing: pick([0, 0.002]), sizes: pick(SIZES), mean: 3, lift: chance(0.7), quantum: pick([4, 1000]), predict: pick(['none', 'mean', 'told']), weights: pick(['equal', 'call', '1+3']), halfLife: pick([0, 0.005]), forget: pick([0, 3600]), alpha: pick([0, 0.25, 0.5, 1]), guard: chance(0.5), guardWindow: 5, autoTune: chance(0.2), base: pick([1, 2]), meter: pick(['tokens', 'seconds']), mode: pick(['scalar', 'parents', 'sum']), beta: pick([0, 0.5, 8]) },
    balancer: pick(['round-robin', 'least-loaded', 'power-of-d'] as const), viewRefreshUs: pick([0, 0, 3 * TICK_US]),
    endUs: chance(0.3) ? (1 + upTo(15)) * TICK_US : Infinity, tickUs: TICK_US, tools,
  });
}

export function picker(draw: RandomSource): <T>(of: readonly T[]) => T { return (of) => of[Math.floor(draw() * of.length)]!; }

interface Draws { readonly upTo: (most: number) => number; readonly chance: (p: number) => boolean; readonly pick: <T>(of: readonly T[]) => T; readonly toolUs: () => number }

/** A program of so many nodes: edges, joins, losses, tools with and without places, sleepers. */
export function randomGraph(length: number, { upTo, chance, pick, toolUs }: Draws): PlanNode[] {
  const retry = (then: 'program' | 'branch') => ({ attempts: 1 + upTo(2), backoffUs: pick([0, TICK_US]), factor: 2, mostUs: 3 * TICK_US, then });
  const nodes = Array.from({ length }, (_, i): PlanNode => {
    const parents = i === 0 ? [] : [...new Set(Array.from({ length: upTo(3) }, () => upTo(i - 1)))].sort((a, b) => a - b);
    const kind = pick([NODE_CALL, NODE_CALL, NODE_CALL, NODE_TOOL, NODE_JOIN] as const);
    return {
      kind, parents, need: parents.length === 0 ? NEED_ALL : pick([NEED_ALL, NEED_SETTLED, 1 + upTo(parents.length - 1)]), toolUs: toolUs(), pool: pick([-1, 0, 1]),
      dormant: parents.length > 0 && chance(0.2), failure: pick([NO_RETRY, LOSE_BRANCH, retry('branch'), retry('program')]),
    };
  });
  // Somebody before it wakes a sleeper, or nobody ever does.
  return nodes.map((node, i) => ({ ...node, wakes: nodes.flatMap((other, k) => (k > i && other.dormant && chance(0.4) ? [k] : [])) }));
}
