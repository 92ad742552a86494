// Breaks numbers: divides by a use of the cache that nobody reports.
import { defineBalancer } from '../../../src/index.ts';
import type { LoadView } from '../../../src/index.ts';
import { Least } from '../queue.ts';

class Nan extends Least {
  override pick(_call: number, candidates: Int32Array, count: number, view: LoadView): number { return candidates[Math.floor(view.kvUse(candidates[0]) * count)] as number; }
}

export default defineBalancer({ name: 'broken-nan', title: 'divides by a use of the cache that nobody reports', source: 'a test', params: {}, create: () => new Nan() });
