// The metric dictionary, as data: name, unit, start, end, population, direction. CLI, files and report read names and units from here alone.

export const METRIC_UNITS = ['count', 's', 'ticks', 'ratio', '1/s', 'tokens/s', 's/token', '1/h', 'cost'] as const;
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
  /** Found from the calls one by one, so that it costs memory: measured only where it is named, as --metric, in a threshold or by the scenario. */
  readonly isOnRequest?: boolean;
}

/** A call starves by ratio that waited at least so many times as long as its service takes: beta of attained service schedulers, 8 as their public rewrites have it. */
export const STARVED_RATIO = 8;
/** A call starves by size that waited more than so many times the median wait of calls of its size. Ours. */
export const STARVED_MEDIANS = 10;

const SHORT: Readonly<Record<string, string>> = {
  arrived: 'calls arrived', completed: 'calls completed', unfinished: 'unfinished calls', rejected: 'refused calls', failed: 'failed calls', cancelled: 'withdrawn calls',
  starved: 'starved agents', 'starved.ratio': `calls that waited ${STARVED_RATIO} times their service or longer`, 'wait_all.max': 'longest wait of a call', 'starved.size': `calls that waited over ${STARVED_MEDIANS} times the median of their size`,
  'programs.begun': 'programs begun', 'programs.completed': 'programs completed', 'programs.unfinished': 'unfinished programs', 'programs.open_share': 'share of programs unfinished', 'programs.lost': 'lost programs', program_time_all: 'completion time of every program',
  'programs.abandoned': 'abandoned programs', attempts_lost: 'lost attempts', wasted_tokens: 'wasted tokens', wasted_share: 'share of tokens wasted',
  'path.gate': 'share of the path at the gate', 'path.front_end': 'share of the path in the front end', 'path.engine_wait': 'share of the path in engine queues', 'path.prefill': 'share of the path in prefill', 'path.decode': 'share of the path in decode',
  'path.preempted': 'share of the path thrown out', 'path.recomputed': 'share of the path recomputed', 'path.service': 'share of the path served', 'path.tool_queue': 'share of the path waiting for tools', 'path.tool': 'share of the path in tools',
  'path.thinking': 'share of the path in pauses', 'path.backoff': 'share of the path between attempts', 'path.siblings': 'share of the path waiting for siblings',
  'jain.service_over_weight': 'Jain index of service ÷ weight', 'jain.slowdown': 'Jain index of slowdown', overtaken_most: 'overtakes that one call suffered', service_gap: 'largest service gap', service_unit: 'service unit U', service_gap_over_u: 'service gap ÷ U',
  'jain.completed': 'Jain index of completions', 'jain.completed_over_arrived': 'Jain index of completed ÷ arrived', 'jain.service': 'Jain index of service',
  wait: 'wait of served calls', wait_all: 'wait of every call', response: 'response time', ttft: 'time to first token', tpot: 'time per output token', e2e: 'time on the engine',
  program_time: 'program completion time', slowdown: 'slowdown', token_latency: 'program response per token', wait_ticks: 'wait of served calls', first_service_ticks: 'ticks to first service',
  'programs.per_hour': 'programs an hour', cost_per_program: 'cost of a program', rate_at_target: 'rate at the latency target',
  'throughput.calls': 'calls completed per second', 'throughput.output_tokens': 'output tokens per second', hit_share: 'cache hit share', served_share: 'share of calls served',
  preemptions: 'preemptions', overtakes: 'overtakes per served call', 'queue.mean': 'mean number of calls in the system', utilization: 'utilisation', 'guard.share': 'share of grants under the guard', 'alpha.mean': 'mean alpha in force',
  'pause.paused': 'pauses', 'pause.resumed': 'programs let in again', 'pause.forced': 'programs let in by time', 'ttl.pins': 'prefixes pinned', 'ttl.kept': 'prefixes kept', 'ttl.expired': 'prefixes expired', 'ttl.gave_way': 'prefixes that gave way',
};

const m = (name: string, title: string, unit: MetricUnit, start: string, end: string, population: string, better: Better, distribution = false): MetricDefinition =>
  ({ name, title, unit, start, end, population, better, distribution, short: SHORT[name] ?? title });

const onRequest = (definition: MetricDefinition): MetricDefinition => ({ ...definition, isOnRequest: true });
const GAP_POPULATION = 'pairs of agents, over all intervals in which both wait; no value for fewer than 2 or more than 64 agents';

/** Parts of a program's time, and where it spends them. Good is what serves it. */
const PATH_SHARES: readonly (readonly [name: string, where: string, better: Better])[] = [
  ['gate', 'at the gate', 'lower'], ['front_end', 'between client and scheduler', 'lower'], ['engine_wait', 'in the queue of an engine', 'lower'], ['prefill', 'in prefill', 'neither'], ['decode', 'in decode', 'neither'],
  ['preempted', 'thrown out', 'lower'], ['recomputed', 'catching up after that', 'lower'], ['service', 'served, where no tokens are known', 'neither'], ['tool_queue', 'waiting for a tool', 'lower'], ['tool', 'in tools', 'neither'],
  ['thinking', 'in pauses', 'neither'], ['backoff', 'between lost attempts and the next', 'lower'], ['siblings', 'waiting for what must come beside it', 'lower'],
];
const PATH_POPULATION = 'completed programs of several calls, each counting alike';

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
  m('jain.service_over_weight', 'Jain index over service received ÷ weight by agent', 'ratio', '', '', 'every agent, zeros included; no value where nobody got any', 'higher'),
  m('jain.slowdown', 'Jain index over the mean slowdown by agent', 'ratio', '', '', 'agents with arrivals, 0 for one without a completed program; no value where no slowdown is known', 'higher'),
  m('starved.ratio', `Share of calls that waited at least ${STARVED_RATIO} times their service; one not served to its end is held against the mean service`, 'ratio', '', '', 'every call but the refused', 'lower'),
  onRequest(m('starved.size', `Share of calls that waited more than ${STARVED_MEDIANS} times the median wait of their size: powers of two of output tokens`, 'ratio', '', '', 'every call but the refused; those of unknown size against all; a median of 0 is that of the calls that waited', 'lower')),
  m('wait_all.max', 'Longest wait of one call, the unserved counted to the end of the window', 's', 'arrival', 'start of service, withdrawal, or end of the window', 'every call but the refused', 'lower'),
  m('wait', 'Wait of served calls', 's', 'arrival', 'start of service', 'served calls', 'lower', true),
  m('wait_all', 'Wait of every call, the unserved counted to the end of the window', 's', 'arrival', 'start of service, withdrawal, or end of the window', 'every call but the refused', 'lower', true),
  m('response', 'Response time', 's', 'arrival', 'finish', 'completed calls', 'lower', true),
  m('ttft', 'Time to first token', 's', 'sent to the engine', 'first token', 'completed calls with output', 'lower', true),
  m('tpot', 'Time per output token after the first', 's/token', 'first token', 'last token', 'completed calls with two tokens or more', 'lower', true),
  m('e2e', 'Time on the engine', 's', 'sent to the engine', 'last token', 'completed calls', 'lower', true),
  m('program_time', 'Completion time of a program', 's', 'arrival of its first call', 'finish of its last call', 'completed programs', 'lower', true),
  m('program_time_all', 'Completion time of every program, the unfinished counted to the end of the window: a lower bound', 's', 'arrival of its first call', 'finish of its last call, or end of the window', 'every program but the lost', 'lower', true),
  m('programs.begun', 'Programs whose first call arrived', 'count', '', '', 'every program', 'neither'),
  m('programs.completed', 'Programs served to their end', 'count', '', '', 'every program', 'higher'),
  m('programs.unfinished', 'Programs open when the window ended', 'count', '', '', 'every program', 'lower'),
  m('programs.open_share', 'Programs open when the window ended ÷ programs begun', 'ratio', '', '', 'every program; no value where none began', 'lower'),
  m('programs.lost', 'Programs that a refused, failed or withdrawn call ended, or whose client died', 'count', '', '', 'every program', 'lower'),
  m('programs.abandoned', 'Lost programs whose client died', 'count', '', '', 'every program', 'neither'),
  m('attempts_lost', 'Attempts of calls that were lost: refused, failed, timed out', 'count', '', '', 'calls of programs of several', 'lower'),
  m('wasted_tokens', 'Output tokens that served nobody: of calls that were lost or withdrawn, and of programs that were', 'count', '', '', 'every call', 'lower'),
  m('wasted_share', 'Wasted tokens ÷ all output tokens produced', 'ratio', '', '', 'every call; no value where nothing was produced', 'lower'),
  ...PATH_SHARES.map(([name, where, better]) => m(`path.${name}`, `Share of the response of a program ${where}, along the path that is longest alone`, 'ratio', '', '', PATH_POPULATION, better)),
  m('programs.per_hour', 'Programs completed in an hour', '1/h', '', '', 'completed programs', 'higher'),
  m('cost_per_program', 'Price of the engines ÷ programs completed, in the money of the price', 'cost', '', '', 'completed programs; no value where there is none', 'lower'),
  m('rate_at_target', 'Highest rate of programs at which the latency target was kept within the window, whether or not the queue grows', '1/s', '', '', 'the rates that were tried; no value where none did', 'higher'),
  m('slowdown', 'Response of a program ÷ the same program alone; on batch engines alone with what it left in the cache itself', 'ratio', '', '', 'completed programs', 'lower', true),
  m('token_latency', 'Program response ÷ tokens generated in all its calls (of a graph too)', 's/token', '', '', 'completed programs with output', 'lower', true),
  m('wait_ticks', 'Wait of served calls, in ticks', 'ticks', 'arrival', 'start of service', 'served calls', 'lower', true),
  m('first_service_ticks', 'Ticks from the spike to the end of the first serving tick, the unserved to the end of the window', 'ticks', 'spike', 'end of the serving tick', 'spike agents', 'lower'),
  m('throughput.calls', 'Calls completed per second', '1/s', '', '', 'completed calls', 'higher'),
  m('throughput.output_tokens', 'Output tokens per second', 'tokens/s', '', '', 'completed calls', 'higher'),
  m('hit_share', 'Cached ÷ prompt tokens', 'ratio', '', '', 'completed calls', 'higher'),
  m('served_share', 'Served ÷ arrived', 'ratio', '', '', 'every call', 'higher'),
  m('preemptions', 'Times that a running call lost its place', 'count', '', '', 'every call', 'lower'),
  onRequest(m('overtakes', 'Calls that began to be served while an earlier one still waited: such earlier ones, per served call', 'ratio', '', '', 'served calls; the refused and withdrawn overtake nobody and are not overtaken', 'lower')),
  onRequest(m('overtaken_most', 'Later calls that began to be served before one call did, the most that any suffered', 'count', '', '', 'every call but the refused and withdrawn', 'lower')),
  onRequest(m('service_gap', 'Largest difference of service between two agents that both wait, (prompt + 2 · output tokens) ÷ weight', 'count', '', '', GAP_POPULATION, 'lower')),
  onRequest(m('service_unit', 'U: the larger of the longest prompt and twice the most tokens served at once, ÷ the least weight', 'count', '', '', 'served calls', 'neither')),
  onRequest(m('service_gap_over_u', 'Largest service gap ÷ U; 2 is what VTC promises', 'ratio', '', '', GAP_POPULATION, 'lower')),
  m('queue.growth', 'Mean number in the system in the last quarter of the arrivals over that in the second, less one', 'ratio', '', '', 'the time of arrivals', 'neither'),
  m('queue.mean', 'Calls in the system, averaged over time', 'count', '', '', 'the window', 'lower'),
  m('utilization', 'Share of engine places busy, averaged over time', 'ratio', '', '', 'the window', 'neither'),
  m('guard.share', 'Grants decided with alpha lowered by the overload guard', 'ratio', '', '', 'grants', 'neither'),
  m('pause.paused', 'Times that program-pause sent a program out', 'count', '', '', 'programs', 'neither'),
  m('pause.resumed', 'Times that it let a program in that was outside: paused, or kept out when it came', 'count', '', '', 'programs', 'neither'),
  m('pause.forced', 'Of these, times that a program had been outside for resumeTimeout', 'count', '', '', 'programs', 'lower'),
  m('ttl.pins', 'Prefixes that kv-ttl pinned while a tool ran', 'count', '', '', 'tool calls', 'neither'),
  m('ttl.kept', 'Of these, prefixes that were still there when the next call was served', 'count', '', '', 'tool calls', 'higher'),
  m('ttl.expired', 'Of these, prefixes whose time was over before', 'count', '', '', 'tool calls', 'lower'),
  m('ttl.gave_way', 'Of these, prefixes that gave way to others because memory was short', 'count', '', '', 'tool calls', 'lower'),
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

/** Names among these that are measured on request only, without statistic and class. Names that no dictionary has are left out. */
export function onRequestAmong(names: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => { const definition = parseMetric(name)?.definition; return definition?.isOnRequest ? [definition.name] : []; }))];
}

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
