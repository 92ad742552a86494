// From a stage that was played to the record of its replication: metrics, digests, details for pictures.
import type { ParamValues } from '../../src/options.ts';
import { furtherMetrics, metricsOf, queueGrowth, type MetricsInput } from '../measure/metrics.ts';
import { CALL_PARTS } from '../engine/batch/call-split.ts';
import type { CallLog } from '../measure/call-log.ts';
import { PATH_PARTS } from '../measure/path-parts.ts';
import { waitCurve } from '../measure/wait-curve.ts';
import type { AgentDetail, CallSplitRecord, PathRecord, QueueSeries, ReplicationDetail, ReplicationRecord, WaitCurve } from '../results.ts';
import { tellOpenPrograms } from './program-book.ts';
import { tellScriptEnds } from './script-life.ts';
import type { Stage } from './stage.ts';

/** Agents listed in a record; where there are more, those with the fewest completions. */
const MOST_AGENTS = 60;

export interface RecordInput {
  readonly stage: Stage;
  readonly endUs: number;
  readonly log: CallLog;
  readonly cell: string;
  readonly replication: number;
  readonly params: ParamValues;
  readonly withSeries: boolean;
}

/** Closes the recorder and reads everything from it. */
export function recordOf(input: RecordInput): ReplicationRecord {
  const { stage, endUs, log } = input, { model, recorder } = stage;
  tellScriptEnds(stage.scriptEnds, recorder);
  tellOpenPrograms(stage, endUs);
  const checks = recorder.close(endUs), spike = model.spike;
  const policy = meanOf(stage.policies.map((one) => one.metrics?.() ?? {}));
  const measured: MetricsInput = {
    recorder, classNames: model.classes, tickUs: model.tickUs, agents: model.agents.length, windowUs: endUs, agentWeights: model.agents.map((agent) => agent.weight ?? 1),
    agentClasses: model.agents.map((agent) => model.classes.indexOf(agent.class)),
    spike: spike ? { atUs: spike.atUs, agents: model.agents.flatMap((agent, a) => (agent.class === spike.class ? [a] : [])) } : undefined,
    policy, addons: stage.addons.metrics(), pricePerHour: model.pricePerHour, singleCalls: !stage.programs.wereUsed && (model.scripts?.length ?? 0) === 0,
  };
  const metrics = metricsOf(measured);
  const { offeredLoad } = model, faults = model.study === 'steady' && offeredLoad !== undefined && offeredLoad >= 1
    ? [`unstable: work arrives at ${offeredLoad} of what the places can do, so the queue grows without end and no long-run mean exists`] : [];
  // Whoever is asked for its load has told first of the steps that it passed over.
  for (const engine of stage.engines) engine.signals();
  const windows = log.windows(recorder.lastArrivalUs), windowCalls = log.windowCalls(recorder.lastArrivalUs), sections = log.sections();
  const pictures = stage.pictures?.record();
  const detail: ReplicationDetail = {
    agents: agentDetails(stage), agentsTotal: Math.max(model.agents.length, recorder.agents.count),
    waitCurves: waitCurves(stage), queue: queueGrowth(recorder, endUs),
    ...(input.withSeries ? { series: series(stage, endUs) } : {}),
    ...(stage.engineSeries ? { engines: stage.engineSeries.record(endUs) } : {}),
    ...(stage.splits ? { split: split(stage.splits) } : {}),
    ...pathOf(stage),
    ...(pictures ? { programs: pictures } : {}),
    ...(windows ? { batches: windows } : {}),
    ...(windowCalls ? { batchCalls: windowCalls } : {}),
    ...(sections ? { sections } : {}),
  };
  return {
    cell: input.cell, replication: input.replication, seed: stage.seed, params: input.params, metrics: { ...metrics, ...furtherMetrics(measured, metrics) },
    orderDigest: recorder.order.hex(), resultDigest: resultDigest(stage, metrics), events: recorder.events, checks, notes: [...stage.engineNotes(), ...(stage.wasIdle ? [idleNote(input.params['policy'])] : [])],
    ...(faults.length > 0 ? { faults } : {}), detail, draws: stage.streams.drawCounts(),
    ...(stage.trail ? { decisions: stage.trail.counts(stage.picks, stage.policies), trail: stage.trail.bytes() } : {}),
  };
}

/** No comparison of waits holds for a policy that does not use what it has. */
function idleNote(policy: ParamValues[string] | undefined): string {
  const name = policy === undefined ? 'the policy' : String(policy);
  return `${name} left a place idle while a call waited that it could serve, so that its runs do less work than others${policy === undefined ? '' : `; schedlab check ${name} shows the history`}`;
}

/** Figures of the policies themselves, averaged over the engines' policies that tell them. */
function meanOf(tables: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const out: Record<string, number> = {};
  for (const name of new Set(tables.flatMap((table) => Object.keys(table)))) {
    const values = tables.flatMap((table) => (Object.hasOwn(table, name) ? [table[name]] : []));
    out[name] = values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return out;
}

const real = new DataView(new ArrayBuffer(8));

/** Every ended call's times, then the bits of the metrics that the digest has always had: figures found from the same facts later leave it alone. */
function resultDigest({ recorder }: Stage, metrics: Readonly<Record<string, number | null>>): string {
  for (const value of Object.values(metrics)) {
    real.setFloat64(0, value === null ? -1 : value === 0 ? 0 : value);
    recorder.results.mix(0, 8, real.getInt32(0), real.getInt32(4));
  }
  return recorder.results.hex();
}

function agentDetails({ model, recorder }: Stage): AgentDetail[] {
  const { agents } = recorder, count = Math.max(model.agents.length, agents.count);
  agents.ensure(count - 1);
  let listed = Array.from({ length: count }, (_, a) => a);
  if (count > MOST_AGENTS) listed = listed.sort((a, b) => agents.completed(a) - agents.completed(b) || a - b).slice(0, MOST_AGENTS).sort((a, b) => a - b);
  return listed.map((a) => ({
    name: model.agents[a]?.name ?? `agent ${a}`, class: model.agents[a]?.class ?? model.classes[agents.callClass(a)] ?? 'all',
    arrived: agents.arrived(a), completed: agents.completed(a), firstServedS: agents.firstServedUs(a) < 0 ? null : agents.firstServedUs(a) / 1e6,
    waitAllMeanS: agents.waitAllMeanUs(a) / 1e6,
  }));
}

/** One curve a class, and `all` where there are several. */
function waitCurves({ model, recorder }: Stage): Record<string, WaitCurve> {
  const curves: Record<string, WaitCurve> = {};
  const names = model.classes.length > 0 ? model.classes : ['all'];
  if (names.length > 1) curves['all'] = waitCurve(recorder.classes.map((c) => c.wait), recorder.classes.map((c) => c.unserved), model.endUs);
  names.forEach((name, k) => { curves[name] = waitCurve([recorder.classes[k].wait], [recorder.classes[k].unserved], model.endUs); });
  return curves;
}

function pathOf({ recorder }: Stage): { path?: PathRecord } {
  const programs = recorder.classes.reduce((n, { path }) => n + path.programs, 0);
  return programs === 0 ? {} : { path: { programs, seconds: Object.fromEntries(PATH_PARTS.map((name, part) => [name, recorder.classes.reduce((sum, { path }) => sum + path.us[part], 0) / 1e6])) } };
}

const split = ({ totalUs, ended }: NonNullable<Stage['splits']>): CallSplitRecord => ({ calls: ended, seconds: Object.fromEntries(CALL_PARTS.map((name, part) => [name, totalUs[part] / 1e6])) });

function series({ recorder }: Stage, endUs: number): QueueSeries {
  const { course } = recorder, waitedUs = recorder.classes.reduce((sum, c) => sum + c.wait.sum + c.unserved.sum, 0);
  return {
    atS: course.atUs.map((us) => us / 1e6), waiting: [...course.waiting], oldestWaitS: course.oldestUs.map((us) => us / 1e6),
    ...(endUs > 0 ? { meanWaiting: waitedUs / endUs } : {}),
  };
}
