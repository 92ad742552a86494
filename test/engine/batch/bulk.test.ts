// The bulk scheduler takes the decisions of the plain one: recorded cases, random cases, and pool states that random cases do not reach.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainOnly } from '../../../sim/engine/batch/plain-only.ts';
import { batchConfig } from '../../../sim/engine/batch/config.ts';
import { sharedFolder } from '../../conform/suite.ts';
import type { RecordedRequest } from '../../conform/vllm-scheduler/format.ts';
import { configOf } from '../../conform/vllm-scheduler/play.ts';
import { lockstep, type Sides } from '../../conform/vllm-scheduler/lockstep.ts';
import { readCase } from '../../conform/vllm-scheduler/suite.ts';
import { bulkCase } from './random-case.ts';

/** Cases of the suite; SCHEDLAB_BULK_CASES=20000 plays the whole campaign. */
const RUNS = Number(process.env['SCHEDLAB_BULK_CASES'] ?? 400);

test.each([['synchronous', false], ['asynchronous', true]])('random %s cases with dense sharing, small pools, equal arrival times and aborts come out as in the plain form, free list included', { timeout: 60_000 + RUNS * 50 }, (_which, asynchronous) => {
  let preemptions = 0, hits = 0, resumes = 0, endedInQueue = 0, begunInQueue = 0, abortedInFlight = 0;
  fc.assert(fc.property(fc.noBias(bulkCase(asynchronous)), ({ config, requests }) => {
    const made: Sides = lockstep(configOf(config), requests);
    preemptions += made.preemptions;
    hits += made.hits;
    resumes += made.plain.kv.resumedHits;
    endedInQueue += made.endedInQueue;
    begunInQueue += made.begunInQueue;
    abortedInFlight += made.abortedInFlight;
  }), { numRuns: RUNS, seed: Number(process.env['SCHEDLAB_BULK_SEED'] ?? 7) });
  // Cases that never press would pass with wrong rules too.
  expect([preemptions > RUNS, hits > 4 * RUNS, resumes > RUNS]).toEqual([true, true, true]);
  if (asynchronous) expect([endedInQueue > RUNS / 20, begunInQueue > RUNS / 4, abortedInFlight > RUNS / 40]).toEqual([true, true, true]);
});

const CASES = join(sharedFolder(), 'data', 'vllm-scheduler-cases');
const isHere = existsSync(CASES);
describe.skipIf(!isHere)(`recorded cases that the bulk form serves${isHere ? '' : ' (skipped: ../shared/data/vllm-scheduler-cases is absent)'}`, () => {
  test('come out as in the plain form, which is as recorded', () => {
    const served = (isHere ? readdirSync(CASES) : []).filter((name) => name.endsWith('.json')).map((name) => readCase(join(CASES, name), name)).filter(({ config }) => plainOnly(batchConfig(configOf(config))) === undefined);
    expect([served.length >= 20, served.filter(({ config }) => config.async_scheduling).length >= 4]).toEqual([true, true]);
    for (const { config, requests } of served) lockstep(configOf(config), requests);
  });
});

describe('a head of the queue that did not fit', () => {
  const engine = batchConfig({ blockSize: 4, blocks: 5, maxSeqs: 4, maxBatchedTokens: 40, maxModelLen: 64 });
  const asked = (id: string, arrival_step: number, prompt: readonly (readonly [number, number])[], output_len: number, out_seed: number): RecordedRequest => ({
    id, arrival_step, arrival_time: arrival_step, prompt, prompt_len: prompt.reduce((sum, [, n]) => sum + n, 0), output_len, out_seed, priority: 0, abort_step: null,
  });

  test.each([false, true])('is asked again when a running request enters the very block that it missed, though nobody has ended (asynchronous: %s)', (asynchronous) => {
    // A answers with what B asks for: with A's second block B hits two of its four blocks, and the other two are free.
    const { bulk, hits, preemptions } = lockstep(batchConfig({ ...engine, asynchronous }), [asked('A', 0, [[1, 4]], 9, 7), asked('B', 1, [[1, 4], [7, 4], [9, 8]], 1, 8)]);
    expect([hits, preemptions, bulk.freeBlocks]).toEqual([8, 0, 4]);
  });

  test.each([false, true])('is asked again at the next step where the budget was too small, not the memory (asynchronous: %s)', (asynchronous) => {
    const { ends } = lockstep(batchConfig({ ...engine, blocks: 20, chunked: false, maxModelLen: 40, asynchronous }), [asked('A', 0, [[1, 30]], 3, 7), asked('B', 0, [[2, 30]], 1, 8)]);
    expect(ends).toEqual(asynchronous ? { A: 3, B: 2 } : { A: 2, B: 1 });
  });

  test.each([[true, false], [false, false], [true, true], [false, true]])('is asked again when one ends, is preempted or is aborted (full reservation: %s, asynchronous: %s)', (reserveFull, asynchronous) => {
    for (const more of [0, 1]) {
      // Answers of odd length: their aborts come while steps are in flight.
      const list = [asked('A', 0, [[1, 6]], 6 + more, 7), asked('B', 0, [[2, 6]], 6 + more, 8), asked('C', 0, [[1, 6], [3, 3]], 4 + more, 9), asked('D', 1, [[2, 6], [8, 5]], 2 + more, 10)];
      for (const abort_step of [null, 1, 2, 3, 4, 5, 6, 7, 8]) for (const who of [0, 1, 2, 3]) lockstep(batchConfig({ ...engine, reserveFull, asynchronous }), list.map((one, i) => (i === who ? { ...one, abort_step } : one)));
    }
  });
});

describe('a request with its last token in flight', () => {
  const engine = batchConfig({ blockSize: 4, blocks: 5, maxSeqs: 4, maxBatchedTokens: 40, maxModelLen: 64, asynchronous: true });
  const asked = (id: string, prompt: number, output_len: number): RecordedRequest => ({ id, arrival_step: 0, arrival_time: 0, prompt: [[id.charCodeAt(0), prompt]], prompt_len: prompt, output_len, out_seed: id.charCodeAt(0) + 100, priority: 0, abort_step: null });

  test('that is preempted ends out of the queue, and is not served again', () => {
    // A needs its third block in the very step in which B, over, still holds two.
    const { endedInQueue, preemptions } = lockstep(engine, [asked('A', 8, 5), asked('B', 8, 1)]);
    expect([endedInQueue, preemptions]).toEqual([1, 1]);
  });

  test('that is preempted and then aborted has the tokens that had come', () => {
    // B is over and preempted in step 3, and aborted with its last token in flight: of its three tokens two have come.
    const { preemptions, ends } = lockstep(engine, [asked('A', 6, 5), { ...asked('B', 6, 3), abort_step: 3 }]);
    expect([preemptions, ends]).toEqual([1, { A: 5 }]);
  });

  test('keeps its seat until the token has come', () => {
    const { ends } = lockstep(batchConfig({ ...engine, maxSeqs: 1 }), [asked('A', 4, 2), asked('B', 4, 1)]);
    expect(ends).toEqual({ A: 2, B: 4 });
  });

  test('leaves a last block that the token before it filled where others find it', () => {
    const { hits } = lockstep(engine, [asked('A', 6, 3), { ...asked('B', 9, 1), arrival_step: 5, prompt: [[65, 6], [165, 3]] }]);
    expect(hits).toBe(8);
  });
});
