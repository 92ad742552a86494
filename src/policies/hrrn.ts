// Highest response ratio next: age against size, so that short calls go first and every call's turn comes.
import type { CallSlot } from '../dispatch/calls.ts';
import { definePolicy, type Policy, type PolicyContext } from './policy.ts';
import { SlotColumn, tokensServed } from './ranked-policy.ts';
import { engineOf, ScannedPolicy } from './scanned-policy.ts';

const US_PER_MS = 1000;

/**
 * Ratio: (age + estimate) ÷ estimate. Estimate: prompt tokens that were not cached when the call arrived, at least one, and with
 * `predictedOutput` the predicted output. Age: tokens that were processed here since the call arrived, so that a slow engine ages nobody; or
 * time, a millisecond counting as a token. A ratio grows without bound, so nobody starves. Orders what waits and takes no place.
 * O(1) an event; a question looks at every waiting call, O(n): ratios grow at different rates, so that no order stands until something happens.
 */
class Hrrn extends ScannedPolicy implements Policy {
  readonly #context: PolicyContext;
  readonly #inTokens: boolean;
  readonly #estimate = new SlotColumn();
  /** Tokens that were processed here before the call came. */
  readonly #before = new SlotColumn();
  readonly #told = new SlotColumn();
  #processed = 0;
  protected readonly most = 'the highest ratio of age to size';

  constructor(context: PolicyContext) { super(context.calls); this.#context = context; this.#inTokens = context.options['age'] === 'tokens'; }

  override arrive(call: CallSlot, nowUs: number): void {
    const { calls, knowledge, options } = this.#context, cached = knowledge.cachedTokens(call, engineOf(calls, call));
    const output = options['predictedOutput'] === true ? knowledge.outputTokens(call) : 0;
    this.#estimate.set(call, Math.max(1, calls.promptTokens[call] - cached + (output >= 0 ? output : 0)));
    this.#before.set(call, this.#processed);
    this.#told.set(call, 0);
    super.arrive(call, nowUs);
  }

  progress(call: CallSlot, tokens: number): void { this.#told.set(call, this.#told.get(call) + tokens); this.#processed += tokens; }

  override finish(call: CallSlot, well: boolean, nowUs: number): void {
    const told = this.#told.get(call);
    this.#processed += tokensServed(this.calls, call, told, nowUs) - told + Math.max(0, this.calls.promptTokens[call] - this.calls.cachedTokens[call]);
    super.finish(call, well, nowUs);
  }

  protected override scoreOf(call: CallSlot, nowUs: number): number { return 1 + this.#ageOf(call, nowUs) / this.#estimate.get(call); }
  explain(call: CallSlot, nowUs: number): Readonly<Record<string, number>> { return { score: this.scoreOf(call, nowUs), age: this.#ageOf(call, nowUs), estimate: this.#estimate.get(call) }; }

  #ageOf(call: CallSlot, nowUs: number): number { return this.#inTokens ? this.#processed - this.#before.get(call) : (nowUs - this.calls.arrivedUs[call]) / US_PER_MS; }
}

export const hrrn = definePolicy({
  name: 'hrrn',
  title: 'the call with the highest ratio of age to size goes first; nobody starves',
  source: 'Brinch Hansen, 1971; aged in tokens: SGLang, 32911',
  params: {
    age: { kind: 'choice', default: 'tokens', values: ['tokens', 'seconds'], help: 'how a waiting call ages: by tokens processed since it came, or by time' },
    predictedOutput: { kind: 'flag', default: false, help: 'size counts the predicted output, too: asks for knowledge=estimate' },
  },
  knowledge: 'none',
  decision: 'O(n)',
  asks: (options) => (options['predictedOutput'] === true ? 'estimate' : 'none'),
  create: (context) => new Hrrn(context),
});
