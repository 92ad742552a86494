// First come, first served: calls in the order of their arrival, whoever sends them. Starves nobody and favours whoever sends most.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import { CallList } from './call-list.ts';
import { ClassQueues } from './class-queues.ts';
import { definePolicy, type Admits, type Policy } from './policy.ts';

/** O(1) for every event and question; O(calls) for a walk. Calls of one instant stand in the order of their keys. */
class Fcfs implements Policy {
  readonly #queue: ClassQueues;
  readonly #running = new CallList();

  constructor(calls: CallView) { this.#queue = new ClassQueues(calls); }

  get waiting(): number { return this.#queue.size; }
  arrive(call: CallSlot): void { this.#queue.append(call); }
  grant(call: CallSlot): void { this.#queue.remove(call); this.#running.append(call); }
  preempt(call: CallSlot): void { this.#running.remove(call); this.#queue.prepend(call); }
  finish(call: CallSlot): void { this.#running.remove(call); }
  cancel(call: CallSlot, wasRunning: boolean): void { if (wasRunning) this.#running.remove(call); else this.#queue.remove(call); }
  first(admits: Admits): CallSlot { return this.#queue.first(admits); }

  walk(visit: (call: CallSlot) => boolean): void {
    for (let call = this.#running.head; call >= 0; call = this.#running.after(call)) if (!visit(call)) return;
    this.#queue.walk(visit);
  }
}

export const fcfs = definePolicy({
  name: 'fcfs',
  title: 'first come, first served',
  source: 'the default of vLLM and of every queue',
  params: {},
  knowledge: 'none',
  create: ({ calls }) => new Fcfs(calls),
});
