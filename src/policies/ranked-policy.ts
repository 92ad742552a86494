// What policies have in common that give every call a number and serve the least: each says the number, and when it changes.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { Admits, Answered, Policy } from './policy.ts';
import { RankedCalls } from './ranked-calls.ts';

type Order = Pick<RankedCalls, 'waiting' | 'grant' | 'preempt' | 'remove' | 'first' | 'tied' | 'walk'>;

/** O(log n) an event, O(classes met) a question. Equal numbers: in order of arrival. */
export abstract class RankedPolicy<T extends Order = RankedCalls> implements Policy {
  protected readonly calls: CallView;
  protected readonly order: T;

  constructor(calls: CallView, order: T) { this.calls = calls; this.order = order; }

  get waiting(): number { return this.order.waiting; }
  abstract arrive(call: CallSlot, nowUs: number): void;
  grant(call: CallSlot, _nowUs: number): void { this.order.grant(call); }
  preempt(call: CallSlot, _nowUs: number): void { this.order.preempt(call); }
  finish(call: CallSlot, _well: boolean, _nowUs: number): void { this.order.remove(call); }
  cancel(call: CallSlot, _wasRunning: boolean, _nowUs: number): void { this.order.remove(call); }
  first(admits: Admits, _nowUs: number): CallSlot { return this.order.first(admits); }
  walk(visit: (call: CallSlot) => boolean, _nowUs: number): void { this.order.walk(visit); }

  /** What the least number is the least of, as in `alone with <least>`. */
  protected abstract readonly least: string;
  answered(): Answered {
    const tied = this.order.tied();
    return { tied, reason: this.waiting === 1 ? 'the only call that waits' : tied === 1 ? `alone with ${this.least}` : `first to come of ${tied} with ${this.least}` };
  }
}

/** A column of numbers by slot that grows as slots are met. */
export class SlotColumn {
  #values = new Float64Array(64);
  get(call: CallSlot): number { return this.#values[call]; }
  set(call: CallSlot, value: number): void {
    if (call >= this.#values.length) { const wide = new Float64Array(Math.max(this.#values.length * 2, call + 1)); wide.set(this.#values); this.#values = wide; }
    this.#values[call] = value;
  }
}

const US_PER_MS = 1000;

/**
 * Tokens that a call has cost when it ends: what it reported while it ran, or its usage, whichever is more. Calls without any token
 * count a millisecond in service as one, as slot engines do.
 */
export function tokensServed(calls: CallView, call: CallSlot, told: number, nowUs: number): number {
  const tokens = Math.max(told, calls.outputTokens[call]);
  return tokens > 0 || calls.promptTokens[call] > 0 ? tokens : Math.round((nowUs - calls.grantedUs[call]) / US_PER_MS);
}
