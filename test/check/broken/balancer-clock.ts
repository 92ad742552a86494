// Breaks clock: spreads by the time of day.
import { defineBalancer } from '../../../src/index.ts';
import { Least } from '../queue.ts';

class Clock extends Least {
  override pick(_call: number, candidates: Int32Array, count: number): number { return candidates[new Date().getMilliseconds() % count]; }
}

export default defineBalancer({ name: 'broken-clock', title: 'spreads by the time of day', source: 'a test', params: {}, create: () => new Clock() });
