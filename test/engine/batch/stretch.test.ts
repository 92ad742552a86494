// Steps that nobody can notice are passed over in one go: whatever comes in between finds the engine as if each had been an event.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { playCalls, type RigCall } from './rig.ts';

/** Times on a grid of half a step, so that arrivals, aborts and looks fall between steps and right on their ends. */
const HALF_STEP_US = 500;
const onGrid = (most: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: most }).map((halves) => halves * HALF_STEP_US);

const call: fc.Arbitrary<RigCall> = fc.record({
  atUs: onGrid(300),
  prompt: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 20 }).map((n) => [[1, n], [2, 3]] as const)),
  out: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.constant(1)),
}).chain((one) => fc.option(onGrid(200), { freq: 3, nil: undefined }).map((later) => (later === undefined ? one : { ...one, abortUs: one.atUs + later })));

const world = fc.record({
  list: fc.array(call, { minLength: 1, maxLength: 12 }),
  probesUs: fc.array(onGrid(500), { maxLength: 40 }),
  blocks: fc.integer({ min: 40, max: 120 }),
  blockSize: fc.constantFrom(4, 4, 1, 3, 16, 32, 40),
  maxSeqs: fc.integer({ min: 1, max: 6 }),
  overhead: fc.constantFrom({ beforeUs: 0, afterUs: 0, perOutputTokenUs: 0 }, { beforeUs: 500, afterUs: 0, perOutputTokenUs: 0 }, { beforeUs: 310, afterUs: 45, perOutputTokenUs: 2 }),
  perContextUs: fc.constantFrom(0, 1, 0.37),
});

test('the life of every call, and the load at every instant, are those of the plain form', { timeout: 60_000 }, () => {
  let passed = 0;
  fc.assert(fc.property(world, ({ list, probesUs, blocks, blockSize, maxSeqs, overhead, perContextUs }) => {
    const config = { blockSize, blocks, maxSeqs, maxBatchedTokens: 16, maxModelLen: 156 }, cost = (load: { decodeContext: number }): number => 1000 + perContextUs * load.decodeContext;
    const play = (form: 'auto' | 'plain'): ReturnType<typeof playCalls> => playCalls(list, { config, cost, overhead, form, probesUs });
    const bulk = play('auto'), plain = play('plain');
    expect(bulk.served).toEqual(plain.served);
    expect(bulk.read).toEqual(plain.read);
    expect([bulk.engine.scheduler.step, bulk.engine.scheduler.freeBlocks]).toEqual([plain.engine.scheduler.step, blocks - 1]);
    passed += plain.kernel.events - bulk.kernel.events;
  }), { numRuns: 300, seed: 11 });
  expect(passed).toBeGreaterThan(10_000);
});

test('thousands of tokens of one call are a handful of events', () => {
  const { kernel, served } = playCalls([{ atUs: 0, prompt: 16, out: 2000 }], { config: { blocks: 200 }, cost: () => 1000 });
  expect([served[0].endUs, kernel.events < 30]).toEqual([2_000_000, true]);
});
