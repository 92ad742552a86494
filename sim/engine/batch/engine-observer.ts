// What a batch engine tells of itself while it runs, for series and pictures. Plain numbers: nothing is allocated to tell them.

/**
 * Told by every batch engine of a world. Nothing that is told may change what the engine does. Levels are those that the scheduler had when the
 * step was planned, as the real engine's own metrics show them; between steps an engine is idle, and nobody runs or waits in it.
 */
export interface EngineObserver {
  /**
   * `steps` steps one after the other without a gap, in which something is computed: new tokens of sequences that get one each, and of those that
   * get more; requests running and waiting; KV blocks held at the last of the steps. Where many steps are told at once none of them has a prompt,
   * and who runs and waits stays the same. Times of one engine never fall.
   */
  steps(engine: number, startUs: number, endUs: number, steps: number, decodeTokens: number, prefillTokens: number, running: number, waiting: number, usedBlocks: number): void;
  /** A request was admitted for the first time, with so many of its prompt's tokens found in the cache. */
  admitted(engine: number, nowUs: number, promptTokens: number, cachedTokens: number): void;
  preempted(engine: number, nowUs: number): void;
}
