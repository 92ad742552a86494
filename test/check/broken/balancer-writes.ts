// Breaks reads-only: sorts the candidates where they stand.
import { defineBalancer } from '../../../src/index.ts';
import type { LoadView } from '../../../src/index.ts';
import { Least } from '../queue.ts';

class Writes extends Least {
  override pick(_call: number, candidates: Int32Array, count: number, view: LoadView): number { return candidates.subarray(0, count).sort((a, b) => view.inFlight(b) - view.inFlight(a))[count - 1]; }
}

export default defineBalancer({ name: 'broken-writes', title: 'sorts the candidates where they stand', source: 'a test', params: {}, create: () => new Writes() });
