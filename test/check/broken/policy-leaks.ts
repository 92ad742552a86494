// Breaks memory: remembers every program that it ever met.
import { definePolicy } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Leaks extends Queue {
  readonly #seen = new Map<number, number>();
  override arrive(call: number, nowUs: number): void { this.#seen.set(this.calls.program[call], nowUs); super.arrive(call, nowUs); }
}

export default definePolicy({ name: 'broken-leaks', title: 'remembers every program that it ever met', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Leaks(context) });
