// Metrics of users and those on request, computed for one replication from its calls: for the whole, and for each class where there are several.
import { SchedlabError } from '../../src/errors.ts';
import { STATISTICS } from '../../src/observe/metrics.ts';
import type { MetricCall, MetricRun, OwnMetric } from '../metric.ts';
import type { Model } from '../scenario.ts';
import { quantilesOf } from './samples.ts';

const QUANTILES = [0.5, 0.9, 0.95, 0.99];

/** Gathers the calls of a replication; O(calls) memory, and only where such a metric is asked for. */
export class OwnMeasures {
  readonly #model: Pick<Model, 'agents' | 'classes' | 'endUs'>;
  readonly #metrics: readonly OwnMetric[];
  readonly #calls: MetricCall[] = [];

  constructor(model: Pick<Model, 'agents' | 'classes' | 'endUs'>, metrics: readonly OwnMetric[]) { this.#model = model; this.#metrics = metrics; }

  readonly take = (line: MetricCall): void => { this.#calls.push(Object.freeze(line)); };

  /** Values by name, the classes after the whole. Throws ERR_SCENARIO_FILE where a metric answers what it may not. */
  values(): Record<string, number | null> {
    const { agents, classes, endUs } = this.#model, calls = this.#calls, out: Record<string, number | null> = {};
    const lastS = calls.reduce((last, { arrival, finished }) => Math.max(last, finished ?? arrival), 0), windowS = endUs === Infinity ? lastS : endUs / 1e6;
    const runs: (readonly [string, MetricRun])[] = [['', Object.freeze({ calls: Object.freeze(calls), agents, windowS })]];
    if (classes.length > 1) for (const name of classes) runs.push([`[class=${name}]`, { calls: calls.filter((call) => call.class === name), everyone: calls, agents: agents.filter((agent) => agent.class === name), windowS }]);
    for (const metric of this.#metrics) for (const [suffix, run] of runs) put(out, metric, suffix, run);
    return out;
  }
}

function put(out: Record<string, number | null>, metric: OwnMetric, suffix: string, run: MetricRun): void {
  const found: unknown = metric.measure(run);
  if (metric.distribution !== true) { out[metric.name + suffix] = checked(metric, found, suffix); return; }
  if (!Array.isArray(found)) throw wrong(metric, suffix, 'a list of finite numbers, because it is a distribution', found);
  const values = Float64Array.from(found as readonly unknown[], (value) => { if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(metric, suffix, 'finite numbers, one for each of its population', value); return value; });
  const mean = values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  const quantiles = values.length === 0 ? QUANTILES.map(() => null) : quantilesOf(values, QUANTILES);
  STATISTICS.forEach((statistic, i) => { out[`${metric.name}.${statistic}${suffix}`] = i === 0 ? mean : quantiles[i - 1]; });
}

function checked(metric: OwnMetric, value: unknown, suffix: string): number | null {
  if (value === null || (typeof value === 'number' && Number.isFinite(value))) return value === 0 ? 0 : value;
  throw wrong(metric, suffix, 'a finite number, or null where there is nobody to measure', value);
}

function wrong({ name }: OwnMetric, suffix: string, accepted: string, received: unknown): SchedlabError {
  return new SchedlabError('ERR_SCENARIO_FILE', `measure of the metric ${name}${suffix} answers ${accepted}, received ${typeof received === 'number' || received === undefined ? String(received) : JSON.stringify(received)?.slice(0, 60)}. Correct it where it is computed.`, { metric: name });
}
