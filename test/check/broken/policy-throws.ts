// Breaks throws: has never seen a call lose its place.
import { definePolicy } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Throws extends Queue {
  override preempt(): void { throw new TypeError('calls are never preempted here'); }
}

export default definePolicy({ name: 'broken-throws', title: 'has never seen a call lose its place', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Throws(context) });
