// Random scenarios for the parity test: chains, pins, time-outs, withdrawals, zero service and zero think, on a grid so coarse that most events coincide.
import { seededRandom, type RandomSource } from '../../src/random.ts';
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
  const programs: ScriptedProgram[] = Array.from({ length: 1 + upTo(24) }, () => ({
    arrivalUs: ticks(lastTick), agent: upTo(agents - 1), callClass: upTo(1), weight: withWeights ? upTo(3) : 1,
    calls: Array.from({ length: 1 + upTo(mostCalls - 1) }, () => call()),
  })).sort((a, b) => a.arrivalUs - b.arrivalUs);
  return modelOf({
    programs, agents, classes: ['light', 'heavy'], engines: { count, slots, discipline }, dispatch: pick(['late', 'immediate'] as const), place,
    window: pick([slots, slots, 1, slots + 1, Infinity]), maxWaiters: pick([Infinity, Infinity, 0, 2, 6]),
    policy: pick(POLICY_NAMES), knowledge: 'estimate', estimateError: pick([0, 0.5]), policyOptions: { quanta: pick(QUANTA), starvation: pick([0, 0.002]), age: pick(['tokens', 'seconds']), by: pick(['class', 'weight']), ageing: pick([0, 0.002]), sizes: pick(SIZES), mean: 3, lift: chance(0.7), quantum: pick([4, 1000]), predict: pick(['none', 'mean', 'told']), weights: pick(['equal', 'call', '1+3']), halfLife: pick([0, 0.005]), forget: pick([0, 3600]), alpha: pick([0, 0.25, 0.5, 1]), guard: chance(0.5), guardWindow: 5, autoTune: chance(0.2), base: pick([1, 2]), meter: pick(['tokens', 'seconds']), mode: pick(['scalar', 'parents', 'sum']), beta: pick([0, 0.5, 8]) },
    balancer: pick(['round-robin', 'least-loaded', 'power-of-d'] as const), viewRefreshUs: pick([0, 0, 3 * TICK_US]),
    endUs: chance(0.3) ? (1 + upTo(15)) * TICK_US : Infinity, tickUs: TICK_US,
  });
}

export function picker(draw: RandomSource): <T>(of: readonly T[]) => T { return (of) => of[Math.floor(draw() * of.length)]!; }
