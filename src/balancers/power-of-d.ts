// Power of d: draw d different engines, take the less loaded. Nearly as good as asking all, and far better when the view is old.
import type { RandomSource } from '../random.ts';
import { defineBalancer, type Balancer, type LoadView } from './balancer.ts';
import { LeastTie } from './ties.ts';

/** O(d). Draws d of the candidates without replacement by a partial shuffle of a copy. */
class PowerOfD implements Balancer {
  readonly #d: number;
  readonly #random: RandomSource;
  readonly #tie: LeastTie;
  #bag = new Int32Array(16);

  constructor(d: number, random: RandomSource) { this.#d = d; this.#random = random; this.#tie = new LeastTie(random); }

  pick(_call: number, candidates: Int32Array, count: number, view: LoadView): number {
    if (count > this.#bag.length) this.#bag = new Int32Array(count * 2);
    for (let i = 0; i < count; i++) this.#bag[i] = candidates[i];
    this.#tie.start();
    for (let i = 0; i < Math.min(this.#d, count); i++) {
      const j = i + Math.floor(this.#random() * (count - i)), drawn = this.#bag[j];
      this.#bag[j] = this.#bag[i];
      this.#bag[i] = drawn;
      this.#tie.offer(drawn, view.inFlight(drawn));
    }
    return this.#tie.choose();
  }
}

export const powerOfD = defineBalancer({
  name: 'power-of-d',
  title: 'the less loaded of d drawn at random',
  source: 'Mitzenmacher, IEEE TPDS 12(10), 2001; Vvedenskaya, Dobrushin and Karpelevich, 1996',
  params: { d: { kind: 'number', default: 2, min: 1, max: 1024, integer: true, help: 'engines drawn' } },
  create: ({ random, options }) => new PowerOfD(options['d'] as number, random),
});
