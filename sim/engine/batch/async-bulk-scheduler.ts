// The batch scheduler in bulk for asynchronous engines: a step is planned before the results of the one before it are known.
import { assert } from '../../../src/errors.ts';
import { BulkParts } from './bulk-parts.ts';
import { BulkPlan, BulkResult } from './bulk-plan.ts';
import type { BulkRequest } from './bulk-request.ts';
import type { BatchConfig } from './config.ts';
import type { ContentTable } from './content.ts';
import { empty } from './lists.ts';
import { REQUEST_ENDED, REQUEST_RUNNING } from './request.ts';
import type { ProcessedStep, StepScheduler } from './step-scheduler.ts';

/**
 * Takes the decisions of the plain scheduler under `vllm-0.32`, fcfs, asynchronous, without a long-prefill threshold, where a `StepLoop` drives it: then whoever
 * decodes has one token in flight whenever a step is planned, and a request differs from its synchronous self in three things only.
 * It decodes as soon as its prompt is planned to the end. What it generated can be hit a step later: the block just filled holds a token that nobody knows yet.
 * And once its last token is in flight it is over: it decodes no more, but keeps seat and blocks, and can be preempted, until that token comes (R17).
 */
export class AsyncBulkScheduler extends BulkParts implements StepScheduler<BulkRequest, BulkPlan> {
  #processed = 0;
  readonly #plans: readonly [BulkPlan, BulkPlan] = [new BulkPlan(), new BulkPlan()];
  readonly #result = new BulkResult();
  /** Preempted by the newest plan with a token in flight, which still counts. */
  readonly #owed: BulkRequest[] = [];

  constructor(config: Partial<BatchConfig>, content: ContentTable) { super(config, content, true); }

  delivered(request: BulkRequest): number { return (request.isDecoding || request.isOver) ? request.deliveredBy(this.#processed) : request.outputs; }

  /** Ends a request wherever it is; what steps in flight compute for it is dropped. False where it had ended before. */
  abort(request: BulkRequest): boolean {
    if (request.state === REQUEST_ENDED) return false;
    if (request.isDecoding || request.isOver) this.#leave(request, this.step);
    this.seats.end(request);
    this.hasEnded = true;
    return true;
  }

  /** Plans the next step. The plan is overwritten two steps later. */
  schedule(): BulkPlan {
    const done = this.step, plan = this.#plans[++this.step & 1], { decoders, seats, cache } = this, { blockSize, prefixCaching, maxBatchedTokens } = this.config;
    assert(done - this.#processed === 1 || (done === this.#processed && decoders.count === 0), 'one step is in flight, or none and nobody decodes', { done, processed: this.#processed });
    plan.clear(this.step);
    this.hasEnded = false;
    // R4–R7, as in the synchronous form. Who takes a block has filled the one before, all of whose tokens are known now.
    const takers = decoders.full(done);
    if (takers.length > 0) {
      if (takers.length <= cache.pool.free) cache.pool.take(takers.length); else this.#takeOneByOne(plan, takers, done);
      if (prefixCaching) for (const request of takers) cache.publish(request, (request.base + done - 1) / blockSize);
    }
    plan.decoders = decoders.count;
    plan.decodeContext = decoders.context(done);
    let budget = maxBatchedTokens - plan.decoders;
    if (seats.partial !== null && budget > 0) {
      const tokens = seats.goOn(plan, seats.partial, budget);
      if (tokens === 0) this.#preempt(plan, done);
      budget -= tokens;
    }
    // R8.
    if (plan.preempted.length === 0 && !cache.isBlocked) seats.admit(plan, budget);
    for (const request of plan.complete) decoders.join(request, request.known + 1, this.step);
    if (this.step >= decoders.nextEnd) this.#retire(plan);
    return plan;
  }

  process(plan: BulkPlan): ProcessedStep<BulkRequest> {
    const result = this.#result, owed = this.#owed;
    assert(plan.step === ++this.#processed, 'results are processed in the order of the steps', { step: plan.step });
    result.clear();
    if (plan.complete.length > 0) this.#begin(plan.complete);
    if (plan.last.length > 0) this.#finish(plan.last);
    if (owed.length > 0) {
      for (const request of owed) if (request.state !== REQUEST_ENDED) request.outputs++;
      empty(owed);
    }
    return result;
  }

  /** The first tokens since an admission; one that was preempted since has not caught up. */
  #begin(complete: readonly BulkRequest[]): void {
    const { caughtUp, begun } = this.#result;
    for (const request of complete) {
      if (request.state === REQUEST_ENDED) continue;
      if (request.outputs === 0) begun.push(request);
      if (request.state !== REQUEST_RUNNING) continue;
      request.outputs++;
      caughtUp.push(request);
    }
  }

  /** R15: whose last token has come, in the order of the step that sampled it; out of the queue too. What the token before it filled can be hit, then is freed. */
  #finish(last: BulkRequest[]): void {
    for (const request of last) {
      if (request.state === REQUEST_ENDED) continue;
      request.outputs = request.mostOutput;
      this.cache.publish(request, Math.floor(request.computed / this.config.blockSize));
      this.seats.end(request);
      this.hasEnded = true;
      this.#result.finished.push(request);
    }
    empty(last);
  }

  /** Whose last token this step samples decodes no more. */
  #retire(plan: BulkPlan): void {
    const { decoders, step } = this;
    decoders.nextEnd = Infinity;
    for (const request of this.seats.running) {
      if (!request.isDecoding) continue;
      const end = decoders.endOf(request);
      if (end > step) {
        if (end < decoders.nextEnd) decoders.nextEnd = end;
        continue;
      }
      decoders.leave(request, step);
      request.isOver = true;
      plan.last.push(request);
    }
  }

  /** Blocks are short: a decoder after the other, the last of the running list losing all of its own until there is one (R6). */
  #takeOneByOne(plan: BulkPlan, takers: readonly BulkRequest[], done: number): void {
    const { pool } = this.cache;
    for (let i = 0; i < takers.length; i++) {
      const request = takers[i];
      while (pool.free === 0) if (this.#preempt(plan, done) === request) return;
      pool.take(1);
    }
  }

  #preempt(plan: BulkPlan, done: number): BulkRequest {
    const { running } = this.seats, request = running[running.length - 1];
    if (request.isDecoding || request.isOver) {
      this.#leave(request, done);
      this.#owed.push(request);
    }
    this.seats.preempt(plan, request);
    return request;
  }

  /** Decodes no more; its counts are written. */
  #leave(request: BulkRequest, planned: number): void {
    if (request.isDecoding) this.decoders.leave(request, planned);
    request.deliver(this.#processed);
  }
}
