// Where the time of calls goes: shares of its parts, over the completed calls of all replications of a setting.
import type { Setting } from './settings.ts';

export interface Part {
  readonly name: string;
  readonly word: string;
  /** What the part is, for captions. */
  readonly told: string;
}

/** In the order of a call's life. */
export const PARTS: readonly Part[] = [
  { name: 'gate', word: 'gate', told: 'until it is sent to an engine' },
  { name: 'frontEnd', word: 'front end', told: 'between client and scheduler, both ways' },
  { name: 'engineWait', word: 'engine wait', told: 'in the engine’s queue' },
  { name: 'prefill', word: 'prefill', told: 'until its first token' },
  { name: 'decode', word: 'decode', told: 'from token to token' },
  { name: 'preempted', word: 'preempted', told: 'thrown out' },
  { name: 'recomputed', word: 'recomputed', told: 'until it has caught up again' },
];

export interface Split {
  readonly setting: Setting;
  readonly calls: number;
  /** Mean response in seconds. */
  readonly meanS: number;
  /** Of the parts, in their order. */
  readonly shares: readonly number[];
}

/** Settings whose runs say where the time went; with nothing completed there is no share. */
export function splitsOf(settings: readonly Setting[]): readonly Split[] {
  return settings.flatMap((setting) => {
    const told = setting.runs.flatMap((r) => (r.detail.split ? [r.detail.split] : [])),
      calls = told.reduce((n, s) => n + s.calls, 0),
      seconds = PARTS.map(({ name }) => told.reduce((sum, s) => sum + (s.seconds[name] ?? 0), 0)),
      total = seconds.reduce((a, b) => a + b, 0);
    return calls > 0 && total > 0 ? [{ setting, calls, meanS: total / calls, shares: seconds.map((s) => s / total) }] : [];
  });
}
