// Shortest job first: the call with the least predicted output goes first, and keeps its place. Long calls wait while short ones come.
import type { CallSlot } from '../dispatch/calls.ts';
import { definePolicy, type Knowledge, type Policy, type PolicyContext } from './policy.ts';
import { RankedCalls } from './ranked-calls.ts';
import { RankedPolicy } from './ranked-policy.ts';

/** What a call costs does not change, so an order never does. O(log n) an event, O(classes met) a question. Inside an engine a shorter call takes the place of a longer one. */
class Sjf extends RankedPolicy implements Policy {
  readonly #knowledge: Knowledge;
  readonly #promptWeight: number;
  protected readonly least = 'the least predicted size';

  constructor({ calls, knowledge, options }: PolicyContext) { super(calls, new RankedCalls(calls, { keepsPlaces: true })); this.#knowledge = knowledge; this.#promptWeight = options['promptWeight'] as number; }

  override arrive(call: CallSlot): void { this.order.add(call, known(this.#knowledge.outputTokens(call)) + this.#promptWeight * this.calls.promptTokens[call]); }
  tag(call: CallSlot): number { return Math.round(this.order.majorOf(call)); }
  explain(call: CallSlot): Readonly<Record<string, number>> { const size = this.order.majorOf(call); return { score: 0 - size, size, promptTokens: this.calls.promptTokens[call] }; }
}

/** Nothing known counts as nothing: calls then go in order of arrival. */
export const known = (tokens: number): number => (tokens >= 0 ? tokens : 0);

export const sjf = definePolicy({
  name: 'sjf',
  title: 'the call with the least predicted output goes first',
  source: 'shortest job first (Smith, 1956); by predicted length: arXiv 2408.15792',
  params: {
    promptWeight: { kind: 'number', default: 0, min: 0, max: 1e6, help: 'output tokens that a prompt token counts as; 0 leaves prompts out (ours)' },
  },
  knowledge: 'estimate',
  decision: 'O(log n)',
  tag: 'its predicted size, in tokens',
  create: (context) => new Sjf(context),
});
