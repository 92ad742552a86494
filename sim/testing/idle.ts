// After a test: nothing is held and nobody waits, in a dispatcher as in a LocoScheduler.
import { SchedlabError } from '../../src/errors.ts';

/** A Dispatcher counts `running` and `waiting`, a LocoScheduler `holders` and `waiters`. */
type Counted = { readonly running: number; readonly waiting: number } | { readonly holders: number; readonly waiters: number };

/** Throws ERR_STALLED where a place was not given back or a call still waits: a lease that your code lost, or a promise that it forgot. */
export function assertIdle(scheduler: Counted): void {
  const [held, waits] = 'running' in scheduler ? [scheduler.running, scheduler.waiting] : [scheduler.holders, scheduler.waiters];
  if (held === 0 && waits === 0) return;
  throw new SchedlabError('ERR_STALLED', `${held} place${held === 1 ? ' is' : 's are'} still held and ${waits} call${waits === 1 ? '' : 's'} still wait${waits === 1 ? 's' : ''}. Release every lease, in a finally block or with run().`, { held, waits });
}
