// Tools that programs share: pools of places, each with a queue of its own, first come, first served.
import { SchedlabError } from '../errors.ts';

export interface ToolPool {
  readonly name: string;
  /** Programs that it serves at once; Infinity: all that come. */
  readonly places: number;
}

interface Waiter<R> { readonly run: R; readonly node: number }

/** O(1) an event. Who asks in one instant must ask in an order that does not depend on chance. */
export class ToolPools<R> {
  readonly pools: readonly ToolPool[];
  readonly busy: Int32Array;
  /** Most that have waited at once. */
  readonly longest: Int32Array;
  readonly #queues: Waiter<R>[][];
  /** Heads of the queues: what is before has gone. */
  readonly #heads: Int32Array;

  constructor(pools: readonly ToolPool[]) {
    this.pools = pools;
    this.busy = new Int32Array(pools.length);
    this.longest = new Int32Array(pools.length);
    this.#heads = new Int32Array(pools.length);
    this.#queues = pools.map(() => []);
  }

  waiting(pool: number): number { return this.#queues[pool]!.length - this.#heads[pool]!; }

  /** True: a place is taken at once. False: who asks waits in the queue. Throws ERR_OPTION_RANGE for a pool that is not there. */
  take(pool: number, run: R, node: number): boolean {
    if (pool >= this.pools.length) throw new SchedlabError('ERR_OPTION_RANGE', `pool of node ${node} is −1 or the place of one of ${this.pools.length} pools, from 0, received ${pool}. Name the pool among the tools, or use one that is there.`, { node, pool });
    if (this.busy[pool]! < this.pools[pool]!.places && this.waiting(pool) === 0) { this.busy[pool]!++; return true; }
    this.#queues[pool]!.push({ run, node });
    this.longest[pool] = Math.max(this.longest[pool]!, this.waiting(pool));
    return false;
  }

  free(pool: number): void { this.busy[pool]!--; }

  /** The next who gets a place that is free now, and has it; `stillWants` false: it has gone meanwhile. */
  next(pool: number, stillWants: (run: R, node: number) => boolean): Waiter<R> | undefined {
    const queue = this.#queues[pool]!;
    while (this.busy[pool]! < this.pools[pool]!.places && this.#heads[pool]! < queue.length) {
      const waiter = queue[this.#heads[pool]!++]!;
      if (this.#heads[pool]! * 2 > queue.length) { queue.splice(0, this.#heads[pool]!); this.#heads[pool] = 0; }
      if (!stillWants(waiter.run, waiter.node)) continue;
      this.busy[pool]!++;
      return waiter;
    }
    return undefined;
  }
}
