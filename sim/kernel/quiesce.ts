// The async driver: promise code under virtual time. The only file that names process.nextTick and setImmediate.
import { stalled } from './stalled-error.ts';
import type { Kernel } from './kernel.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Hops between two real turns of the event loop, which let unhandled rejections, signals and progress output through. */
const HOPS_PER_TURN = 1024;

export interface RunAsyncOptions {
  /** Starts the clients, in the phase in which the driver works. A promise that it returns counts as a waiter, and its rejection ends the run. */
  readonly start?: () => void | Promise<unknown>;
  /** Events at exactly this time are taken, later ones stay. */
  readonly untilUs?: number;
  /** Hops after every event, dirty or not: slower, and equal in its results unless a dirty flag is missing. */
  readonly debug?: boolean;
}

/** One real turn of the event loop. */
function turn(): Promise<void> { return new Promise((resolve) => { setImmediate(resolve); }); }

/**
 * Runs the kernel with promise code on it, until no event is left, one is later than `untilUs`, or `kernel.stop()` was called.
 * After every event that may have settled a promise the promise queue runs dry before the next one; only then may an instant end.
 * Sound for promises, thenables, async iterators and combinators of any depth; not for code that chains process.nextTick itself.
 * @throws the first rejection that nobody handled (as a live process would die of it), or what `start` or a handler threw
 * @throws ERR_STALLED when no event is left and somebody registered with the clock still waits
 * @throws ERR_ZENO when time does not move
 */
export async function runAsync(kernel: Kernel, clock: VirtualClock, options: RunAsyncOptions = {}): Promise<void> {
  const untilUs = options.untilUs ?? Infinity, debug = options.debug === true;
  const failures: unknown[] = [];
  const onRejection = (reason: unknown): void => { failures.push(reason); };
  process.on('unhandledRejection', onRejection);
  let endOfStart: (() => void) | undefined;
  try {
    // From here on every hop starts in microtask phase.
    await turn();
    kernel.stopped = false;
    kernel.promisesDirty = true;
    const started = options.start?.();
    if (started !== undefined) {
      endOfStart = clock.waiter('the function given as start');
      started.then(endOfStart, onRejection);
    }
    await drive(kernel, untilUs, debug, failures);
    if (kernel.stopped) {
      await turn();
      if (failures.length > 0) throw failures[0];
      return;
    }
    if (kernel.nextUs() === Infinity) {
      const error = stalled(kernel.nowUs, clock.waiterSources());
      if (error !== null) throw error;
    }
    // No event is left to take: this moves the clock to the horizon, as a synchronous run does.
    kernel.run(untilUs);
  } finally {
    endOfStart?.();
    process.off('unhandledRejection', onRejection);
  }
}

const RESOLVED = Promise.resolve();

/**
 * The loop itself, as callbacks: half the price of awaiting a promise for each hop. Node runs all ticks, then the whole microtask queue,
 * and repeats: a tick queued *by a microtask* is looked at only when no microtask is left. So a hop is a microtask that queues a tick:
 * queued directly from a tick or a macrotask it would come too early.
 */
function drive(kernel: Kernel, untilUs: number, debug: boolean, failures: readonly unknown[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let hops = 0, hasHopped = false;
    const loop = (): void => {
      try {
        if (go()) resolve();
      } catch (error) { reject(error as Error); }
    };
    const arm = (): void => { process.nextTick(loop); };
    const hop = (): false => { hasHopped = true; void RESOLVED.then(arm); return false; };
    const realTurn = (): false => { setImmediate(hop); return false; };
    let isLastLook = false;
    /** Takes events until a hop is due, and answers false; true: nothing is left to do. */
    const go = (): boolean => {
      if (failures.length > 0) throw failures[0];
      if (isLastLook && !hasWork(kernel, untilUs)) return true;
      isLastLook = false;
      while (!kernel.stopped) {
        if (kernel.promisesDirty || (debug && !hasHopped)) {
          kernel.promisesDirty = false;
          return ++hops % HOPS_PER_TURN === 0 ? realTurn() : hop();
        }
        hasHopped = false;
        if (kernel.step(untilUs)) continue;
        // Nothing left to do, but a rejection may hide until a real turn, and code that escaped the clock may have scheduled meanwhile.
        isLastLook = true;
        return realTurn();
      }
      return true;
    };
    loop();
  });
}

function hasWork(kernel: Kernel, untilUs: number): boolean {
  const nextUs = kernel.nextUs();
  return kernel.promisesDirty || kernel.dirty || (nextUs <= untilUs && nextUs !== Infinity);
}
