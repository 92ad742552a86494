// The batch scheduler: a state machine that plans one engine step at a time, as vLLM V1 does. No clock, no cost, no I/O.
import { assert, SchedlabError } from '../../../src/errors.ts';
import { batchConfig, refusal, type BatchConfig } from './config.ts';
import type { ContentTable } from './content.ts';
import { KvCache } from './kv-cache.ts';
import { BatchRequest, REQUEST_ENDED, REQUEST_PREEMPTED, REQUEST_RUNNING, type RequestSpec } from './request.ts';
import { StepPlan, StepResult } from './step-plan.ts';
import type { StepScheduler } from './step-scheduler.ts';
import { ArrivalQueue, PriorityQueue, type WaitingQueue } from './waiting-queue.ts';

/** Steps that may be planned before the result of the first is processed, and one to look back at. */
const PLANS = 3;

/** Steps without a token after which the scheduler asks itself whether it goes round in circles. */
const PATIENCE = 1000;

/** Which running requests a pass serves: all, or without R1 those with a prompt to compute, then those that decode. */
const ALL = 0;
const PROMPTS = 1;
const DECODES = 2;

/**
 * Every rule, one request at a time: the reference. A step costs O(running + blocks taken + blocks looked up).
 * Drive it by `add`, `abort`, `schedule` and `process`, or by a `StepLoop`; each plan is processed once, in order.
 */
export class BatchScheduler implements StepScheduler<BatchRequest, StepPlan> {
  readonly config: BatchConfig;
  readonly kv: KvCache;
  /** In order of admission (R2). */
  readonly running: BatchRequest[] = [];
  readonly waiting: WaitingQueue<BatchRequest>;
  /** Steps planned so far. */
  step = 0;
  preemptions = 0;
  /** A request has ended since the last step was planned: the engine is told of it by one step more. */
  hasEnded = false;
  readonly #content: ContentTable;
  readonly #plans = Array.from({ length: PLANS }, () => new StepPlan());
  readonly #result = new StepResult();
  #budget = 0;
  #threshold = 0;
  #processed = 0;
  #stepsWithoutToken = 0;
  /** Without R15: ended, blocks still held. */
  #late: BatchRequest[] = [];

  constructor(config: Partial<BatchConfig>, content: ContentTable) {
    this.config = batchConfig(config);
    assert(content.blockSize === this.config.blockSize, 'an engine and its content table count in blocks of one size');
    this.#content = content;
    this.kv = new KvCache(this.config);
    this.waiting = this.config.scheduling === 'priority' ? new PriorityQueue() : new ArrivalQueue<BatchRequest>({ newestFirst: !this.config.rules.arrivalOrder, toTail: !this.config.rules.victimToHead });
  }

  get unfinished(): number { return this.running.length + this.waiting.size; }
  get runningCount(): number { return this.running.length; }
  get waitingCount(): number { return this.waiting.size; }
  get freeBlocks(): number { return this.kv.pool.free; }
  get usableBlocks(): number { return this.kv.pool.usable; }

  /** Takes a request in. Throws ERR_ENGINE for one that could never finish (R13, R18), as vLLM refuses it. */
  add(spec: RequestSpec): BatchRequest {
    const request = new BatchRequest(spec, this.#content, this.config.maxModelLen);
    const why = refusal(this.config, { promptTokens: request.promptTokens, outputTokens: spec.outputTokens });
    if (why !== undefined) throw new SchedlabError('ERR_ENGINE', `request ${String(spec.id)} is refused: ${why}.`, { id: spec.id, promptTokens: request.promptTokens, outputTokens: spec.outputTokens });
    this.waiting.add(request);
    return request;
  }

  probe(spec: RequestSpec): BatchRequest { return new BatchRequest(spec, this.#content, this.config.maxModelLen); }
  cached(request: BatchRequest): number { return this.kv.cached(request); }

  /** Ends a request wherever it is; what a step in flight computes for it is dropped. False where it had ended before. */
  abort(request: BatchRequest): boolean {
    if (request.state === REQUEST_ENDED) return false;
    this.#end(request);
    this.kv.free(request);
    return true;
  }

  /**
   * Plans the next step: no more tokens than its budget (R3), prompts and decodes together (R1), who runs before who waits (R4).
   * The plan is overwritten three steps later.
   */
  schedule(): StepPlan {
    const { rules } = this.config, plan = this.#plans[++this.step % PLANS];
    assert(this.step - this.#processed < PLANS, 'at most two steps are in flight');
    plan.clear(this.step);
    this.hasEnded = false;
    this.#budget = rules.stepLimits ? this.config.maxBatchedTokens : Infinity;
    this.#threshold = this.#longPrefill();
    if (!rules.runningFirst) this.#admit(plan);
    this.#serve(plan, rules.onePhase ? ALL : PROMPTS);
    if (rules.runningFirst) this.#admit(plan);
    if (!rules.onePhase && plan.isEmpty) this.#serve(plan, DECODES);
    for (let i = 0; i < plan.requests.length; i++) {
      const request = plan.requests[i];
      request.lastStep = this.step;
      request.computed += plan.tokens[i];
      // R1, R16: who has caught up samples.
      const samples = plan.samples[i] = request.computed === request.known + request.inFlight;
      if (samples) request.inFlight++;
    }
    return plan;
  }

  /** Takes in the result of the oldest plan that was not processed yet: tokens are delivered, ended requests free their blocks (R15). Reused by the next call. */
  process(plan: StepPlan): StepResult {
    assert(plan.step === ++this.#processed, 'results are processed in the order of the steps', { step: plan.step });
    const result = this.#result, { rules } = this.config, late = this.#late;
    result.clear();
    this.#late = [];
    for (let i = 0; i < plan.requests.length; i++) {
      const request = plan.requests[i];
      if (request.state === REQUEST_ENDED) continue;
      const isSameLife = plan.epochs[i] === request.preemptions, isRunning = request.state === REQUEST_RUNNING;
      if (!rules.publishedWhenScheduled && isRunning && isSameLife) this.kv.publish(request, plan.contexts[i] + plan.tokens[i]);
      if (!plan.samples[i] || (!isSameLife && !rules.outputsKept)) continue;
      request.inFlight--;
      request.outputs++;
      result.tokens.push(request);
      if (request.outputs === 1) result.begun.push(request);
      // A token of a step before its preemption catches nobody up.
      if (request.isCatchingUp && isSameLife) { request.isCatchingUp = false; result.caughtUp.push(request); }
      // What was generated can be hit once it is known; before a last full block is freed.
      if (isRunning && rules.publishedWhenScheduled) this.kv.publish(request, request.computed - request.inFlight);
      if (request.outputs < request.mostOutput) continue;
      this.#end(request);
      result.finished.push(request);
      if (rules.releasedAtStepEnd) this.kv.free(request); else this.#late.push(request);
    }
    this.#stepsWithoutToken = result.tokens.length > 0 || this.unfinished === 0 ? 0 : this.#stepsWithoutToken + 1;
    if (this.#stepsWithoutToken > PATIENCE) this.#refuseCircles();
    for (const request of late) this.kv.free(request);
    if (this.running.length === 0) for (const request of this.#late.splice(0)) this.kv.free(request);
    return result;
  }

  /** R4, R5, R6, R7: the running list from its head, each with the blocks of its next chunk; where these are missing somebody loses all of theirs. */
  #serve(plan: StepPlan, which: number): void {
    const { running } = this, { rules, maxModelLen } = this.config;
    for (let at = 0; at < running.length && this.#budget > 0;) {
      const request = running[at], pending = request.known + request.inFlight - request.computed;
      const isDecode = pending === 1 && request.computed >= request.promptTokens;
      let tokens = 0;
      // R17: who has its last token in flight keeps seat and blocks, and computes nothing more.
      const isOver = request.inFlight > 0 && request.outputs + request.inFlight >= request.mostOutput;
      // R14: what is scheduled counts as computed.
      const isUnseen = !rules.countedWhenScheduled && request.lastStep > this.#processed;
      const isServed = request.lastStep === this.step || (which === PROMPTS && isDecode) || (which === DECODES && !isDecode);
      if (!isOver && !isUnseen && !isServed) tokens = Math.min(this.#cut(request, pending, this.#budget), maxModelLen - 1 - request.computed);
      if (tokens <= 0) { at++; continue; }
      let hasBlocks = this.kv.extend(request, tokens);
      while (!hasBlocks) {
        const place = this.#victim(), victim = running[place];
        running.splice(place, 1);
        const returned = plan.takeOut(victim);
        if (returned >= 0) { this.#budget += returned; if (place < at) at--; }
        this.#preempt(victim, plan);
        if (victim === request) return;
        hasBlocks = this.kv.extend(request, tokens);
      }
      this.#plan(plan, request, tokens);
      at++;
    }
  }

  /**
   * R8, R9, R13: the waiting queue from its head, while there is budget, a seat, and nobody was preempted. A prompt takes what is left of the
   * budget (R10), the first that does not fit ends it (R11), who is admitted runs last (R12).
   */
  #admit(plan: StepPlan): void {
    const { running, waiting, kv } = this, { rules, activeSeqs, chunked, maxBatchedTokens, watermark, blocks } = this.config;
    if (plan.preempted.length > 0 && rules.closedAfterPreemption) return;
    const spare = Math.floor(watermark * blocks);
    for (let request = waiting.head, next: BatchRequest | null; request && this.#budget > 0 && running.length < activeSeqs; request = next) {
      next = rules.headBlocks ? null : waiting.after(request);
      const hit = kv.lookup(request), wanted = this.#cut(request, request.known - hit, Infinity, hit);
      // Without R10 alone, a prompt larger than any budget must be cut all the same.
      if (wanted > this.#budget && (!chunked || (!rules.promptsChunked && this.#budget < maxBatchedTokens))) continue;
      const tokens = this.#cut(request, request.known - hit, this.#budget, hit);
      if (!kv.admit(request, hit, tokens, running.length > 0 ? spare : 0)) continue;
      if (rules.headBlocks) next = waiting.after(request);
      waiting.remove(request);
      if (rules.joinsAtTail) running.push(request); else running.unshift(request);
      kv.count(request, hit);
      const isNew = request.preemptions === 0;
      (isNew ? plan.admitted : plan.resumed).push(request);
      (isNew ? plan.admittedHits : plan.resumedHits).push(hit);
      if (isNew) request.cachedTokens = hit;
      request.state = REQUEST_RUNNING;
      request.isCatchingUp = true;
      request.computed = hit;
      this.#plan(plan, request, tokens);
      if (!rules.manyAdmissions) return;
    }
  }

  #plan(plan: StepPlan, request: BatchRequest, tokens: number): void {
    plan.add(request, tokens);
    request.lastStep = this.step;
    this.#budget -= tokens;
  }

  /** Tokens of `pending` that one step takes: no more than the threshold and the budget. */
  #cut(request: BatchRequest, pending: number, budget: number, computed = request.computed): number {
    let tokens = pending;
    if (this.#threshold > 0 && tokens > this.#threshold) tokens = this.#threshold;
    tokens = Math.min(tokens, budget);
    return !this.config.rules.samplesWithLastChunk && tokens > 1 && computed + tokens === request.known + request.inFlight ? tokens - 1 : tokens;
  }

  /** Place in the running list of who is preempted (R6): the last, or the first of those with the largest (priority, arrival). */
  #victim(): number {
    const { running, config } = this, { newestVictim } = config.rules;
    if (config.scheduling === 'fcfs') return newestVictim ? running.length - 1 : 0;
    let place = 0;
    for (let i = 1; i < running.length; i++) {
      const a = running[i], b = running[place], order = a.priority - b.priority || a.arrival - b.arrival;
      if (newestVictim ? order > 0 : order < 0) place = i;
    }
    return place;
  }

  /** R7: all blocks and all progress go, what was generated stays. */
  #preempt(request: BatchRequest, plan: StepPlan): void {
    this.kv.free(request);
    request.state = REQUEST_PREEMPTED;
    request.computed = 0;
    request.lastStep = 0;
    request.preemptions++;
    if (!this.config.rules.outputsKept) { request.outputs = 0; request.inFlight = 0; }
    this.preemptions++;
    // Without R4 the victim may have been admitted in this very step.
    for (const [list, hits] of [[plan.admitted, plan.admittedHits], [plan.resumed, plan.resumedHits]] as const) {
      const at = list.indexOf(request);
      if (at >= 0) { list.splice(at, 1); hits.splice(at, 1); }
    }
    this.waiting.putBack(request);
    plan.preempted.push(request);
  }

  #end(request: BatchRequest): void {
    if (request.state === REQUEST_RUNNING) this.running.splice(this.running.indexOf(request), 1); else this.waiting.remove(request);
    request.state = REQUEST_ENDED;
    this.hasEnded = true;
  }

  /** Without a preemption a token comes before all that is known has been computed once. */
  #refuseCircles(): void {
    let known = 0;
    for (const request of this.running) known += request.known;
    for (const request of this.waiting) known += request.known;
    if (this.#stepsWithoutToken < 4 * known + PATIENCE) return;
    throw new SchedlabError('ERR_ENGINE', `the engine goes round in circles: ${this.#stepsWithoutToken} steps without a token, ${this.running.length} running, ${this.waiting.size} waiting, ${this.preemptions} preemptions. Requests of equal priority and arrival can preempt each other for ever, in vLLM too: give them different arrivals, more blocks, or reserveFull.`, { steps: this.#stepsWithoutToken, preemptions: this.preemptions });
  }

  /** Most tokens of one request in this step; 0: no limit but the budget. Counted at the start of the step. */
  #longPrefill(): number {
    const { longPrefill, longPrefillAdaptive, maxBatchedTokens, rules } = this.config, present = this.unfinished;
    if (longPrefill === 0 || (present <= 1 && rules.loneUnthrottled)) return 0;
    return longPrefillAdaptive ? Math.max(longPrefill, Math.floor(maxBatchedTokens / Math.max(1, present))) : longPrefill;
  }
}
