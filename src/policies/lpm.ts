// Longest prefix match: the waiting call of whose prompt the most is cached goes first. Good for throughput and the median; cold calls wait and wait.
import type { CallSlot } from '../dispatch/calls.ts';
import { definePolicy, type Knowledge, type Policy, type PolicyContext } from './policy.ts';
import { engineOf, ScannedPolicy } from './scanned-policy.ts';

const US_PER_S = 1e6;

/**
 * Score: cached prompt tokens + ageing × wait. Without ageing a call with nothing cached waits for as long as warmer ones come. While more than
 * `matchLimit` calls wait it is first come, first served, because matching prefixes of all of them costs too much. What runs keeps its place.
 * O(1) an event; a question looks at every waiting call, O(n), and asks what is cached of at most `matchLimit`.
 */
class Lpm extends ScannedPolicy implements Policy {
  readonly #knowledge: Knowledge;
  readonly #limit: number;
  readonly #ageing: number;
  protected readonly most = 'the longest cached prefix';

  constructor({ calls, knowledge, options }: PolicyContext) { super(calls); this.#knowledge = knowledge; this.#limit = options['matchLimit'] as number; this.#ageing = options['ageing'] as number; }

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
