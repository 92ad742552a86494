// Breaks waiting-count: does not count a call again that lost its place.
import { definePolicy } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Counts extends Queue {
  #count = 0;
  override get waiting(): number { return this.#count; }
  override arrive(call: number, nowUs: number): void { this.#count++; super.arrive(call, nowUs); }
  override grant(call: number, nowUs: number): void { this.#count--; super.grant(call, nowUs); }
  override cancel(call: number, wasRunning: boolean, nowUs: number): void { if (!wasRunning) this.#count--; super.cancel(call, wasRunning, nowUs); }
}

export default definePolicy({ name: 'broken-counts', title: 'does not count a call again that lost its place', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Counts(context) });
