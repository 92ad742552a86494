// Breaks ids: prefers agents with low numbers.
import { definePolicy } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Numbers extends Queue {
  override before(a: number, b: number): number { return this.calls.agent[a] - this.calls.agent[b]; }
}

export default definePolicy({ name: 'broken-numbers', title: 'prefers agents with low numbers', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Numbers(context) });
