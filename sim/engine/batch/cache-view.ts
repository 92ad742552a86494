// What engines hold of the prompts of calls that wait, looked up when asked: a present truth, no signal that ages. Touches nothing.
import type { CallSlot, CallTable } from '../../../src/dispatch/calls.ts';
import type { BatchEngine } from './batch-engine.ts';
import type { RememberedPrompts } from './prompts.ts';
import type { ScheduledRequest } from './step-scheduler.ts';

/** One for all engines of a world, which are of one kind and share their contents. */
export class CacheView {
  readonly #calls: CallTable;
  readonly #prompts: RememberedPrompts;
  readonly #engines: readonly BatchEngine[];
  /** By slot, with the generation of the call. */
  readonly #probes: ({ readonly generation: number; readonly request: ScheduledRequest } | undefined)[] = [];

  /** `engines` may be filled later. */
  constructor(calls: CallTable, prompts: RememberedPrompts, engines: readonly BatchEngine[]) {
    this.#calls = calls;
    this.#prompts = prompts;
    this.#engines = engines;
  }

  /**
   * Prompt tokens of a call that an engine would find if it admitted the call now, engine −1: the most that any would; of a preempted call, what it generated counts as
   * prompt. O(pieces of the prefix that is found), times the engines for −1; the blocks of a prompt are worked out once a call.
   */
  cachedTokens(call: CallSlot, engine: number): number {
    const engines = this.#engines, probe = this.#probeOf(call);
    if (engine >= 0) return engine < engines.length ? engines[engine].cachedTokens(call, probe) : 0;
    let most = 0;
    for (const one of engines) most = Math.max(most, one.cachedTokens(call, probe));
    return most;
  }

  #probeOf(call: CallSlot): ScheduledRequest {
    const { generation } = this.#calls, known = this.#probes[call];
    if (known !== undefined && known.generation === generation[call]) return known.request;
    const { content, answer } = this.#prompts.remember(call), request = this.#engines[0].scheduler.probe({ id: call, content, outputTokens: 1, outputSegment: answer });
    while (this.#probes.length <= call) this.#probes.push(undefined);
    this.#probes[call] = { generation: generation[call], request };
    return request;
  }
}
