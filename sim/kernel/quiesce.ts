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

/**
 * Resolved when the promise queue is empty. Node runs all ticks, then the whole microtask queue, and repeats: a tick queued *by a
 * microtask* is looked at only when no microtask is left. Awaited from a macrotask or a tick it would be too early.
 */
function hop(): Promise<void> { return new Promise(resolveNextTick); }

/** Made once, not once a hop. */
function resolveNextTick(resolve: () => void): void { process.nextTick(resolve); }

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
    let hops = 0;
    while (!kernel.stopped) {
      if (kernel.promisesDirty || debug) {
        kernel.promisesDirty = false;
        if (++hops % HOPS_PER_TURN === 0) await turn(); else await hop();
        if (failures.length > 0) throw failures[0];
        // What ran may have asked for another look, or for the end.
        if (kernel.promisesDirty || kernel.stopped) continue;
      }
      if (kernel.step(untilUs)) continue;
      // Nothing left to do, but a rejection may hide until a real turn, and code that escaped the clock may have scheduled meanwhile.
      await turn();
      if (failures.length > 0) throw failures[0];
      if (!hasWork(kernel, untilUs)) break;
    }
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

function hasWork(kernel: Kernel, untilUs: number): boolean {
  const nextUs = kernel.nextUs();
  return kernel.promisesDirty || kernel.dirty || (nextUs <= untilUs && nextUs !== Infinity);
}
