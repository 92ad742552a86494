// Breaks engines: sends an agent where it was, though that engine is down.
import { defineBalancer } from '../../../src/index.ts';
import type { CallView, LoadView } from '../../../src/index.ts';
import { Least } from '../queue.ts';

class Down extends Least {
  readonly #home = new Map<number, number>();
  readonly #calls: CallView;
  constructor(calls: CallView) { super(); this.#calls = calls; }
  override pick(call: number, candidates: Int32Array, count: number, view: LoadView): number {
    const home = this.#home.get(this.#calls.agent[call]), known = candidates.subarray(0, count);
    return home !== undefined && (known.includes(home) || this.#down.has(home)) ? home : super.pick(call, candidates, count, view);
  }
  readonly #down = new Set<number>();
  engineDown(engine: number): void { this.#down.add(engine); }
  engineUp(engine: number): void { this.#down.delete(engine); }
  routed(call: number, engine: number): void { this.#home.set(this.#calls.agent[call], engine); }
}

export default defineBalancer({ name: 'broken-down', title: 'sends an agent where it was, though that engine is down', source: 'a test', params: {}, create: ({ calls }) => new Down(calls) });
