// A batch engine in a hundred lines, as a user of the contracts: steps of fixed length, a token budget a step, the batch filled by walking the policy.
import type { CallSlot, CallTable } from '../../src/dispatch/calls.ts';
import type { Engine, EngineEvents, EngineSignals } from '../../src/engines/engine.ts';
import type { Policy } from '../../src/policies/policy.ts';
import type { Kernel } from '../../sim/kernel/kernel.ts';

export interface BatchParts {
  readonly number: number; readonly kernel: Kernel; readonly kind: number; readonly calls: CallTable; readonly events: EngineEvents; readonly policy: Policy;
  readonly stepUs: number; readonly tokensPerStep: number; readonly maxSeqs: number;
  /** Output tokens that a call will produce: the engine's own truth. */
  outputTokens(call: CallSlot): number;
}

interface Seq { prompt: number; done: number; told: number; isRunning: boolean }

/** Prefill in chunks beside decodes of one token a step. Who runs and is not reached by the walk is preempted and resumes later. */
export class BatchEngine implements Engine {
  /** Calls and tokens of each step, for assertions. */
  readonly steps: { readonly atUs: number; readonly calls: readonly CallSlot[]; readonly tokens: number }[] = [];
  readonly #parts: BatchParts;
  readonly #seqs = new Map<CallSlot, Seq>();
  #batch: { readonly call: CallSlot; readonly tokens: number }[] = [];
  #isStepping = false;
  /** First tokens of the step that has just ended: told when asked to decide, so that several engines' steps of one instant are told in engine order. */
  #firstTokens: CallSlot[] = [];

  constructor(parts: BatchParts) { this.#parts = parts; }

  submit(call: CallSlot, nowUs: number): void {
    this.#seqs.set(call, { prompt: this.#parts.calls.promptTokens[call]!, done: 0, told: 0, isRunning: false });
    this.#parts.policy.arrive(call, nowUs);
  }

  abort(call: CallSlot, nowUs: number): void {
    const seq = this.#seqs.get(call);
    if (!seq) return;
    if (seq.isRunning) this.#tell(call, seq, nowUs);
    this.#seqs.delete(call);
    this.#batch = this.#batch.filter((entry) => entry.call !== call);
    this.#firstTokens = this.#firstTokens.filter((other) => other !== call);
    this.#parts.policy.cancel(call, seq.isRunning, nowUs);
  }

  /** Between steps only: a batch that runs is not torn up. */
  decide(nowUs: number): void {
    for (const call of this.#firstTokens) this.#parts.events.tokens(this.#parts.number, call, 1, nowUs);
    this.#firstTokens = [];
    if (!this.#isStepping) this.#startStep(nowUs);
  }

  signals(): EngineSignals {
    const running = [...this.#seqs.values()].filter((seq) => seq.isRunning).length;
    return { atUs: this.#parts.kernel.nowUs, running, waiting: this.#seqs.size - running, kvUse: NaN };
  }

  #startStep(nowUs: number): void {
    const { policy, tokensPerStep, maxSeqs, calls, events, number, kernel, kind, stepUs } = this.#parts;
    // Walk order, so that several demotions of one instant do not depend on this engine's bookkeeping.
    const spent: CallSlot[] = [];
    policy.walk((call) => { const seq = this.#seqs.get(call)!; if (seq.isRunning && seq.done - seq.told >= (policy.budget?.(call) ?? Infinity)) spent.push(call); return true; }, nowUs);
    for (const call of spent) this.#tell(call, this.#seqs.get(call)!, nowUs);
    let left = tokensPerStep;
    const batch: { call: CallSlot; tokens: number }[] = [];
    if (this.#seqs.size > 0) policy.walk((call) => {
      const seq = this.#seqs.get(call)!, tokens = seq.prompt > 0 ? Math.min(seq.prompt, left) : 1;
      batch.push({ call, tokens });
      left -= tokens;
      return left > 0 && batch.length < maxSeqs;
    }, nowUs);
    const reached = new Set(batch.map(({ call }) => call)), order: CallSlot[] = [];
    policy.walk((call) => { order.push(call); return true; }, nowUs);
    for (const call of order) {
      const seq = this.#seqs.get(call)!;
      if (!seq.isRunning || reached.has(call)) continue;
      this.#tell(call, seq, nowUs);
      seq.isRunning = false;
      calls.preemptions[call]!++;
      policy.preempt!(call, nowUs);
      events.preempted(number, call, nowUs);
    }
    for (const { call } of batch) {
      const seq = this.#seqs.get(call)!;
      if (seq.isRunning) continue;
      seq.isRunning = true;
      policy.grant(call, nowUs);
      if (calls.scheduledUs[call]! < 0) { calls.scheduledUs[call] = nowUs; events.scheduled(number, call, nowUs); }
    }
    this.#batch = batch;
    if (batch.length === 0) return;
    this.#isStepping = true;
    this.steps.push({ atUs: nowUs, calls: batch.map(({ call }) => call), tokens: tokensPerStep - left });
    kernel.schedule(nowUs + stepUs, kind, number);
  }

  /** The end of a step. */
  onStep(nowUs: number): void {
    const { calls, events, number, policy } = this.#parts;
    this.#isStepping = false;
    for (const { call, tokens } of this.#batch) {
      const seq = this.#seqs.get(call)!;
      if (seq.prompt > 0) { seq.prompt -= tokens; if (seq.prompt > 0) continue; }
      seq.done++;
      if (seq.done === 1) calls.firstTokenUs[call] = nowUs;
      if (seq.done < this.#parts.outputTokens(call)) { if (seq.done === 1) this.#firstTokens.push(call); continue; }
      this.#tell(call, seq, nowUs);
      this.#seqs.delete(call);
      policy.finish(call, true, nowUs);
      events.finished(number, call, nowUs, seq.done, 0);
    }
  }

  #tell(call: CallSlot, seq: Seq, nowUs: number): void {
    if (seq.done === seq.told) return;
    this.#parts.policy.progress?.(call, seq.done - seq.told, nowUs);
    seq.told = seq.done;
  }
}
