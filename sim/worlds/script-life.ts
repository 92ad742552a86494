// The life of one agent written as a function, as a program: from its first call to the end of its last, and what it would take alone.
import type { Recorder } from '../measure/recorder.ts';

export interface ScriptEnd {
  readonly agent: number;
  readonly callClass: number;
  readonly endUs: number;
  readonly responseUs: number;
  /** 0: not known, because calls overlapped or failed. */
  readonly aloneUs: number;
  readonly tokens: number;
}

/** Told of each call; answers the end of the program when the function has returned. */
export class ScriptLife {
  #firstUs = -1;
  #lastUs = 0;
  /** Time that calls took beyond their own service. */
  #heldUpUs = 0;
  #tokens = 0;
  #inFlight = 0;
  /** One call after the other, each served to its end: then the program alone takes what is left without the time held up. */
  #isPlain = true;

  /** Arrival of the first call; −1: there was none yet. */
  get firstUs(): number { return this.#firstUs; }

  begin(nowUs: number): void {
    if (this.#firstUs < 0) this.#firstUs = nowUs;
    if (++this.#inFlight > 1) this.#isPlain = false;
  }

  served(askedUs: number, nowUs: number, serviceUs: number, tokens: number): void {
    this.#inFlight--;
    this.#lastUs = nowUs;
    this.#heldUpUs += nowUs - askedUs - serviceUs;
    this.#tokens += tokens;
  }

  lost(nowUs: number): void {
    this.#inFlight--;
    this.#lastUs = nowUs;
    this.#isPlain = false;
  }

  /** The program that the function was; undefined where it made no call. */
  end(agent: number, callClass: number): ScriptEnd | undefined {
    if (this.#firstUs < 0) return undefined;
    const responseUs = this.#lastUs - this.#firstUs;
    return { agent, callClass, endUs: this.#lastUs, responseUs, aloneUs: this.#isPlain ? responseUs - this.#heldUpUs : 0, tokens: this.#tokens };
  }
}

/** Tells the recorder of all that ended, by time and agent: functions of one instant end in whatever order their promises do. */
export function tellScriptEnds(ends: readonly ScriptEnd[], recorder: Recorder): void {
  for (const { agent, callClass, responseUs, aloneUs, tokens } of [...ends].sort((a, b) => a.endUs - b.endUs || a.agent - b.agent)) recorder.programEnd(callClass, responseUs, aloneUs, tokens, agent);
}
