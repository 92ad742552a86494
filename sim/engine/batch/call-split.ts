// Where the time of a call goes: every microsecond from its arrival to its end belongs to exactly one part.
import type { CallSlot, CallTable } from '../../../src/dispatch/calls.ts';
import { assert } from '../../../src/errors.ts';

/**
 * Parts of a call's latency, in the order of its life. `gate`: before it was granted to an engine. `frontEnd`: between client and scheduler, both ways.
 * `engineWait`: in the engine's queue until its first admission. `prefill`: from there to its first token. `decode`: from token to token.
 * `preempted`: thrown out, until admitted again. `recomputed`: from there until it has caught up, its next token included.
 */
export const CALL_PARTS = ['gate', 'frontEnd', 'engineWait', 'prefill', 'decode', 'preempted', 'recomputed'] as const;
export type CallPart = typeof CALL_PARTS[number];

export const PART_GATE = 0;
export const PART_FRONT_END = 1;
export const PART_ENGINE_WAIT = 2;
export const PART_PREFILL = 3;
export const PART_DECODE = 4;
export const PART_PREEMPTED = 5;
export const PART_RECOMPUTED = 6;

const PARTS = CALL_PARTS.length;

/** Parts in columns by call slot; one table serves all engines of a world. O(1) a change, nothing allocated per call. */
export class CallSplits {
  readonly #calls: CallTable;
  #us = new Float64Array(64 * PARTS);
  #sinceUs = new Float64Array(64);
  #part = new Uint8Array(64);
  /** µs of each part, summed over the calls that have ended, and their number. */
  readonly totalUs = new Float64Array(PARTS);
  ended = 0;

  constructor(calls: CallTable) { this.#calls = calls; }

  /** The call was granted; until now it stood at the gate. */
  start(call: CallSlot, part: number, nowUs: number): void {
    if (call >= this.#part.length) this.#grow(call);
    this.#us.fill(0, call * PARTS, (call + 1) * PARTS);
    this.#us[call * PARTS + PART_GATE] = nowUs - this.#calls.arrivedUs[call];
    this.#part[call] = part;
    this.#sinceUs[call] = nowUs;
  }

  /** From now on the time belongs to another part. */
  turn(call: CallSlot, part: number, nowUs: number): void {
    this.#us[call * PARTS + this.#part[call]] += nowUs - this.#sinceUs[call];
    this.#part[call] = part;
    this.#sinceUs[call] = nowUs;
  }

  /** The call ends now. Throws ERR_INVARIANT where its parts are not its latency. */
  end(call: CallSlot, nowUs: number): void {
    this.turn(call, this.#part[call], nowUs);
    let sumUs = 0;
    for (let part = 0; part < PARTS; part++) {
      const us = this.#us[call * PARTS + part];
      sumUs += us;
      this.totalUs[part] += us;
    }
    this.ended++;
    assert(sumUs === nowUs - this.#calls.arrivedUs[call], 'the parts of a call are its latency', { call, sumUs, latencyUs: nowUs - this.#calls.arrivedUs[call] });
  }

  /** The call is lost or has ended: its time until now belongs to the part that it is in, and counts in no total. */
  cut(call: CallSlot, nowUs: number): void {
    this.#us[call * PARTS + this.#part[call]] += nowUs - this.#sinceUs[call];
    this.#sinceUs[call] = nowUs;
  }

  /** µs of one part; until the call's slot is given to another. */
  us(call: CallSlot, part: number): number { return this.#us[call * PARTS + part]; }

  /** All parts of a call by name, in µs. */
  of(call: CallSlot): Record<CallPart, number> {
    return Object.fromEntries(CALL_PARTS.map((name, part) => [name, this.us(call, part)])) as Record<CallPart, number>;
  }

  #grow(call: CallSlot): void {
    const n = Math.max(2 * this.#part.length, call + 1);
    const us = new Float64Array(n * PARTS); us.set(this.#us); this.#us = us;
    const since = new Float64Array(n); since.set(this.#sinceUs); this.#sinceUs = since;
    const part = new Uint8Array(n); part.set(this.#part); this.#part = part;
  }
}

/** Splits that tell of every change. Used only where somebody asks. */
export class WatchedSplits extends CallSplits {
  readonly #tell: (call: CallSlot, part: number, nowUs: number) => void;
  constructor(calls: CallTable, tell: (call: CallSlot, part: number, nowUs: number) => void) {
    super(calls);
    this.#tell = tell;
  }
  override start(call: CallSlot, part: number, nowUs: number): void { super.start(call, part, nowUs); this.#tell(call, part, nowUs); }
  override turn(call: CallSlot, part: number, nowUs: number): void { super.turn(call, part, nowUs); this.#tell(call, part, nowUs); }
}
