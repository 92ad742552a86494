// The batch scheduler in bulk: all decoding requests advance together, so that a step costs the same whatever the batch. Synchronous.
import { assert } from '../../../src/errors.ts';
import { BulkParts } from './bulk-parts.ts';
import { BulkPlan, BulkResult } from './bulk-plan.ts';
import type { BulkRequest } from './bulk-request.ts';
import type { BatchConfig } from './config.ts';
import type { ContentTable } from './content.ts';
import { REQUEST_ENDED } from './request.ts';
import type { ProcessedStep, SilentScheduler } from './step-scheduler.ts';

/**
 * Takes the decisions of the plain scheduler under `vllm-0.32`, fcfs, synchronous, without a long-prefill threshold. Then at most one request is part-way
 * through its prompt, and it runs last; every other decodes one token a step, because the budget covers all seats. So nothing is written per token: tokens known
 * are base + steps, and the needs of a decoder come round every `blockSize` steps, which is its class. A step costs O(1 + blocks that fill up + prompts in it).
 */
export class BulkScheduler extends BulkParts implements SilentScheduler<BulkRequest, BulkPlan> {
  readonly changeUs = Infinity;
  #processed = 0;
  readonly #plan = new BulkPlan();
  readonly #result = new BulkResult();

  constructor(config: Partial<BatchConfig>, content: ContentTable) { super(config, content, false); }

  delivered(request: BulkRequest): number { return request.isDecoding ? request.deliveredBy(this.#processed) : request.outputs; }

  /** Ends a request wherever it is; what a step in flight computes for it is dropped. False where it had ended before. */
  abort(request: BulkRequest): boolean {
    if (request.state === REQUEST_ENDED) return false;
    const complete = this.step > this.#processed ? this.#plan.complete.indexOf(request) : -1;
    if (complete >= 0) this.#plan.complete.splice(complete, 1);
    if (request.isDecoding) {
      this.decoders.leave(request, this.step);
      request.deliver(this.#processed);
    }
    this.seats.end(request);
    this.hasEnded = true;
    return true;
  }

  schedule(): BulkPlan {
    const plan = this.#plan, done = this.step, { decoders, seats, cache } = this;
    assert(done === this.#processed, 'one step is in flight at a time');
    plan.clear(++this.step);
    this.hasEnded = false;
    // R4–R7. Whoever is not reached before the blocks run out comes later in the running list, and goes first.
    const takers = decoders.full(done);
    if (takers.length > 0) {
      if (takers.length <= cache.pool.free) cache.pool.take(takers.length); else this.#takeOneByOne(takers, done);
    }
    plan.decoders = decoders.count;
    plan.decodeContext = decoders.context(done);
    if (this.config.prefixCaching) for (const request of decoders.filling(done + 1)) cache.publish(request, request.published + 1);
    let budget = this.config.maxBatchedTokens - plan.decoders;
    if (seats.partial !== null && budget > 0) {
      const tokens = seats.goOn(plan, seats.partial, budget);
      if (tokens === 0) this.#preempt(done);
      budget -= tokens;
    }
    // R8.
    if (plan.preempted.length === 0 && !cache.isBlocked) seats.admit(plan, budget);
    return plan;
  }

  /**
   * How many steps after the one in flight are certain to hold its decoders and nothing else, to preempt nobody, and to end nobody before the last of them:
   * until something is added or aborted. O(1); O(steps) where blocks are short.
   */
  silentAfter(): number {
    const { running, waiting } = this.seats, { decoders } = this;
    if (this.#plan.requests.length > 0 || decoders.count !== running.length || (waiting.size > 0 && running.length < this.config.activeSeqs)) return 0;
    return decoders.stepsWithin(this.cache.pool.free, this.step, decoders.nextEnd);
  }

  /** Takes in the step in flight and plans the next, `steps` times; all of them were counted by `silentAfter`. Returns the plan in flight. O(blocks that fill up). */
  advance(steps: number): BulkPlan {
    const plan = this.#plan, from = this.step, to = from + steps, { decoders } = this;
    assert(from === this.#processed + 1 && to <= decoders.nextEnd, 'steps that follow each other unseen end nobody', { step: from, steps });
    decoders.advance(from, to, this.cache);
    this.step = to;
    this.#processed = to - 1;
    this.hasEnded = false;
    plan.clear(to);
    plan.decodeContext = decoders.context(to - 1);
    return plan;
  }

  process(plan: BulkPlan): ProcessedStep<BulkRequest> {
    const result = this.#result;
    assert(plan.step === ++this.#processed, 'results are processed in the order of the steps', { step: plan.step });
    result.clear();
    if (plan.complete.length > 0) this.#join(plan);
    if (this.step >= this.decoders.nextEnd) this.#finish(result.finished);
    return result;
  }

  /** Whose prompt is complete decodes from now on. */
  #join(plan: BulkPlan): void {
    const { caughtUp, begun } = this.#result;
    for (const request of plan.complete) {
      request.outputs++;
      this.decoders.join(request, request.known, this.step);
      this.seats.ends[this.seats.running.lastIndexOf(request)] = this.decoders.endOf(request);
      caughtUp.push(request);
      if (request.outputs === 1) begun.push(request);
    }
  }

  /** Blocks are short: a decoder after the other, the last of the running list losing all of its own until there is one (R6). */
  #takeOneByOne(takers: readonly BulkRequest[], done: number): void {
    const { pool } = this.cache;
    for (let i = 0; i < takers.length; i++) {
      const request = takers[i];
      while (pool.free === 0) if (this.#preempt(done) === request) return;
      pool.take(1);
    }
  }

  #preempt(done: number): BulkRequest {
    const { running } = this.seats, request = running[running.length - 1];
    if (request.isDecoding) {
      this.decoders.leave(request, done);
      request.deliver(done);
    }
    this.seats.preempt(this.#plan, request);
    return request;
  }

  /** R15, R24: whose last token has come, in running order. */
  #finish(finished: BulkRequest[]): void {
    const { running, ends } = this.seats, { decoders, step } = this;
    let kept = 0;
    decoders.nextEnd = Infinity;
    for (let i = 0; i < ends.length; i++) {
      const end = ends[i];
      if (end === step) {
        const request = running[i];
        decoders.leave(request, step);
        request.deliver(step);
        this.cache.free(request);
        request.state = REQUEST_ENDED;
        finished.push(request);
        continue;
      }
      if (end < decoders.nextEnd) decoders.nextEnd = end;
      if (kept < i) { running[kept] = running[i]; ends[kept] = end; }
      kept++;
    }
    for (let left = finished.length; left > 0; left--) { running.pop(); ends.pop(); }
    if (decoders.count === 0) decoders.nextEnd = Infinity;
    if (finished.length > 0) this.hasEnded = true;
  }
}
