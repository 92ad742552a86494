// Longest prefix match: the waiting call of whose prompt the most is cached goes first. Good for throughput and the median; cold calls wait and wait.
import type { CallSlot } from '../dispatch/calls.ts';
import { definePolicy, type Admits, type Knowledge, type Policy, type PolicyContext } from './policy.ts';
import { RankedCalls } from './ranked-calls.ts';
import { engineOf, ScannedPolicy } from './scanned-policy.ts';

const US_PER_S = 1e6;

/**
 * Score: cached prompt tokens + ageing × wait. Without ageing a call with nothing cached waits for as long as warmer ones come. While more than
 * `matchLimit` calls wait it is first come, first served, because matching prefixes of all of them costs too much. What runs keeps its place.
 * O(log n) an event; a question looks at all that waits, which are `matchLimit` calls at most, or at the oldest alone.
 */
class Lpm extends ScannedPolicy implements Policy {
  readonly #knowledge: Knowledge;
  readonly #limit: number;
  readonly #ageing: number;
  /** What waits, oldest first: the order above the limit. */
  readonly #oldest: RankedCalls;
  protected readonly most = 'the longest cached prefix';

  constructor({ calls, knowledge, options }: PolicyContext) { super(calls); this.#oldest = new RankedCalls(calls); this.#knowledge = knowledge; this.#limit = options['matchLimit'] as number; this.#ageing = options['ageing'] as number; }

  override arrive(call: CallSlot, nowUs: number): void { this.#oldest.add(call, 0); super.arrive(call, nowUs); }
  override grant(call: CallSlot, nowUs: number): void { this.#oldest.remove(call); super.grant(call, nowUs); }
  override preempt(call: CallSlot, nowUs: number): void { this.#oldest.add(call, 0); super.preempt(call, nowUs); }
  override cancel(call: CallSlot, wasRunning: boolean, nowUs: number): void { if (!wasRunning) this.#oldest.remove(call); super.cancel(call, wasRunning, nowUs); }

  protected override best(admits: Admits, nowUs: number): CallSlot { return this.waiting > this.#limit ? this.#oldest.first(admits) : super.best(admits, nowUs); }
  protected override walkWaiting(visit: (call: CallSlot) => boolean, nowUs: number): void { if (this.waiting > this.#limit) this.#oldest.walk(visit); else super.walkWaiting(visit, nowUs); }

  protected override scoreOf(call: CallSlot, nowUs: number): number {
    return this.waiting > this.#limit ? 0 : this.#knowledge.cachedTokens(call, engineOf(this.calls, call)) + this.#ageing * ((nowUs - this.calls.arrivedUs[call]) / US_PER_S);
  }

  explain(call: CallSlot, nowUs: number): Readonly<Record<string, number>> {
    return { score: this.scoreOf(call, nowUs), cachedTokens: this.#knowledge.cachedTokens(call, engineOf(this.calls, call)), promptTokens: this.calls.promptTokens[call], waitS: (nowUs - this.calls.arrivedUs[call]) / US_PER_S };
  }
}

export const lpm = definePolicy({
  name: 'lpm',
  title: 'the call with the longest cached prefix goes first; cold calls may wait very long',
  source: 'SGLang, longest prefix match',
  params: {
    matchLimit: { kind: 'number', default: 128, min: 0, max: 1e9, integer: true, unit: 'calls', help: 'while more calls wait, it is first come, first served' },
    ageing: { kind: 'number', default: 0, min: 0, max: 1e9, unit: 'tokens/s', help: 'cached tokens that a second of waiting is worth; 0: cold calls may starve (ours)' },
  },
  knowledge: 'none',
  decision: 'O(log n)',
  create: (context) => new Lpm(context),
});
