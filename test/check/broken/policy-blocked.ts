// Breaks never-idle: lets a call that may not go hold up those behind it.
import { definePolicy } from '../../../src/index.ts';
import type { Admits } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Blocked extends Queue {
  override first(admits: Admits): number { return this.queue.length > 0 && this.mayGo(this.queue[0], admits) ? this.queue[0] : -1; }
}

export default definePolicy({ name: 'broken-blocked', title: 'lets a call that may not go hold up those behind it', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Blocked(context) });
