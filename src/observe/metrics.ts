// The metric dictionary, as data: name, unit, start, end, population, direction. CLI, files and report read names and units from here alone.

export const METRIC_UNITS = ['count', 's', 'ticks', 'ratio', '1/s', 'tokens/s', 's/token'] as const;
export type MetricUnit = (typeof METRIC_UNITS)[number];
export type Better = 'lower' | 'higher' | 'neither';

export interface MetricDefinition {
  readonly name: string;
  /** What it is, in one line. */
  readonly title: string;
  readonly unit: MetricUnit;
  /** Event at which it starts and ends; empty for counts and indices. */
  readonly start: string;
  readonly end: string;
  /** Over whom it is taken. */
  readonly population: string;
  readonly better: Better;
  /** True where `.mean .p50 .p90 .p95 .p99` follow the name. */
  readonly distribution: boolean;
  /** The few words that stand for it inside a sentence and above a chart. */
  readonly short: string;
}

const SHORT: Readonly<Record<string, string>> = {
  arrived: 'calls arrived', completed: 'calls completed', unfinished: 'unfinished calls', rejected: 'refused calls', failed: 'failed calls', cancelled: 'withdrawn calls',
  starved: 'starved agents', 'jain.completed': 'Jain index of completions', 'jain.completed_over_arrived': 'Jain index of completed ÷ arrived', 'jain.service': 'Jain index of service',
  wait: 'wait of served calls', wait_all: 'wait of every call', response: 'response time', ttft: 'time to first token', tpot: 'time per output token', e2e: 'time on the engine',
  program_time: 'program completion time', slowdown: 'slowdown', token_latency: 'program response per token', wait_ticks: 'wait of served calls', first_service_ticks: 'ticks to first service',
  'throughput.calls': 'calls completed per second', 'throughput.output_tokens': 'output tokens per second', hit_share: 'cache hit share', served_share: 'share of calls served',
  preemptions: 'preemptions', overtakes: 'overtakes per served call', 'queue.mean': 'mean number of calls in the system', utilization: 'utilisation', 'guard.share': 'share of grants under the guard', 'alpha.mean': 'mean alpha in force',
};

const m = (name: string, title: string, unit: MetricUnit, start: string, end: string, population: string, better: Better, distribution = false): MetricDefinition =>
  ({ name, title, unit, start, end, population, better, distribution, short: SHORT[name] ?? title });

export const METRICS: readonly MetricDefinition[] = [
  m('arrived', 'Calls that arrived', 'count', '', '', 'every call', 'neither'),
  m('completed', 'Calls served to their end', 'count', '', '', 'every call', 'higher'),
  m('unfinished', 'Calls waiting or running when the window ended', 'count', '', '', 'every call', 'lower'),
  m('rejected', 'Calls refused: backpressure, time-out, shutdown, no engine', 'count', '', '', 'every call', 'lower'),
  m('failed', 'Calls that an engine failed', 'count', '', '', 'every call', 'lower'),
  m('cancelled', 'Calls withdrawn by their program', 'count', '', '', 'every call', 'neither'),
  m('starved', 'Agents without one completion in the window', 'count', '', '', 'every agent', 'lower'),
  m('jain.completed', 'Jain index over completions by agent', 'ratio', '', '', 'every agent, zeros included; no value where nobody got any', 'higher'),
  m('jain.completed_over_arrived', 'Jain index over completed ÷ arrived by agent', 'ratio', '', '', 'agents with arrivals, zeros included; no value where nobody got any', 'higher'),
  m('jain.service', 'Jain index over service received by agent', 'ratio', '', '', 'every agent, zeros included; no value where nobody got any', 'higher'),
  m('wait', 'Wait of served calls', 's', 'arrival', 'start of service', 'served calls', 'lower', true),
  m('wait_all', 'Wait of every call, the unserved counted to the end of the window', 's', 'arrival', 'start of service, withdrawal, or end of the window', 'every call but the refused', 'lower', true),
  m('response', 'Response time', 's', 'arrival', 'finish', 'completed calls', 'lower', true),
  m('ttft', 'Time to first token', 's', 'sent to the engine', 'first token', 'completed calls with output', 'lower', true),
  m('tpot', 'Time per output token after the first', 's/token', 'first token', 'last token', 'completed calls with two tokens or more', 'lower', true),
  m('e2e', 'Time on the engine', 's', 'sent to the engine', 'last token', 'completed calls', 'lower', true),
  m('program_time', 'Completion time of a program', 's', 'arrival of its first call', 'finish of its last call', 'completed programs', 'lower', true),
  m('slowdown', 'Response of a program ÷ the same program alone; on batch engines alone with an empty cache', 'ratio', '', '', 'completed programs', 'lower', true),
  m('token_latency', 'Program response ÷ tokens generated', 's/token', '', '', 'completed programs with output', 'lower', true),
  m('wait_ticks', 'Wait of served calls, in ticks', 'ticks', 'arrival', 'start of service', 'served calls', 'lower', true),
  m('first_service_ticks', 'Ticks from the spike to the end of the first serving tick, the unserved to the end of the window', 'ticks', 'spike', 'end of the serving tick', 'spike agents', 'lower'),
  m('throughput.calls', 'Calls completed per second', '1/s', '', '', 'completed calls', 'higher'),
  m('throughput.output_tokens', 'Output tokens per second', 'tokens/s', '', '', 'completed calls', 'higher'),
  m('hit_share', 'Cached ÷ prompt tokens', 'ratio', '', '', 'completed calls', 'higher'),
  m('served_share', 'Served ÷ arrived', 'ratio', '', '', 'every call', 'higher'),
  m('preemptions', 'Times that a running call lost its place', 'count', '', '', 'every call', 'lower'),

  m('queue.growth', 'Mean number in the system in the last quarter of the arrivals over that in the second, less one', 'ratio', '', '', 'the time of arrivals', 'neither'),
  m('queue.mean', 'Calls in the system, averaged over time', 'count', '', '', 'the window', 'lower'),
  m('utilization', 'Share of engine places busy, averaged over time', 'ratio', '', '', 'the window', 'neither'),
  m('guard.share', 'Grants decided with alpha lowered by the overload guard', 'ratio', '', '', 'grants', 'neither'),
  m('alpha.mean', 'Alpha in force, averaged over grants', 'ratio', '', '', 'grants', 'neither'),
];

export const STATISTICS = ['mean', 'p50', 'p90', 'p95', 'p99'] as const;
export type Statistic = (typeof STATISTICS)[number];

const BY_NAME = new Map(METRICS.map((d) => [d.name, d]));

/** Metrics of users by name: they join the dictionary of this process, and never take a name of it. */
const OWN = new Map<string, MetricDefinition>();

/** Adds a metric of a user; one of the same name takes the place of an earlier one. The caller sees to it that `isTaken` says no. */
export function learnMetric(definition: MetricDefinition): void { OWN.set(definition.name, definition); }

/** True for a name that a metric of a user may not have: one of the dictionary, or one that reads as a statistic. */
export function isTaken(name: string): boolean { return BY_NAME.has(name) || (STATISTICS as readonly string[]).includes(name.slice(name.lastIndexOf('.') + 1)); }

const find = (name: string): MetricDefinition | undefined => BY_NAME.get(name) ?? OWN.get(name);

export interface MetricRef { readonly definition: MetricDefinition; readonly statistic: Statistic | undefined; readonly callClass: string | undefined; /** Name without the class. */ readonly name: string }

/** Reads `wait.p95[class=quiet]`; undefined where no such metric exists. */
export function parseMetric(text: string): MetricRef | undefined {
  const match = /^([a-z0-9_.]+)(?:\[class=([^\]]+)\])?$/i.exec(text);
  if (!match) return undefined;
  const [, name, callClass] = match;
  const exact = find(name);
  if (exact && !exact.distribution) return { definition: exact, statistic: undefined, callClass, name };
  const dot = name.lastIndexOf('.');
  const base = find(name.slice(0, dot));
  const statistic = name.slice(dot + 1) as Statistic;
  if (base?.distribution && STATISTICS.includes(statistic)) return { definition: base, statistic, callClass, name };
  return undefined;
}

/** Every name that can be asked for, without classes. */
export function metricNames(): string[] {
  return [...METRICS, ...OWN.values()].flatMap((d) => (d.distribution ? STATISTICS.map((s) => `${d.name}.${s}`) : [d.name]));
}
