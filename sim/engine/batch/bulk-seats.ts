// Who runs and who waits in a bulk engine: who comes in, how a prompt in parts goes on, who goes back. First come first served.
import type { BulkCache } from './bulk-cache.ts';
import type { BulkPlan } from './bulk-plan.ts';
import type { BulkRequest } from './bulk-request.ts';
import type { BatchConfig } from './config.ts';
import { removeAt } from './lists.ts';
import { REQUEST_ENDED, REQUEST_PREEMPTED, REQUEST_RUNNING } from './request.ts';
import { ArrivalQueue } from './waiting-queue.ts';

/** A step that never comes. */
const NEVER = 0x3fffffff;

export class BulkSeats {
  /** In order of admission (R2). */
  readonly running: BulkRequest[] = [];
  /** By seat: the step that samples its last token, NEVER while the prompt is not complete. Apart, because who looks for ends looks at all seats. */
  readonly ends: number[] = [];
  readonly waiting = new ArrivalQueue<BulkRequest>({ newestFirst: false, toTail: false });
  /** The one prompt in parts: the last of the running list, because it took what was left of a budget. */
  partial: BulkRequest | null = null;
  preemptions = 0;
  readonly #config: BatchConfig;
  readonly #cache: BulkCache;

  constructor(config: BatchConfig, cache: BulkCache) {
    this.#config = config;
    this.#cache = cache;
  }

  /** R9–R13. */
  admit(plan: BulkPlan, budget: number): void {
    const { running, waiting } = this, cache = this.#cache, { found, pool } = cache, { activeSeqs, chunked, blockSize, watermark, blocks, reserveFull } = this.#config;
    const spare = Math.floor(watermark * blocks);
    for (let request = waiting.head; request && budget > 0 && running.length < activeSeqs; request = waiting.head) {
      const known = request.known, hit = cache.lookup(request, known);
      // What the rest of this budget is too small for may fit the next.
      if (!chunked && known - hit > budget) return;
      const tokens = Math.min(known - hit, budget), wanted = Math.ceil((hit + tokens) / blockSize) - found.blocks;
      const reserved = reserveFull ? Math.ceil(known / blockSize) - found.blocks : wanted;
      if (reserved + found.free > pool.free - (running.length > 0 ? spare : 0)) {
        // Without reservation the loss of a hit can make it smaller, so that it must be asked again.
        cache.isBlocked = reserveFull;
        return;
      }
      cache.hold(request);
      pool.take(wanted);
      waiting.remove(request);
      running.push(request);
      this.ends.push(NEVER);
      request.state = REQUEST_RUNNING;
      cache.count(request, hit, known);
      plan.admit(request, hit);
      this.#compute(plan, request, tokens, hit);
      if (request.computed < known) this.partial = request;
      budget -= tokens;
    }
  }

  /** The next chunk of the prompt in parts. Returns its tokens; 0 where there are no blocks for them. */
  goOn(plan: BulkPlan, request: BulkRequest, budget: number): number {
    const { blockSize } = this.#config, { pool } = this.#cache, context = request.computed, tokens = Math.min(request.known - context, budget), total = context + tokens;
    const wanted = Math.ceil(total / blockSize) - Math.ceil(context / blockSize);
    if (wanted > pool.free) return 0;
    pool.take(wanted);
    this.#compute(plan, request, tokens, context);
    if (total === request.known) this.partial = null;
    return tokens;
  }

  /** R7: the last of the running list goes back to the head of the queue. Its counts are those of now. */
  preempt(plan: BulkPlan, request: BulkRequest): void {
    this.running.pop();
    this.ends.pop();
    this.#release(request);
    request.state = REQUEST_PREEMPTED;
    request.computed = 0;
    request.preemptions++;
    this.preemptions++;
    this.waiting.putBack(request);
    plan.preempted.push(request);
  }

  /** A request ends wherever it is. Its counts are those of now. */
  end(request: BulkRequest): void {
    if (request.state === REQUEST_RUNNING) {
      const at = this.running.lastIndexOf(request);
      removeAt(this.running, at);
      removeAt(this.ends, at);
      this.#release(request);
    } else this.waiting.remove(request);
    request.state = REQUEST_ENDED;
    // The head may be another now.
    this.#cache.isBlocked = false;
  }

  #release(request: BulkRequest): void {
    if (this.partial === request) this.partial = null;
    this.#cache.free(request);
  }

  /** Tokens of a prompt are scheduled: their full blocks can be hit from now on (R14, R27); with the last of them the request samples (R16). */
  #compute(plan: BulkPlan, request: BulkRequest, tokens: number, context: number): void {
    request.computed = context + tokens;
    plan.add(request, tokens, context);
    this.#cache.publish(request, Math.floor(request.computed / this.#config.blockSize));
    if (request.computed === request.known) plan.complete.push(request);
  }
}
