// Finds the first event in which two runs differ, without keeping either run in memory.
import { SchedlabError } from '../../src/errors.ts';
import { OrderDigest } from './digest.ts';

const WINDOW_EVENTS = 4096;
const AROUND = 8;

/** One event as the digest sees it. */
export interface EventRow { readonly index: number; readonly timeUs: number; readonly kind: number; readonly a: number; readonly b: number }

export type EventSink = (timeUs: number, kind: number, a: number, b: number) => void;
/** Replays a run from its start and feeds every event to the sink, the same each time. */
export type Replay = (sink: EventSink) => void;

export interface Windows {
  /** Events in all. */
  readonly events: number;
  /** Digest of everything up to the end of each window of 4,096 events; the last one may be shorter. */
  readonly digests: readonly string[];
}

export interface Divergence {
  /** Number of the first event that differs, from 0. */
  readonly index: number;
  /** That event in each run; null where the run had ended. */
  readonly a: EventRow | null;
  readonly b: EventRow | null;
  /** The last events that both share, and what each run did next (the differing event included). */
  readonly before: readonly EventRow[];
  readonly afterA: readonly EventRow[];
  readonly afterB: readonly EventRow[];
}

/** Replays a run once and keeps a running digest every `windowEvents` events. */
export function recordWindows(replay: Replay, windowEvents = WINDOW_EVENTS): Windows {
  const digest = new OrderDigest(), digests: string[] = [];
  replay((timeUs, kind, a, b) => {
    digest.mix(timeUs, kind, a, b);
    if (digest.count % windowEvents === 0) digests.push(digest.hex());
  });
  if (digest.count % windowEvents !== 0) digests.push(digest.hex());
  return { events: digest.count, digests };
}

/**
 * The first event in which two runs differ, null where they are equal. Replays each run twice: once for digests, once for the window in
 * which they part, which is found by bisection (digests run on, so after the first difference they stay different).
 * @throws ERR_INVARIANT when a second replay of a run is not the first one again
 */
export function firstDivergence(runA: Replay, runB: Replay, windowEvents = WINDOW_EVENTS): Divergence | null {
  const windowsA = recordWindows(runA, windowEvents), windowsB = recordWindows(runB, windowEvents);
  const window = firstDifference(windowsA.digests, windowsB.digests);
  if (window < 0) return null;
  const fromIndex = Math.max(0, window * windowEvents - AROUND), toIndex = (window + 1) * windowEvents + AROUND;
  const rowsA = rowsOf('A', runA, windowsA, fromIndex, toIndex), rowsB = rowsOf('B', runB, windowsB, fromIndex, toIndex);
  let at = 0;
  while (at < rowsA.length && at < rowsB.length && same(rowsA[at]!, rowsB[at]!)) at++;
  return {
    index: fromIndex + at,
    a: rowsA[at] ?? null,
    b: rowsB[at] ?? null,
    before: rowsA.slice(Math.max(0, at - AROUND), at),
    afterA: rowsA.slice(at, at + AROUND),
    afterB: rowsB.slice(at, at + AROUND),
  };
}

/** Index of the first entry that differs or that only one has, −1 where there is none. */
function firstDifference(a: readonly string[], b: readonly string[]): number {
  let low = 0, high = Math.min(a.length, b.length);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (a[middle] === b[middle]) low = middle + 1; else high = middle;
  }
  return low === a.length && low === b.length ? -1 : low;
}

function rowsOf(name: string, replay: Replay, first: Windows, fromIndex: number, toIndex: number): EventRow[] {
  const rows: EventRow[] = [];
  let index = 0;
  const digest = new OrderDigest();
  replay((timeUs, kind, a, b) => {
    if (index >= fromIndex && index < toIndex) rows.push({ index, timeUs, kind, a, b });
    digest.mix(timeUs, kind, a, b);
    index++;
  });
  if (index !== first.events || (index > 0 && digest.hex() !== first.digests.at(-1))) {
    throw new SchedlabError('ERR_INVARIANT', `run ${name} replayed differently the second time (${first.events} events, then ${index}): it is not deterministic by itself; compare it with itself first`, { run: name });
  }
  return rows;
}

function same(a: EventRow, b: EventRow): boolean { return a.timeUs === b.timeUs && a.kind === b.kind && a.a === b.a && a.b === b.b; }
