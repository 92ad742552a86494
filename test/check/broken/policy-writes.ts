// Breaks reads-only: ages the weights of calls in the table that it is handed to read.
import { definePolicy } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Writes extends Queue {
  override grant(call: number, nowUs: number): void { for (const other of this.queue) this.calls.weight[other]++; super.grant(call, nowUs); }
}

export default definePolicy({ name: 'broken-writes', title: 'ages the weights of calls in the table that it is handed to read', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Writes(context) });
