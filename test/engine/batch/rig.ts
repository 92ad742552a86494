// One batch engine on a kernel of its own: calls by arrival, and what the engine reported of each.
import { CallTable } from '../../../src/dispatch/calls.ts';
import type { EngineEvents, EngineSignals } from '../../../src/engines/engine.ts';
import { BatchEngine } from '../../../sim/engine/batch/batch-engine.ts';
import type { StepRecord } from '../../../sim/engine/batch/step-record.ts';
import { CALL_PARTS, CallSplits, type CallPart } from '../../../sim/engine/batch/call-split.ts';
import { BATCH_DEFAULTS, type BatchConfig } from '../../../sim/engine/batch/config.ts';
import { ContentTable, type Content } from '../../../sim/engine/batch/content.ts';
import { OwnSegments } from '../../../sim/engine/batch/prompts.ts';
import type { CallOverhead, CostModel } from '../../../sim/engine/cost/cost-model.ts';
import { Work } from '../../../sim/engine/work.ts';
import { Kernel } from '../../../sim/kernel/kernel.ts';

export interface RigCall { readonly atUs: number; readonly prompt: number | Content; readonly out: number; readonly priority?: number; readonly abortUs?: number; /** Granted so long after it arrived. */ readonly gateUs?: number }
export interface Served { scheduledUs: number; firstUs: number; endUs: number; failed?: string; cached: number; preemptions: number; /** What it was doing when its client went. */ abortedIn?: string; parts: Record<CallPart, number> | undefined; readonly events: string[] }

export interface RigOptions { readonly config?: Partial<BatchConfig>; readonly cost: CostModel | ((load: Parameters<CostModel['stepUs']>[0]) => number); readonly overhead?: CallOverhead; readonly form?: 'auto' | 'plain'; readonly onStep?: (record: Readonly<StepRecord>) => void; /** Instants at which the load is read. */ readonly probesUs?: readonly number[] }

/** Knows what each call is doing. */
class WatchedSplits extends CallSplits {
  readonly now = new Map<number, CallPart>();
  override start(call: number, part: number, nowUs: number): void { super.start(call, part, nowUs); this.now.set(call, CALL_PARTS[part]); }
  override turn(call: number, part: number, nowUs: number): void { super.turn(call, part, nowUs); this.now.set(call, CALL_PARTS[part]); }
}

/** Plays all calls to their end. At each abort, what the engine tells of itself must be what its calls are doing. */
export function playCalls(list: readonly RigCall[], { config = {}, cost, overhead, form, onStep, probesUs = [] }: RigOptions): { served: Served[]; engine: BatchEngine; kernel: Kernel; read: EngineSignals[] } {
  const kernel = new Kernel(), calls = new CallTable(), work = new Work(), splits = new WatchedSplits(calls), own = new OwnSegments(), table = new ContentTable(config.blockSize ?? BATCH_DEFAULTS.blockSize);
  const slots: number[] = [], indexOf = new Map<number, number>();
  const served: Served[] = list.map(() => ({ scheduledUs: -1, firstUs: -1, endUs: -1, cached: -1, preemptions: 0, parts: undefined, events: [] }));
  const at = (call: number): Served => served[indexOf.get(call)!];
  const release = (call: number): void => { at(call).preemptions = calls.preemptions[call]; at(call).scheduledUs = calls.scheduledUs[call]; at(call).firstUs = calls.firstTokenUs[call]; indexOf.delete(call); calls.release(call); };
  const events: EngineEvents = {
    scheduled: (_engine, call, nowUs) => { at(call).events.push(`scheduled ${nowUs}`); },
    preempted: (_engine, call, nowUs) => { at(call).events.push(`preempted ${nowUs}`); },
    resumed: (_engine, call, nowUs) => { at(call).events.push(`resumed ${nowUs}`); },
    tokens: (_engine, call, total, nowUs) => { at(call).events.push(`token ${total} ${nowUs}`); },
    finished: (_engine, call, nowUs, out, cached) => { const one = at(call); one.events.push(`finished ${nowUs} ${out}`); one.endUs = nowUs; one.cached = cached; one.parts = splits.of(call); release(call); kernel.dirty = true; },
    failed: (_engine, call, nowUs, reason) => { const one = at(call); one.failed = reason; one.events.push(`failed ${nowUs}`); release(call); },
  };
  const kind = kernel.handler(() => { if (engine.stepped(kernel.nowUs)) kernel.dirty = true; });
  const engine = new BatchEngine({
    number: 0, kernel, kind, calls, work, events, config, content: table, splits, ...(overhead ? { overhead } : {}), ...(form ? { form } : {}), ...(onStep ? { onStep } : {}),
    cost: typeof cost === 'function' ? { name: 'test', stepUs: cost } : cost,
    prompts: {
      content: (call) => { const { prompt } = list[indexOf.get(call)!]; return typeof prompt === 'number' ? [[own.take(), prompt]] : prompt; },
      answer: () => own.take(),
      priority: (call) => list[indexOf.get(call)!].priority ?? 0,
    },
  });
  const submit = kernel.handler((i) => {
    const { prompt, out, gateUs = 0 } = list[i], call = calls.allocate(i, 0, 0);
    slots[i] = call;
    indexOf.set(call, i);
    calls.promptTokens[call] = typeof prompt === 'number' ? prompt : prompt.reduce((sum, [, n]) => sum + n, 0);
    calls.arrivedUs[call] = kernel.nowUs - gateUs;
    work.set(call, 0, 0, out);
    engine.submit(call, kernel.nowUs);
    kernel.dirty = true;
  });
  /** A call that has been served and whose end is on its way. */
  const isLeaving = (call: number): boolean => splits.now.get(call) === 'frontEnd' && calls.scheduledUs[call] >= 0;
  const tellsTruth = (): void => {
    const { running, waiting, kvUse } = engine.signals(), present = [...indexOf.keys()].filter((call) => !isLeaving(call)).length, { freeBlocks, usableBlocks, runningCount, waitingCount } = engine.scheduler;
    const isTrue = running + waiting === present && kvUse >= 0 && kvUse <= 1 && freeBlocks >= 0 && freeBlocks <= usableBlocks && runningCount >= 0 && waitingCount >= 0;
    if (!isTrue) throw new Error(`at ${kernel.nowUs} µs ${present} calls are present, and the engine tells ${JSON.stringify({ running, waiting, kvUse, freeBlocks, usableBlocks })}`);
  };
  const abort = kernel.handler((i) => {
    const call = slots[i];
    if (indexOf.get(call) !== i) return;
    const one = at(call), part = splits.now.get(call)!, isFirst = calls.firstTokenUs[call] < 0;
    one.abortedIn = part === 'frontEnd' ? (isLeaving(call) ? 'end on its way' : 'entering') : part === 'decode' && isFirst ? 'first token on its way' : part;
    engine.abort(call);
    release(call);
    tellsTruth();
    kernel.dirty = true;
  });
  kernel.onDry = (nowUs) => { engine.decide(nowUs); };
  list.forEach(({ atUs, abortUs, gateUs = 0 }, i) => { kernel.schedule(atUs + gateUs, submit, i); if (abortUs !== undefined) kernel.schedule(abortUs, abort, i); });
  const read: EngineSignals[] = [], probe = kernel.handler(() => { read.push(engine.signals()); });
  for (const atUs of probesUs) kernel.schedule(atUs, probe, 0);
  kernel.run();
  return { served, engine, kernel, read };
}
