// Random scenarios on small batch engines whose batch a policy fills: chains, pins, time-outs, withdrawals, shared prompts, little memory.
import { kvBytesPerToken } from '../../sim/engine/cost/shape.ts';
import { OwnSegments, type PromptSource } from '../../sim/engine/batch/prompts.ts';
import { specOf } from '../../sim/engine/presets/engine-spec.ts';
import { presetNamed } from '../../sim/engine/presets/registry.ts';
import type { Model } from '../../sim/scenario.ts';
import type { CallView } from '../../src/dispatch/calls.ts';
import type { ParamValues } from '../../src/options.ts';
import { seededRandom } from '../../src/random.ts';
import { picker } from '../properties/random-scenario.ts';
import { modelOf, type ScriptedCall } from './scripted-model.ts';

/** Two in three begin with one of three texts. */
export class SomeShared implements PromptSource {
  readonly #own = new OwnSegments();
  readonly #calls: CallView;
  constructor(calls: CallView) { this.#calls = calls; }
  content(call: number): readonly (readonly [number, number])[] {
    const n = this.#calls.key[call], tokens = this.#calls.promptTokens[call], shared = n % 3 === 0 ? 0 : Math.min(13, tokens);
    return [...(shared > 0 ? [[n % 7 % 3, shared] as const] : []), ...(tokens > shared ? [[this.#own.take(), tokens - shared] as const] : [])];
  }
  answer(): number { return this.#own.take(); }
}

export interface OrderedGiven { readonly policy: string; readonly policyOptions?: ParamValues; readonly plenty?: boolean; readonly calm?: boolean; readonly asynchronous?: boolean; readonly swaps?: boolean; readonly place?: 'engine' | 'gate' }

/** The same for the same number. `calm`: nobody is withdrawn or cut off. `plenty`: memory for all. */
export function orderedModel(n: number, { policy, policyOptions, plenty = false, calm = false, asynchronous, swaps, place = 'engine' }: OrderedGiven): Model {
  const draw = seededRandom(`ordered/${n}`), pick = picker(draw), chance = (p: number): boolean => draw() < p, upTo = (most: number): number => Math.floor(draw() * (most + 1));
  const count = 1 + upTo(1), tick = 1000, stepUs = pick([500, 1000, 1700]), beforeUs = pick([0, 0, 1000, 300]);
  const call = (): ScriptedCall => {
    const pin = chance(0.1) ? upTo(count - 1) : -1, cancels = chance(0.15), cancelUs = tick + upTo(20) * tick;
    return { serviceUs: NaN, thinkUs: chance(0.5) ? upTo(3) * tick : 0, promptTokens: chance(0.02) ? 700 : 1 + upTo(50), outputTokens: 1 + upTo(24), pin, cancelUs: cancels && !calm ? cancelUs : 0 };
  };
  const programs = Array.from({ length: 5 + upTo(25) }, () => ({ arrivalUs: upTo(30) * tick, agent: upTo(3), callClass: upTo(1), calls: Array.from({ length: 1 + upTo(3) }, call) })).sort((a, b) => a.arrivalUs - b.arrivalUs);
  const preset = presetNamed('h100-llama-3.1-8b-tp1'), blocks = pick([26, 34, 64]), spec = specOf(preset, { blocks: plenty ? 4000 : blocks, maxSeqs: pick([2, 4, 8]), maxBatchedTokens: pick([8, 32, 64]), rules: pick(['vllm-0.32', 'vllm-0.19'] as const) });
  const own = { ...spec, config: { ...spec.config, blockSize: 4, asynchronous: asynchronous ?? chance(0.3) }, cost: { model: 'constant' as const, stepUs }, overhead: { beforeUs, afterUs: pick([0, 0, 70]), perOutputTokenUs: pick([0, 0, 3.3]) } };
  const model = modelOf({
    programs, agents: 4, classes: ['light', 'heavy'], dispatch: 'immediate', place, window: Infinity, policy, ...(policyOptions ? { policyOptions } : {}), knowledge: 'oracle', balancer: pick(['round-robin', 'least-loaded'] as const),
    endUs: chance(0.2) ? (20 + upTo(60)) * tick : Infinity, tickUs: tick, prompts: (calls) => new SomeShared(calls),
  });
  return { ...model, engines: { kind: 'batch', count, spec: own, ...(swaps ?? chance(0.4) ? { swapUsPerToken: kvBytesPerToken(preset.shape) / 25_000 } : {}) } };
}
