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
import { readCase } from '../../conform/vllm-scheduler/suite.ts';
import { lockstep } from './lockstep.ts';
import { bulkCase } from './random-case.ts';

/** Cases of the suite; SCHEDLAB_BULK_CASES=20000 plays the whole campaign. */
const RUNS = Number(process.env['SCHEDLAB_BULK_CASES'] ?? 600);

test('random cases with dense sharing, small pools and equal arrival times come out as in the plain form, free list included', { timeout: 60_000 + RUNS * 50 }, () => {
  let preemptions = 0, hits = 0, resumes = 0;
  fc.assert(fc.property(fc.noBias(bulkCase), ({ config, requests }) => {
    const made = lockstep(configOf(config), requests);
    preemptions += made.preemptions;
    hits += made.hits;
    resumes += made.plain.kv.resumedHits;
  }), { numRuns: RUNS, seed: 7 });
  expect([preemptions > RUNS, hits > 4 * RUNS, resumes > RUNS]).toEqual([true, true, true]);
});

const CASES = join(sharedFolder(), 'data', 'vllm-scheduler-cases');
const isHere = existsSync(CASES);
describe.skipIf(!isHere)(`recorded cases that the bulk form serves${isHere ? '' : ' (skipped: ../shared/data/vllm-scheduler-cases is absent)'}`, () => {
  test('come out as in the plain form, which is as recorded', () => {
    const served = (isHere ? readdirSync(CASES) : []).filter((name) => name.endsWith('.json')).map((name) => readCase(join(CASES, name), name)).filter(({ config }) => plainOnly(batchConfig(configOf(config))) === undefined);
    expect(served.length).toBeGreaterThanOrEqual(15);
    for (const { config, requests } of served) lockstep(configOf(config), requests);
  });
});

describe('a head of the queue that did not fit', () => {
  const engine = batchConfig({ blockSize: 4, blocks: 5, maxSeqs: 4, maxBatchedTokens: 40, maxModelLen: 64 });
  const asked = (id: string, arrival_step: number, prompt: readonly (readonly [number, number])[], output_len: number, out_seed: number): RecordedRequest => ({
    id, arrival_step, arrival_time: arrival_step, prompt, prompt_len: prompt.reduce((sum, [, n]) => sum + n, 0), output_len, out_seed, priority: 0, abort_step: null,
  });

  test('is asked again when a running request enters the very block that it missed, though nobody has ended', () => {
    // A answers with what B asks for: with A's second block B hits two of its four blocks, and the other two are free.
    const { bulk, hits, preemptions } = lockstep(engine, [asked('A', 0, [[1, 4]], 9, 7), asked('B', 1, [[1, 4], [7, 4], [9, 8]], 1, 8)]);
    expect([hits, preemptions, bulk.freeBlocks]).toEqual([8, 0, 4]);
  });

  test('is asked again at the next step where the budget was too small, not the memory', () => {
    const { steps } = lockstep(batchConfig({ ...engine, blocks: 20, chunked: false, maxModelLen: 40 }), [asked('A', 0, [[1, 30]], 3, 7), asked('B', 0, [[2, 30]], 1, 8)]);
    expect(steps).toBe(3);
  });

  test.each([true, false])('is asked again when one ends, is preempted or is aborted (full reservation: %s)', (reserveFull) => {
    const list = [asked('A', 0, [[1, 6]], 6, 7), asked('B', 0, [[2, 6]], 6, 8), asked('C', 0, [[1, 6], [3, 3]], 4, 9), asked('D', 1, [[2, 6], [8, 5]], 2, 10)];
    for (const abort_step of [null, 1, 2, 3, 4, 5, 6]) for (const who of [0, 1, 2]) lockstep(batchConfig({ ...engine, reserveFull }), list.map((one, i) => (i === who ? { ...one, abort_step } : one)));
  });
});
