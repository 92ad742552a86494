// The live world: the same model through the same dispatcher, on the machine's clock, to one OpenAI-compatible endpoint. Gate mode.
import { SystemClock } from '../../src/clock.ts';
import { DispatchCore } from '../../src/dispatch/core.ts';
import { Dispatcher } from '../../src/dispatch/dispatcher.ts';
import { probe } from '../../src/engines/vllm-endpoint.ts';
import { CallLog, callName } from '../measure/call-log.ts';
import { DecisionLog } from '../measure/decision-log.ts';
import type { CallLine, ReplicationRecord } from '../results.ts';
import type { Model } from '../scenario.ts';
import { LiveEngine } from './live-engine.ts';
import { LivePrograms } from './live-programs.ts';
import { recordOf } from './record.ts';
import { refuseLive } from './refusals.ts';
import { Stage } from './stage.ts';
import type { ReplicationOptions } from './virtual.ts';

/** A run in which more calls than this fail says nothing about a scheduler. */
const MOST_FAILED_SHARE = 0.05;
/** Calls that were sent this much after they were due, at the 95th percentile, were held up by the load generator. */
const LATE_US = 100_000;

export interface LiveOptions extends ReplicationOptions {
  /** Address of the endpoint. */
  readonly target: string;
  readonly apiKey?: string;
  readonly callLine?: (line: CallLine) => void;
}

/**
 * Plays one replication in real time. Throws ERR_NOT_POSSIBLE for what cannot be done on one live endpoint, ERR_TARGET where it does
 * not answer. Arrivals, agents and ties come from the same seeds as in the simulator; lengths are asked for, not forced.
 */
export async function runLive(model: Model, options: LiveOptions): Promise<ReplicationRecord> {
  refuseLive(model, options.target, options.shell);
  const { model: served } = await probe(options.target, options.apiKey === undefined ? {} : { apiKey: options.apiKey });
  const log: { current?: CallLog; decisions?: DecisionLog | undefined } = {};
  const stage = new Stage(model, {
    seed: options.seed, withSeries: options.series ?? false,
    ...(options.callLine || model.traced ? { listener: { ended: (call, outcome, atUs) => { log.current!.ended(call, outcome, atUs); } } } : {}),
    ...(options.watch ? { watch: (calls) => options.watch!(calls, () => log.current!.ids) } : {}),
    ...(options.decisionLine ? { receipts: (receipt) => { log.decisions?.take(receipt); } } : {}),
  });
  log.current = new CallLog({ calls: stage.calls, replication: options.replication, agents: model.agents, classes: model.classes, keepWindows: model.traced ?? false, ...(options.callLine ? { line: options.callLine } : {}) });
  if (options.decisionLine) log.decisions = new DecisionLog({ calls: stage.calls, replication: options.replication, agents: model.agents, nameOf: (call) => callName(stage.calls, log.current!.ids, call), line: options.decisionLine, seed: options.seed, sample: options.decisionsSample ?? 1 });
  const clock = new SystemClock();
  const dispatcher = new Dispatcher(new DispatchCore(stage.coreOptions()), clock);
  const engine = new LiveEngine({ stage, clock, baseUrl: options.target, model: served, ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }) });
  const programs = new LivePrograms({ stage, clock, dispatcher, engine });
  log.current.ids = programs.ids;
  let endUs: number;
  try { endUs = await programs.run(); } finally { await engine.close(); }
  const record = recordOf({ stage, endUs, log: log.current, cell: options.cell, replication: options.replication, params: options.params, withSeries: options.series ?? false });
  // Whoever still waits is told, so that no timer keeps the process. The window is over: that is no decision.
  log.decisions = undefined;
  await dispatcher.shutdown(0);
  return { ...record, notes: engine.notes(), faults: faults(record, engine, programs) };
}

function faults(record: ReplicationRecord, engine: LiveEngine, programs: LivePrograms): string[] {
  const out: string[] = [], failed = record.metrics['failed'] ?? 0, arrived = record.metrics['arrived'] ?? 0;
  if (arrived > 0 && failed / arrived > MOST_FAILED_SHARE) out.push(`${failed} of ${arrived} calls failed (${engine.failureText()})`);
  if (programs.lateP95Us > LATE_US) out.push(`the load generator was late: 5 % of the calls started more than ${Math.round(programs.lateP95Us / 1000)} ms after they were due`);
  return out;
}
