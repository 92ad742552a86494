// Thresholds: `METRIC < VALUE` on the mean of a cell, `upper(METRIC) < VALUE` on the far end of its interval.
import { SchedlabError } from '../../src/errors.ts';
import { unknownName } from '../../src/options.ts';
import { metricNames, parseMetric } from '../../src/observe/metrics.ts';
import type { CellSummary, ThresholdResult } from '../results.ts';
import type { Threshold, ThresholdBound } from './types.ts';

/** Multiplied, then divided: 95 % is 95/100 to the bit, which 95 × 0.01 is not. */
const SCALES: Readonly<Record<string, readonly [number, number]>> = { '': [1, 1], 's': [1, 1], 'ms': [1, 1000], 'us': [1, 1e6], 'min': [60, 1], 'h': [3600, 1], '%': [1, 100] };
/** A metric's name as it stands in a rule: a class in brackets may hold an equals sign. */
export const METRIC_SHAPE = String.raw`[^()\s<>=[\]]+(?:\[class=[^\]]+\])?`;
const SHAPE = new RegExp(String.raw`^\s*(?:(upper|lower)\(\s*(${METRIC_SHAPE})\s*\)|(${METRIC_SHAPE}))\s*(<=|>=|<|>)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(s|ms|us|min|h|%)?\s*$`, 'i');

/** Checks that a metric exists; throws ERR_METRIC_UNKNOWN with the nearest name. */
export function knownMetric(name: string, where: string): void {
  if (!parseMetric(name)) throw unknownName('metric', name.replace(/\[.*$/, ''), metricNames(), where, 'ERR_METRIC_UNKNOWN');
}

/** Reads one threshold. Throws ERR_USAGE on a text of another shape, ERR_METRIC_UNKNOWN on an unknown metric. */
export function parseThreshold(text: string): Threshold {
  const match = SHAPE.exec(text);
  if (!match) throw new SchedlabError('ERR_USAGE', `the threshold ${JSON.stringify(text)} is not understood. Write METRIC < VALUE, for example "wait.p95 < 30" or "upper(wait.p95) < 30s".`);
  const metric = match[2] ?? match[3];
  knownMetric(metric, `the threshold ${JSON.stringify(text)}`);
  const bound = (match[1]?.toLowerCase() ?? 'mean') as ThresholdBound;
  const [times, over] = SCALES[(match[6] ?? '').toLowerCase()];
  return { text: text.trim(), metric, bound, operator: match[4] as Threshold['operator'], value: (Number(match[5]) * times) / over };
}

/** Judges one cell. What was not measured, or has no interval where one is asked for, is not held: a threshold is never passed for want of evidence. */
export function judgeThreshold(threshold: Threshold, cell: CellSummary): ThresholdResult {
  const found = cell.metrics[threshold.metric];
  const value = !found ? null : threshold.bound === 'upper' ? found.high : threshold.bound === 'lower' ? found.low : found.mean;
  const t = threshold.value;
  const held = value !== null && (threshold.operator === '<' ? value < t : threshold.operator === '<=' ? value <= t : threshold.operator === '>' ? value > t : value >= t);
  return { text: threshold.text, cell: cell.id, value, held };
}
