// Cost models against prices worked out by hand, and what they refuse.
import { describe, expect, test } from 'vitest';
import { CompactModel } from '../../../sim/engine/cost/compact.ts';
import { ConstantModel } from '../../../sim/engine/cost/constant.ts';
import { Grid } from '../../../sim/engine/cost/grid.ts';
import { createCostModel, type CostSpec } from '../../../sim/engine/cost/registry.ts';
import { RooflineModel } from '../../../sim/engine/cost/roofline.ts';
import { GPUS, kvBytesPerToken, weightBytes } from '../../../sim/engine/cost/shape.ts';
import { StepLoad } from '../../../sim/engine/cost/step-load.ts';
import { TableModel, type TableCost } from '../../../sim/engine/cost/table.ts';
import { PRESETS } from '../../../sim/engine/presets/registry.ts';

const compact = { model: 'compact', denseMemory: [1000, 2], denseCompute: [100, 10], head: [50, 0.5], allReduce: [20, 1], decode: [200, 100], mixedFactor: 2, prefill: [300, 1000], host: [5, 14] } as const;

describe('StepLoad', () => {
  test('counts a sequence with one new token as a decode, one with more as a chunk', () => {
    const load = new StepLoad();
    load.addSequence(1, 500, 100);
    load.addSequence(32, 16, 48);
    load.addDecoders(3, 900);
    load.addSamplers(4);
    expect([load.decoders, load.decodeContext, load.chunks, load.chunkTokens, load.tokens, load.sequences, load.samplers]).toEqual([4, 1400, 1, 32, 36, 5, 4]);
    expect([load.chunkWork2, load.promptWork2]).toEqual([32 * (2 * 16 + 32), 32 * (2 * 48 + 32)]);
  });

  test('holds any number of chunks, and forgets them when cleared', () => {
    const load = new StepLoad();
    for (let i = 0; i < 100; i++) load.addSequence(2 + i, i, 200);
    expect([load.chunks, load.newTokens[99], load.context[99]]).toEqual([100, 101, 99]);
    load.clear();
    expect([load.tokens, load.sequences, load.chunkWork2, load.promptWork2]).toEqual([0, 0, 0, 0]);
  });
});

describe('compact', () => {
  const model = new CompactModel(compact);

  test('prices a step of decodes as the sum of its lines', () => {
    const load = new StepLoad();
    load.addDecoders(10, 20_000);
    load.addSamplers(10);
    expect(model.stepUs(load)).toBeCloseTo(1020 + 55 + 30 + (200 + 0.1 * 20_000) + 5 + 140, 9);
  });

  test('takes the dearer dense line, and multiplies decode attention beside a chunk by the mixed factor', () => {
    const load = new StepLoad();
    load.addDecoders(1, 1000);
    load.addSequence(400, 100, 500);
    load.addSamplers(2);
    expect(model.stepUs(load)).toBeCloseTo((100 + 10 * 401) + 51 + 421 + (200 + 0.1 * 1000 * 2) + (300 + 1e-3 * 400 * (100 + 200)) + 5 + 28, 9);
  });

  test('refuses what would make more work cheaper', () => {
    expect(() => new CompactModel({ ...compact, mixedFactor: 0.5 })).toThrow(/mixedFactor of a cost model accepts a number from 1, received 0.5/);
    expect(() => new CompactModel({ ...compact, decode: [1, -1] })).toThrow(/decode/);
    expect(() => new CompactModel({ ...compact, denseCompute: [-957, 47] })).not.toThrow();
  });
});

describe('constant', () => {
  test('takes so long a step and so long a sequence', () => {
    const load = new StepLoad();
    load.addDecoders(7, 70);
    expect(new ConstantModel({ model: 'constant', stepUs: 100, sequenceUs: 10 }).stepUs(load)).toBe(170);
    expect(() => new ConstantModel({ model: 'constant', stepUs: NaN })).toThrow(/stepUs/);
  });
});

describe('roofline', () => {
  test('reads the weights once where there is little to compute, and computes where there is much', () => {
    const { shape } = PRESETS['h100-llama-3.1-8b-tp1'], model = new RooflineModel({ model: 'roofline', shape, gpu: GPUS.h100, tp: 1, mfuPrefill: 0.5, mfuDecode: 0.5, mbu: 1, stepUs: 0, linkUs: 0, linkGBs: 1 });
    const load = new StepLoad();
    load.addDecoders(1, 0);
    // The embedding is looked up, not read.
    expect(model.stepUs(load)).toBeCloseTo((weightBytes(shape) - shape.vocab * shape.hidden * 2 + kvBytesPerToken(shape)) / 3.35e6, 3);
    load.clear();
    load.addSequence(8192, 0, 8192);
    expect(model.stepUs(load)).toBeGreaterThan(8192 * 2 * 6.9e9 / (989.5e6 * 0.5));
  });
});

describe('table', () => {
  const flat = (us: number): { axes: number[][]; values: number[] } => ({ axes: [[0]], values: [us] });
  const cost: TableCost = {
    model: 'table', dense: { axes: [[1, 101]], values: [100, 200] }, head: flat(10),
    prefill: { axes: [[16, 1016], [0, 1000]], values: [5, 15, 105, 115] }, decode: { axes: [[1, 11], [16, 1016]], values: [1, 11, 11, 21] }, mixed: flat(40),
    mixedFactor: 'measured', fullChunk: 256, host: [1, 2],
  };

  test('interpolates between measurements', () => {
    const load = new StepLoad();
    load.addDecoders(6, 516);
    expect(new TableModel(cost).stepUs(load)).toBeCloseTo(105 + 10 + 11 + 1 + 12, 9);
  });

  test('adds the measured excess of decodes beside a chunk, or the factor that was named', () => {
    const load = new StepLoad();
    load.addDecoders(6, 516);
    load.addSequence(516, 500, 2000);
    expect(new TableModel(cost).stepUs(load)).toBeCloseTo(200 + 10 + 60 + 40 + 1 + 14, 9);
    expect(new TableModel({ ...cost, mixedFactor: 2 }).stepUs(load)).toBeCloseTo(200 + 10 + 60 + 22 + 1 + 14, 9);
  });

  test('moves two shares of the bytes around the ring for each all-reduce', () => {
    const load = new StepLoad();
    load.addDecoders(1, 16);
    const without = new TableModel(cost).stepUs(load), link = { tp: 2, allReduces: 128, bytesPerToken: 10_240, hopUs: 20, gigabytesPerS: 16 };
    expect(new TableModel({ ...cost, link }).stepUs(load) - without).toBeCloseTo(128 * 2 * (20 + 5120 / 16_000), 6);
  });
});

describe('Grid', () => {
  test('meets its points, and holds the end beyond an end', () => {
    const grid = new Grid({ axes: [[0, 10], [0, 1, 3]], values: [0, 1, 3, 10, 11, 13] }, 'g');
    expect([grid.at(0, 0), grid.at(10, 3), grid.at(5, 2), grid.at(-5, 9), grid.at(99, 99)]).toEqual([0, 13, 7, 3, 13]);
  });

  test('refuses an axis that does not rise and values that do not fill it', () => {
    expect(() => new Grid({ axes: [[0, 0]], values: [1, 2] }, 'g')).toThrow(/the table g has an axis/);
    expect(() => new Grid({ axes: [[0, 1]], values: [1] }, 'g')).toThrow(/1 values for 2 points/);
  });
});

test('a cost model that is not there is told with the nearest', () => {
  expect(() => createCostModel({ model: 'compakt' } as unknown as CostSpec)).toThrow(/unknown cost model "compakt".*Did you mean "compact"/);
});
