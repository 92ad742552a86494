// Ctrl-C while a trace is read: the reading stops at its next piece, and nothing is left behind.
import type { Io } from '../io.ts';

export interface Stop { readonly isStopped: () => boolean; end(): void }

export function stopper(io: Io): Stop {
  let stopped = false;
  const end = io.onInterrupt?.(() => { stopped = true; }) ?? ((): void => { /* Nobody interrupts. */ });
  return { isStopped: () => stopped, end };
}

/** Says that the reading was stopped, and that nothing came of it. Answers the exit code. */
export function interrupted(io: Io, file: string): number {
  io.stderr.write(`interrupted: ${file} was not read to its end, and nothing is written\n`);
  return 130;
}
