// Breaks memory: remembers where every program went.
import { defineBalancer } from '../../../src/index.ts';
import type { CallView } from '../../../src/index.ts';
import { Least } from '../queue.ts';

class Leaks extends Least {
  readonly #went = new Map<number, number>();
  readonly #calls: CallView;
  constructor(calls: CallView) { super(); this.#calls = calls; }
  routed(call: number, engine: number): void { this.#went.set(this.#calls.program[call], engine); }
}

export default defineBalancer({ name: 'broken-leaks', title: 'remembers where every program went', source: 'a test', params: {}, create: ({ calls }) => new Leaks(calls) });
