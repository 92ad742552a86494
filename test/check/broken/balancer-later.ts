// Breaks shells: moves on to the next engine in a promise.
import { defineBalancer } from '../../../src/index.ts';
import { Least } from '../queue.ts';

class Later extends Least {
  #turn = 0;
  override pick(_call: number, candidates: Int32Array, count: number): number { void Promise.resolve().then(() => { this.#turn++; }); return candidates[this.#turn % count]; }
}

export default defineBalancer({ name: 'broken-later', title: 'moves on to the next engine in a promise', source: 'a test', params: {}, create: () => new Later() });
