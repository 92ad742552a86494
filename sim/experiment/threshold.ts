// Thresholds: `METRIC < VALUE` on the mean of a cell, `upper(METRIC) < VALUE` on the far end of its interval.
import { SchedlabError } from '../../src/errors.ts';
import { unknownName } from '../../src/options.ts';
import { metricNames, parseMetric } from '../../src/observe/metrics.ts';
import type { CellSummary, ThresholdResult } from '../results.ts';
import type { Threshold, ThresholdBound } from './types.ts';

const SCALES: Readonly<Record<string, number>> = { '': 1, s: 1, ms: 1e-3, us: 1e-6, min: 60, h: 3600, '%': 0.01 };
const SHAPE = /^\s*(?:(upper|lower)\(\s*([^()\s]+)\s*\)|([^()\s<>=]+))\s*(<=|>=|<|>)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(s|ms|us|min|h|%)?\s*$/i;

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
  return { text: text.trim(), metric, bound, operator: match[4] as Threshold['operator'], value: Number(match[5]) * SCALES[(match[6] ?? '').toLowerCase()] };
}

/** Judges one cell. What was not measured, or has no interval where one is asked for, is not held: a threshold is never passed for want of evidence. */
export function judgeThreshold(threshold: Threshold, cell: CellSummary): ThresholdResult {
  const found = cell.metrics[threshold.metric];
  const value = !found ? null : threshold.bound === 'upper' ? found.high : threshold.bound === 'lower' ? found.low : found.mean;
  const t = threshold.value;
  const held = value !== null && (threshold.operator === '<' ? value < t : threshold.operator === '<=' ? value <= t : threshold.operator === '>' ? value > t : value >= t);
  return { text: threshold.text, cell: cell.id, value, held };
}
