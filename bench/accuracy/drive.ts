// One batch engine under a clock: requests arrive, steps are planned and priced, tokens are delivered. The plain form, for comparison with real runs.
import { SchedlabError } from '../../src/errors.ts';
import type { BatchConfig } from '../../sim/engine/batch/config.ts';
import { ContentTable, type Content } from '../../sim/engine/batch/content.ts';
import type { BatchRequest } from '../../sim/engine/batch/request.ts';
import { BatchScheduler } from '../../sim/engine/batch/scheduler.ts';
import { StepLoop } from '../../sim/engine/batch/step-loop.ts';
import type { StepPlan } from '../../sim/engine/batch/step-plan.ts';
import { NO_OVERHEAD, type CallOverhead, type CostModel } from '../../sim/engine/cost/cost-model.ts';
import { StepLoad } from '../../sim/engine/cost/step-load.ts';
import { Arrivals } from './arrivals.ts';

export interface Demand {
  /** When the client sends it. */
  readonly atUs: number;
  readonly content: Content;
  readonly outputTokens: number;
  readonly outputSegment: number;
}

/** What one request lived through, µs; −1: did not happen. `queuedUs` is when the engine's loop first sees it. */
export interface Life { readonly atUs: number; queuedUs: number; firstUs: number; lastUs: number; readonly promptTokens: number; readonly outputTokens: number; preemptions: number; cachedTokens: number }

export interface DriveOptions {
  readonly config: Partial<BatchConfig>;
  readonly cost: CostModel;
  readonly overhead?: CallOverhead;
  /** Called when a request ends; what it returns arrives later. */
  readonly then?: (request: number, nowUs: number) => Demand | undefined;
}

export interface Driven { readonly lives: readonly Life[]; readonly steps: number; readonly preemptions: number; readonly endUs: number }

/** Runs until nobody is left. O(steps · batch). */
export function drive(first: readonly Demand[], { config, cost, overhead = NO_OVERHEAD, then }: DriveOptions): Driven {
  const scheduler = new BatchScheduler(config, new ContentTable(config.blockSize ?? 16)), loop = new StepLoop(scheduler), load = new StepLoad();
  const demands: Demand[] = [], lives: Life[] = [], requests = new Map<BatchRequest, number>(), arrivals = new Arrivals(), ends = new Map<StepPlan, number>();
  let nowUs = 0, deviceUs = 0, steps = 0;
  const send = (demand: Demand): void => { const id = demands.length; demands.push(demand); lives.push({ atUs: demand.atUs, queuedUs: -1, firstUs: -1, lastUs: -1, promptTokens: demand.content.reduce((sum, [, n]) => sum + n, 0), outputTokens: demand.outputTokens, preemptions: 0, cachedTokens: 0 }); arrivals.add(Math.round(demand.atUs + overhead.beforeUs), id); };
  first.forEach(send);
  while (true) {
    while (arrivals.nextUs <= nowUs) {
      const id = arrivals.take();
      lives[id].queuedUs = nowUs;
      requests.set(scheduler.add({ id, content: demands[id].content, outputTokens: demands[id].outputTokens, outputSegment: demands[id].outputSegment, arrival: demands[id].atUs }), id);
    }
    const plan = loop.plan();
    if (plan !== undefined) {
      if (!plan.isEmpty) { deviceUs = Math.max(deviceUs, nowUs) + Math.max(1, Math.round(cost.stepUs(plan.load(load)))); steps++; }
      ends.set(plan, plan.isEmpty ? nowUs : deviceUs);
    }
    const awaited = loop.awaited(plan);
    if (awaited !== undefined) {
      nowUs = Math.max(nowUs, ends.get(awaited) as number);
      loop.taken();
      deliver(awaited);
      continue;
    }
    if (plan !== undefined) continue;
    if (arrivals.nextUs === Infinity) break;
    nowUs = Math.max(nowUs, arrivals.nextUs);
  }
  const lost = lives.filter((life) => life.lastUs < 0).length;
  if (lost > 0) throw new SchedlabError('ERR_INVARIANT', `${lost} requests never ended`);
  return { lives, steps, preemptions: scheduler.preemptions, endUs: nowUs };

  function deliver(plan: StepPlan): void {
    const result = scheduler.process(plan);
    for (const request of result.tokens) { const life = lives[requests.get(request) as number]; if (life.firstUs < 0) life.firstUs = nowUs + overhead.perOutputTokenUs; }
    for (const request of result.finished) {
      const id = requests.get(request) as number, life = lives[id];
      life.lastUs = nowUs + overhead.afterUs + overhead.perOutputTokenUs * request.outputs;
      life.preemptions = request.preemptions;
      life.cachedTokens = request.cachedTokens;
      requests.delete(request);
      const next = then?.(id, life.lastUs);
      if (next !== undefined) send(next);
    }
  }
}
