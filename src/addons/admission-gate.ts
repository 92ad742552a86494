// Puts an admission before policies: calls of programs that are held wait here, and the policy hears of them when their program is let in.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { Policy } from '../policies/policy.ts';
import type { Admission } from './admission.ts';

/** A call that waits outside, and the queue that it came to. */
interface Held { readonly call: CallSlot; readonly policy: Policy }

/**
 * One for all queues of a dispatcher, so that a program is in or out everywhere. O(1) a call beside the admission's own; calls of one program
 * go on in the order in which they came. Whatever the policy can do is passed on; whether it sits at a gate or before an engine, it cannot tell.
 */
export class AdmissionGate {
  readonly admission: Admission;
  readonly #calls: CallView;
  /** By program. */
  readonly #held = new Map<number, Held[]>();
  #count = 0;
  readonly #letIn: (program: number) => void;
  #nowUs = 0;

  constructor(admission: Admission, calls: CallView) {
    this.admission = admission;
    this.#calls = calls;
    this.#letIn = (program) => { this.#release(program); };
  }

  /** Calls that wait outside. */
  get held(): number { return this.#count; }

  programEnd(program: number, nowUs: number): void { this.admission.programEnd(program, nowUs); }

  review(nowUs: number): void {
    if (this.admission.wakeUs > nowUs) return;
    this.#nowUs = nowUs;
    this.admission.review(nowUs, this.#letIn);
  }

  /** The same policy behind this gate. */
  before(inner: Policy): Policy {
    const { admission } = this, held = (): number => this.#count, hold = (call: CallSlot): void => { this.#hold(call, inner); }, drop = (call: CallSlot): boolean => this.#drop(call);
    return {
      get waiting() { return inner.waiting; },
      get held() { return held(); },
      get wakeUs() { return admission.wakeUs; },
      review: (nowUs) => { this.review(nowUs); },
      arrive(call, nowUs) { if (admission.arrive(call, nowUs)) inner.arrive(call, nowUs); else hold(call); },
      grant(call, nowUs) { inner.grant(call, nowUs); },
      finish(call, well, nowUs) { admission.finish(call, well, nowUs); inner.finish(call, well, nowUs); },
      cancel(call, wasRunning, nowUs) {
        if (!wasRunning && drop(call)) { admission.withdraw(call, nowUs); return; }
        admission.cancel(call, nowUs);
        inner.cancel(call, wasRunning, nowUs);
      },
      programEnd(program, nowUs) { admission.programEnd(program, nowUs); inner.programEnd?.(program, nowUs); },
      first(admits, nowUs) { return inner.first(admits, nowUs); },
      walk(visit, nowUs) { inner.walk(visit, nowUs); },
      ...(inner.progress && { progress: (call: CallSlot, tokens: number, nowUs: number) => { inner.progress!(call, tokens, nowUs); } }),
      ...(inner.preempt && { preempt: (call: CallSlot, nowUs: number) => { inner.preempt!(call, nowUs); } }),
      ...(inner.toolStart && { toolStart: (program: number, nowUs: number) => { inner.toolStart!(program, nowUs); } }),
      ...(inner.toolEnd && { toolEnd: (program: number, nowUs: number) => { inner.toolEnd!(program, nowUs); } }),
      ...(inner.budget && { budget: (call: CallSlot) => inner.budget!(call) }),
      ...(inner.nextChangeUs && { nextChangeUs: (nowUs: number) => inner.nextChangeUs!(nowUs) }),
      ...(inner.needsAllProgress === undefined ? {} : { needsAllProgress: inner.needsAllProgress }),
      ...(inner.explain && { explain: (call: CallSlot, nowUs: number) => inner.explain!(call, nowUs) }),
      ...(inner.candidates && { candidates: (...asked: Parameters<NonNullable<Policy['candidates']>>) => { inner.candidates!(...asked); } }),
      ...(inner.answered && { answered: (nowUs: number) => inner.answered!(nowUs) }),
      ...(inner.tally && { tally: () => inner.tally!() }),
      ...(inner.metrics && { metrics: () => inner.metrics!() }),
    } satisfies Policy;
  }

  #hold(call: CallSlot, policy: Policy): void {
    const program = this.#calls.program[call], list = this.#held.get(program);
    if (list === undefined) this.#held.set(program, [{ call, policy }]); else list.push({ call, policy });
    this.#count++;
  }

  /** True where the call was held. O(held calls of its program). */
  #drop(call: CallSlot): boolean {
    const program = this.#calls.program[call], list = this.#held.get(program), at = list?.findIndex((one) => one.call === call) ?? -1;
    if (list === undefined || at < 0) return false;
    list.splice(at, 1);
    if (list.length === 0) this.#held.delete(program);
    this.#count--;
    return true;
  }

  #release(program: number): void {
    const list = this.#held.get(program);
    if (list === undefined) return;
    this.#held.delete(program);
    this.#count -= list.length;
    for (const { call, policy } of list) policy.arrive(call, this.#nowUs);
  }
}
