// Breaks numbers: answers undefined where no call may go.
import { definePolicy } from '../../../src/index.ts';
import type { Admits } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Undefined extends Queue {
  override first(admits: Admits): number { return this.queue.filter((call) => this.mayGo(call, admits))[0]; }
}

export default definePolicy({ name: 'broken-undefined', title: 'answers undefined where no call may go', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Undefined(context) });
