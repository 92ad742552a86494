// Ctrl-C: once finishes the cells that have begun, twice stops now. Both leave a folder that can be read and resumed.
import type { StopSignal } from '../../sim/experiment/types.ts';
import type { Io } from './io.ts';

export interface Interrupts { readonly signal: StopSignal; stop(): void }

/** Listens until `stop`. `before` clears what stands on the terminal line. */
export function listen(io: Io, before: () => void): Interrupts {
  const signal: StopSignal = { stopRequested: 0 };
  const stop = io.onInterrupt?.(() => {
    before();
    if (signal.stopRequested === 0) {
      signal.stopRequested = 1;
      io.stderr.write('interrupted: cells that have begun are finished first; Ctrl-C again stops now\n');
    } else signal.stopRequested = 2;
  });
  return { signal, stop: stop ?? (() => { /* nobody listens */ }) };
}
