// The scripted engine: does with each call what its script says, when it says so. For tests of everything that stands before an engine.
import type { Clock, TimerId } from '../clock.ts';
import type { CallSlot, CallTable } from '../dispatch/calls.ts';
import { assert } from '../errors.ts';
import type { Engine, EngineEvents, EngineSignals } from './engine.ts';

/** One thing that happens to a call, `afterUs` after it was submitted. */
export type ScriptStep = { readonly afterUs: number } & (
  | { readonly does: 'schedule' | 'preempt' }
  | { readonly does: 'tokens'; readonly total: number }
  | { readonly does: 'finish'; readonly outputTokens: number; readonly cachedTokens?: number }
  | { readonly does: 'fail'; readonly reason: string }
);

export interface ScriptedOptions {
  readonly engine: number;
  readonly clock: Clock;
  readonly events: EngineEvents;
  /** Written as other engines do: first service and first token. */
  readonly calls?: CallTable;
  /** Steps of a call by time. Without a last `finish` or `fail` the call runs until it is told otherwise. */
  script(call: CallSlot, nowUs: number): readonly ScriptStep[];
}

interface Part { readonly steps: readonly ScriptStep[]; readonly sinceUs: number; at: number; timer: TimerId | undefined; isRunning: boolean }

export class ScriptedEngine implements Engine {
  /** Calls in the order in which they came and were aborted. */
  readonly submitted: CallSlot[] = [];
  readonly aborted: CallSlot[] = [];
  readonly #options: ScriptedOptions;
  readonly #parts = new Map<CallSlot, Part>();

  constructor(options: ScriptedOptions) { this.#options = options; }

  submit(call: CallSlot, nowUs: number): void {
    assert(!this.#parts.has(call), 'a call is submitted to an engine once', { call });
    const steps = this.#options.script(call, nowUs);
    for (let i = 1; i < steps.length; i++) assert(steps[i].afterUs >= steps[i - 1].afterUs, 'steps of a script are in order of time', { call, step: i });
    const hasQueue = steps.some((step) => step.does === 'schedule');
    const part: Part = { steps, sinceUs: nowUs, at: 0, timer: undefined, isRunning: !hasQueue };
    this.submitted.push(call);
    this.#parts.set(call, part);
    if (!hasQueue && this.#options.calls !== undefined) this.#options.calls.scheduledUs[call] = nowUs;
    this.#arm(call, part, nowUs);
  }

  abort(call: CallSlot): void {
    if (!this.#parts.has(call)) return;
    this.aborted.push(call);
    this.#forget(call);
  }

  signals(): EngineSignals {
    let running = 0;
    for (const part of this.#parts.values()) if (part.isRunning) running++;
    return { atUs: this.#options.clock.now(), running, waiting: this.#parts.size - running, kvUse: NaN };
  }

  /** Ends a call now, whatever its script has left; false where it is not here. */
  finish(call: CallSlot, outputTokens: number, cachedTokens = 0): boolean {
    if (!this.#forget(call)) return false;
    this.#options.events.finished(this.#options.engine, call, this.#options.clock.now(), outputTokens, cachedTokens);
    return true;
  }

  /** Fails a call now; false where it is not here. */
  fail(call: CallSlot, reason: string): boolean {
    if (!this.#forget(call)) return false;
    this.#options.events.failed(this.#options.engine, call, this.#options.clock.now(), reason);
    return true;
  }

  #arm(call: CallSlot, part: Part, nowUs: number): void {
    const step = part.steps[part.at];
    if (step === undefined) return;
    part.timer = this.#options.clock.setTimer(Math.max(0, part.sinceUs + step.afterUs - nowUs), () => {
      part.at++;
      part.timer = undefined;
      this.#play(call, part, step);
      if (this.#parts.get(call) === part) this.#arm(call, part, this.#options.clock.now());
    });
  }

  #play(call: CallSlot, part: Part, step: ScriptStep): void {
    const { engine, events, calls, clock } = this.#options, nowUs = clock.now();
    switch (step.does) {
      case 'schedule':
        part.isRunning = true;
        if (calls !== undefined && calls.scheduledUs[call] < 0) calls.scheduledUs[call] = nowUs;
        events.scheduled(engine, call, nowUs);
        break;
      case 'preempt': part.isRunning = false; events.preempted(engine, call, nowUs); break;
      case 'tokens':
        if (calls !== undefined && calls.firstTokenUs[call] < 0) calls.firstTokenUs[call] = nowUs;
        events.tokens(engine, call, step.total, nowUs);
        break;
      case 'finish': this.finish(call, step.outputTokens, step.cachedTokens); break;
      case 'fail': this.fail(call, step.reason); break;
    }
  }

  #forget(call: CallSlot): boolean {
    const part = this.#parts.get(call);
    if (part === undefined) return false;
    if (part.timer !== undefined) this.#options.clock.clearTimer(part.timer);
    return this.#parts.delete(call);
  }
}
