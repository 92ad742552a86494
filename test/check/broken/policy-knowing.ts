// Breaks knowledge: asks for output lengths, and declares that it knows nothing.
import { definePolicy } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Knowing extends Queue {
  override arrive(call: number, nowUs: number): void { this.expected = this.context.knowledge.outputTokens(call); super.arrive(call, nowUs); }
  expected = 0;
}

export default definePolicy({ name: 'broken-knowing', title: 'asks for output lengths, and declares that it knows nothing', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Knowing(context) });
