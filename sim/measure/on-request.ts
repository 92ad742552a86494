// How the metrics of the dictionary that are measured on request are found from the calls of a replication.
import { METRICS, type MetricDefinition } from '../../src/observe/metrics.ts';
import type { MetricRun, OwnMetric } from '../metric.ts';
import { meanOvertakes, mostOvertaken } from './overtakes.ts';
import { serviceGapOf, serviceGapOverU, serviceUnitOf } from './service-gap.ts';
import { starvedBySize } from './size-starvation.ts';

const MEASURES: Readonly<Record<string, (run: MetricRun) => number | null>> = {
  'starved.size': (run) => starvedBySize(run),
  overtakes: meanOvertakes,
  overtaken_most: mostOvertaken,
  service_gap: serviceGapOf,
  service_unit: serviceUnitOf,
  service_gap_over_u: serviceGapOverU,
};

const definitionOf = (name: string): MetricDefinition => METRICS.find((metric) => metric.name === name)!;

/** The metrics of these names, ready to be asked; see `onRequestAmong`. */
export function onRequest(names: readonly string[]): OwnMetric[] {
  return names.map((name) => ({ ...definitionOf(name), distribution: false as const, measure: MEASURES[name]! }));
}
