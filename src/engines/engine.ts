// The Engine port: what serves calls. The synthetic engines and the vLLM client implement it; a scripted one serves the tests.
import type { CallSlot } from '../dispatch/calls.ts';

/**
 * What an engine reports back, each with the time at which it happened. A report on a stale call is ignored. A simulated engine
 * makes the reports that enter the lifecycle stream at once (scheduled, preempted, tokens) from `decide`, never from an event of
 * its own: engines decide in engine order, their events come as ties fall.
 */
export interface EngineEvents {
  /** Service began: for engines with a queue of their own, later than `submit`. */
  scheduled(engine: number, call: CallSlot, atUs: number): void;
  /** The call lost its place on the engine and waits there. */
  preempted(engine: number, call: CallSlot, atUs: number): void;
  /** The call has a place again. Told for pictures alone: no digest and no figure counts it. */
  resumed?(engine: number, call: CallSlot, atUs: number): void;
  /** `total` output tokens have been delivered so far. Engines may report the first only. */
  tokens(engine: number, call: CallSlot, total: number, atUs: number): void;
  finished(engine: number, call: CallSlot, atUs: number, outputTokens: number, cachedTokens: number): void;
  failed(engine: number, call: CallSlot, atUs: number, reason: string): void;
}

/** The present load of an engine, with the instant at which it was true. */
export interface EngineSignals { atUs: number; running: number; waiting: number; kvUse: number }

export interface Engine {
  submit(call: CallSlot, nowUs: number): void;
  /** Stops a call wherever it is; no report follows. */
  abort(call: CallSlot, nowUs: number): void;
  /** Asked once a round, after the dispatcher, in engine order: engines that hold a queue decide here. */
  decide?(nowUs: number): void;
  signals(): EngineSignals;
}
