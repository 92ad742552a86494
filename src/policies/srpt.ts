// Shortest remaining processing time: the call that has least left to produce goes first, and takes the place of one that has more.
import type { CallSlot } from '../dispatch/calls.ts';
import { definePolicy, type Knowledge, type Policy, type PolicyContext } from './policy.ts';
import { RankedCalls } from './ranked-calls.ts';
import { RankedPolicy } from './ranked-policy.ts';
import { known } from './sjf.ts';

/**
 * Least mean response on one server that can stop its calls, with true sizes; a bound, not a rival. Engines tell what was produced;
 * at a gate, which hears nothing of it, this is `sjf`. A prediction that was too short leaves nothing, and the call goes on first.
 * O(log n) an event, O(classes met) a question.
 */
class Srpt extends RankedPolicy implements Policy {
  readonly #knowledge: Knowledge;
  readonly needsAllProgress = true;
  protected readonly least = 'the least left to produce';

  constructor({ calls, knowledge }: PolicyContext) { super(calls, new RankedCalls(calls, { keepsPlaces: true })); this.#knowledge = knowledge; }

  override arrive(call: CallSlot): void { this.order.add(call, known(this.#knowledge.outputTokens(call))); }
  progress(call: CallSlot, tokens: number): void { this.order.move(call, Math.max(0, this.order.majorOf(call) - tokens)); }
  tag(call: CallSlot): number { return Math.round(this.order.majorOf(call)); }
  explain(call: CallSlot): Readonly<Record<string, number>> { const left = this.order.majorOf(call); return { score: 0 - left, left }; }
}

export const srpt = definePolicy({
  name: 'srpt',
  title: 'the call with the least left to produce goes first, and may take a place',
  source: 'Schrage, 1968; by predicted length: TRAIL, arXiv 2410.01035',
  params: {},
  knowledge: 'estimate',
  decision: 'O(log n)',
  tag: 'what it has left to produce when it is sent, in tokens',
  create: (context) => new Srpt(context),
});
