// Plain and bulk scheduler side by side on the same requests: every step, every hit and the free list must be the same.
import type { AsyncBulkScheduler } from '../../../sim/engine/batch/async-bulk-scheduler.ts';
import type { BulkPlan } from '../../../sim/engine/batch/bulk-plan.ts';
import type { BulkRequest } from '../../../sim/engine/batch/bulk-request.ts';
import type { BulkScheduler } from '../../../sim/engine/batch/bulk-scheduler.ts';
import type { BatchConfig } from '../../../sim/engine/batch/config.ts';
import { ContentTable } from '../../../sim/engine/batch/content.ts';
import type { BatchRequest, RequestSpec } from '../../../sim/engine/batch/request.ts';
import { BatchScheduler } from '../../../sim/engine/batch/scheduler.ts';
import { bulkScheduler } from '../../../sim/engine/batch/scheduler-form.ts';
import { StepLoop } from '../../../sim/engine/batch/step-loop.ts';
import type { StepPlan } from '../../../sim/engine/batch/step-plan.ts';
import { StepLoad } from '../../../sim/engine/cost/step-load.ts';
import type { RecordedRequest } from './format.ts';

export interface Sides {
  readonly plain: BatchScheduler; readonly bulk: BulkScheduler | AsyncBulkScheduler; readonly hits: number; readonly preemptions: number;
  /** The turn in which each finished, from 0. */
  readonly ends: Readonly<Record<string, number>>;
  /** Ended out of the queue, preempted with their last token in flight; got their first token while they waited again; aborted with two tokens in flight. */
  readonly endedInQueue: number; readonly begunInQueue: number; readonly abortedInFlight: number;
}

/** Pools up to this size are compared block by block at every step; larger ones at the end. */
const SMALL_POOL = 64;

interface Counts { readonly id: string | number; readonly outputs: number; readonly cachedTokens: number; readonly preemptions: number }

const ids = (requests: Iterable<{ readonly id: string | number }>): string => [...requests].map(({ id }) => id).join(' ');
const counts = (requests: readonly Counts[]): string => requests.map(({ id, outputs, cachedTokens, preemptions }) => `${id} ${outputs} ${cachedTokens} ${preemptions}`).join();

/** The load as numbers. */
function sums(load: StepLoad): string {
  const { decoders, decodeContext, chunks, chunkTokens, chunkWork2, promptWork2, samplers } = load;
  return JSON.stringify({ decoders, decodeContext, chunks, chunkTokens, chunkWork2, promptWork2, samplers, new: [...load.newTokens.slice(0, chunks)], context: [...load.context.slice(0, chunks)] });
}

/** Plays both to the end. Throws at the first difference, with its step. */
export function lockstep(config: BatchConfig, requests: readonly RecordedRequest[]): Sides {
  const table = new ContentTable(config.blockSize), plain = new BatchScheduler(config, table), bulk = bulkScheduler(config, table), isSmall = plain.usableBlocks <= SMALL_POOL;
  const plainLoop = new StepLoop<BatchRequest, StepPlan>(plain), bulkLoop = new StepLoop<BulkRequest, BulkPlan>(bulk);
  const plainOf = new Map<string, BatchRequest>(), bulkOf = new Map<string, BulkRequest>(), a = new StepLoad(), b = new StepLoad();
  const ends: Record<string, number> = {};
  let left = [...requests], step = 0, endedInQueue = 0, begunInQueue = 0, abortedInFlight = 0;
  const same = (what: string, one: unknown, other: unknown): void => { if (one !== other) throw new Error(`step ${step}, ${what}: plain ${String(one)}, bulk ${String(other)}`); };
  const samePool = (): void => { same('free list', plain.kv.pool.freeList().join(), bulk.pool.freeList().map((one) => (one === null ? 0 : one[0] < 0 ? -1 : table.first(one[0]) + one[1])).join()); };
  const abort = (one: RecordedRequest): void => {
    const x = plainOf.get(one.id), y = bulkOf.get(one.id);
    if (!x || !y) return;
    same(`abort of ${one.id}`, plain.abort(x), bulk.abort(y));
    if (x.inFlight === 2) abortedInFlight++;
    same(`outputs of ${one.id}`, x.outputs, y.outputs);
    same('free blocks after an abort', plain.freeBlocks, bulk.freeBlocks);
  };
  for (const work = requests.reduce((sum, one) => sum + one.prompt_len + one.output_len, 0); left.length > 0 || plain.unfinished > 0 || plainLoop.inFlight > 0; step++) {
    if (step > (requests.at(-1)?.arrival_step ?? 0) + 40 * work) throw new Error(`not over after ${step} steps`);
    // Every other abort comes while a step is in flight.
    for (const one of requests) if (one.abort_step === step && one.output_len % 2 === 0) abort(one);
    for (const one of left) if (one.arrival_step === step) {
      const spec: RequestSpec = { id: one.id, content: one.prompt, outputTokens: one.output_len, outputSegment: one.out_seed, arrival: one.arrival_time };
      plainOf.set(one.id, plain.add(spec));
      bulkOf.set(one.id, bulk.add(spec));
    }
    left = left.filter((one) => one.arrival_step !== step);
    const p = plainLoop.plan(), q = bulkLoop.plan();
    same('number', p?.step, q?.step);
    if (p && q) {
      same('emptiness', p.isEmpty, q.isEmpty);
      same('preempted', counts(p.preempted), counts(q.preempted));
      same('admitted', counts(p.admitted), counts(q.admitted));
      same('resumed', counts(p.resumed), counts(q.resumed));
      same('hits', [...p.admittedHits, ...p.resumedHits].join(), [...q.admittedHits, ...q.resumedHits].join());
      same('load', sums(p.load(a)), sums(q.load(b)));
    }
    same('running', ids(plain.running), ids(bulk.running));
    same('waiting', ids(plain.waiting), ids(bulk.waiting));
    same('free blocks', plain.freeBlocks, bulk.freeBlocks);
    for (const one of requests) if (one.abort_step === step && one.output_len % 2 === 1) abort(one);
    const due = plainLoop.awaited(p), owed = bulkLoop.awaited(q);
    same('result awaited', due?.step, owed?.step);
    if (due && owed) {
      plainLoop.taken();
      bulkLoop.taken();
      const r = plain.process(due), s = bulk.process(owed);
      same('caught up', ids(r.caughtUp), ids(s.caughtUp));
      same('begun', counts(r.begun), counts(s.begun));
      same('finished', counts(r.finished), counts(s.finished));
      for (const { id } of r.finished) ends[id] = step;
      if (p && p !== due) for (const one of p.preempted) { if (r.finished.includes(one)) endedInQueue++; if (r.begun.includes(one)) begunInQueue++; }
    }
    same('free blocks at the end', plain.freeBlocks, bulk.freeBlocks);
    same('unfinished', plain.unfinished, bulk.unfinished);
    if (isSmall) samePool();
  }
  samePool();
  same('evictions', plain.kv.pool.evictions, bulk.pool.evictions);
  same('preemptions', plain.preemptions, bulk.preemptions);
  same('statistics', [plain.kv.hits, plain.kv.queries, plain.kv.resumedHits, plain.kv.resumedQueries].join(), [bulk.hits, bulk.queries, bulk.resumedHits, bulk.resumedQueries].join());
  return { plain, bulk, ends, hits: plain.kv.hits, preemptions: plain.preemptions, endedInQueue, begunInQueue, abortedInFlight };
}
