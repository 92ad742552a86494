// Plain and bulk scheduler side by side on the same requests: every step, every hit, and at the end the free list must be the same.
import type { BatchConfig } from '../../../sim/engine/batch/config.ts';
import type { BulkRequest } from '../../../sim/engine/batch/bulk-request.ts';
import { BulkScheduler } from '../../../sim/engine/batch/bulk-scheduler.ts';
import { ContentTable } from '../../../sim/engine/batch/content.ts';
import type { BatchRequest, RequestSpec } from '../../../sim/engine/batch/request.ts';
import { BatchScheduler } from '../../../sim/engine/batch/scheduler.ts';
import { StepLoad } from '../../../sim/engine/cost/step-load.ts';
import type { RecordedRequest } from '../../conform/vllm-scheduler/format.ts';

export interface Sides { readonly plain: BatchScheduler; readonly bulk: BulkScheduler; readonly steps: number; readonly hits: number; readonly preemptions: number }

const ids = (requests: Iterable<{ readonly id: string | number }>): string => [...requests].map(({ id }) => id).join(' ');

/** The load as numbers. */
function sums(load: StepLoad): string {
  const { decoders, decodeContext, chunks, chunkTokens, chunkWork2, promptWork2, samplers } = load;
  return JSON.stringify({ decoders, decodeContext, chunks, chunkTokens, chunkWork2, promptWork2, samplers, new: [...load.newTokens.slice(0, chunks)], context: [...load.context.slice(0, chunks)] });
}

/** Plays both to the end. Throws at the first difference, with its step. */
export function lockstep(config: BatchConfig, requests: readonly RecordedRequest[]): Sides {
  const table = new ContentTable(config.blockSize), plain = new BatchScheduler(config, table), bulk = new BulkScheduler(config, table);
  const plainOf = new Map<string, BatchRequest>(), bulkOf = new Map<string, BulkRequest>(), a = new StepLoad(), b = new StepLoad();
  let left = [...requests], step = 0;
  const same = (what: string, one: unknown, other: unknown): void => { if (one !== other) throw new Error(`step ${step}, ${what}: plain ${String(one)}, bulk ${String(other)}`); };
  const abort = (one: RecordedRequest): void => {
    const x = plainOf.get(one.id), y = bulkOf.get(one.id);
    if (!x || !y) return;
    same(`abort of ${one.id}`, plain.abort(x), bulk.abort(y));
    same(`outputs of ${one.id}`, x.outputs, y.outputs);
  };
  for (const work = requests.reduce((sum, one) => sum + one.prompt_len + one.output_len, 0); left.length > 0 || plain.unfinished > 0; step++) {
    if (step > (requests.at(-1)?.arrival_step ?? 0) + 40 * work) throw new Error(`not over after ${step} steps`);
    // Every other abort comes while the step is in flight.
    for (const one of requests) if (one.abort_step === step && one.output_len % 2 === 0) abort(one);
    for (const one of left) if (one.arrival_step === step) {
      const spec: RequestSpec = { id: one.id, content: one.prompt, outputTokens: one.output_len, outputSegment: one.out_seed, arrival: one.arrival_time };
      plainOf.set(one.id, plain.add(spec));
      bulkOf.set(one.id, bulk.add(spec));
    }
    left = left.filter((one) => one.arrival_step !== step);
    const p = plain.schedule(), q = bulk.schedule();
    same('preempted', ids(p.preempted), ids(q.preempted));
    same('admitted', ids(p.admitted), ids(q.admitted));
    same('resumed', ids(p.resumed), ids(q.resumed));
    same('hits', [...p.admittedHits, ...p.resumedHits].join(), [...q.admittedHits, ...q.resumedHits].join());
    same('load', sums(p.load(a)), sums(q.load(b)));
    same('running', ids(plain.running), ids(bulk.running));
    same('waiting', ids(plain.waiting), ids(bulk.waiting));
    same('free blocks', plain.freeBlocks, bulk.freeBlocks);
    for (const one of requests) if (one.abort_step === step && one.output_len % 2 === 1) abort(one);
    const r = plain.process(p), s = bulk.process(q);
    same('caught up', ids(r.caughtUp), ids(s.caughtUp));
    same('finished', r.finished.map((one) => `${one.id} ${one.outputs} ${one.cachedTokens} ${one.preemptions}`).join(), s.finished.map((one) => `${one.id} ${one.outputs} ${one.cachedTokens} ${one.preemptions}`).join());
    same('free blocks at the end', plain.freeBlocks, bulk.freeBlocks);
    same('unfinished', plain.unfinished, bulk.unfinished);
  }
  same('free list', plain.kv.pool.freeList().join(), bulk.pool.freeList().map((one) => (one === null ? 0 : one[0] < 0 ? -1 : table.first(one[0]) + one[1])).join());
  same('evictions', plain.kv.pool.evictions, bulk.pool.evictions);
  same('statistics', [plain.kv.hits, plain.kv.queries, plain.kv.resumedHits, plain.kv.resumedQueries].join(), [bulk.hits, bulk.queries, bulk.resumedHits, bulk.resumedQueries].join());
  return { plain, bulk, steps: step, hits: plain.kv.hits, preemptions: plain.preemptions };
}
