// The batch engine under virtual time: the batch scheduler behind the Engine port, each of its steps priced by a cost model.
import type { CallSlot } from '../../../src/dispatch/calls.ts';
import type { EngineSignals } from '../../../src/engines/engine.ts';
import { SchedlabError, assert } from '../../../src/errors.ts';
import { NO_OVERHEAD, type CallOverhead } from '../cost/cost-model.ts';
import { StepLoad } from '../cost/step-load.ts';
import type { SimulatedEngine } from '../slot-engine.ts';
import { PART_DECODE, PART_ENGINE_WAIT, PART_FRONT_END, PART_PREEMPTED, PART_PREFILL, PART_RECOMPUTED } from './call-split.ts';
import { refusal } from './config.ts';
import { Deliveries } from './deliveries.ts';
import type { EngineObserver } from './engine-observer.ts';
import type { BatchEngineParts } from './engine-parts.ts';
import { schedulerFor } from './engine-scheduler.ts';
import { empty } from './lists.ts';
import { REQUEST_RUNNING } from './request.ts';
import { retainerOf, type Retainer } from './retainer.ts';
import { StepLoop } from './step-loop.ts';
import { deliveredOf, type ScheduledRequest, type ScheduledStep, type SilentScheduler, type SilentStep, type StepScheduler } from './step-scheduler.ts';
import { StepTeller } from './step-record.ts';
import { Stretch } from './stretch.ts';

/** Plans in a row that may be empty although requests are there: blocks that come back a step late need one. */
const EMPTY_IN_A_ROW = 2;

/**
 * Steps follow each other without a gap while there is work; what arrives during a step is seen by the next that is planned. Reports of the
 * lifecycle (scheduled, preempted, resumed, tokens) are made from `decide`, ends and refusals from events.
 */
export class BatchEngine implements SimulatedEngine {
  readonly scheduler: StepScheduler;
  /** Holds blocks for programs whose tools run. */ readonly retainer: Retainer | undefined;
  readonly #parts: BatchEngineParts;
  readonly #overhead: CallOverhead;
  readonly #loop: StepLoop<ScheduledRequest, ScheduledStep<ScheduledRequest>>;
  readonly #load = new StepLoad();
  /** The scheduler, where it can pass over silent steps; and those that it will. */
  readonly #silent: SilentScheduler | undefined;
  readonly #stretch = new Stretch();
  /** Instant at which each of the last plans is over, by its step. */
  readonly #endUs = new Float64Array(4);
  #awaited: ScheduledStep<ScheduledRequest> | undefined;
  #awaitedUs = 0;
  /** The device is busy until then. */
  #busyUntilUs = 0;
  /** By call slot; none where the call is not in the scheduler. */
  readonly #requests: (ScheduledRequest | undefined)[] = [];
  /** Between client and scheduler, in order of arrival. */
  readonly #entering: { readonly call: CallSlot; readonly dueUs: number }[] = [];
  readonly #deliveries = new Deliveries();
  #firstTokens: CallSlot[] = [];
  /** The last instant at which engines were asked to decide. */
  #decidedUs = -1;
  #arrivals = 0;
  #hasNews = false;
  /** Something was reported from an event of this instant: the dispatcher will have a word before the next plan. */
  #hasReported = false;
  readonly #teller: StepTeller | undefined;

  constructor(parts: BatchEngineParts) {
    this.#parts = parts;
    this.#overhead = parts.overhead ?? NO_OVERHEAD;
    ({ scheduler: this.scheduler, silent: this.#silent } = schedulerFor(parts));
    this.retainer = retainerOf(this.scheduler, parts);
    this.#loop = new StepLoop(this.scheduler);
    this.#teller = parts.onStep && new StepTeller(parts.number, this.scheduler, this.#load, parts.onStep);
  }

  get busy(): number { return this.scheduler.runningCount; }
  get hasNews(): boolean { return this.#hasNews; }

  /** Refuses at once, by a report, what could never finish. */
  submit(call: CallSlot, nowUs: number): void {
    const { calls, work, events, number, splits } = this.#parts, beforeUs = Math.round(this.#overhead.beforeUs);
    const why = refusal(this.scheduler.config, { promptTokens: calls.promptTokens[call], outputTokens: work.outputTokens[call] });
    if (why !== undefined) { events.failed(number, call, nowUs, `http-400: ${why}`); return; }
    splits?.start(call, beforeUs > 0 ? PART_FRONT_END : PART_ENGINE_WAIT, nowUs);
    if (beforeUs === 0) { this.#enter(call); return; }
    this.#entering.push({ call, dueUs: nowUs + beforeUs });
    this.#parts.kernel.schedule(nowUs + beforeUs, this.#parts.kind, number);
  }

  /** Whatever a step in flight computes for the call is dropped; its blocks are free at once. */
  abort(call: CallSlot): void {
    const request = this.#requests[call];
    if (request !== undefined) this.#interrupt(this.#parts.kernel.nowUs);
    this.#requests[call] = undefined;
    this.#firstTokens = this.#firstTokens.filter((other) => other !== call);
    this.#deliveries.drop(call);
    if (request !== undefined && this.scheduler.abort(request)) this.#hasNews = true;
    const entering = this.#entering.findIndex((one) => one.call === call);
    if (entering >= 0) this.#entering.splice(entering, 1);
  }

  /**
   * Kernel event: a step may be over, a request may reach the scheduler, a token its client. True: `decide` must be asked at the end of the instant.
   * Where nothing else can happen in the instant, the next step is planned at once, which is the same.
   */
  stepped(nowUs: number): boolean {
    if (this.#stretch.isActive) this.#passOver(nowUs);
    // What ends is known before whoever comes at the same instant.
    if (this.#awaited !== undefined && this.#awaitedUs <= nowUs && !this.#stretch.isActive) this.#takeIn(this.#awaited, nowUs);
    if (this.#entering.length > 0) this.#enterDue(nowUs);
    if (this.#deliveries.nextUs <= nowUs) this.#deliverDue(nowUs);
    if (!this.#hasNews && !this.#hasReported) return false;
    if (!this.#hasNews || this.#hasReported || nowUs >= (this.#parts.endUs ?? Infinity) || this.#parts.kernel.dirty || this.#parts.kernel.nextUs() <= nowUs) { this.#hasReported = false; return true; }
    this.decide(nowUs);
    return false;
  }

  /** A call may be gone; a step still ends. */
  onEvent(_call: CallSlot, nowUs: number): void { this.stepped(nowUs); }

  #enterDue(nowUs: number): void {
    let entered = 0;
    for (; entered < this.#entering.length && this.#entering[entered].dueUs <= nowUs; entered++) {
      const { call } = this.#entering[entered];
      this.#parts.splits?.turn(call, PART_ENGINE_WAIT, nowUs);
      this.#enter(call);
    }
    this.#entering.splice(0, entered);
  }

  #deliverDue(nowUs: number): void {
    for (let one = this.#deliveries.take(nowUs); one; one = this.#deliveries.take(nowUs)) {
      if (one.isEnd) this.#end(one.call, nowUs, one.outputTokens, one.cachedTokens); else this.#firstToken(one.call, nowUs);
    }
  }

  decide(nowUs: number): void {
    this.#decidedUs = nowUs;
    if (!this.#hasNews) return;
    this.#hasNews = false;
    const { events, number, kernel, kind } = this.#parts;
    if (this.#firstTokens.length > 0) {
      for (const call of this.#firstTokens) events.tokens(number, call, 1, nowUs);
      empty(this.#firstTokens);
    }
    this.retainer?.settle(nowUs);
    for (let empty = 0; this.#awaited === undefined;) {
      const plan = this.#loop.plan();
      if (plan !== undefined) this.#begin(plan, nowUs);
      const awaited = this.#loop.awaited(plan);
      if (awaited === undefined) { if (plan === undefined) return; continue; }
      const endUs = this.#endUs[awaited.step & 3];
      this.#awaited = awaited;
      this.#awaitedUs = endUs;
      if (endUs > nowUs) { kernel.schedule(this.#silent === undefined ? endUs : this.#silentUntil(this.#silent, awaited as SilentStep<ScheduledRequest>, endUs), kind, number); return; }
      // Only a step without work is over at once: an empty one that nothing else waits for leaves the loop.
      const isIdle = awaited === plan;
      this.#takeIn(awaited, nowUs);
      if (isIdle && ++empty > EMPTY_IN_A_ROW && this.scheduler.unfinished > 0) throw new SchedlabError('ERR_STALLED', `engine ${number} stands still at ${nowUs / 1e6} s: ${this.scheduler.runningCount} requests run and ${this.scheduler.waitingCount} wait, and none can be served.`, { engine: number });
    }
  }

  signals(): EngineSignals {
    if (this.#stretch.isActive) this.#passOver(this.#parts.kernel.nowUs);
    const { runningCount, waitingCount, freeBlocks, usableBlocks } = this.scheduler;
    return { atUs: this.#parts.kernel.nowUs, running: runningCount, waiting: waitingCount + this.#entering.length, kvUse: 1 - freeBlocks / usableBlocks };
  }

  /** Tokens of a call's prompt that would be found in the cache if it were admitted here now; of one that runs, those that were. Changes nothing. `probe`: the call as a request, where it has not come here. */
  cachedTokens(call: CallSlot, probe: ScheduledRequest): number {
    if (this.#stretch.isActive) this.#passOver(this.#parts.kernel.nowUs);
    const request = this.#requests[call] ?? probe;
    return request.state === REQUEST_RUNNING ? request.cachedTokens : this.scheduler.cached(request);
  }

  producedTokens(call: CallSlot, nowUs: number): number { if (this.#stretch.isActive) this.#passOver(nowUs); return deliveredOf(this.scheduler, this.#requests[call]); }

  #enter(call: CallSlot): void {
    const { calls, work, prompts } = this.#parts, rank = this.#arrivals++;
    this.#interrupt(this.#parts.kernel.nowUs);
    const request = this.scheduler.add({ id: rank, tag: call, arrival: rank, content: prompts.content(call), outputTokens: work.outputTokens[call], outputSegment: prompts.answer(call), priority: prompts.priority?.(call) ?? 0 });
    assert(request.promptTokens === calls.promptTokens[call], 'the content of a prompt has as many tokens as its call', { call, content: request.promptTokens, call_: calls.promptTokens[call] });
    this.#requests[call] = request;
    this.#hasNews = true;
  }

  /** A step was begun that ends at `endUs`; the end of the last that is certain to follow it unseen. */
  #silentUntil(silent: SilentScheduler, { decoders, decodeContext }: SilentStep<ScheduledRequest>, endUs: number): number {
    const steps = silent.silentAfter(), beforeUs = Math.min(silent.changeUs, this.#parts.endUs ?? Infinity);
    return steps === 0 ? endUs : this.#stretch.begin(1 + steps, endUs, this.#load, decoders, decodeContext, this.#parts.cost, beforeUs);
  }

  /** Does what silent steps have done until now. What ends now is followed by the next once this instant has been decided. */
  #passOver(nowUs: number): void {
    const steps = this.#stretch.pass(nowUs, this.#decidedUs === nowUs);
    if (steps === 0) return;
    const plan = this.#silent!.advance(steps), fromUs = this.#awaitedUs, { observer } = this.#parts;
    this.#awaited = plan;
    this.#awaitedUs = this.#busyUntilUs = this.#stretch.endUs;
    if (observer !== undefined) this.#observe(observer, fromUs, this.#awaitedUs, steps, steps * plan.decoders, 0);
  }

  #observe(observer: EngineObserver, startUs: number, endUs: number, steps: number, decodeTokens: number, prefillTokens: number): void {
    const { runningCount, waitingCount, usableBlocks, freeBlocks } = this.scheduler;
    observer.steps(this.#parts.number, startUs, endUs, steps, decodeTokens, prefillTokens, runningCount, waitingCount, usableBlocks - freeBlocks);
  }

  /** Something comes in or goes: what follows the step in flight is another. */
  #interrupt(nowUs: number): void {
    if (!this.#stretch.isActive) return;
    this.#passOver(nowUs);
    if (!this.#stretch.isActive) return;
    this.#stretch.cut();
    // What ends right now would have been an event before whoever comes: its silence is taken in at once, so that both shells plan in the same round.
    if (this.#awaitedUs <= nowUs) this.#takeIn(this.#awaited!, nowUs);
    else this.#parts.kernel.schedule(this.#awaitedUs, this.#parts.kind, this.#parts.number);
  }

  /** Prices a plan, and reports who came in and who was thrown out. */
  #begin(plan: ScheduledStep<ScheduledRequest>, nowUs: number): void {
    const { cost, observer } = this.#parts;
    let endUs = nowUs;
    if (!plan.isEmpty) {
      const startUs = Math.max(nowUs, this.#busyUntilUs);
      endUs = this.#busyUntilUs = startUs + Math.max(1, Math.round(cost.stepUs(plan.load(this.#load)) + plan.extraUs));
      if (observer !== undefined) this.#observe(observer, startUs, endUs, 1, this.#load.decoders, this.#load.chunkTokens);
      this.#teller?.tell(plan, startUs, endUs);
    }
    this.#endUs[plan.step & 3] = endUs;
    if (plan.preempted.length + plan.admitted.length + plan.resumed.length > 0) this.#report(plan, nowUs);
  }

  #report(plan: ScheduledStep<ScheduledRequest>, nowUs: number): void {
    const { number, calls, events, splits, observer, trail } = this.#parts, present = this.scheduler.unfinished;
    for (const { tag } of plan.preempted) {
      trail?.stop(tag, number);
      calls.preemptions[tag]++;
      observer?.preempted(number, nowUs);
      splits?.turn(tag, PART_PREEMPTED, nowUs);
      events.preempted(number, tag, nowUs);
    }
    for (const { tag, promptTokens, cachedTokens } of plan.admitted) {
      trail?.start(tag, number, present);
      calls.scheduledUs[tag] = nowUs;
      observer?.admitted(number, nowUs, promptTokens, cachedTokens);
      splits?.turn(tag, PART_PREFILL, nowUs);
      events.scheduled(number, tag, nowUs);
    }
    for (const { tag } of plan.resumed) {
      trail?.start(tag, number, present);
      splits?.turn(tag, PART_RECOMPUTED, nowUs);
      events.resumed?.(number, tag, nowUs);
    }
  }

  /** The result of a step: tokens, then ends. */
  #takeIn(plan: ScheduledStep<ScheduledRequest>, nowUs: number): void {
    this.#awaited = undefined;
    this.#hasNews = true;
    this.#loop.taken();
    this.retainer?.settle(nowUs);
    const { begun, caughtUp, finished } = this.scheduler.process(plan);
    if (caughtUp.length + begun.length > 0) this.#deliverTokens(begun, caughtUp, nowUs);
    if (finished.length > 0) this.#deliverEnds(finished, nowUs);
  }

  #deliverTokens(begun: readonly ScheduledRequest[], caughtUp: readonly ScheduledRequest[], nowUs: number): void {
    const { splits, calls } = this.#parts, { perOutputTokenUs } = this.#overhead;
    if (splits !== undefined) for (const { tag } of caughtUp) splits.turn(tag, PART_DECODE, nowUs);
    for (const { tag } of begun) {
      if (calls.firstTokenUs[tag] >= 0) continue;
      if (perOutputTokenUs === 0) this.#firstToken(tag, nowUs); else this.#deliver(nowUs + perOutputTokenUs, tag, false, 1, 0);
    }
  }

  #deliverEnds(finished: readonly ScheduledRequest[], nowUs: number): void {
    const { splits } = this.#parts, { afterUs, perOutputTokenUs } = this.#overhead;
    for (const request of finished) {
      this.#requests[request.tag] = undefined;
      this.retainer?.ended(this.#parts.calls.program[request.tag], request);
      const dueUs = nowUs + afterUs + perOutputTokenUs * request.outputs;
      if (dueUs === nowUs) { this.#end(request.tag, nowUs, request.outputs, request.cachedTokens); continue; }
      splits?.turn(request.tag, PART_FRONT_END, nowUs);
      this.#deliver(dueUs, request.tag, true, request.outputs, request.cachedTokens);
    }
  }

  #deliver(dueUs: number, call: CallSlot, isEnd: boolean, outputTokens: number, cachedTokens: number): void {
    this.#deliveries.add(Math.round(dueUs), call, isEnd, outputTokens, cachedTokens);
    this.#parts.kernel.schedule(Math.round(dueUs), this.#parts.kind, this.#parts.number);
  }

  #firstToken(call: CallSlot, nowUs: number): void {
    this.#parts.calls.firstTokenUs[call] = nowUs;
    this.#firstTokens.push(call);
    this.#hasNews = true;
  }

  #end(call: CallSlot, nowUs: number, outputTokens: number, cachedTokens: number): void {
    const { events, number, splits } = this.#parts;
    splits?.end(call, nowUs);
    const at = this.#firstTokens.indexOf(call);
    if (at >= 0) this.#firstTokens.splice(at, 1);
    this.#hasReported = true;
    events.finished(number, call, nowUs, outputTokens, cachedTokens);
  }
}
