// Random scenarios on small batch engines: chains, pins, time-outs, withdrawals, little memory, on a grid of steps so that most events coincide.
import { specOf } from '../../sim/engine/presets/engine-spec.ts';
import { presetNamed } from '../../sim/engine/presets/registry.ts';
import type { Model } from '../../sim/scenario.ts';
import { seededRandom } from '../../src/random.ts';
import { picker } from '../properties/random-scenario.ts';
import { modelOf, type ScriptedCall } from './scripted-model.ts';

const PRESET = 'h100-llama-3.1-8b-tp1';

/** The same for the same number. */
export function randomBatchModel(n: number): Model {
  const draw = seededRandom(`batch/${n}`), pick = picker(draw), chance = (p: number): boolean => draw() < p, upTo = (most: number): number => Math.floor(draw() * (most + 1));
  const count = 1 + upTo(2), tick = 1000, stepUs = pick([500, 1000, 1700]), withCancels = chance(0.5), withTimeouts = chance(0.4), beforeUs = pick([0, 0, 1000, 300]);
  const call = (): ScriptedCall => ({
    serviceUs: NaN, thinkUs: chance(0.5) ? upTo(3) * tick : 0, promptTokens: chance(0.05) ? 500 : upTo(30), outputTokens: upTo(12), pin: chance(0.1) ? upTo(count - 1) : -1,
    timeoutUs: withTimeouts && chance(0.4) ? tick + upTo(3) * tick : 0, cancelUs: withCancels && chance(0.3) ? tick + upTo(12) * tick : 0,
  });
  const programs = Array.from({ length: 1 + upTo(30) }, () => ({ arrivalUs: upTo(12) * tick, agent: upTo(3), callClass: upTo(1), calls: Array.from({ length: 1 + upTo(3) }, call) })).sort((a, b) => a.arrivalUs - b.arrivalUs);
  const spec = specOf(presetNamed(PRESET), { blocks: pick([9, 16, 64]), maxSeqs: pick([2, 8]), maxBatchedTokens: pick([8, 32]), rules: pick(['vllm-0.32', 'vllm-0.19'] as const), scheduling: pick(['fcfs', 'fcfs', 'priority'] as const) });
  const own = { ...spec, config: { ...spec.config, blockSize: 4, asynchronous: chance(0.3) }, cost: { model: 'constant' as const, stepUs }, overhead: { beforeUs, afterUs: pick([0, 0, 70]), perOutputTokenUs: pick([0, 0, 3.3]) } };
  const model = modelOf({ programs, agents: 4, classes: ['light', 'heavy'], dispatch: pick(['late', 'immediate'] as const), policy: pick(['fcfs', 'loco', 'round-robin', 'oldest-first', 'atlas'] as const), window: pick([1, 4, Infinity, Infinity]), maxWaiters: pick([Infinity, 6]), balancer: pick(['round-robin', 'least-loaded', 'power-of-d'] as const), endUs: chance(0.3) ? (5 + upTo(25)) * tick : Infinity, tickUs: tick });
  return { ...model, engines: { kind: 'batch', count, spec: own } };
}
