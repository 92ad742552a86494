// The preempting slot engine: at any instant the c calls that its policy puts first are served; who loses a place resumes where it stopped.
import type { CallSlot } from '../../src/dispatch/calls.ts';
import type { EngineSignals } from '../../src/engines/engine.ts';
import { candidateOf, MOST_CANDIDATES } from '../../src/dispatch/receipts.ts';
import type { ReceiptListener } from '../../src/observe/lifecycle.ts';
import type { Policy } from '../../src/policies/policy.ts';
import type { DecisionTrail } from '../measure/decision-trail.ts';
import type { SimulatedEngine, SlotEngineParts } from './slot-engine.ts';
import { tokensBy } from './work.ts';

export interface PreemptingParts extends SlotEngineParts {
  readonly policy: Policy;
  /** Service that counts as one token for the policy's budgets, in µs. */
  readonly tokenUs: number;
  /** Keeps who was started and who was stopped. */
  readonly trail?: DecisionTrail;
  readonly receipts?: ReceiptListener;
}

/**
 * Preempt-resume without loss. The policy is asked once a round, only when something happened; what runs and is not among the
 * first c of its walk is preempted. Progress is told in walk order: for all running calls where the policy asks for that, else for
 * those that reached their budget, finished or stopped. O(places) a question beside the policy's own walk.
 */
export class PreemptingEngine implements SimulatedEngine {
  readonly #parts: PreemptingParts;
  /** Calls being served, in the order of the last walk. */
  #running: CallSlot[] = [];
  #present = 0;
  #hasNews = false;
  #remainingUs = new Float64Array(64);
  /** Since when the call has been served without a stop; −1: it is not. */
  #sinceUs = new Float64Array(64).fill(-1);
  /** Service already told to the policy as tokens, and in all, in µs. */
  #toldTokens = new Float64Array(64);
  #servedUs = new Float64Array(64);
  #dueUs = new Float64Array(64).fill(-1);
  #wakeUs = -1;

  constructor(parts: PreemptingParts) { this.#parts = parts; }

  get busy(): number { return this.#running.length; }

  submit(call: CallSlot, nowUs: number): void {
    if (call >= this.#dueUs.length) this.#grow(call);
    this.#remainingUs[call] = this.#parts.work.serviceUs[call];
    this.#sinceUs[call] = -1;
    this.#toldTokens[call] = 0;
    this.#servedUs[call] = 0;
    this.#present++;
    this.#parts.policy.arrive(call, nowUs);
    this.#hasNews = true;
  }

  abort(call: CallSlot, nowUs: number): void {
    const wasRunning = this.#sinceUs[call] >= 0;
    if (wasRunning) { this.#stop(call, nowUs); this.#running.splice(this.#running.indexOf(call), 1); this.#tell(call, nowUs); }
    this.#present--;
    this.#parts.policy.cancel(call, wasRunning, nowUs);
    this.#hasNews = true;
  }

  /** A call that may have finished or used up its budget, or whose order may have changed by time. */
  onEvent(call: CallSlot, nowUs: number): void {
    if (this.#dueUs[call] === nowUs && this.#sinceUs[call] >= 0) {
      this.#tellAll(nowUs);
      if (this.#remainingAt(call, nowUs) <= 0) this.#finishAll(nowUs);
      this.#hasNews = true;
    } else if (this.#wakeUs === nowUs) this.#hasNews = true;
  }

  /** Budgets used up at this instant and what ends at it, in walk order: known to the policy before anything arrives at the same instant. */
  #tellAll(nowUs: number): void {
    for (const call of this.#running) if (this.#remainingAt(call, nowUs) <= 0 || this.#reachedBudget(call, nowUs)) this.#tell(call, nowUs);
  }

  /** All that end at this instant: progress in walk order, ends in the order of their keys. Whose event came first tells nothing, and the policy must not learn it. */
  #finishAll(nowUs: number): void {
    const { calls: { key, outputTokens }, events, number, policy, work } = this.#parts;
    const ended = this.#running.filter((call) => this.#dueUs[call] === nowUs && this.#remainingAt(call, nowUs) <= 0);
    this.#running = this.#running.filter((call) => !ended.includes(call));
    this.#present -= ended.length;
    for (const call of ended) this.#stop(call, nowUs);
    for (const call of ended.sort((a, b) => key[a] - key[b])) {
      // What a policy reads of a call that has ended.
      outputTokens[call] = work.outputTokens[call];
      policy.finish(call, true, nowUs);
      events.finished(number, call, nowUs, work.outputTokens[call], 0);
    }
  }

  decide(nowUs: number): void {
    if (!this.#hasNews) return;
    this.#hasNews = false;
    const { policy, slots, calls, events, number, trail } = this.#parts;
    for (const call of this.#running) if (policy.needsAllProgress || this.#reachedBudget(call, nowUs)) this.#tell(call, nowUs);
    const chosen: CallSlot[] = [];
    if (this.#present > 0) policy.walk((call) => { chosen.push(call); return chosen.length < slots; }, nowUs);
    if (this.#parts.receipts) this.#explain(chosen, this.#parts.receipts, nowUs);
    for (const call of this.#running) {
      if (chosen.includes(call)) continue;
      this.#stop(call, nowUs);
      this.#tell(call, nowUs);
      calls.preemptions[call]++;
      policy.preempt?.(call, nowUs);
      trail?.stop(call, number);
      events.preempted(number, call, nowUs);
    }
    for (const call of chosen) {
      if (this.#sinceUs[call] < 0) {
        this.#sinceUs[call] = nowUs;
        trail?.start(call, number, this.#present);
        policy.grant(call, nowUs);
        if (calls.scheduledUs[call] < 0) { calls.scheduledUs[call] = nowUs; events.scheduled(number, call, nowUs); } else events.resumed?.(number, call, nowUs);
      }
      this.#arm(call, nowUs);
    }
    this.#running = chosen;
    const changeUs = policy.nextChangeUs?.(nowUs) ?? Infinity;
    if (changeUs !== Infinity && changeUs > nowUs && chosen.length > 0) { this.#wakeUs = Math.ceil(changeUs); this.#parts.kernel.schedule(this.#wakeUs, this.#parts.kind, chosen[0]); }
  }

  /** Receipts of those who lose their places, then of those who get one, before anything of it is done. Shows who was put first; asks for no more, because a walk may draw. */
  #explain(chosen: readonly CallSlot[], receipts: ReceiptListener, nowUs: number): void {
    const { policy, slots, number } = this.#parts, stopped = this.#running.filter((call) => !chosen.includes(call)), started = chosen.filter((call) => this.#sinceUs[call] < 0);
    const shown = (first: readonly CallSlot[], then: readonly CallSlot[]) => [...new Set([...first, ...then])].slice(0, MOST_CANDIDATES).map((call) => candidateOf(call, policy.explain?.(call, nowUs) ?? {}));
    const common = { atUs: nowUs, place: 'engine', engine: number, waiting: this.#present - this.#running.length, ageUs: 0, tied: null } as const;
    stopped.forEach((call, i) => { receipts({ ...common, kind: 'preempt', call, chosen: started[i] ?? -1, candidates: shown(started.slice(i, i + 1), [call, ...chosen]), reason: `not among the first ${slots} of ${this.#present} calls` }); });
    for (const call of started) receipts({ ...common, kind: 'grant', call, chosen: call, candidates: shown([call], chosen), reason: this.#present === 1 ? 'the only call on the engine' : `among the first ${slots} of ${this.#present} calls` });
  }

  signals(): EngineSignals { return { atUs: this.#parts.kernel.nowUs, running: this.#running.length, waiting: this.#present - this.#running.length, kvUse: NaN }; }

  producedTokens(call: CallSlot, nowUs: number): number { return tokensBy(this.#parts.work, call, this.#servedAt(call, nowUs)); }
  servedUs(call: CallSlot, nowUs: number): number { return this.#servedAt(call, nowUs); }

  /** Schedules the instant at which the call ends or its budget is used up, unless it is scheduled already. */
  #arm(call: CallSlot, nowUs: number): void {
    const { kernel, kind, policy, tokenUs } = this.#parts;
    const budgetUs = policy.budget === undefined ? Infinity : Math.max(1, Math.ceil((policy.budget(call) + this.#toldTokens[call]) * tokenUs - this.#servedAt(call, nowUs)));
    const dueUs = nowUs + Math.min(this.#remainingAt(call, nowUs), budgetUs);
    if (this.#dueUs[call] === dueUs) return;
    this.#dueUs[call] = dueUs;
    kernel.schedule(dueUs, kind, call);
  }

  #servedAt(call: CallSlot, nowUs: number): number { return this.#servedUs[call] + (this.#sinceUs[call] >= 0 ? nowUs - this.#sinceUs[call] : 0); }
  #remainingAt(call: CallSlot, nowUs: number): number { return this.#remainingUs[call] - (this.#sinceUs[call] >= 0 ? nowUs - this.#sinceUs[call] : 0); }

  #stop(call: CallSlot, nowUs: number): void {
    const { calls, work } = this.#parts;
    const sinceUs = this.#sinceUs[call], gotUs = nowUs - sinceUs, neededUs = work.firstTokenUs[call] - this.#servedUs[call];
    if (calls.firstTokenUs[call] < 0 && work.outputTokens[call] > 0 && gotUs >= neededUs) calls.firstTokenUs[call] = sinceUs + Math.max(0, neededUs);
    this.#remainingUs[call] -= gotUs;
    this.#servedUs[call] += gotUs;
    this.#sinceUs[call] = -1;
    this.#dueUs[call] = -1;
  }

  #reachedBudget(call: CallSlot, nowUs: number): boolean {
    const { policy, tokenUs } = this.#parts;
    if (policy.budget === undefined) return false;
    return this.#tokens(call, nowUs, tokenUs) - this.#toldTokens[call] >= policy.budget(call);
  }

  #tokens(call: CallSlot, nowUs: number, tokenUs: number): number {
    return Math.floor(this.#servedAt(call, nowUs) / tokenUs);
  }

  #tell(call: CallSlot, nowUs: number): void {
    const tokens = this.#tokens(call, nowUs, this.#parts.tokenUs), news = tokens - this.#toldTokens[call];
    if (news <= 0) return;
    this.#toldTokens[call] = tokens;
    this.#parts.policy.progress?.(call, news, nowUs);
  }

  #grow(call: CallSlot): void {
    const n = Math.max(this.#dueUs.length * 2, call + 1);
    const wide = (from: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => { const to = new Float64Array(n).fill(-1); to.set(from); return to; };
    this.#remainingUs = wide(this.#remainingUs); this.#sinceUs = wide(this.#sinceUs); this.#toldTokens = wide(this.#toldTokens);
    this.#servedUs = wide(this.#servedUs); this.#dueUs = wide(this.#dueUs);
  }
}
