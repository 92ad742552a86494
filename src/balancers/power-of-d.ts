// Power of d: draw d different engines, take the less loaded. Nearly as good as asking all, and far better when the view is old.
import type { Answered } from '../policies/policy.ts';
import type { RandomSource } from '../random.ts';
import { defineBalancer, type Balancer, type LoadView } from './balancer.ts';
import { LeastTie } from './ties.ts';

/** O(d). Draws d of the candidates without replacement by a partial shuffle of a copy. */
class PowerOfD implements Balancer {
  readonly #d: number;
  readonly #random: RandomSource;
  readonly #tie: LeastTie;
  #bag = new Int32Array(16);
  #drawn = 0;

  constructor(d: number, random: RandomSource) { this.#d = d; this.#random = random; this.#tie = new LeastTie(random); }

  pick(_call: number, candidates: Int32Array, count: number, view: LoadView): number {
    if (count > this.#bag.length) this.#bag = new Int32Array(count * 2);
    for (let i = 0; i < count; i++) this.#bag[i] = candidates[i];
    this.#tie.start();
    this.#drawn = Math.min(this.#d, count);
    for (let i = 0; i < this.#drawn; i++) {
      const j = i + Math.floor(this.#random() * (count - i)), drawn = this.#bag[j];
      this.#bag[j] = this.#bag[i];
      this.#bag[i] = drawn;
      this.#tie.offer(drawn, view.inFlight(drawn));
    }
    return this.#tie.choose();
  }

  /** Engines that were not drawn were not looked at: they have no score. */
  explain(_call: number, engine: number, view: LoadView): Readonly<Record<string, number>> {
    return this.#bag.subarray(0, this.#drawn).includes(engine) ? { score: 0 - view.inFlight(engine), inFlight: view.inFlight(engine), drawn: 1 } : { drawn: 0 };
  }

  answered(): Answered {
    const { tied } = this.#tie;
    return { tied, reason: tied === 1 ? `fewest calls in flight of ${this.#drawn} drawn` : `drawn among ${tied} with the fewest calls in flight, of ${this.#drawn} drawn` };
  }
}

export const powerOfD = defineBalancer({
  name: 'power-of-d',
  title: 'the less loaded of d drawn at random',
  source: 'Mitzenmacher, IEEE TPDS 12(10), 2001; Vvedenskaya, Dobrushin and Karpelevich, 1996',
  params: { d: { kind: 'number', default: 2, min: 1, max: 1024, integer: true, help: 'engines drawn' } },
  create: ({ random, options }) => new PowerOfD(options['d'] as number, random),
});
