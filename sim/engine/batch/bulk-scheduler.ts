// The batch scheduler in bulk: all decoding requests advance together, so that a step costs the same whatever the batch. First come first served.
import { assert, SchedlabError } from '../../../src/errors.ts';
import { BulkPlan } from './bulk-plan.ts';
import { BulkRequest } from './bulk-request.ts';
import { batchConfig, refusal, usableBlocks, type BatchConfig } from './config.ts';
import type { ContentTable } from './content.ts';
import { ExtentPool, Found } from './extent-pool.ts';
import { REQUEST_ENDED, REQUEST_PREEMPTED, REQUEST_RUNNING, type RequestSpec } from './request.ts';
import { empty, takeOut } from './lists.ts';
import { plainOnly } from './plain-only.ts';
import type { ProcessedStep, StepScheduler } from './step-scheduler.ts';
import { ArrivalQueue } from './waiting-queue.ts';

/**
 * Takes the decisions of the plain scheduler under `vllm-0.32`, fcfs, synchronous, without a long-prefill threshold. Then at most one request is part-way
 * through its prompt, and it runs last; every other decodes one token a step, because the budget covers all seats. So nothing is written per token: tokens known
 * are base + steps, and the needs of a decoder come round every `blockSize` steps, which is its class. A step costs O(1 + blocks that fill up + prompts in it).
 */
export class BulkScheduler implements StepScheduler<BulkRequest, BulkPlan> {
  readonly config: BatchConfig;
  readonly pool: ExtentPool;
  readonly running: BulkRequest[] = [];
  readonly waiting = new ArrivalQueue<BulkRequest>({ newestFirst: false, toTail: false });
  hasEnded = false;
  preemptions = 0;
  queries = 0;
  hits = 0;
  resumedQueries = 0;
  resumedHits = 0;
  /** Steps planned, and steps processed. */
  step = 0;
  #processed = 0;
  readonly #content: ContentTable;
  readonly #plan = new BulkPlan();
  readonly #result: { readonly caughtUp: BulkRequest[]; readonly begun: BulkRequest[]; readonly finished: BulkRequest[] } = { caughtUp: [], begun: [], finished: [] };
  readonly #found = new Found();
  /** Decoders by the step in which they need a block, modulo the block size; each class in running order. */
  readonly #classes: BulkRequest[][];
  #decoders = 0;
  #baseSum = 0;
  /** Earliest step at which a decoder may end. */
  #nextEnd = Infinity;
  #partial: BulkRequest | null = null;
  /** The head of the queue does not fit, and nothing has happened since that could change it. */
  #isBlocked = false;
  #own = -1;

  constructor(config: Partial<BatchConfig>, content: ContentTable) {
    this.config = batchConfig(config);
    const why = plainOnly(this.config);
    assert(why === undefined && content.blockSize === this.config.blockSize, 'a bulk scheduler is made for settings that it decides as the plain one does', { why });
    this.#content = content;
    this.pool = new ExtentPool(usableBlocks(this.config));
    this.#classes = Array.from({ length: this.config.blockSize }, () => []);
  }

  get unfinished(): number { return this.running.length + this.waiting.size; }
  get runningCount(): number { return this.running.length; }
  get waitingCount(): number { return this.waiting.size; }
  get freeBlocks(): number { return this.pool.free; }
  get usableBlocks(): number { return this.pool.usable; }

  add(spec: RequestSpec): BulkRequest {
    const request = new BulkRequest(spec, this.#content, this.config.maxModelLen, this.#own--);
    const why = refusal(this.config, { promptTokens: request.promptTokens, outputTokens: spec.outputTokens });
    if (why !== undefined) throw new SchedlabError('ERR_ENGINE', `request ${String(spec.id)} is refused: ${why}.`, { id: spec.id, promptTokens: request.promptTokens, outputTokens: spec.outputTokens });
    this.waiting.add(request);
    return request;
  }

  abort(request: BulkRequest): boolean {
    if (request.state === REQUEST_ENDED) return false;
    if (request.state === REQUEST_RUNNING) {
      this.running.splice(this.running.indexOf(request), 1);
      const complete = this.#plan.complete.indexOf(request);
      if (complete >= 0 && this.step > this.#processed) this.#plan.complete.splice(complete, 1);
      if (request.isDecoding) this.#leave(request, this.step, this.#processed);
      if (this.#partial === request) this.#partial = null;
      this.#free(request);
    } else this.waiting.remove(request);
    // The head may be another now, and there may be a seat and blocks.
    this.#isBlocked = false;
    request.state = REQUEST_ENDED;
    this.hasEnded = true;
    return true;
  }

  schedule(): BulkPlan {
    const plan = this.#plan, done = this.step, { blockSize, prefixCaching } = this.config;
    assert(done === this.#processed, 'one step is in flight at a time');
    plan.clear(++this.step);
    this.hasEnded = false;
    // R4–R7. Whoever is not reached before the blocks run out comes later in the running list, and goes first.
    const takers = this.#classes[done % blockSize];
    if (takers.length > 0) {
      if (takers.length <= this.pool.free) this.pool.take(takers.length); else this.#takeOneByOne(takers, done);
    }
    plan.decoders = this.#decoders;
    plan.decodeContext = this.#baseSum + this.#decoders * (done - 1);
    if (prefixCaching) for (const request of this.#classes[(done + 1) % blockSize]) this.#publish(request, request.published + 1);
    let budget = this.config.maxBatchedTokens - this.#decoders;
    if (this.#partial !== null && budget > 0) budget -= this.#goOn(this.#partial, budget);
    // R8.
    if (plan.preempted.length === 0 && !this.#isBlocked) this.#admit(budget);
    return plan;
  }

  process(plan: BulkPlan): ProcessedStep<BulkRequest> {
    const { caughtUp, begun, finished } = this.#result;
    assert(plan.step === ++this.#processed, 'results are processed in the order of the steps', { step: plan.step });
    if (caughtUp.length + finished.length > 0) { empty(caughtUp); empty(begun); empty(finished); }
    if (plan.complete.length > 0) this.#join(plan);
    if (this.step >= this.#nextEnd) this.#finish(finished);
    return this.#result;
  }

  /** Whose prompt is complete decodes from now on. */
  #join(plan: BulkPlan): void {
    const { caughtUp, begun } = this.#result;
    for (const request of plan.complete) {
      request.outputs++;
      request.isDecoding = true;
      request.base = request.known - this.step;
      this.#decoders++;
      this.#baseSum += request.base;
      this.#classes[this.#classOf(request)].push(request);
      this.#nextEnd = Math.min(this.#nextEnd, this.#endOf(request));
      caughtUp.push(request);
      if (request.outputs === 1) begun.push(request);
    }
  }

  /** Blocks are short: a decoder after the other, the last of the running list losing all of its own until there is one (R6). */
  #takeOneByOne(takers: BulkRequest[], done: number): void {
    for (let i = 0; i < takers.length; i++) {
      const request = takers[i];
      while (this.pool.free === 0) if (this.#preempt(done) === request) return;
      this.pool.take(1);
    }
  }

  /** R7: the last of the running list goes back to the head of the queue. */
  #preempt(done: number): BulkRequest {
    const request = this.running.pop()!;
    if (request.isDecoding) this.#leave(request, done, done);
    if (this.#partial === request) this.#partial = null;
    this.#free(request);
    request.state = REQUEST_PREEMPTED;
    request.computed = 0;
    request.preemptions++;
    this.preemptions++;
    this.waiting.putBack(request);
    this.#isBlocked = false;
    this.#plan.preempted.push(request);
    return request;
  }

  /** The next chunk of the one prompt in parts. Returns its tokens, 0 where the request lost its place. */
  #goOn(request: BulkRequest, budget: number): number {
    const { blockSize } = this.config, plan = this.#plan, context = request.computed, tokens = Math.min(request.known - context, budget), total = context + tokens;
    const wanted = Math.ceil(total / blockSize) - Math.ceil(context / blockSize);
    if (wanted > this.pool.free) { this.#preempt(this.step - 1); return 0; }
    this.pool.take(wanted);
    this.#compute(request, tokens);
    if (total === request.known) this.#partial = null;
    plan.requests.push(request);
    plan.tokens.push(tokens);
    plan.contexts.push(context);
    return tokens;
  }

  /** R9–R13. */
  #admit(budget: number): void {
    const { running, waiting, pool } = this, { activeSeqs, chunked, blockSize, watermark, blocks, reserveFull } = this.config, plan = this.#plan, found = this.#found;
    const spare = Math.floor(watermark * blocks);
    for (let request = waiting.head; request && budget > 0 && running.length < activeSeqs; request = waiting.head) {
      const known = request.known;
      this.#lookup(request, known);
      const hit = found.blocks * blockSize;
      // What the rest of this budget is too small for may fit the next.
      if (!chunked && known - hit > budget) return;
      const tokens = Math.min(known - hit, budget), wanted = Math.ceil((hit + tokens) / blockSize) - found.blocks;
      const reserved = reserveFull ? Math.ceil(known / blockSize) - found.blocks : wanted;
      if (reserved + found.free > pool.free - (running.length > 0 ? spare : 0)) {
        // Without reservation the loss of a hit can make it smaller, so that it must be asked again.
        this.#isBlocked = reserveFull;
        return;
      }
      for (let i = 0; i < found.extents.length; i++) {
        request.extents.push(pool.hold(found.extents[i], found.from[i], found.to[i]));
        request.ends.push(found.to[i]);
      }
      request.published = found.blocks;
      request.computed = hit;
      pool.take(wanted);
      waiting.remove(request);
      running.push(request);
      request.state = REQUEST_RUNNING;
      this.#count(request, hit, known);
      plan.requests.push(request);
      plan.tokens.push(tokens);
      plan.contexts.push(hit);
      this.#compute(request, tokens);
      if (request.computed < known) this.#partial = request;
      budget -= tokens;
    }
  }

  /** R26: the longest cached run of leading blocks, short of the last token. */
  #lookup(request: BulkRequest, known: number): void {
    const found = this.#found, last = Math.floor((known - 1) / this.config.blockSize) - 1;
    found.clear();
    if (!this.config.prefixCaching || last < 0) return;
    for (let block = 0; block <= last;) {
      const run = request.runOf(block, last), at = request.place(run, block), end = at + Math.min(request.after(run), last + 1) - block - 1;
      if (this.pool.find(request.node(run), at, end, found) <= end) return;
      block += end - at + 1;
    }
  }

  /** Tokens of a prompt are scheduled: their full blocks can be hit from now on (R14, R27); with the last of them the request samples (R16). */
  #compute(request: BulkRequest, tokens: number): void {
    request.computed += tokens;
    if (this.config.prefixCaching) this.#publish(request, Math.floor(request.computed / this.config.blockSize));
    if (request.computed === request.known) this.#plan.complete.push(request);
  }

  #publish(request: BulkRequest, upTo: number): void {
    const { pool } = this, found = this.#found;
    while (request.published < upTo) {
      const run = request.runOf(request.published, upTo - 1), node = request.node(run), lo = request.place(run, request.published);
      const blocks = Math.min(request.after(run), upTo) - request.published, hi = lo + blocks - 1, last = request.extents.length - 1;
      request.published += blocks;
      // A blocked head may be waiting for just this.
      if (this.#isBlocked && node === found.missedNode && lo <= found.missedAt && found.missedAt <= hi) this.#isBlocked = false;
      if (last >= 0 && request.ends[last] === lo - 1 && pool.grow(request.extents[last], lo - 1, node, hi)) { request.ends[last] = hi; continue; }
      request.extents.push(pool.enter(node, lo, hi));
      request.ends.push(hi);
    }
  }

  /** R28. */
  #count(request: BulkRequest, hit: number, known: number): void {
    const isNew = request.preemptions === 0, plan = this.#plan;
    (isNew ? plan.admitted : plan.resumed).push(request);
    (isNew ? plan.admittedHits : plan.resumedHits).push(hit);
    if (isNew) request.cachedTokens = hit;
    if (!this.config.prefixCaching) return;
    if (isNew) { this.queries += known; this.hits += hit; } else { this.resumedQueries += known; this.resumedHits += hit; }
  }

  #classOf(request: BulkRequest): number { return (((1 - request.base) % this.config.blockSize) + this.config.blockSize) % this.config.blockSize; }
  #endOf(request: BulkRequest): number { return request.promptTokens + request.mostOutput - request.base; }

  /** A decoder decodes no more; its counts are written. */
  #leave(request: BulkRequest, planned: number, processed: number): void {
    takeOut(this.#classes[this.#classOf(request)], request);
    this.#decoders--;
    this.#baseSum -= request.base;
    request.isDecoding = false;
    request.outputs = request.base + processed - request.promptTokens;
    request.computed = request.base + planned - 1;
  }

  /** R15, R24: whose last token has come, in running order. */
  #finish(finished: BulkRequest[]): void {
    const { running } = this;
    let kept = 0;
    this.#nextEnd = Infinity;
    for (let i = 0; i < running.length; i++) {
      const request = running[i];
      if (request.isDecoding) {
        const end = this.#endOf(request);
        if (end === this.step) {
          this.#leave(request, this.step, this.step);
          this.#free(request);
          request.state = REQUEST_ENDED;
          finished.push(request);
          continue;
        }
        if (end < this.#nextEnd) this.#nextEnd = end;
      }
      running[kept++] = request;
    }
    for (let left = finished.length; left > 0; left--) running.pop();
    if (finished.length === 0) return;
    this.#isBlocked = false;
    this.hasEnded = true;
  }

  #free(request: BulkRequest): void {
    this.pool.giveBack(Math.ceil(request.computed / this.config.blockSize) - request.published);
    for (let i = request.extents.length - 1; i >= 0; i--) this.pool.release(request.extents[i], request.ends[i]);
    request.extents.length = request.ends.length = 0;
    request.published = 0;
  }
}
