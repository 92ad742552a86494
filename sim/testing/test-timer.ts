// What setTimeout answers with on a test's clock: as in Node, one kind for timers and intervals.
import type { TimerId } from '../../src/clock.ts';

/** `ref` and `unref` change nothing: a virtual clock never keeps a process alive. */
export class TestTimer {
  /** The timer of the clock that is armed at present; another one for each round of an interval. */
  armed: TimerId = 0;
  ref(): this { return this; }
  unref(): this { return this; }
  hasRef(): boolean { return false; }
  [Symbol.toPrimitive](): TimerId { return this.armed; }
}
