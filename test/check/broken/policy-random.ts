// Breaks random: draws with Math.random, so that no run can be repeated.
import { definePolicy } from '../../../src/index.ts';
import type { Admits } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Random extends Queue {
  override first(admits: Admits): number { const able = this.queue.filter((call) => this.mayGo(call, admits)); return able[Math.floor(Math.random() * able.length)] ?? -1; }
}

export default definePolicy({ name: 'broken-random', title: 'draws with Math.random, so that no run can be repeated', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Random(context) });
