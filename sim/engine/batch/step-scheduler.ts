// What drives and what observes an engine may expect of a scheduler, whichever form it has: plain or bulk.
import type { StepLoad } from '../cost/step-load.ts';
import type { BatchConfig } from './config.ts';
import type { RequestSpec, RequestState } from './request.ts';

/** A request as its driver sees it. */
export interface ScheduledRequest {
  readonly tag: number;
  readonly state: RequestState;
  readonly promptTokens: number;
  /** Output tokens delivered; exact where it is read from a list of a plan or result. */
  readonly outputs: number;
  /** Hit of the first admission in tokens; −1 before. */
  readonly cachedTokens: number;
}

export interface ScheduledStep<R extends ScheduledRequest> {
  readonly step: number;
  /** Nobody computes anything. */
  readonly isEmpty: boolean;
  readonly admitted: readonly R[];
  readonly resumed: readonly R[];
  readonly preempted: readonly R[];
  /** What the step takes beside what its load costs, in µs. */
  readonly extraUs: number;
  load(into: StepLoad): StepLoad;
}

/** A step of decoders alone, as a stretch of such steps is priced. */
export interface SilentStep<R extends ScheduledRequest> extends ScheduledStep<R> {
  readonly decoders: number;
  readonly decodeContext: number;
}

export interface ProcessedStep<R extends ScheduledRequest> {
  /** Got their first token since they were admitted last. */
  readonly caughtUp: readonly R[];
  /** Got their first token of all. */
  readonly begun: readonly R[];
  readonly finished: readonly R[];
}

export interface StepScheduler<R extends ScheduledRequest = ScheduledRequest, P extends ScheduledStep<R> = ScheduledStep<R>> {
  readonly config: BatchConfig;
  readonly runningCount: number;
  readonly waitingCount: number;
  /** Requests that have not ended. */
  readonly unfinished: number;
  /** A request has ended since the last step was planned. */
  readonly hasEnded: boolean;
  readonly freeBlocks: number;
  readonly usableBlocks: number;
  readonly preemptions: number;
  /** Steps planned. */
  readonly step: number;
  add(spec: RequestSpec): R;
  /** A request to look things up with, which is never added. */
  probe(spec: RequestSpec): R;
  /** Tokens that would be found in the cache if a request that waits were admitted now. Touches nothing. */
  cached(request: R): number;
  /** Output tokens that a request has been given until now. Where absent, its own column is exact. */
  delivered?(request: R): number;
  abort(request: R): boolean;
  schedule(): P;
  process(plan: P): ProcessedStep<R>;
}

/** A scheduler that can pass over steps which nobody outside can notice. */
export interface SilentScheduler<R extends ScheduledRequest = ScheduledRequest, P extends SilentStep<R> = SilentStep<R>> extends StepScheduler<R, P> {
  /** No silent step begins at this instant or later. */
  readonly changeUs: number;
  /**
   * How many steps after the one in flight are certain to hold its decoders and nothing else, to preempt nobody, and to end nobody before the last of them:
   * until something is added or aborted.
   */
  silentAfter(): number;
  /** Takes in the step in flight and plans the next, `steps` times; all of them were counted by `silentAfter`. Returns the plan in flight. */
  advance(steps: number): P;
}

/** Output tokens of a request until now; 0 where there is none. */
export function deliveredOf(scheduler: StepScheduler, request: ScheduledRequest | undefined): number {
  return request === undefined ? 0 : scheduler.delivered?.(request) ?? request.outputs;
}
