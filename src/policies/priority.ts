// Priority with ageing: urgent calls first, by class or weight; a wait is worth levels, so that nobody waits for ever.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { ParamValues } from '../options.ts';
import { definePolicy, type Policy } from './policy.ts';
import { RankedCalls } from './ranked-calls.ts';
import { RankedPolicy } from './ranked-policy.ts';

const US_PER_S = 1e6;

/**
 * Rank: level − wait ÷ ageing, least first. All waits grow alike, so the order of two calls never changes: level + arrival ÷ ageing
 * says the same once and for all. O(log n) an event, O(classes met) a question.
 */
class Priority extends RankedPolicy implements Policy {
  readonly #byClass: boolean;
  readonly #ageingS: number;
  protected readonly least = 'the most urgent rank';

  constructor(calls: CallView, options: ParamValues) { super(calls, new RankedCalls(calls)); this.#byClass = options['by'] === 'class'; this.#ageingS = options['ageing'] as number; }

  override arrive(call: CallSlot): void { this.order.add(call, this.#levelOf(call) + (this.#ageingS > 0 ? this.calls.arrivedUs[call] / US_PER_S / this.#ageingS : 0)); }
  /** Levels where nobody ages, thousandths of a level where levels are weights; else the instant, in µs, at which a call of level 0 would have the same rank. */
  tag(call: CallSlot): number { return this.#ageingS > 0 ? Math.round(this.#levelOf(call) * this.#ageingS * US_PER_S + this.calls.arrivedUs[call]) : Math.round(this.#levelOf(call) * (this.#byClass ? 1 : 1000)); }
  explain(call: CallSlot, nowUs: number): Readonly<Record<string, number>> { return { score: 0 - this.order.majorOf(call), level: this.#levelOf(call), waitS: (nowUs - this.calls.arrivedUs[call]) / US_PER_S }; }

  #levelOf(call: CallSlot): number { return this.#byClass ? this.calls.callClass[call] : 0 - this.calls.weight[call]; }
}

export const priority = definePolicy({
  name: 'priority',
  title: 'urgent calls first, by class or weight; waiting makes urgent',
  source: 'Cobham, 1954; ageing: Kleinrock, 1964',
  params: {
    by: { kind: 'choice', default: 'class', values: ['class', 'weight'], help: 'level of a call: its class, the first the most urgent; or its weight, the most the most urgent' },
    ageing: { kind: 'number', default: 10, min: 0, max: 1e9, unit: 's', help: 'wait that is worth one level; 0: levels alone count, and the least urgent may starve (ours)' },
  },
  knowledge: 'none',
  decision: 'O(log n)',
  tag: 'its level, with ageing its arrival moved back by what the level is worth: waits grow alike, so the order is exact',
  create: ({ calls, options }) => new Priority(calls, options),
});
