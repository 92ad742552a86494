// Where the time of programs of several calls goes along their paths: mean shares, and mean seconds, of each setting.
import type { Setting } from './settings.ts';
import { INK } from './tokens.ts';

export interface PathPart {
  /** In `detail.path`, and behind `path.` in the dictionary. */
  readonly name: string;
  readonly metric: string;
  readonly word: string;
  /** What the part is, for captions. */
  readonly told: string;
  readonly fill: string;
  readonly ink: string;
}

const part = (name: string, word: string, told: string, fill: string, ink: string): PathPart => ({ name, metric: `path.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`, word, told, fill, ink });

/** In the order of a node's life. Service in grey, what is lost in the ramp of harm, what lies outside the engines in colours of its own. */
export const PATH_PARTS: readonly PathPart[] = [
  part('thinking', 'pauses', 'a human, or a wait that the program asks for', INK.c3, INK.page),
  part('gate', 'gate', 'until a call is sent to an engine', INK.s2, INK.text),
  part('frontEnd', 'front end', 'between client and scheduler, both ways', INK.set, INK.text),
  part('engineWait', 'engine wait', 'in the engine’s queue', INK.s3, INK.text),
  part('prefill', 'prefill', 'until the first token', INK.c8, INK.page),
  part('decode', 'decode', 'from token to token', INK.axis, INK.text),
  part('service', 'service', 'served, where calls have no tokens', INK.grid, INK.text),
  part('preempted', 'preempted', 'thrown out', INK.s4, INK.page),
  part('recomputed', 'recomputed', 'until it has caught up again', INK.s5, INK.page),
  part('backoff', 'backoff', 'between a lost attempt and the next', INK.c2, INK.page),
  part('toolQueue', 'tool queue', 'until a tool has a place', INK.c7, INK.page),
  part('tool', 'tool', 'while it runs', INK.c6, INK.page),
  part('siblings', 'siblings', 'the path is done, what must come beside it is not', INK.c5, INK.page),
];

export interface PathSplit {
  readonly setting: Setting;
  readonly programs: number;
  /** Mean response in seconds, and the parts of it. */
  readonly meanS: number;
  readonly seconds: readonly number[];
  /** Mean over programs of the share of each part. */
  readonly shares: readonly number[];
}

/** Settings in which programs of several calls have completed. */
export function pathsOf(settings: readonly Setting[]): readonly PathSplit[] {
  return settings.flatMap((setting) => {
    const told = setting.runs.flatMap((r) => (r.detail.path ? [r.detail.path] : [])),
      programs = told.reduce((n, p) => n + p.programs, 0);
    if (programs === 0) return [];
    const seconds = PATH_PARTS.map(({ name }) => told.reduce((sum, p) => sum + (p.seconds[name] ?? 0), 0) / programs),
      shares = PATH_PARTS.map(({ metric }) => setting.cell.metrics[metric]?.mean ?? 0);
    return [{ setting, programs, seconds, shares, meanS: seconds.reduce((a, b) => a + b, 0) }];
  });
}

/** Places of the parts that occur anywhere. */
export const occurring = (splits: readonly PathSplit[]): readonly number[] => PATH_PARTS.flatMap((_, p) => (splits.some(({ seconds }) => seconds[p] > 0) ? [p] : []));
