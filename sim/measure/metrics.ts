// From counts and samples to the metrics of one replication, under the names of the dictionary, in seconds.
import { STATISTICS } from '../../src/observe/metrics.ts';
import type { QueueGrowth } from '../results.ts';
import type { ClassSamples } from './class-samples.ts';
import { jain } from './fairness.ts';
import { PATH_PARTS, pathMetric } from './path-parts.ts';
import type { Recorder } from './recorder.ts';
import { Samples } from './samples.ts';

const US_PER_S = 1e6;
/** Of the statistics behind `mean`, in their order. */
const QUANTILES = [0.5, 0.9, 0.95, 0.99];

export interface MetricsInput {
  readonly recorder: Recorder;
  readonly classNames: readonly string[];
  readonly tickUs: number;
  /** Agents declared by the scenario: those without an arrival count, too. */
  readonly agents: number;
  /** Class of each declared agent; where absent or −1, that of its last call. */
  readonly agentClasses?: readonly number[];
  /** Share of the whole that each declared agent is meant to get beside others. */
  readonly agentWeights?: readonly number[];
  /** Length of the window in µs. */
  readonly windowUs: number;
  readonly spike: { readonly atUs: number; readonly agents: readonly number[] } | undefined;
  readonly policy: Readonly<Record<string, number>>;
  /** Figures of add-ons, where there are any. */
  readonly addons: Readonly<Record<string, number>>;
  /** What an hour of all engines costs; absent: nobody asks. */
  readonly pricePerHour?: number | undefined;
  /** True where every program is one call: its time is then its response. */
  readonly singleCalls: boolean;
}

export type Metrics = Record<string, number | null>;

/** The metrics that digests are made from, in dictionary order within each class; null where there is no population. */
export function metricsOf(input: MetricsInput): Metrics {
  const out: Metrics = {};
  eachClass(input, (suffix, bags) => { classMetrics(out, suffix, bags, input); });
  eachGroup(input, (suffix, mine) => { agentMetrics(out, suffix, input, mine); });
  if (input.spike) out['first_service_ticks'] = firstServiceTicks(input);
  flowMetrics(out, input);
  for (const [name, value] of Object.entries(input.policy)) out[name] = value;
  return out;
}

/** Further metrics from the same facts, which no digest needs. */
export function furtherMetrics(input: MetricsInput, known: Metrics): Metrics {
  const out: Metrics = {};
  eachClass(input, (suffix, bags) => { delayMetrics(out, suffix, bags); programMetrics(out, suffix, bags, input, known); pathMetrics(out, suffix, bags, input); });
  eachGroup(input, (suffix, mine) => { evenness(out, suffix, input, mine); });
  Object.assign(out, input.addons);
  return out;
}

/** The whole, then each class where there are several. */
function eachClass({ recorder, classNames }: MetricsInput, take: (suffix: string, bags: readonly ClassSamples[]) => void): void {
  take('', recorder.classes);
  if (classNames.length > 1) classNames.forEach((name, k) => { take(`[class=${name}]`, [recorder.classes[k]]); });
}

/** All agents, then those of each class where there are several; none where there are none. */
function eachGroup({ recorder, classNames, agents, agentClasses }: MetricsInput, take: (suffix: string, mine: readonly number[]) => void): void {
  // An agent that never asked has a class all the same.
  const classOf = (a: number): number => { const declared = agentClasses?.[a] ?? -1; return declared >= 0 ? declared : recorder.agents.callClass(a); };
  recorder.agents.ensure(agents - 1);
  const all = Array.from({ length: agents }, (_, a) => a);
  const told = (suffix: string, mine: readonly number[]): void => { if (mine.length > 0) take(suffix, mine); };
  told('', all);
  if (classNames.length > 1) classNames.forEach((name, k) => { told(`[class=${name}]`, all.filter((a) => classOf(a) === k)); });
}

function classMetrics(out: Metrics, suffix: string, bags: readonly ClassSamples[], input: MetricsInput): void {
  const total = (pick: (bag: ClassSamples) => number): number => bags.reduce((sum, bag) => sum + pick(bag), 0);
  const arrived = total((b) => b.arrived), completed = total((b) => b.completed), served = total((b) => b.wait.count);
  const ended = completed + total((b) => b.failed + b.rejected + b.cancelled), seconds = input.windowUs / US_PER_S;
  const prompt = total((b) => b.promptTokens), output = total((b) => b.outputTokens);
  const put = (name: string, value: number | null): void => { out[name + suffix] = value; };
  put('arrived', arrived);
  put('completed', completed);
  put('unfinished', arrived - ended);
  put('rejected', total((b) => b.rejected));
  put('failed', total((b) => b.failed));
  put('cancelled', total((b) => b.cancelled));
  distribution(out, 'wait', suffix, bags.map((b) => b.wait), US_PER_S);
  if (bags.every((b) => b.unserved.count === 0)) copyOf(out, 'wait', 'wait_all', suffix, 1);
  else distribution(out, 'wait_all', suffix, bags.flatMap((b) => [b.wait, b.unserved]), US_PER_S);
  distribution(out, 'response', suffix, bags.map((b) => b.response), US_PER_S);
  distribution(out, 'ttft', suffix, bags.map((b) => b.ttft), US_PER_S);
  distribution(out, 'tpot', suffix, bags.map((b) => b.tpot), US_PER_S);
  distribution(out, 'e2e', suffix, bags.map((b) => b.e2e), US_PER_S);
  if (input.singleCalls) copyOf(out, 'response', 'program_time', suffix, 1);
  else distribution(out, 'program_time', suffix, bags.map((b) => b.programTime), US_PER_S);
  distribution(out, 'slowdown', suffix, bags.map((b) => b.slowdown), 1);
  distribution(out, 'token_latency', suffix, bags.map((b) => b.tokenLatency), US_PER_S);
  if (input.tickUs > 0) copyOf(out, 'wait', 'wait_ticks', suffix, US_PER_S / input.tickUs);
  put('throughput.calls', seconds > 0 ? completed / seconds : null);
  put('throughput.output_tokens', seconds > 0 ? output / seconds : null);
  put('hit_share', prompt > 0 ? total((b) => b.cachedTokens) / prompt : null);
  put('served_share', arrived > 0 ? served / arrived : null);
  put('preemptions', total((b) => b.preemptions));
}

/** The same quantity under a second name, in another unit. */
function copyOf(out: Metrics, from: string, to: string, suffix: string, factor: number): void {
  for (const statistic of STATISTICS) { const value = out[`${from}.${statistic}${suffix}`]; out[`${to}.${statistic}${suffix}`] = value === null ? null : value * factor; }
}

function distribution(out: Metrics, name: string, suffix: string, bags: readonly Samples[], unit: number): void {
  const count = bags.reduce((n, bag) => n + bag.count, 0), sum = bags.reduce((s, bag) => s + bag.sum, 0);
  const quantiles = Samples.quantiles(bags, QUANTILES);
  STATISTICS.forEach((statistic, i) => {
    const value = statistic === 'mean' ? (count === 0 ? null : sum / count) : quantiles[i - 1];
    out[`${name}.${statistic}${suffix}`] = value === null ? null : value / unit;
  });
}

function delayMetrics(out: Metrics, suffix: string, bags: readonly ClassSamples[]): void {
  const delays = bags.map((b) => b.starvedByRatio()), calls = delays.reduce((n, d) => n + d.calls, 0);
  out[`starved.ratio${suffix}`] = calls === 0 ? null : delays.reduce((n, d) => n + d.starved, 0) / calls;
  out[`wait_all.max${suffix}`] = calls === 0 ? null : bags.reduce((max, b) => Math.max(max, b.wait.max, b.unserved.max), 0) / US_PER_S;
}

/** Shares of the response of programs of several calls along their paths, and what was lost. */
function pathMetrics(out: Metrics, suffix: string, bags: readonly ClassSamples[], { singleCalls }: MetricsInput): void {
  const total = (pick: (bag: ClassSamples) => number): number => bags.reduce((sum, bag) => sum + pick(bag), 0);
  const produced = total((b) => b.outputTokens + b.cutTokens), wasted = total((b) => b.wastedTokens);
  out[`wasted_tokens${suffix}`] = wasted;
  out[`wasted_share${suffix}`] = produced > 0 ? wasted / produced : null;
  if (singleCalls) return;
  out[`programs.abandoned${suffix}`] = total((b) => b.programsAbandoned);
  out[`attempts_lost${suffix}`] = total((b) => b.attemptsLost);
  const programs = total((b) => b.path.programs);
  PATH_PARTS.forEach((part, i) => { out[`${pathMetric(part)}${suffix}`] = programs === 0 ? null : total((b) => b.path.shares[i]) / programs; });
}

function programMetrics(out: Metrics, suffix: string, bags: readonly ClassSamples[], { singleCalls, pricePerHour, windowUs }: MetricsInput, known: Metrics): void {
  const completed = (b: ClassSamples): Samples => (singleCalls ? b.response : b.programTime), total = (pick: (bag: ClassSamples) => number): number => bags.reduce((sum, bag) => sum + pick(bag), 0);
  const done = total((b) => completed(b).count), open = total((b) => b.openProgram.count), lost = total((b) => b.programsLost);
  out[`programs.begun${suffix}`] = done + open + lost;
  out[`programs.completed${suffix}`] = done;
  out[`programs.unfinished${suffix}`] = open;
  out[`programs.lost${suffix}`] = lost;
  out[`programs.open_share${suffix}`] = done + open + lost > 0 ? open / (done + open + lost) : null;
  if (pricePerHour !== undefined) perHour(out, suffix, done, pricePerHour, windowUs);
  if (open > 0) { distribution(out, 'program_time_all', suffix, bags.flatMap((b) => [completed(b), b.openProgram]), US_PER_S); return; }
  for (const statistic of STATISTICS) out[`program_time_all.${statistic}${suffix}`] = known[`program_time.${statistic}${suffix}`];
}

/** Money belongs to the whole: classes share the engines. */
function perHour(out: Metrics, suffix: string, done: number, price: number, windowUs: number): void {
  const hours = windowUs / US_PER_S / 3600;
  out[`programs.per_hour${suffix}`] = hours > 0 ? done / hours : null;
  if (suffix === '' && price > 0) out['cost_per_program'] = done > 0 ? (price * hours) / done : null;
}

/** Jain's index over what is fair where agents are not alike. */
function evenness(out: Metrics, suffix: string, { recorder: { agents }, agentWeights }: MetricsInput, mine: readonly number[]): void {
  out[`jain.service_over_weight${suffix}`] = jain(mine.map((a) => agents.serviceUs(a) / (agentWeights?.[a] ?? 1)));
  out[`jain.slowdown${suffix}`] = jain(mine.filter((a) => agents.arrived(a) > 0).map((a) => agents.meanSlowdown(a)));
}

function agentMetrics(out: Metrics, suffix: string, input: MetricsInput, mine: readonly number[]): void {
  const { agents } = input.recorder;
  const asked = mine.filter((a) => agents.arrived(a) > 0);
  out[`starved${suffix}`] = mine.filter((a) => agents.completed(a) === 0).length;
  out[`jain.completed${suffix}`] = jain(mine.map((a) => agents.completed(a)));
  out[`jain.completed_over_arrived${suffix}`] = asked.length === 0 ? null : jain(asked.map((a) => agents.completed(a) / agents.arrived(a)));
  out[`jain.service${suffix}`] = jain(mine.map((a) => agents.serviceUs(a)));
}

/** From the spike to the end of the tick that first serves the agent; the unserved count to the end of the window. */
function firstServiceTicks({ recorder, spike, tickUs, windowUs }: MetricsInput): number | null {
  if (!spike || spike.agents.length === 0) return null;
  const ticks = spike.agents.map((a) => {
    const firstUs = recorder.agents.firstServedUs(a);
    return ((firstUs < 0 ? windowUs : firstUs + tickUs) - spike.atUs) / tickUs;
  });
  return ticks.reduce((sum, t) => sum + t, 0) / ticks.length;
}

function flowMetrics(out: Metrics, { recorder, windowUs }: MetricsInput): void {
  const { course, present, lastArrivalUs } = recorder, busyUs = recorder.classes.reduce((sum, c) => sum + c.e2e.sum, recorder.cutShortUs);
  out['queue.mean'] = windowUs > 0 ? present.areaAt(windowUs) / windowUs : null;
  out['utilization'] = windowUs > 0 && Number.isFinite(recorder.places) ? busyUs / windowUs / recorder.places : null;
  const { earlier, later } = quarters(course, lastArrivalUs);
  out['queue.growth'] = earlier > 0 ? (later - earlier) / earlier : null;
}

/** Mean number in the system in the second and in the last quarter of the arrivals: the first is still filling. */
function quarters(course: Recorder['course'], lastArrivalUs: number): { readonly earlier: number; readonly later: number } {
  return { earlier: course.meanBetween(lastArrivalUs / 4, lastArrivalUs / 2), later: course.meanBetween((3 * lastArrivalUs) / 4, lastArrivalUs) };
}

/** What tells whether the queue grows: a ratio alone does not, because little over nothing is much. Ask once the recorder is closed. */
export function queueGrowth({ course, classes, lastArrivalUs, places }: Recorder, windowUs: number): QueueGrowth {
  const waitedUs = classes.reduce((sum, c) => sum + c.wait.sum + c.unserved.sum, 0);
  return { calls: classes.reduce((sum, c) => sum + c.arrived, 0), ...quarters(course, lastArrivalUs), waiting: windowUs > 0 ? waitedUs / windowUs : 0, places: Number.isFinite(places) ? places : null };
}
