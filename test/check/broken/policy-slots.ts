// Breaks slots: takes the lowest slot among calls that came together.
import { definePolicy } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Slots extends Queue {
  override before(a: number, b: number): number { return this.calls.arrivedUs[a] - this.calls.arrivedUs[b] || a - b; }
}

export default definePolicy({ name: 'broken-slots', title: 'takes the lowest slot among calls that came together', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Slots(context) });
