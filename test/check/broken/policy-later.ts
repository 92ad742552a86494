// Breaks shells: leaves part of its work to a promise.
import { definePolicy } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Later extends Queue {
  readonly #settled = new Set<number>();
  override arrive(call: number, nowUs: number): void { super.arrive(call, nowUs); void Promise.resolve().then(() => { this.#settled.add(call); this.sort(); }); }
  override before(a: number, b: number): number { return Number(this.#settled.has(a)) - Number(this.#settled.has(b)) || super.before(a, b); }
}

export default definePolicy({ name: 'broken-later', title: 'leaves part of its work to a promise', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Later(context) });
