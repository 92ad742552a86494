// Breaks memory: remembers since when a program has used a tool, and never forgets it.
import { definePolicy } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Tools extends Queue {
  readonly #since = new Map<number, number>();
  toolStart(program: number, nowUs: number): void { this.#since.set(program, nowUs); }
}

export default definePolicy({ name: 'broken-tools', title: 'remembers who used a tool', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Tools(context) });
