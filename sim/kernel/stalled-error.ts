// The error of a run that cannot go on: no event is left, and somebody still waits.
import { SchedlabError } from '../../src/errors.ts';

/** Names written out in the message; the rest is counted. */
const NAMED = 10;

/** Somebody who may wait: a shell with its queue, an engine with its batch. Asked only when a run has stalled. */
export interface WaiterSource {
  /** How many wait now. */
  count(): number;
  /** Names of at most `limit` of them. */
  names(limit: number): readonly string[];
}

/** No event is left while waiters exist. `details.waiters` holds the names, `details.count` how many there are. */
export class StalledError extends SchedlabError {
  readonly waiters: readonly string[];

  constructor(nowUs: number, waiters: readonly string[], count: number) {
    const rest = count > waiters.length ? ` and ${count - waiters.length} more` : '';
    super('ERR_STALLED', `the run stalled at ${nowUs} µs: no event is left, but ${count} still ${count === 1 ? 'waits' : 'wait'}: ${waiters.join(', ')}${rest}. Something that they wait for was never released or never scheduled`, { nowUs, waiters, count });
    this.name = 'StalledError';
    this.waiters = waiters;
  }
}

/** Asks the sources; null when nobody waits. */
export function stalled(nowUs: number, sources: Iterable<WaiterSource>): StalledError | null {
  const names: string[] = [];
  let count = 0;
  for (const source of sources) {
    const waiting = source.count();
    count += waiting;
    if (waiting > 0 && names.length < NAMED) names.push(...source.names(NAMED - names.length));
  }
  return count === 0 ? null : new StalledError(nowUs, names, count);
}
