// The batch in a policy's order: plans steps as vLLM's scheduler does, but who runs is who the policy puts first. A form of our own; no real engine decides so.
import { assert, SchedlabError } from '../../../src/errors.ts';
import { refusal, type BatchConfig } from './config.ts';
import type { ContentTable } from './content.ts';
import { KvCache } from './kv-cache.ts';
import { OrderedRequest } from './ordered-parts.ts';
import { OrderedPlan } from './ordered-plan.ts';
import { PolicyDesk, type DeskParts } from './policy-desk.ts';
import { REQUEST_ENDED, REQUEST_PREEMPTED, REQUEST_RUNNING, type RequestSpec } from './request.ts';
import { StepResult } from './step-plan.ts';
import type { SilentScheduler } from './step-scheduler.ts';

const PLANS = 3;

/**
 * The policy is asked for its order when it was told something, or when time alone may have changed it; in between the batch stands. Each step goes through that order, best first:
 * who decodes gets its token, a prompt what is left of the token budget, and who waits gets a seat where one is free, or where those behind can give seat and blocks, and nobody is
 * preempted in vain. Where blocks run out, the last of the order loses its own. Under fcfs these are vLLM's decisions. Blocks that were freed for a prompt are kept for the rest of it.
 * Who loses its seat before it had a token keeps the next one until it has, so that no order can keep the engine from going on. A step costs O(running + blocks taken), a question
 * the policy's walk over as many calls as there are seats.
 */
export class OrderedScheduler implements SilentScheduler<OrderedRequest, OrderedPlan> {
  readonly config: BatchConfig;
  readonly kv: KvCache;
  /** Best first. */
  readonly running: OrderedRequest[] = [];
  step = 0;
  preemptions = 0;
  hasEnded = false;
  waitingCount = 0;
  readonly #content: ContentTable;
  readonly #desk: PolicyDesk;
  readonly #swapUsPerToken: number | undefined;
  /** Those that wait among the first of the order, best first. */
  #candidates: OrderedRequest[] = [];
  readonly #plans = Array.from({ length: PLANS }, () => new OrderedPlan());
  #plan = this.#plans[0];
  readonly #result = new StepResult<OrderedRequest>();
  #processed = 0;
  /** Tokens of the step in planning that prompts may have: the budget less one for each that decodes. */
  #left = 0;
  #threshold = 0;
  #reserved = 0;
  /** Copies that the next step waits for. */
  #copyUs = 0;

  constructor(config: BatchConfig, content: ContentTable, parts: DeskParts) {
    this.config = config;
    this.#content = content;
    this.kv = new KvCache(config);
    this.#desk = new PolicyDesk(parts);
    this.#swapUsPerToken = parts.swapUsPerToken;
  }

  get changeUs(): number { return this.#desk.changeUs; }
  get unfinished(): number { return this.running.length + this.waitingCount; }
  get runningCount(): number { return this.running.length; }
  get freeBlocks(): number { return this.kv.pool.free; }
  get usableBlocks(): number { return this.kv.pool.usable; }

  /** Throws ERR_ENGINE for a request that could never finish. */
  add(spec: RequestSpec): OrderedRequest {
    const request = this.probe(spec), why = refusal(this.config, { promptTokens: request.promptTokens, outputTokens: spec.outputTokens });
    if (why !== undefined) throw new SchedlabError('ERR_ENGINE', `request ${String(spec.id)} is refused: ${why}.`, { id: spec.id });
    this.waitingCount++;
    this.#desk.arrive(request);
    return request;
  }

  probe(spec: RequestSpec): OrderedRequest { return new OrderedRequest(spec, this.#content, this.config.maxModelLen); }
  cached(request: OrderedRequest): number { return this.kv.cached(request); }

  abort(request: OrderedRequest): boolean {
    if (request.state === REQUEST_ENDED) return false;
    this.#desk.cancel(request, request.state === REQUEST_RUNNING);
    this.#end(request);
    return true;
  }

  schedule(): OrderedPlan {
    const plan = this.#plan = this.#plans[++this.step % PLANS], desk = this.#desk, isAsked = this.unfinished > 0 && (desk.hasNews || desk.nowUs >= desk.changeUs);
    assert(this.step - this.#processed < PLANS, 'at most two steps are in flight');
    plan.clear(this.step);
    this.hasEnded = false;
    if (isAsked) this.#ask();
    this.#fill(plan);
    plan.close();
    if (isAsked || plan.admitted.length + plan.resumed.length > 0) desk.setBudgets(this.running);
    assert(this.#reserved <= this.kv.pool.free, 'blocks that are kept for somebody are free');
    if (!plan.isEmpty) { plan.extraUs = this.#copyUs; this.#copyUs = 0; }
    return plan;
  }

  process(plan: OrderedPlan): StepResult<OrderedRequest> {
    assert(plan.step === ++this.#processed, 'results are processed in the order of the steps', { step: plan.step });
    const result = this.#result, { publishedWhenScheduled } = this.config.rules;
    result.clear();
    for (let i = 0; i < plan.requests.length; i++) {
      const request = plan.requests[i], isRunning = request.state === REQUEST_RUNNING, isSameLife = plan.epochs[i] === request.preemptions;
      if (request.state === REQUEST_ENDED) continue;
      if (!publishedWhenScheduled && isRunning && isSameLife) this.kv.publish(request, plan.contexts[i] + plan.tokens[i]);
      if (!plan.samples[i]) continue;
      request.inFlight--;
      request.outputs++;
      if (request.outputs === 1) result.begun.push(request);
      if (request.isCatchingUp && isSameLife) { request.isCatchingUp = request.isOwed = false; result.caughtUp.push(request); }
      if (isRunning && publishedWhenScheduled) this.kv.publish(request, request.computed - request.inFlight);
      const isOver = request.outputs >= request.mostOutput;
      if (isOver) result.finished.push(request);
      if (isOver || (isRunning && request.outputs >= request.tellAt)) this.#desk.tell(request);
    }
    if (result.finished.length === 0) return result;
    this.#desk.finish([...result.finished]);
    for (const request of result.finished) this.#end(request);
    return result;
  }

  silentAfter(): number {
    const { running, config } = this, plan = this.#plan;
    if (this.#desk.hasNews || this.#candidates.length > 0 || plan.requests.length !== running.length || (this.waitingCount > 0 && running.length < config.activeSeqs)) return 0;
    let steps = Infinity;
    for (let i = 0; i < running.length; i++) {
      const { mostOutput, tellAt, outputs, isCatchingUp } = plan.requests[i];
      if (isCatchingUp || !plan.samples[i]) return 0;
      steps = Math.min(steps, Math.min(mostOutput, tellAt) - 1 - outputs);
    }
    while (steps > 0 && this.#missingAfter(steps) > this.kv.pool.free) steps >>= 1;
    return steps;
  }

  advance(steps: number): OrderedPlan {
    const plan = this.#plan, to = this.step + steps;
    assert(this.step === this.#processed + 1, 'one step is in flight at a time');
    for (const request of plan.requests) {
      request.outputs += steps;
      this.kv.extend(request, steps);
      request.computed += steps;
      request.lastStep = to;
    }
    plan.advance(to);
    this.step = to;
    this.#processed = to - 1;
    this.hasEnded = false;
    return plan;
  }

  #missingAfter(steps: number): number {
    let missing = 0;
    for (const request of this.running) missing += this.kv.missing(request, request.computed + steps);
    return missing;
  }

  #ask(): void {
    const { running } = this, line = this.#desk.ask(running, this.config.activeSeqs), behind = new Set(running);
    this.#candidates = [];
    running.length = 0;
    line.forEach((request, place) => {
      request.place = place;
      if (!behind.delete(request)) { this.#candidates.push(request); return; }
      running.push(request);
    });
    // Whom the walk did not reach stands behind all that it did, in the former order.
    for (const request of behind) { request.place = line.length + running.length; running.push(request); }
  }

  #fill(plan: OrderedPlan): void {
    const { running } = this, candidates = this.#candidates;
    let admitted = 0, isOpen = true;
    this.#threshold = this.#longPrefill();
    this.#left = this.config.maxBatchedTokens;
    for (const request of running) if (request.pending === 1 && !request.isOver) this.#left--;
    for (let at = 0; ;) {
      const request = at < running.length ? running[at] : undefined, candidate = isOpen && admitted < candidates.length ? candidates[admitted] : undefined;
      if (candidate !== undefined && (request === undefined || candidate.place < request.place)) {
        if (this.#admit(plan, candidate, at)) { admitted++; at++; } else isOpen = false;
      } else if (request === undefined) break;
      else {
        const before = plan.preempted.length;
        if (this.#serve(plan, request, at)) at++;
        // A step in which blocks ran out lets nobody in.
        if (plan.preempted.length > before) isOpen = false;
      }
    }
    candidates.splice(0, admitted);
    if (plan.preempted.length > 0) this.#desk.hasNews = true;
  }

  /** The next tokens of a running request, each with its blocks. False where it lost its seat for want of them. */
  #serve(plan: OrderedPlan, request: OrderedRequest, at: number): boolean {
    const { kv, running } = this, { pending } = request, isDecode = pending === 1;
    if (request.isOver) return true;
    const tokens = Math.min(isDecode ? 1 : this.#cut(pending), this.config.maxModelLen - 1 - request.computed);
    if (tokens <= 0) return true;
    const held = request.blocks.length;
    while (!kv.extend(request, tokens, this.#reserved - request.reserved)) {
      let last = running.length - 1;
      while (last > at && running[last].isOver) last--;
      // Those behind give their blocks with their last token, which is on its way.
      if (last === at && running.length - 1 > at) return true;
      this.#desk.explainShortage(running[last], running, this.waitingCount);
      this.#preempt(plan, running[last]);
      if (last === at) return false;
    }
    if (request.reserved > 0) this.#reserve(request, request.computed + tokens < request.known ? Math.max(0, request.reserved - (request.blocks.length - held)) : 0);
    if (!isDecode) this.#left -= tokens;
    plan.take(request, tokens);
    return true;
  }

  /** A seat in the running list for a request that waits: there is budget, a seat and blocks, or those behind it give theirs. */
  #admit(plan: OrderedPlan, request: OrderedRequest, at: number): boolean {
    const { kv, running, config } = this;
    if (this.#left <= 0 || (request.swapped > 0 && request.inFlight > 0)) return false;
    const hit = kv.lookup(request), from = Math.max(hit, request.swapped), wanted = request.known - from;
    if (!config.chunked && wanted > this.#left) return false;
    const tokens = this.#cut(wanted), total = from - hit + tokens, spare = running.length > 0 ? Math.floor(config.watermark * config.blocks) : 0;
    const victims = this.#victims(at, kv.needed(request, hit, total) - (kv.pool.free - spare - this.#reserved));
    if (victims === undefined) return false;
    this.#desk.explain(request, victims, running, this.waitingCount);
    for (const victim of victims) { victim.isOwed = victim.isCatchingUp; this.#preempt(plan, victim); }
    if (!kv.admit(request, hit, total, spare + this.#reserved)) return false;
    if (this.#swapUsPerToken !== undefined) this.#copyUs += (from - hit) * this.#swapUsPerToken;
    kv.count(request, hit);
    plan.admit(request, hit);
    running.splice(at, 0, request);
    this.waitingCount--;
    request.state = REQUEST_RUNNING;
    request.isCatchingUp = true;
    request.swapped = 0;
    request.computed = from;
    this.#left -= tokens;
    plan.take(request, tokens);
    if (victims.length > 0 && from + tokens < request.known) this.#reserve(request, Math.min(kv.missing(request, request.known), kv.pool.free - this.#reserved));
    this.#desk.grant(request);
    return true;
  }

  /** Who gives way, from the last of the order up to place `at`, so that there is a seat and so many blocks more; undefined where even all of them are not enough. */
  #victims(at: number, short: number): OrderedRequest[] | undefined {
    const { running } = this, victims: OrderedRequest[] = [];
    let seats = this.config.activeSeqs - running.length;
    for (let i = running.length - 1; i >= at && (seats < 1 || short > 0); i--) {
      const request = running[i];
      if (request.isOver || (request.isOwed && request.isCatchingUp)) continue;
      victims.push(request);
      seats++;
      short -= this.kv.freedBy(request) + request.reserved;
    }
    return seats < 1 || short > 0 ? undefined : victims;
  }

  /** The seat and all blocks go; what was generated stays, and with swap what was computed, on the host. */
  #preempt(plan: OrderedPlan, request: OrderedRequest): void {
    if (request.pending === 1) this.#left++;
    if (this.#swapUsPerToken !== undefined) { request.swapped = request.computed; this.#copyUs += request.computed * this.#swapUsPerToken; }
    this.running.splice(this.running.lastIndexOf(request), 1);
    this.kv.free(request);
    this.#reserve(request, 0);
    request.state = REQUEST_PREEMPTED;
    request.computed = 0;
    request.preemptions++;
    this.preemptions++;
    this.waitingCount++;
    plan.preempted.push(request);
    this.#desk.preempt(request);
  }

  #end(request: OrderedRequest): void {
    if (request.state === REQUEST_RUNNING) this.running.splice(this.running.indexOf(request), 1); else this.waitingCount--;
    request.state = REQUEST_ENDED;
    this.kv.free(request);
    this.#reserve(request, 0);
    this.hasEnded = true;
  }

  #reserve(request: OrderedRequest, blocks: number): void {
    this.#reserved += blocks - request.reserved;
    request.reserved = blocks;
  }

  #cut(pending: number): number { return Math.min(this.#threshold > 0 ? Math.min(pending, this.#threshold) : pending, this.#left); }

  /** Most tokens of one prompt in this step; 0: no limit but the budget. */
  #longPrefill(): number {
    const { longPrefill, longPrefillAdaptive, maxBatchedTokens, rules } = this.config, present = this.unfinished;
    if (longPrefill === 0 || (present <= 1 && rules.loneUnthrottled)) return 0;
    return longPrefillAdaptive ? Math.max(longPrefill, Math.floor(maxBatchedTokens / Math.max(1, present))) : longPrefill;
  }
}
