// Drives a batch scheduler in unit steps for tests: arrivals by step, and what each step did in words.
import { BATCH_DEFAULTS, type BatchConfig } from '../../../sim/engine/batch/config.ts';
import { ContentTable, type Content } from '../../../sim/engine/batch/content.ts';
import type { BatchRequest } from '../../../sim/engine/batch/request.ts';
import { ruleSet } from '../../../sim/engine/batch/rules.ts';
import { BatchScheduler } from '../../../sim/engine/batch/scheduler.ts';
import { StepLoop } from '../../../sim/engine/batch/step-loop.ts';
import type { StepPlan } from '../../../sim/engine/batch/step-plan.ts';

export interface Asked { readonly id: string; readonly prompt: number | Content; readonly out: number; readonly step?: number; readonly priority?: number; readonly arrival?: number; readonly answer?: number }

/** A prompt given by its length is content of its own. */
export class Drive {
  readonly scheduler: BatchScheduler;
  readonly loop: StepLoop<BatchRequest, StepPlan>;
  /** One line a step: `A 1500@0, B 548@0`. */
  readonly steps: string[] = [];
  readonly preempted: [step: number, id: string][] = [];
  readonly firstToken: Record<string, number> = {};
  readonly finish: Record<string, number> = {};
  readonly requests: Record<string, BatchRequest> = {};
  /** Free blocks after each planning. */
  readonly free: number[] = [];
  #segments = 1000;

  constructor(config: Partial<BatchConfig>, { set = 'vllm-0.32', without = [] }: { set?: string; without?: readonly string[] } = {}) {
    const size = config.blockSize ?? BATCH_DEFAULTS.blockSize;
    this.scheduler = new BatchScheduler({ rules: ruleSet(set, without), ...config }, new ContentTable(size));
    this.loop = new StepLoop(this.scheduler);
  }

  add({ id, prompt, out, priority = 0, arrival = 0, answer }: Asked): BatchRequest {
    const content: Content = typeof prompt === 'number' ? [[this.#segments++, prompt]] : prompt;
    return (this.requests[id] = this.scheduler.add({ id, content, outputTokens: out, outputSegment: answer ?? this.#segments++, priority, arrival }));
  }

  /** Plans and processes until nothing is left. Steps count from 1. */
  run(asked: readonly Asked[] = [], most = 5000): this {
    let left = [...asked];
    for (let step = this.steps.length + 1; left.length > 0 || this.scheduler.unfinished > 0 || this.loop.inFlight > 0; step++) {
      if (step > most) throw new Error(`not over after ${most} steps`);
      for (const one of left) if ((one.step ?? 1) <= step) this.add(one);
      left = left.filter((one) => (one.step ?? 1) > step);
      this.turn();
    }
    return this;
  }

  /** One turn of the loop. */
  turn(): void {
    const plan = this.loop.plan(), step = this.steps.length + 1;
    this.steps.push(plan?.requests.map((one, i) => `${String(one.id)} ${plan.tokens[i]}@${plan.contexts[i]}`).join(', ') ?? '');
    for (const one of plan?.preempted ?? []) this.preempted.push([step, String(one.id)]);
    this.free.push(this.scheduler.kv.pool.free);
    const due = this.loop.awaited(plan);
    if (!due) return;
    this.loop.taken();
    const { tokens, finished } = this.scheduler.process(due);
    for (const one of tokens) this.firstToken[String(one.id)] ??= step;
    for (const one of finished) this.finish[String(one.id)] = step;
  }
}
