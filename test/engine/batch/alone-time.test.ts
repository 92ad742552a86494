// A call that is alone on its engine takes exactly the time that it is said to take alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AloneTime } from '../../../sim/engine/batch/alone-time.ts';
import { batchConfig, type BatchConfig } from '../../../sim/engine/batch/config.ts';
import { ruleSet } from '../../../sim/engine/batch/rules.ts';
import { NO_OVERHEAD } from '../../../sim/engine/cost/cost-model.ts';
import { createCostModel } from '../../../sim/engine/cost/registry.ts';
import { presetNamed } from '../../../sim/engine/presets/registry.ts';
import { specOf } from '../../../sim/engine/presets/engine-spec.ts';
import { playCalls } from './rig.ts';

const spec = specOf(presetNamed('h100-llama-3.1-8b-tp1'), {}), cost = createCostModel(spec.cost);
const BASE: Partial<BatchConfig> = { maxModelLen: 4096, maxBatchedTokens: 512, maxSeqs: 8, blocks: 600 };

describe('the time of a call alone', () => {
  it('is what an idle engine takes, whatever its limits, forms and front end', () => {
    const settings = fc.constantFrom<Partial<BatchConfig>>({}, { asynchronous: true }, { longPrefill: 100 }, { longPrefill: 100, longPrefillAdaptive: true }, { longPrefill: 100, rules: ruleSet('vllm-0.19') }, { longPrefill: 100, longPrefillAdaptive: true, rules: ruleSet('vllm-0.19') }, { chunked: false, maxBatchedTokens: 4096 }, { prefixCaching: false });
    fc.assert(fc.property(settings, fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 1500 }), fc.constantFrom('auto' as const, 'plain' as const), fc.constantFrom(NO_OVERHEAD, { beforeUs: 900.4, afterUs: 20.3, perOutputTokenUs: 1.7 }), (setting, prompt, out, form, overhead) => {
      const config = batchConfig({ ...BASE, ...setting }), { served } = playCalls([{ atUs: 50, prompt, out }], { config, cost, overhead, form });
      expect(new AloneTime(config, cost, overhead).us(prompt, out)).toBe(served[0].endUs - 50);
    }), { numRuns: 60 });
  });

  it('is what the engine takes once an earlier call has left a part of the prompt in its cache', () => {
    const settings = fc.constantFrom<Partial<BatchConfig>>({}, { asynchronous: true }, { longPrefill: 100 }, { chunked: false, maxBatchedTokens: 4096 }, { prefixCaching: false });
    fc.assert(fc.property(settings, fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 300 }), (setting, held, more, out) => {
      const config = batchConfig({ ...BASE, ...setting }), prompt: [number, number][] = [[1, held], ...(more > 0 ? [[2, more] as [number, number]] : [])];
      const { served } = playCalls([{ atUs: 0, prompt: [[1, held]], out: 1 }, { atUs: 1e9, prompt, out }], { config, cost });
      expect(new AloneTime(config, cost, NO_OVERHEAD).us(held + more, out, held)).toBe(served[1].endUs - 1e9);
    }), { numRuns: 40 });
  });

  it('is the same however often and in whatever order it is asked', () => {
    const config = batchConfig(BASE), one = new AloneTime(config, cost, NO_OVERHEAD), pairs = [[700, 300], [10, 1], [700, 300], [255, 2], [256, 600], [700, 300, 400], [700, 300, 399]] as const;
    const fresh = pairs.map(([prompt, out, held]) => new AloneTime(config, cost, NO_OVERHEAD).us(prompt, out, held));
    expect([...pairs, ...pairs].map(([prompt, out, held]) => one.us(prompt, out, held))).toEqual([...fresh, ...fresh]);
  });
});
