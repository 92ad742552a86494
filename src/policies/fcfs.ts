// First come, first served: calls in the order of their arrival, whoever sends them. Starves nobody and favours whoever sends most.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import { ArrivalOrder } from './arrival-order.ts';
import { definePolicy, type Admits, type Policy } from './policy.ts';

/** O(1) for every event and question; O(calls) for a walk. Calls of one instant stand in the order of their keys. */
class Fcfs implements Policy {
  readonly #order: ArrivalOrder;

  constructor(calls: CallView) { this.#order = new ArrivalOrder(calls); }

  get waiting(): number { return this.#order.waiting; }
  arrive(call: CallSlot): void { this.#order.append(call); }
  grant(call: CallSlot): void { this.#order.grant(call); }
  preempt(call: CallSlot): void { this.#order.preempt(call); }
  finish(call: CallSlot): void { this.#order.removeRunning(call); }
  cancel(call: CallSlot, wasRunning: boolean): void { if (wasRunning) this.#order.removeRunning(call); else this.#order.removeWaiting(call); }
  first(admits: Admits): CallSlot { return this.#order.first(admits); }
  walk(visit: (call: CallSlot) => boolean): void { this.#order.walk(visit); }
  /** Equal tags go by arrival. */
  tag(): number { return 0; }
}

export const fcfs = definePolicy({
  name: 'fcfs',
  title: 'first come, first served',
  source: 'the default of vLLM and of every queue',
  params: {},
  knowledge: 'none',
  decision: 'O(1)',
  tag: '0: equal tags go in order of arrival',
  create: ({ calls }) => new Fcfs(calls),
});
