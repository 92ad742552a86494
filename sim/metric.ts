// What a metric of a user is: a name, a unit, a direction, and how it is computed from the calls of one replication.
import type { Better, MetricDefinition, MetricUnit } from '../src/observe/metrics.ts';
import type { CallLine } from './results.ts';

/** A call that ended, or stood unfinished at the end: the members of a line of --calls. Times in seconds from the start of the run; null: did not happen. */
export type MetricCall = Readonly<CallLine>;

/** One replication as a metric sees it. Asked by class, it holds the calls and the agents of that class alone. */
export interface MetricRun {
  /** In the order in which they ended, the unfinished last. */
  readonly calls: readonly MetricCall[];
  /** All calls of the replication in the same order, where `calls` are those of a class; absent: `calls` are all. */
  readonly everyone?: readonly MetricCall[];
  /** All agents that the scenario declares, those without a call too. */
  readonly agents: readonly { readonly name: string; readonly class: string; readonly weight?: number }[];
  /** Length of the window; where a run goes on until all is served, the end of the last call. */
  readonly windowS: number;
}

interface OwnMetricCommon {
  /** Letters, digits and `_`, as it is asked for: `late_share`. */
  readonly name: string;
  /** What it is, in one line. */
  readonly title: string;
  readonly unit: MetricUnit;
  readonly better: Better;
  /** Over whom it is taken: `every call`, `served calls`, `every agent`. */
  readonly population: string;
  /** Events at which it starts and ends, where it is a time. */
  readonly start?: string;
  readonly end?: string;
  /** The few words that stand for it inside a sentence; its title where absent. */
  readonly short?: string;
}

/** A metric that is one number a replication, or one a call (`distribution`: `.mean .p50 .p90 .p95 .p99` follow its name). */
export type OwnMetric = OwnMetricCommon & (
  | { readonly distribution?: false; /** A finite number in the unit; null where there is no population. */ measure(run: MetricRun): number | null }
  | { readonly distribution: true; /** Finite numbers in the unit, one for each of the population. */ measure(run: MetricRun): readonly number[] }
);

/** Typed identity, so that a metric file reads as a declaration. */
export function defineMetric(metric: OwnMetric): OwnMetric { return metric; }

/** Its entry in the dictionary. */
export function entryOf({ name, title, unit, better, population, start = '', end = '', short, distribution }: OwnMetric): MetricDefinition {
  return { name, title, unit, start, end, population, better, distribution: distribution === true, short: short ?? title.slice(0, 1).toLowerCase() + title.slice(1) };
}

/** The name under which it is shown first. */
export function shownName({ name, distribution }: OwnMetric): string { return distribution === true ? `${name}.mean` : name; }
