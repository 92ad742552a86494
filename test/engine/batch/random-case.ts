// Random small cases: few segments, small pools, dense sharing, answers that come back as prompts, equal arrival times, aborts.
import fc from 'fast-check';
import type { RecordedConfig, RecordedRequest } from '../../conform/vllm-scheduler/format.ts';

export interface RandomCase { readonly config: RecordedConfig; readonly requests: readonly RecordedRequest[] }

interface Draft { readonly gap: number; readonly pieces: readonly (readonly [number, number])[]; readonly output: number; readonly priority: number; readonly abort: number | null; readonly turnOf: number | null; readonly whole: boolean; readonly isTied: boolean }

const draft: fc.Arbitrary<Draft> = fc.record({
  gap: fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 }) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 }) }),
  pieces: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 3 }),
  output: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 90 })),
  priority: fc.integer({ min: 0, max: 2 }),
  abort: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 60 }) }),
  turnOf: fc.option(fc.integer({ min: 0, max: 30 }), { freq: 1 }),
  whole: fc.boolean(),
  isTied: fc.boolean(),
});

/** Every request fits the pool by itself, as the engine demands. */
export const randomCase: fc.Arbitrary<RandomCase> = fc.record({
  policy: fc.constantFrom('fcfs' as const, 'priority' as const), seqs: fc.integer({ min: 2, max: 10 }), moreBudget: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 120 })),
  chunked: fc.boolean(), threshold: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 30 })), adaptive: fc.boolean(), seats: fc.option(fc.integer({ min: 1, max: 8 }), { freq: 3 }),
  size: fc.constantFrom(2, 3, 4, 8, 16), usable: fc.oneof(fc.integer({ min: 3, max: 12 }), fc.integer({ min: 8, max: 24 })), caching: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  reserve: fc.boolean(), watermark: fc.constantFrom(0, 0, 0.1, 0.3), asynchronous: fc.boolean(), longest: fc.oneof({ weight: 3, arbitrary: fc.constant(240) }, { weight: 1, arbitrary: fc.integer({ min: 4, max: 200 }) }),
  drafts: fc.array(draft, { minLength: 1, maxLength: 20, size: 'max' }),
}).map((made) => {
  const piece = Math.max(1, Math.floor((made.usable * made.size) / 4)), longest = Math.max(4, Math.min(made.longest, made.usable * made.size)), budget = made.seqs + made.moreBudget;
  const config: RecordedConfig = {
    policy: made.policy, max_num_seqs: made.seqs, max_num_batched_tokens: made.chunked ? budget : Math.max(budget, longest), enable_chunked_prefill: made.chunked, long_prefill_token_threshold: made.threshold,
    long_prefill_token_threshold_adaptive: made.adaptive, max_num_active_seqs: made.seats === null ? null : Math.min(made.seats, made.seqs), block_size: made.size, num_gpu_blocks: made.usable + 1,
    enable_prefix_caching: made.caching, max_model_len: longest, scheduler_reserve_full_isl: made.reserve, watermark: made.watermark, async_scheduling: made.asynchronous,
  };
  const requests: RecordedRequest[] = [];
  let step = 0;
  made.drafts.forEach((one, i) => {
    step += one.gap;
    const before = one.turnOf === null ? undefined : requests[one.turnOf % Math.max(1, requests.length)];
    const wished = before ? [...before.prompt, [before.out_seed, before.output_len] as const, ...one.pieces.slice(0, 1)] : one.pieces.map(([segment, n]) => [segment, 1 + (n % piece)] as const);
    const prompt = fitted(wished, longest - 1, one.whole ? made.size : 1);
    requests.push({
      id: `r${String(i).padStart(2, '0')}`, arrival_step: step, arrival_time: one.isTied ? step : step + i / 1000, prompt, prompt_len: prompt.reduce((sum, [, n]) => sum + n, 0), output_len: one.output, out_seed: 100 + i,
      priority: made.policy === 'priority' ? one.priority : 0, abort_step: one.abort === null ? null : step + one.abort,
    });
  });
  return { config, requests };
});

/** Such a case in settings that the bulk form serves. */
export const bulkCase = (asynchronous: boolean): fc.Arbitrary<RandomCase> => randomCase.map(({ config, requests }) => ({
  config: { ...config, policy: 'fcfs' as const, long_prefill_token_threshold: 0, long_prefill_token_threshold_adaptive: false, async_scheduling: asynchronous }, requests,
}));

/** Cuts a prompt to `most` tokens, and to a multiple of `unit` where that leaves something. A segment never follows itself: its tokens start anew. */
function fitted(pieces: readonly (readonly [number, number])[], most: number, unit: number): [number, number][] {
  const total = Math.min(most, pieces.reduce((sum, [, n]) => sum + n, 0)), kept: [number, number][] = [];
  let left = total >= unit ? total - (total % unit) : total;
  for (const [segment, n] of pieces) {
    if (left > 0) kept.push([segment, Math.min(n, left)]);
    left -= n;
  }
  return kept;
}
