// Breaks clock: orders by the machine's clock instead of the time that it is told.
import { definePolicy } from '../../../src/index.ts';
import { Queue } from '../queue.ts';

class Clock extends Queue {
  readonly #came = new Map<number, number>();
  override arrive(call: number, nowUs: number): void { this.#came.set(call, performance.now()); super.arrive(call, nowUs); }
  override cancel(call: number, wasRunning: boolean, nowUs: number): void { this.#came.delete(call); super.cancel(call, wasRunning, nowUs); }
}

export default definePolicy({ name: 'broken-clock', title: 'orders by the machine\'s clock instead of the time that it is told', source: 'a test', params: {}, knowledge: 'none', create: (context) => new Clock(context) });
