// A metric that was asked for, and the words that stand for it in sentences. The words come from the dictionary.
import { parseMetric, type MetricRef } from '../src/observe/metrics.ts';

/** A metric with the text that asks for it: `wait.p95[class=quiet]`. */
export interface Asked extends MetricRef {
  readonly text: string;
}

export function ask(text: string): Asked | undefined {
  const ref = parseMetric(text);
  return ref && { ...ref, text };
}

/** The metric in words: `p95 wait of served calls of class quiet`. */
export function phrase(metric: MetricRef): string {
  const statistic = metric.statistic === undefined ? '' : metric.statistic === 'p50' ? 'median ' : `${metric.statistic} `;
  return `${statistic}${metric.definition.short}${metric.callClass === undefined ? '' : ` of class ${metric.callClass}`}`;
}

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** `lower is better`, or nothing where neither is. */
export const direction = (metric: MetricRef): string => (metric.definition.better === 'neither' ? '' : `${metric.definition.better} is better`);
