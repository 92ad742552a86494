// The bulk scheduler takes the decisions of the plain one: recorded cases, random cases, and pool states that random cases do not reach.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainOnly } from '../../../sim/engine/batch/bulk-scheduler.ts';
import { batchConfig } from '../../../sim/engine/batch/config.ts';
import { sharedFolder } from '../../conform/suite.ts';
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
