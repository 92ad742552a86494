// A policy and a balancer that keep their contracts, for the broken ones to spoil at one place each. Not a test.
import type { Admits, Balancer, CallSlot, CallView, LoadView, Policy, PolicyContext } from '../../src/index.ts';

/** First come, first served, with a list and nothing else. */
export class Queue implements Policy {
  readonly calls: CallView;
  readonly context: PolicyContext;
  queue: CallSlot[] = [];
  running: CallSlot[] = [];

  constructor(context: PolicyContext) { this.calls = context.calls; this.context = context; }

  get waiting(): number { return this.queue.length; }
  arrive(call: CallSlot, _nowUs: number): void { this.queue.push(call); this.sort(); }
  grant(call: CallSlot, _nowUs: number): void { drop(this.queue, call); this.running.push(call); }
  preempt(call: CallSlot, _nowUs: number): void { drop(this.running, call); this.queue.push(call); this.sort(); }
  finish(call: CallSlot, _well: boolean, _nowUs: number): void { drop(this.running, call); }
  cancel(call: CallSlot, wasRunning: boolean, _nowUs: number): void { drop(wasRunning ? this.running : this.queue, call); }
  first(admits: Admits, _nowUs: number): CallSlot { return this.queue.find((call) => this.mayGo(call, admits)) ?? -1; }
  walk(visit: (call: CallSlot) => boolean, _nowUs: number): void { for (const call of [...this.running, ...this.queue]) if (!visit(call)) return; }

  mayGo(call: CallSlot, admits: Admits): boolean { return admits.open[this.calls.pin[call] + 1] === 1; }
  sort(): void { this.queue.sort((a, b) => this.before(a, b) || this.calls.key[a] - this.calls.key[b]); }
  before(a: CallSlot, b: CallSlot): number { return this.calls.arrivedUs[a] - this.calls.arrivedUs[b]; }
}

export function drop<T>(list: T[], item: T): void { const at = list.indexOf(item); if (at >= 0) list.splice(at, 1); }

/** The least busy engine, the lowest number where there are several. */
export class Least implements Balancer {
  pick(_call: CallSlot, candidates: Int32Array, count: number, view: LoadView): number {
    return Array.from(candidates.subarray(0, count)).reduce((best, engine) => (view.inFlight(engine) < view.inFlight(best) ? engine : best));
  }
}
