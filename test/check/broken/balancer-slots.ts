// Breaks slots: spreads calls by their slot.
import { defineBalancer } from '../../../src/index.ts';
import { Least } from '../queue.ts';

class Slots extends Least {
  override pick(call: number, candidates: Int32Array, count: number): number { return candidates[call % count]; }
}

export default defineBalancer({ name: 'broken-slots', title: 'spreads calls by their slot', source: 'a test', params: {}, create: () => new Slots() });
