// Breaks random: draws with crypto.
import { defineBalancer } from '../../../src/index.ts';
import { randomInt } from 'node:crypto';
import { Least } from '../queue.ts';

class Random extends Least {
  override pick(_call: number, candidates: Int32Array, count: number): number { return candidates[randomInt(count)]; }
}

export default defineBalancer({ name: 'broken-random', title: 'draws with crypto', source: 'a test', params: {}, create: () => new Random() });
