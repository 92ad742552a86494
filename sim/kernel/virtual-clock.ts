// The Clock port on a kernel: what production code is handed in virtual time. Owns the kernel's `onDry` once `settle` is used.
import { assert } from '../../src/errors.ts';
import type { Clock, TimerId } from '../../src/clock.ts';
import type { Kernel } from './kernel.ts';
import type { WaiterSource } from './stalled-error.ts';

/** Timer ids are slot + generation × this, so that the id of a timer that has fired or was cleared is stale. */
const SLOT_LIMIT = 2 ** 26;

/**
 * Timers live in the kernel's deadline heap; `settle` callbacks run when the instant is dry, those that they add in the next round.
 * Wherever this clock calls production code or settles its promises it sets `kernel.promisesDirty`, so that the async driver lets the
 * promise queue run dry before the next event. All calls are O(log n) in the timers armed.
 */
export class VirtualClock implements Clock {
  readonly kernel: Kernel;
  readonly #timerKind: number;
  readonly #sleepKind: number;
  #timers: ((() => void) | null)[] = [];
  #handles: number[] = [];
  #generations: number[] = [];
  #freeTimers: number[] = [];
  #sleepers: (((value: void) => void) | null)[] = [];
  #freeSleepers: number[] = [];
  #settling: ((() => unknown) | null)[] = [];
  #settled: ((() => unknown) | null)[] = [];
  #settlingCount = 0;
  readonly #waiters = new Set<() => string>();
  readonly #sources = new Set<WaiterSource>();

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.#timerKind = kernel.handler((slot) => this.#fireTimer(slot));
    this.#sleepKind = kernel.handler((slot) => this.#wake(slot));
  }

  now(): number { return this.kernel.nowUs; }

  setTimer(delayUs: number, fn: () => void): TimerId {
    const slot = this.#freeTimers.pop() ?? this.#newTimer();
    // Negative delays count as zero; fractions round up, so that no wake-up comes before its cause.
    this.#handles[slot] = this.kernel.scheduleDeadline(this.kernel.nowUs + Math.ceil(Math.max(0, delayUs)), this.#timerKind, slot);
    this.#timers[slot] = fn;
    return this.#generations[slot]! * SLOT_LIMIT + slot;
  }

  clearTimer(id: TimerId): void {
    const slot = id % SLOT_LIMIT;
    if (this.#generations[slot] !== Math.floor(id / SLOT_LIMIT) || this.#timers[slot] === null) return;
    this.kernel.cancelDeadline(this.#handles[slot]!);
    this.#freeTimer(slot);
  }

  settle(fn: () => unknown): void {
    const kernel = this.kernel;
    if (kernel.onDry !== this.#onDry) {
      assert(kernel.onDry === null, 'one owner of the end of the instant: kernel.onDry is taken, so settle() cannot be used on this kernel');
      kernel.onDry = this.#onDry;
    }
    this.#settling[this.#settlingCount++] = fn;
    kernel.dirty = true;
  }

  /** Timers that are armed. */
  get armed(): number { return this.#timers.length - this.#freeTimers.length; }

  /** Resolves after `delayUs`; fractions round up. */
  sleep(delayUs: number): Promise<void> { return this.sleepUntil(this.kernel.nowUs + Math.max(0, delayUs)); }

  /** Resolves at `atUs`, at once where that is past; fractions round up. */
  sleepUntil(atUs: number): Promise<void> {
    const kernel = this.kernel;
    return new Promise((resolve) => {
      const slot = this.#freeSleepers.pop() ?? this.#sleepers.push(null) - 1;
      this.#sleepers[slot] = resolve;
      kernel.schedule(Math.max(kernel.nowUs, Math.ceil(atUs)), this.#sleepKind, slot);
    });
  }

  /** For adapters: production code was called, or a promise that it awaits was settled, outside this clock. */
  markDirty(): void { this.kernel.promisesDirty = true; }

  /** Registers somebody who waits for something that only a later event can bring. Call the result when the wait has ended. */
  waiter(name: string | (() => string)): () => void {
    // A fresh function is its own identity, so that equal names count twice.
    const entry = (): string => (typeof name === 'string' ? name : name());
    this.#waiters.add(entry);
    return () => { this.#waiters.delete(entry); };
  }

  /** Registers a keeper of many waiters, who counts them itself and names them only when asked. Costs nothing per wait. */
  addWaiters(source: WaiterSource): () => void {
    this.#sources.add(source);
    return () => { this.#sources.delete(source); };
  }

  /** Everybody registered, for the check at the end of a run. */
  *waiterSources(): Iterable<WaiterSource> {
    const entries = [...this.#waiters];
    yield { count: () => entries.length, names: (limit) => entries.slice(0, limit).map((name) => name()) };
    yield* this.#sources;
  }

  readonly #onDry = (): void => {
    const due = this.#settling, count = this.#settlingCount;
    this.#settling = this.#settled;
    this.#settled = due;
    this.#settlingCount = 0;
    for (let i = 0; i < count; i++) {
      const settle = due[i]!;
      due[i] = null;
      if (settle() !== false) this.kernel.promisesDirty = true;
    }
  };

  #fireTimer(slot: number): void {
    const fn = this.#timers[slot]!;
    this.#freeTimer(slot);
    this.kernel.promisesDirty = true;
    fn();
  }

  #wake(slot: number): void {
    const resolve = this.#sleepers[slot]!;
    this.#sleepers[slot] = null;
    this.#freeSleepers.push(slot);
    this.kernel.promisesDirty = true;
    resolve();
  }

  #newTimer(): number {
    this.#generations.push(1);
    this.#handles.push(0);
    return this.#timers.push(null) - 1;
  }

  #freeTimer(slot: number): void {
    this.#timers[slot] = null;
    this.#generations[slot]!++;
    this.#freeTimers.push(slot);
  }
}
