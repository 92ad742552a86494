// The Clock port, and the system clock: the one file in src/ that names setTimeout. Times are integer microseconds.

export type TimerId = number;

/** All that decision code may know of time. Both worlds implement it; nobody else does. */
export interface Clock {
  /** Now, in integer microseconds from an arbitrary start; never decreases. */
  now(): number;
  /** Calls `fn` once, not before `delayUs` from now. Fractions round up, so that a wake-up never comes before its cause. */
  setTimer(delayUs: number, fn: () => void): TimerId;
  /** Forgets a timer; a stale id is a no-op. */
  clearTimer(id: TimerId): void;
  /**
   * Calls `fn` once when the present instant is dry: virtual, when no event of this microsecond is left; live, a microtask later.
   * `fn` may answer false: it settled no promise and called nobody else's code, so no promise queue has to run dry after it.
   */
  settle(fn: () => unknown): void;
}

/** The machine's monotonic clock. Timers longer than 2^31 ms are armed in steps. */
export class SystemClock implements Clock {
  readonly #startMs = performance.now();
  readonly #timers = new Map<TimerId, ReturnType<typeof setTimeout>>();
  #nextId: TimerId = 1;

  now(): number { return Math.floor((performance.now() - this.#startMs) * 1000); }

  setTimer(delayUs: number, fn: () => void): TimerId {
    const id = this.#nextId++;
    const dueUs = this.now() + Math.max(0, Math.ceil(delayUs));
    const arm = (): void => {
      const leftMs = (dueUs - this.now()) / 1000;
      if (leftMs <= 0) { this.#timers.delete(id); fn(); return; }
      this.#timers.set(id, setTimeout(arm, Math.min(Math.ceil(leftMs), 0x7fffffff)));
    };
    this.#timers.set(id, setTimeout(arm, Math.min(Math.max(0, Math.ceil(delayUs / 1000)), 0x7fffffff)));
    return id;
  }

  clearTimer(id: TimerId): void {
    const timer = this.#timers.get(id);
    if (timer === undefined) return;
    clearTimeout(timer);
    this.#timers.delete(id);
  }

  settle(fn: () => unknown): void { queueMicrotask(fn as () => void); }
}
