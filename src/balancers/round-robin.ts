// Round robin: engines in turn, full ones skipped. Needs no load signal; good for equal calls, poor for unequal ones.
import type { Answered } from '../policies/policy.ts';
import { defineBalancer, type Balancer } from './balancer.ts';

/** O(candidates). The turn moves on from the engine that was chosen last. */
class RoundRobinBalancer implements Balancer {
  #last = -1;

  pick(_call: number, candidates: Int32Array, count: number): number {
    let chosen = candidates[0];
    for (let i = 0; i < count; i++) if (candidates[i] > this.#last) { chosen = candidates[i]; break; }
    this.#last = chosen;
    return chosen;
  }

  answered(): Answered { return { tied: 1, reason: 'its turn' }; }
}

export const roundRobin = defineBalancer({
  name: 'round-robin',
  title: 'engines in turn',
  source: 'the classic',
  params: {},
  create: () => new RoundRobinBalancer(),
});
