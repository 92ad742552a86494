// Breaks walk-first: answers the newest call, and walks from the oldest.
import { definePolicy } from '../../../src/index.ts';
import type { Admits } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Order extends Queue {
  override first(admits: Admits): number { return this.queue.findLast((call) => this.mayGo(call, admits)) ?? -1; }
}

export default definePolicy({ name: 'broken-order', title: 'answers the newest call, and walks from the oldest', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Order(context) });
