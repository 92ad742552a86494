// Breaks asked-twice: answers the next one each time it is asked.
import { definePolicy } from '../../../src/index.ts';
import type { Admits } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Twice extends Queue {
  #asked = 0;
  override first(admits: Admits): number { const able = this.queue.filter((call) => this.mayGo(call, admits)); return able.length === 0 ? -1 : able[this.#asked++ % able.length]; }
}

export default definePolicy({ name: 'broken-twice', title: 'answers the next one each time it is asked', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Twice(context) });
