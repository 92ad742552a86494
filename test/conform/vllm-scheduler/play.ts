// Plays a recorded case on the batch scheduler, step by step and without a clock, and writes down what it decides in the same words.
import { ContentTable } from '../../../sim/engine/batch/content.ts';
import type { BatchConfig } from '../../../sim/engine/batch/config.ts';
import { REQUEST_ENDED, type BatchRequest } from '../../../sim/engine/batch/request.ts';
import { ruleSet } from '../../../sim/engine/batch/rules.ts';
import { BatchScheduler } from '../../../sim/engine/batch/scheduler.ts';
import { StepLoop } from '../../../sim/engine/batch/step-loop.ts';
import type { RecordedConfig, RecordedRequest, RecordedSummary } from './format.ts';

/** One step as lists of pairs, so that order counts. */
export interface PlayedStep {
  readonly step: number; readonly aborted: readonly string[]; readonly added: readonly string[]; readonly scheduled: readonly (readonly [string, number])[];
  readonly new: readonly string[]; readonly resumed: readonly string[]; readonly preempted: readonly string[]; readonly hit_tokens: readonly (readonly [string, number])[];
  readonly running: readonly string[]; readonly waiting: readonly string[]; readonly free_blocks: number;
  /** Of the step whose result was taken in; absent where none was. */
  readonly output_of_step?: number; readonly isOutputEmpty: boolean; readonly tokens: readonly string[]; readonly finished: readonly string[]; readonly free_blocks_end?: number;
}

export interface Played { readonly steps: readonly PlayedStep[]; readonly summary: Readonly<Record<string, RecordedSummary>>; readonly scheduler: BatchScheduler }

/** Rules by default those of vLLM 0.32, the version that recorded the cases. */
export function configOf(recorded: RecordedConfig, rules = ruleSet('vllm-0.32')): BatchConfig {
  return {
    scheduling: recorded.policy, maxSeqs: recorded.max_num_seqs, activeSeqs: recorded.max_num_active_seqs ?? recorded.max_num_seqs, maxBatchedTokens: recorded.max_num_batched_tokens,
    chunked: recorded.enable_chunked_prefill, longPrefill: recorded.long_prefill_token_threshold, longPrefillAdaptive: recorded.long_prefill_token_threshold_adaptive,
    blockSize: recorded.block_size, blocks: recorded.num_gpu_blocks, prefixCaching: recorded.enable_prefix_caching, maxModelLen: recorded.max_model_len,
    reserveFull: recorded.scheduler_reserve_full_isl, watermark: recorded.watermark, asynchronous: recorded.async_scheduling, rules,
  };
}

const ids = (requests: Iterable<BatchRequest>): string[] => [...requests].map(({ id }) => String(id));

/** Plays until every request has ended. Throws where that takes longer than any schedule of these requests can. `look` is called after each step. */
export function play(recorded: RecordedConfig, requests: readonly RecordedRequest[], { rules = ruleSet('vllm-0.32'), look }: { rules?: BatchConfig['rules']; look?: (scheduler: BatchScheduler) => void } = {}): Played {
  const config = configOf(recorded, rules), scheduler = new BatchScheduler(config, new ContentTable(config.blockSize)), loop = new StepLoop(scheduler);
  const live = new Map<string, BatchRequest>(), summary: Record<string, RecordedSummary> = {}, steps: PlayedStep[] = [], firstTokens = new Map<string, number>(), numbers = new Map<number, number>();
  const left = [...requests], end = (request: BatchRequest, step: number, reason: string): void => {
    const id = String(request.id);
    summary[id] = { first_token_step: firstTokens.get(id) ?? null, finish_step: step, reason, preemptions: request.preemptions, hit_tokens: request.cachedTokens < 0 ? null : request.cachedTokens, output_tokens: request.outputs };
  };
  const work = requests.reduce((sum, one) => sum + one.prompt_len + one.output_len, 0), last = Math.max(0, ...requests.map((one) => one.arrival_step)) + 20 * work + 10;
  for (let step = 0; left.length > 0 || scheduler.unfinished > 0 || loop.inFlight > 0; step++) {
    if (step > last) throw new Error(`not over after ${step} steps: ${ids(scheduler.running).length} running, ${scheduler.waiting.size} waiting`);
    const aborted: string[] = [], added: string[] = [];
    for (const { id, abort_step } of requests) {
      const request = live.get(id);
      if (abort_step === step && request && scheduler.abort(request)) { aborted.push(id); end(request, step, 'abort'); }
    }
    while (left[0]?.arrival_step === step) {
      const one = left.shift()!;
      live.set(one.id, scheduler.add({ id: one.id, content: one.prompt, outputTokens: one.output_len, outputSegment: one.out_seed, priority: one.priority, arrival: one.arrival_time }));
      added.push(one.id);
    }
    const plan = loop.plan(), awaited = loop.awaited(plan);
    const decided = {
      step, aborted, added, scheduled: plan?.requests.map((one, i) => [String(one.id), plan.tokens[i]] as const) ?? [],
      new: ids(plan?.admitted ?? []), resumed: ids(plan?.resumed ?? []), preempted: ids(plan?.preempted ?? []),
      hit_tokens: plan ? [...plan.admitted.map((one, i) => [String(one.id), plan.admittedHits[i]] as const), ...plan.resumed.map((one, i) => [String(one.id), plan.resumedHits[i]] as const)].filter(([, hit]) => hit > 0) : [],
      running: ids(scheduler.running), waiting: ids(scheduler.waiting), free_blocks: scheduler.kv.pool.free,
    };
    if (plan) numbers.set(plan.step, step);
    let tokens: string[] = [], finished: string[] = [];
    if (awaited) {
      loop.taken();
      const result = scheduler.process(awaited);
      tokens = ids(result.tokens);
      finished = ids(result.finished);
      for (const id of tokens) if (!firstTokens.has(id)) firstTokens.set(id, step);
      for (const request of result.finished) end(request, step, 'length');
    }
    look?.(scheduler);
    const hasHappened = aborted.length + added.length + decided.scheduled.length + decided.preempted.length + tokens.length + finished.length > 0 || (awaited !== undefined && !awaited.isEmpty);
    if (!hasHappened) continue;
    steps.push({ ...decided, ...(awaited ? { output_of_step: numbers.get(awaited.step)!, free_blocks_end: scheduler.kv.pool.free } : {}), isOutputEmpty: !awaited || awaited.isEmpty, tokens, finished });
  }
  for (const request of live.values()) if (request.state !== REQUEST_ENDED) throw new Error(`${String(request.id)} has not ended`);
  return { steps, summary, scheduler };
}
