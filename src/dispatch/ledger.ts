// What the core keeps of calls between rounds: inputs that wait for the next one, arrivals, commands and ended calls of the last one, counts.
import { CALL_ENDED, CALL_WAITING, type CallSlot, type CallTable } from './calls.ts';
import { Commands, grown } from './commands.ts';
import { Inputs, RANK_CANCEL, RANK_COMPLETE, RANK_FAIL, RANK_SUBMIT } from './inputs.ts';

/** The base of the core, apart from it because it decides nothing. */
export abstract class Ledger {
  /** Commands of the last flush. */
  readonly commands = new Commands();
  /** Calls that ended in the last flush, in order; their slots are freed when the next flush begins. */
  ended = new Int32Array(64);
  endedCount = 0;
  waiting = 0;
  running = 0;
  /** True while inputs are buffered. */
  dirty = false;
  readonly calls: CallTable;
  protected readonly inputs = new Inputs();
  /** Calls that arrived in this round, in the order of their keys. */
  protected arrivals = new Int32Array(64);
  protected arrivalCount = 0;

  constructor(calls: CallTable) { this.calls = calls; }

  /** Inputs that the next flush will apply. */
  get pending(): number { return this.inputs.count; }

  // ---- inputs: each only buffers; the caller sees to it that `flush` runs when the instant is dry.

  /** A call whose columns are filled wants service. */
  submit(call: CallSlot, atUs: number): void { this.calls.arrivedUs[call] = atUs; this.#input(RANK_SUBMIT, call); }
  /** A running call has ended well. */
  complete(call: CallSlot, outputTokens: number, cachedTokens: number): void {
    this.calls.outputTokens[call] = outputTokens;
    this.calls.cachedTokens[call] = cachedTokens;
    this.#input(RANK_COMPLETE, call);
  }
  /** A running call has failed on its engine. */
  fail(call: CallSlot): void { this.#input(RANK_FAIL, call); }
  /** The caller wants the call no more, waiting or running. */
  cancel(call: CallSlot): void { this.#input(RANK_CANCEL, call); }

  #input(rank: number, call: CallSlot): void { this.inputs.add(rank, call); this.dirty = true; }

  protected noteArrival(call: CallSlot): void {
    if (this.arrivalCount === this.arrivals.length) this.arrivals = grown(this.arrivals);
    this.arrivals[this.arrivalCount++] = call;
  }

  protected freeEnded(): void {
    for (let i = 0; i < this.endedCount; i++) this.calls.release(this.ended[i]);
    this.endedCount = 0;
  }

  protected end(call: CallSlot, outcome: number): void {
    this.calls.state[call] = CALL_ENDED;
    this.calls.outcome[call] = outcome;
    if (this.endedCount === this.ended.length) this.ended = grown(this.ended);
    this.ended[this.endedCount++] = call;
  }

  /** Waiting calls in order of arrival, then of their keys. O(slots); for rare events only. */
  protected waitingCalls(which: (call: CallSlot) => boolean): CallSlot[] {
    const { state, key, arrivedUs } = this.calls, found: CallSlot[] = [];
    for (let c = 0; c < state.length; c++) if (state[c] === CALL_WAITING && which(c)) found.push(c);
    return found.sort((a, b) => arrivedUs[a] - arrivedUs[b] || key[a] - key[b]);
  }
}
