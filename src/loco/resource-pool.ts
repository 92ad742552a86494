// Several resources held at once. They are taken in the order of their names and given back in reverse, so that no two calls can block each other.
import { SystemClock, type Clock } from '../clock.ts';
import { SchedlabError } from '../errors.ts';
import { unknownName } from '../options.ts';
import { endWith, LocoScheduler, type LocoOptions } from './scheduler.ts';
import type { LocoAcquireOptions, LocoLease } from './leases.ts';

export interface ResourcePoolOptions {
  /** Capacity, or the options of its scheduler, by resource. */
  readonly resources: Readonly<Record<string, number | Omit<LocoOptions, 'clock'>>>;
  /** One clock for all. Default: the machine's. */
  readonly clock?: Clock | undefined;
}

export interface PoolAcquireOptions extends Omit<LocoAcquireOptions, 'keepTask'> {
  /** Weight of the call's task at each resource. Default 1. */
  readonly weight?: number | undefined;
}

/** What a pool's body receives: the leases, in the order in which they were taken. */
export interface PoolLease { readonly agent: string; readonly leases: ReadonlyMap<string, LocoLease> }

/** One LOCO scheduler a resource. A call waits at one resource at a time and keeps what it has taken. */
export class ResourcePool {
  readonly #schedulers = new Map<string, LocoScheduler>();
  readonly #clock: Clock;

  constructor(options: ResourcePoolOptions) {
    this.#clock = options.clock ?? new SystemClock();
    for (const [name, given] of Object.entries(options.resources)) {
      this.#schedulers.set(name, new LocoScheduler({ ...(typeof given === 'number' ? { capacity: given } : given), clock: this.#clock }));
    }
    if (this.#schedulers.size === 0) throw new SchedlabError('ERR_USAGE', 'a resource pool needs at least one resource.');
  }

  /** Names in the order in which they are taken. */
  get resources(): readonly string[] { return [...this.#schedulers.keys()].sort(); }

  /** The scheduler of one resource, for its figures. ERR_OPTION_UNKNOWN where there is none. */
  resource(name: string): LocoScheduler {
    const scheduler = this.#schedulers.get(name);
    if (!scheduler) throw unknownName('resource', name, this.resources, 'this pool');
    return scheduler;
  }

  /**
   * Runs `body` while all named resources are held, and answers with its result. Names given twice count once.
   * Every name is checked before anything is taken; `timeoutMs` is for the whole wait; whatever ends the call gives everything back.
   */
  async acquire<T>(agent: string, names: readonly string[], body: (lease: PoolLease) => T | PromiseLike<T>, options: PoolAcquireOptions = {}): Promise<T> {
    const order = [...new Set(names)].sort();
    if (order.length === 0) throw new SchedlabError('ERR_USAGE', `agent ${JSON.stringify(agent)} asked for no resource. Name at least one of: ${this.resources.join(', ')}.`);
    const schedulers = order.map((name) => this.resource(name));
    const startUs = this.#clock.now();
    const leases = new Map<string, LocoLease>();
    let result: T;
    try {
      for (const [i, scheduler] of schedulers.entries()) leases.set(order[i], await this.#take(scheduler, agent, options, startUs));
      result = await body({ agent, leases });
    } catch (error) {
      for (const lease of [...leases.values()].reverse()) endWith(lease, error);
      throw error;
    }
    giveBack([...leases.values()].reverse());
    return result;
  }

  /** Shuts every resource down; the sums of what each answered. */
  async shutdown(options: { readonly timeoutMs?: number } = {}): Promise<{ readonly cancelledWaiters: number; readonly activeHolders: number }> {
    const all = await Promise.all([...this.#schedulers.values()].map((scheduler) => scheduler.shutdown(options)));
    return { cancelledWaiters: all.reduce((n, r) => n + r.cancelledWaiters, 0), activeHolders: all.reduce((n, r) => n + r.activeHolders, 0) };
  }

  #take(scheduler: LocoScheduler, agent: string, options: PoolAcquireOptions, startUs: number): Promise<LocoLease> {
    scheduler.submit(agent, { weight: options.weight });
    const leftMs = options.timeoutMs === undefined ? undefined : Math.max(0, options.timeoutMs - (this.#clock.now() - startUs) / 1000);
    return scheduler.acquireStart(agent, { timeoutMs: leftMs, signal: options.signal });
  }
}

/** Releases all, though a listener may throw at one; the first error is told when all are back. */
function giveBack(leases: readonly LocoLease[]): void {
  const errors: unknown[] = [];
  for (const lease of leases) {
    try { lease.release(); } catch (error) { errors.push(error); }
  }
  if (errors.length > 0) throw errors[0];
}
