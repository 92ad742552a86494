// From base units to what a reader sees: the factor and the word, chosen once for a column, a chart or a sentence.
import type { MetricDefinition, MetricRef } from '../src/observe/metrics.ts';
import { decimalsOfDifference, fixed, halfWidth, isNothing, NBSP, plain, plusMinus, range, signed, type Estimate } from './numbers.ts';

/** Shown value = base value × factor. `word` follows the number; empty where there is nothing to say. */
export interface Unit {
  readonly factor: number;
  readonly word: string;
}

const SECONDS: readonly (readonly [seconds: number, word: string])[] = [
  [1e-6, 'µs'],
  [1e-3, 'ms'],
  [1, 's'],
  [60, 'min'],
  [3600, 'h'],
];

/** The unit that keeps `seconds` between 1 and 1000; seconds for zero. */
export function durationUnit(seconds: number): Unit {
  const size = Math.abs(seconds);
  if (size === 0) return { factor: 1, word: 's' };
  const fit = SECONDS.find(([unit]) => size < unit * 999.5) ?? SECONDS[SECONDS.length - 1];
  return { factor: 1 / fit[0], word: fit[1] };
}

/** A time that is round in seconds or in a longer unit, in the unit in which it is round: `40 min`, `3 000 s`. */
export function roundTime(seconds: number): string {
  const unit = durationUnit(seconds),
    value = Number((seconds * unit.factor).toPrecision(9));
  return Number.isInteger(value) || seconds < 60
    ? `${plain(Number(value.toPrecision(3)))}${NBSP}${unit.word}`
    : `${plain(Number(seconds.toPrecision(3)))}${NBSP}s`;
}

const isShare = (definition: MetricDefinition): boolean => definition.unit === 'ratio' && /share$|^utilization$|^starved\.|^path\./.test(definition.name);

/** The unit in which values as large as `largest` are shown. */
export function unitOf(definition: MetricDefinition, largest: number): Unit {
  if (isShare(definition)) return { factor: 100, word: '%' };
  switch (definition.unit) {
    case 's':
      return durationUnit(largest);
    case 's/token': {
      const unit = durationUnit(largest);
      return { factor: unit.factor, word: `${unit.word}/token` };
    }
    case 'ticks':
      return { factor: 1, word: 'ticks' };
    // Their short words say `per second` already.
    case '1/s':
    case 'tokens/s':
      return { factor: 1, word: '' };
    default:
      return { factor: 1, word: '' };
  }
}

/** The word for a difference: percentage points where the values are percentages. */
export const differenceWord = (unit: Unit): string => (unit.word === '%' ? 'points' : unit.word);

const withWord = (text: string, word: string): string => (word ? `${text}${NBSP}${word}` : text);

/** `149 ± 2 ticks`, `12.4 ± 0.3 s`, `0.722 ± 0.008`; `no value` where there is no population. */
export function showEstimate(metric: MetricRef, e: Estimate): string {
  if (e.mean === null) return 'no value';
  const unit = unitOf(metric.definition, e.mean),
    half = halfWidth(e);
  return withWord(plusMinus(e.mean * unit.factor, half === null ? null : half * unit.factor), unit.word);
}

export const showValue = (metric: MetricRef, value: number | null): string => showEstimate(metric, { mean: value, low: null, high: null, n: 1 });

/** Size of a difference with its interval, sign left out: `0.075 (0.068 to 0.083)`. A difference without variance is a plain number. */
export function showSize(metric: MetricRef, mean: number, low: number | null, high: number | null): string {
  const unit = unitOf(metric.definition, mean),
    sign = mean < 0 ? -1 : 1,
    f = unit.factor * sign;
  const half = low === null || high === null ? null : ((high - low) / 2) * unit.factor;
  const decimals = decimalsOfDifference(Math.abs(mean) * unit.factor, half),
    value = withWord(fixed(Math.abs(mean) * unit.factor, decimals), differenceWord(unit));
  if (low === null || high === null || isNothing(mean * unit.factor, half)) return value;
  const ends = [low * f, high * f].sort((a, b) => a - b);
  return `${value} (${range(ends[0], ends[1], decimals)})`;
}

/** `+0.075 (0.068 to 0.083)`, with signs and unit. */
export function showDifference(metric: MetricRef, mean: number | null, low: number | null, high: number | null): string {
  if (mean === null) return 'no value';
  const unit = unitOf(metric.definition, mean),
    half = low === null || high === null ? null : ((high - low) / 2) * unit.factor;
  const decimals = decimalsOfDifference(mean * unit.factor, half),
    value = withWord(signed(mean * unit.factor, decimals), differenceWord(unit));
  return low === null || high === null || isNothing(mean * unit.factor, half)
    ? value
    : `${value} (${range(low * unit.factor, high * unit.factor, decimals)})`;
}
