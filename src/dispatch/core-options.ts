// What a core is made from, and the refusal of what it cannot be made from.
import type { Balancer } from '../balancers/balancer.ts';
import { SchedlabError } from '../errors.ts';
import type { Lifecycle, ReceiptListener } from '../observe/lifecycle.ts';
import type { Policy } from '../policies/policy.ts';
import type { CallSlot, CallTable } from './calls.ts';

export interface CoreOptions {
  readonly calls: CallTable;
  /** late: one queue, the engine is chosen at the grant; immediate: the engine is chosen at arrival and has a queue of its own. */
  readonly dispatch: 'late' | 'immediate';
  /** Calls in flight per engine, by engine; Infinity: unlimited. */
  readonly windows: readonly number[];
  /** Calls that may wait; Infinity: unlimited. */
  readonly maxWaiters: number;
  /** One policy for `late`, one per engine for `immediate`. */
  readonly createPolicy: (engine: number) => Policy;
  readonly balancer: Balancer;
  /** Refresh interval of the balancer's load view in µs; 0: exact. */
  readonly viewRefreshUs?: number;
  readonly lifecycle: Lifecycle;
  readonly receipts?: ReceiptListener;
}

/** Calls in flight of an engine: a whole number, 0 to pause it, or Infinity. */
export function checkWindow(window: number): void {
  if (!(window >= 0) || (window !== Infinity && !Number.isInteger(window))) throw new SchedlabError('ERR_OPTION_RANGE', `window accepts a whole number from 0, or Infinity, received ${window}.`, { window });
}

export function checkEngine(engine: number, engines: number): void {
  if (!(engine >= 0 && engine < engines && Number.isInteger(engine))) throw new SchedlabError('ERR_ENGINE_UNKNOWN', `there is no engine ${engine}: engines are numbered from 0 to ${engines - 1} in the order in which they were added.`, { engine });
}

/** Thrown, not asserted with details: the hot path must not build an object to say that all is well. */
export function broken(what: string, call: CallSlot, engine: number): SchedlabError {
  return new SchedlabError('ERR_INVARIANT', `invariant broken: ${what}`, { call, engine });
}
