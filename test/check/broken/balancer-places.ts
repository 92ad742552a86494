// Breaks candidates: answers a place in the list instead of the engine that stands there.
import { defineBalancer } from '../../../src/index.ts';
import { Least } from '../queue.ts';

class Places extends Least {
  override pick(_call: number, candidates: Int32Array, count: number): number { return candidates[0] === 0 && count > 1 ? 1 : 0; }
}

export default defineBalancer({ name: 'broken-places', title: 'answers a place in the list instead of the engine that stands there', source: 'a test', params: {}, create: () => new Places() });
