// Breaks again: counts in the module whose turn it is.
import { defineBalancer } from '../../../src/index.ts';
import { Least } from '../queue.ts';

let turn = 0;

class Shared extends Least {
  override pick(_call: number, candidates: Int32Array, count: number): number { return candidates[turn++ % count]; }
}

export default defineBalancer({ name: 'broken-shared', title: 'counts in the module whose turn it is', source: 'a test', params: {}, create: () => new Shared() });
