// The batch scheduler against a plain restatement of its rules, on random small cases, with what is conserved asserted at every step.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ruleSet, type RuleSetName } from '../../../sim/engine/batch/rules.ts';
import type { BatchScheduler } from '../../../sim/engine/batch/scheduler.ts';
import { play } from '../../conform/vllm-scheduler/play.ts';
import { randomCase } from './random-case.ts';
import { restate } from './restatement.ts';

/** Blocks and tokens are conserved, limits hold, nothing is negative. */
function look(scheduler: BatchScheduler): void {
  const { running, waiting, config, kv: { pool } } = scheduler, held = new Set<number>();
  let references = 0;
  for (const request of running) {
    references += request.blocks.length;
    for (const block of request.blocks) held.add(block);
    if (request.computed > request.known + request.inFlight || request.inFlight < 0 || request.inFlight > 2 || request.outputs > request.mostOutput) throw new Error(`${request.id} has impossible counts`);
    if (request.blocks.length < Math.ceil(request.computed / config.blockSize)) throw new Error(`${request.id} has computed more than it has blocks for`);
  }
  for (const request of waiting) if (request.blocks.length > 0 || request.computed > 0) throw new Error(`${request.id} waits and holds blocks`);
  if (references !== pool.references()) throw new Error('blocks have users that nobody is');
  if (held.size + pool.free !== pool.usable || pool.freeList().length !== pool.free) throw new Error('blocks are lost or found twice');
  if (running.length > config.maxSeqs) throw new Error('more requests run than there are seats');
}

test.each<[RuleSetName, boolean]>([['vllm-0.32', true], ['vllm-0.19', false]])('random cases are decided as the restatement of %s says, and blocks and tokens are conserved at every step', { timeout: 60_000 }, (set, unhashedFirst) => {
  let preemptions = 0, hits = 0;
  fc.assert(fc.property(fc.noBias(randomCase), ({ config, requests }) => {
    const { steps, scheduler } = play(config, requests, { rules: ruleSet(set), look }), plain = restate(config, requests, unhashedFirst);
    expect(steps).toEqual(plain.steps);
    for (const { scheduled } of steps) if (scheduled.reduce((sum, [, n]) => sum + n, 0) > config.max_num_batched_tokens) throw new Error('more tokens than the budget');
    expect(scheduler.kv.pool.free).toBe(config.num_gpu_blocks - 1);
    expect(scheduler.kv.pool.freeList().map((identity) => identity !== 0)).toEqual(plain.free.map((held) => held !== null));
    preemptions += scheduler.preemptions;
    hits += scheduler.kv.hits;
  }), { numRuns: 300, seed: 1 });
  // Cases that never press would pass with wrong rules too.
  expect([preemptions > 500, hits > 1000]).toEqual([true, true]);
});
