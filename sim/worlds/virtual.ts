// The virtual world: plays one replication of a model in simulated time, through the event shell or the promise shell.
import type { ParamValues } from '../../src/options.ts';
import type { ReceiptListener } from '../../src/observe/lifecycle.ts';
import { CallLog, callName } from '../measure/call-log.ts';
import { DecisionLog } from '../measure/decision-log.ts';
import type { Watch } from '../measure/watched-recorder.ts';
import type { CallLine, DecisionLine, ReplicationRecord } from '../results.ts';
import type { Model } from '../scenario.ts';
import { EventShell } from './event-shell.ts';
import { PromiseShell, type Perturbation } from './promise-shell.ts';
import { recordOf } from './record.ts';
import { searchRate } from './rate-search.ts';
import { refuseShell } from './refusals.ts';
import { Stage } from './stage.ts';

export interface ReplicationOptions {
  readonly seed: string;
  readonly replication: number;
  /** auto: the event shell, or the promise shell where agents are functions. */
  readonly shell: 'auto' | 'event' | 'promise';
  readonly params: ParamValues;
  readonly cell: string;
  /** Told of every call that ended, or stood unfinished at the end. */
  readonly callLine?: (line: CallLine) => void;
  /** Told of every lifecycle event: must not change a digest. */
  readonly watch?: Watch;
  /** Keep the course of the queue. */
  readonly series?: boolean;
  /** Keep what was decided, to be laid beside another run; true. */
  readonly trail?: boolean;
  readonly receipts?: ReceiptListener;
  /** Told of every decision, or of those about a share of the calls. */
  readonly decisionLine?: (line: DecisionLine) => void;
  readonly decisionsSample?: number;
  /** Lets a long replication through the event shell be interrupted: waited for every few thousand rounds. */
  readonly breathe?: () => Promise<void>;
  /** Turned by tests: must not change a digest. */
  readonly perturb?: Perturbation;
}

/** Synchronous through the event shell, but where a rate is sought. Both shells give the same record for the same seed. */
export function runReplication(model: Model, options: ReplicationOptions): ReplicationRecord | Promise<ReplicationRecord> {
  refuseShell(model, options.shell);
  if (model.search !== undefined) {
    const { callLine: _calls, watch: _watch, receipts: _receipts, decisionLine: _decisions, series: _series, ...bare } = options;
    return searchRate(model.search, (at, isBare) => runReplication(at, isBare ? { ...bare, trail: false } : options));
  }
  const isScripted = (model.scripts?.length ?? 0) > 0;
  const isEvent = options.shell === 'event' || (options.shell === 'auto' && !isScripted);
  const pending: { log?: CallLog; decisions?: DecisionLog } = {};
  const stage = new Stage(model, {
    seed: options.seed, withSeries: options.series ?? false, withTrail: options.trail ?? true,
    ...(options.callLine || model.traced ? { listener: { ended: (call, outcome, atUs) => { pending.log!.ended(call, outcome, atUs); } } } : {}),
    ...(options.decisionLine ? { receipts: (receipt) => { pending.decisions!.take(receipt); } } : options.receipts ? { receipts: options.receipts } : {}),
    ...(options.watch ? { watch: (calls) => options.watch!(calls, () => pending.log!.ids) } : {}),
  });
  const log = pending.log = new CallLog({
    calls: stage.calls, replication: options.replication, agents: model.agents, classes: model.classes, keepWindows: model.traced ?? false,
    ...(options.callLine ? { line: options.callLine } : {}),
  });
  if (options.decisionLine) pending.decisions = new DecisionLog({ calls: stage.calls, replication: options.replication, agents: model.agents, nameOf: (call) => callName(stage.calls, log.ids, call), line: options.decisionLine, seed: options.seed, sample: options.decisionsSample ?? 1 });
  const withIds = options.callLine !== undefined || options.watch !== undefined || options.decisionLine !== undefined;
  const record = (endUs: number): ReplicationRecord => recordOf({ stage, endUs, log, cell: options.cell, replication: options.replication, params: options.params, withSeries: options.series ?? false });
  if (isEvent) {
    const shell = new EventShell(stage, { withIds, ...(options.perturb?.ties ? { ties: options.perturb.ties } : {}) });
    log.ids = shell.ids;
    return options.breathe ? shell.runBreathing(options.breathe).then(record) : record(shell.run());
  }
  const shell = new PromiseShell(stage, { withIds, ...(options.perturb ? { perturb: options.perturb } : {}) });
  log.ids = shell.ids;
  return shell.run().then(record);
}
