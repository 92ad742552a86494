// Engines over time as the report reads them: bins joined until they can be drawn, quotients of sums, and the range over single engines.
import type { EngineCourse, EngineSeriesRecord } from '../sim/results.ts';
import type { Setting } from './settings.ts';
import type { Study } from './study.ts';

/** Points of a line in a small panel. */
const MOST_POINTS = 60;

export type Measure = 'running' | 'waiting' | 'kvUse' | 'hits' | 'preempted' | 'decode' | 'prefill' | 'busy';
export const MEASURES: readonly Measure[] = ['running', 'waiting', 'kvUse', 'hits', 'preempted', 'decode', 'prefill', 'busy'];

/** A value of one engine over a stretch of time, with the lowest and highest of the engines. Null: nothing to divide by. */
export interface Span {
  readonly fromS: number;
  readonly toS: number;
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface EngineRun {
  readonly setting: Setting;
  readonly record: EngineSeriesRecord;
}

/** The drawn run of each coloured setting that has batch engines. */
export const engineRuns = (study: Study): readonly EngineRun[] =>
  study.featured.flatMap((setting) => {
    const record = setting.runs.find((r) => r.detail.engines && r.detail.engines.endS > 0)?.detail.engines;
    return record ? [{ setting, record }] : [];
  });

type Level = 'busy' | 'running' | 'waiting' | 'kvUse';
type Count = 'steps' | 'decodeTokens' | 'prefillTokens' | 'promptTokens' | 'cachedTokens' | 'preemptions';

/** Sum of a column between two instants; a bin on an edge counts with its part. Levels are areas in seconds. */
function between(course: EngineCourse, name: Level | Count, isLevel: boolean, endS: number, fromS: number, toS: number): number {
  const values = course[name];
  let sum = 0;
  for (let bin = Math.floor(fromS / course.binS + 1e-9); bin < values.length && bin * course.binS < toS; bin++) {
    const start = bin * course.binS,
      stop = Math.min(endS, start + course.binS),
      part = Math.max(0, Math.min(stop, toS) - Math.max(start, fromS));
    if (part > 0) sum += isLevel ? values[bin] * part : values[bin] * (part / (stop - start));
  }
  return sum;
}

const quotient = (a: number, b: number): number | null => (b > 0 ? a / b : null);

/** One measure of one engine between two instants, where `engines` are summed in the course. */
export function valueOf(course: EngineCourse, engines: number, endS: number, measure: Measure, fromS: number, toS: number): number | null {
  const level = (name: Level): number => between(course, name, true, endS, fromS, toS) / (toS - fromS),
    count = (name: Count): number => between(course, name, false, endS, fromS, toS);
  switch (measure) {
    case 'running':
    case 'waiting':
      return level(measure) / engines;
    case 'kvUse':
    case 'busy':
      return level(measure);
    case 'hits':
      return quotient(count('cachedTokens'), count('promptTokens'));
    case 'preempted':
      return (count('preemptions') / (toS - fromS) / engines) * 60;
    case 'decode':
      return quotient(count('decodeTokens'), count('steps'));
    case 'prefill':
      return quotient(count('prefillTokens'), count('steps'));
  }
}

/** A measure over stretches of time: the mean of the engines, and their range where each is known. */
function spanOf({ record }: EngineRun, measure: Measure, fromS: number, toS: number): Span {
  const { all, each, engines, endS } = record,
    mean = valueOf(all, engines, endS, measure, fromS, toS),
    own = each.map((one) => valueOf(one, 1, endS, measure, fromS, toS)).filter((v): v is number => v !== null);
  return { fromS, toS, mean, low: own.length ? Math.min(mean ?? Infinity, ...own) : mean, high: own.length ? Math.max(mean ?? -Infinity, ...own) : mean };
}

/** The whole run as one stretch. */
export const overall = (run: EngineRun, measure: Measure): Span => spanOf(run, measure, 0, run.record.endS);

/** The run in bins that are wide enough to be drawn: those of the single engines where there are any. */
export function drawn(run: EngineRun, measure: Measure): readonly Span[] {
  const { all, each, endS } = run.record,
    count = Math.ceil(endS / all.binS - 1e-9),
    width = each[0]?.binS ?? all.binS * Math.ceil(count / MOST_POINTS),
    spans: Span[] = [];
  for (let from = 0; from < endS - 1e-9; from += width) spans.push(spanOf(run, measure, from, Math.min(endS, from + width)));
  return spans;
}

/** Something of it was ever above zero. */
export const isSeen = (runs: readonly EngineRun[], measure: Measure): boolean => runs.some((run) => (overall(run, measure).mean ?? 0) > 0);

export const totalOf = ({ record }: EngineRun, name: Count): number => record.all[name].reduce((sum, v) => sum + v, 0);
