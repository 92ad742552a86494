// A Clock that moves only when told: for scripts with one operation at a time, each decided before the next.
import type { Clock, TimerId } from '../../src/clock.ts';

export class ManualClock implements Clock {
  #nowUs = 0;
  #nextId: TimerId = 1;
  readonly #timers = new Map<TimerId, { readonly dueUs: number; readonly fn: () => void }>();
  #settling: (() => void)[] = [];

  now(): number { return this.#nowUs; }
  setTimer(delayUs: number, fn: () => void): TimerId {
    const id = this.#nextId++;
    this.#timers.set(id, { dueUs: this.#nowUs + Math.max(0, Math.ceil(delayUs)), fn });
    return id;
  }
  clearTimer(id: TimerId): void { this.#timers.delete(id); }
  settle(fn: () => void): void { this.#settling.push(fn); }

  /** Ends the present instant: promise code runs dry, then what waits for the end of the instant runs, until neither is left. */
  async settled(): Promise<void> {
    for (;;) {
      await dry();
      if (this.#settling.length === 0) return;
      const due = this.#settling;
      this.#settling = [];
      for (const fn of due) fn();
    }
  }

  /** Lets time pass: timers fire at their instants, each instant is settled before the next. */
  async advance(byUs: number): Promise<void> {
    const endUs = this.#nowUs + byUs;
    await this.settled();
    for (;;) {
      let next: TimerId | undefined, dueUs = Infinity;
      for (const [id, timer] of this.#timers) if (timer.dueUs < dueUs) { next = id; dueUs = timer.dueUs; }
      if (next === undefined || dueUs > endUs) break;
      const { fn } = this.#timers.get(next)!;
      this.#timers.delete(next);
      this.#nowUs = Math.max(this.#nowUs, dueUs);
      fn();
      await this.settled();
    }
    this.#nowUs = endUs;
  }
}

/** One turn of the event loop: every promise that can go on has gone on. */
function dry(): Promise<void> { return new Promise((resolve) => { setImmediate(resolve); }); }
