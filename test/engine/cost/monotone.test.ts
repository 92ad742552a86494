// More work never costs less: every cost model of every preset, whatever is added to a step.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCostModel, type CostSpec } from '../../../sim/engine/cost/registry.ts';
import { GPUS } from '../../../sim/engine/cost/shape.ts';
import { StepLoad } from '../../../sim/engine/cost/step-load.ts';
import { PRESETS } from '../../../sim/engine/presets/registry.ts';

const SHAPE = PRESETS['h100-llama-3.1-8b-tp1'].shape;
const FACTORS = { prefillCompute: 0.15, decodeKv: 1.9, weights: 1.4, allReduce: 0.75, layerUs: 32, sequenceUs: 4.4, stepUs: 126, expertLayerUs: 482 };
const SPECS: Readonly<Record<string, CostSpec>> = {
  ...Object.fromEntries(Object.entries(PRESETS).map(([name, { cost }]) => [name, cost])),
  'rtx4090 with a mixed factor': { ...PRESETS['rtx4090-llama-3.1-8b-tp1'].cost, mixedFactor: 2.05 } as CostSpec,
  'roofline': { model: 'roofline', shape: SHAPE, gpu: GPUS.h100, tp: 2, mfuPrefill: 0.6, mfuDecode: 0.5, mbu: 0.8, stepUs: 2000, linkUs: 6, linkGBs: 300 },
  'trained-physics': { model: 'trained-physics', shape: SHAPE, gpu: GPUS.h100, tp: 2, factors: FACTORS },
  'constant': { model: 'constant', stepUs: 100, sequenceUs: 3 },
};

interface Step { readonly decodes: readonly number[]; readonly chunks: readonly { readonly tokens: number; readonly context: number; readonly rest: number }[]; readonly samplers: number }

const length = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 40_000 }), fc.integer({ min: 1, max: 200_000 }));
const chunk = fc.record({ tokens: fc.integer({ min: 2, max: 9000 }), context: fc.oneof(fc.constant(0), length), rest: fc.integer({ min: 0, max: 5000 }) });
const steps: fc.Arbitrary<Step> = fc.record({ decodes: fc.array(length, { maxLength: 300 }), chunks: fc.array(chunk, { maxLength: 4 }), samplers: fc.integer({ min: 0, max: 100 }) });
const additions = fc.oneof(
  length.map((context) => (step: Step): Step => ({ ...step, decodes: [...step.decodes, context] })),
  chunk.map((one) => (step: Step): Step => ({ ...step, chunks: [...step.chunks, one] })),
  fc.tuple(fc.nat(1000), length).map(([which, more]) => (step: Step): Step => ({ ...step, decodes: step.decodes.map((context, i) => (i === which % step.decodes.length ? context + more : context)) })),
  fc.tuple(fc.nat(10), length).map(([which, more]) => (step: Step): Step => ({ ...step, chunks: step.chunks.map((one, i) => (i === which % step.chunks.length ? { ...one, context: one.context + more } : one)) })),
  fc.tuple(fc.nat(10), fc.integer({ min: 1, max: 4000 })).map(([which, more]) => (step: Step): Step => ({ ...step, chunks: step.chunks.map((one, i) => (i === which % step.chunks.length ? { ...one, tokens: one.tokens + more } : one)) })),
  fc.integer({ min: 1, max: 50 }).map((more) => (step: Step): Step => ({ ...step, samplers: step.samplers + more })),
);

function loadOf(step: Step): StepLoad {
  const load = new StepLoad();
  for (const context of step.decodes) load.addDecoders(1, context);
  for (const { tokens, context, rest } of step.chunks) load.addSequence(tokens, context, context + tokens + rest);
  load.addSamplers(step.samplers);
  return load;
}

describe('a cost model', () => {
  test.each(Object.keys(SPECS))('%s: more work never costs less, and every step takes some time', (name) => {
    const model = createCostModel(SPECS[name]);
    fc.assert(fc.property(steps, additions, (step, add) => {
      const before = model.stepUs(loadOf(step)), after = model.stepUs(loadOf(add(step)));
      expect(before).toBeGreaterThan(0);
      expect(Number.isFinite(after)).toBe(true);
      // Half a nanosecond for rounding: an engine counts whole microseconds.
      expect(after).toBeGreaterThanOrEqual(before - 5e-4);
    }), { numRuns: 150, seed: 7 });
  });

  test.each(Object.keys(SPECS))('%s: the price does not depend on the order in which decodes are told, nor on their being told one by one', (name) => {
    const model = createCostModel(SPECS[name]);
    fc.assert(fc.property(steps, (step) => {
      const bulk = new StepLoad();
      for (const { tokens, context, rest } of step.chunks) bulk.addSequence(tokens, context, context + tokens + rest);
      bulk.addDecoders(step.decodes.length, step.decodes.reduce((sum, context) => sum + context, 0));
      bulk.addSamplers(step.samplers);
      expect(model.stepUs(bulk)).toBe(model.stepUs(loadOf({ ...step, decodes: step.decodes.toReversed() })));
    }), { numRuns: 40, seed: 8 });
  });
});
