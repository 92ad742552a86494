// Least loaded: the engine with the fewest calls in flight, as far as the view knows; ties drawn at random.
import type { Answered } from '../policies/policy.ts';
import { defineBalancer, type Balancer, type LoadView } from './balancer.ts';
import { LeastTie } from './ties.ts';

/** O(candidates). With fresh counts this is join-the-shortest-queue; with old ones it herds. */
class LeastLoaded implements Balancer {
  readonly #tie: LeastTie;
  constructor(tie: LeastTie) { this.#tie = tie; }

  pick(_call: number, candidates: Int32Array, count: number, view: LoadView): number {
    this.#tie.start();
    for (let i = 0; i < count; i++) this.#tie.offer(candidates[i], view.inFlight(candidates[i]));
    return this.#tie.choose();
  }

  explain(_call: number, engine: number, view: LoadView): Readonly<Record<string, number>> { return { score: 0 - view.inFlight(engine), inFlight: view.inFlight(engine) }; }

  answered(): Answered {
    const { tied } = this.#tie;
    return { tied, reason: tied === 1 ? 'fewest calls in flight' : `drawn among ${tied} engines with the fewest calls in flight` };
  }
}

export const leastLoaded = defineBalancer({
  name: 'least-loaded',
  title: 'fewest calls in flight, ties at random',
  source: 'join the shortest queue',
  params: {},
  create: ({ random }) => new LeastLoaded(new LeastTie(random)),
});
