// Breaks open-only: answers the head of its queue, whether it may go or not.
import { definePolicy } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Closed extends Queue {
  override first(): number { return this.queue[0] ?? -1; }
}

export default definePolicy({ name: 'broken-closed', title: 'answers the head of its queue, whether it may go or not', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Closed(context) });
