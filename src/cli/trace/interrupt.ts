// Ctrl-C while a trace is read: the reading stops at its next piece, and nothing is left behind.
import type { Io } from '../io.ts';

export interface Stop { readonly isStopped: () => boolean; end(): void }

export function stopper(io: Io): Stop {
  let stopped = false;
  const end = io.onInterrupt?.(() => { stopped = true; }) ?? ((): void => { /* Nobody interrupts. */ });
  return { isStopped: () => stopped, end };
}

/** Exit code of what was interrupted. */
export const INTERRUPTED = 130;
