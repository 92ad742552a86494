// The trail of a replication: which call was chosen at each decision, in order, so that two runs can be laid side by side.
import type { CallSlot, CallTable } from '../../src/dispatch/calls.ts';
import type { Policy, Tally } from '../../src/policies/policy.ts';
import { OrderDigest } from '../kernel/digest.ts';
import type { DecisionCounts } from '../results.ts';
import { encodeTrail } from './trail-code.ts';

/** Decisions of a replication that are kept one by one; beyond, only the digest goes on. */
export const MOST_KEPT = 1 << 17;

/** What was decided, where an engine asks a policy itself: a place of its own was given, or taken away. */
const GATE = 0, START = 1, STOP = 2, KINDS = 3;

export interface TrailOptions {
  readonly calls: CallTable;
  readonly engines: number;
  /** Policies of the queues, where every engine has its own; else there is one queue. */
  readonly queues?: readonly Policy[];
  /** False where the gate only passes calls on to one engine, which decides. */
  readonly gateDecides: boolean;
  /** Kept one by one at most; MOST_KEPT. */
  readonly most?: number;
}

/**
 * Told of every decision; about two stores each. A decision is kept as the number of the program and, where it is not zero, what else tells
 * it: the ordinal of the call, the engine, and the kind.
 */
export class DecisionTrail {
  count = 0;
  /** Decisions at which no more than one call waited. */
  alone = 0;
  readonly #calls: CallTable;
  readonly #engines: number;
  readonly #queues: readonly Policy[] | undefined;
  readonly #gateDecides: boolean;
  readonly #most: number;
  #program = new Int32Array(1024);
  #rest: Int32Array<ArrayBuffer> | undefined;
  #digest: OrderDigest | undefined;

  constructor({ calls, engines, queues, gateDecides, most = MOST_KEPT }: TrailOptions) {
    this.#calls = calls;
    this.#engines = engines;
    this.#queues = queues;
    this.#gateDecides = gateDecides;
    this.#most = most;
  }

  /** A call was granted; `waiting` calls waited, this one included. Told after the policy. */
  grant(call: CallSlot, engine: number, waiting: number): void {
    if (!this.#gateDecides) return;
    if ((this.#queues === undefined ? waiting : this.#queues[engine].waiting + 1) === 1) this.alone++;
    this.#add(this.#calls.program[call], (this.#calls.ordinal[call] * this.#engines + engine) * KINDS + GATE);
  }

  /** An engine serves a call, of `present` calls that it has. */
  start(call: CallSlot, engine: number, present: number): void {
    if (present === 1) this.alone++;
    this.#add(this.#calls.program[call], (this.#calls.ordinal[call] * this.#engines + engine) * KINDS + START);
  }

  /** An engine takes a call's place away. */
  stop(call: CallSlot, engine: number): void {
    this.#add(this.#calls.program[call], (this.#calls.ordinal[call] * this.#engines + engine) * KINDS + STOP);
  }

  /** The facts for the record. `picks`: questions to the balancer. Policies that keep no tally say nothing of agents and scores. */
  counts(picks: number, policies: readonly Policy[]): DecisionCounts {
    const tallies = policies.map((policy) => policy.tally?.()), known = tallies.filter((tally) => tally !== undefined);
    const sum = (pick: (tally: Tally) => number): number => known.reduce((n, tally) => n + pick(tally), 0);
    return {
      count: this.count, digest: (this.#digest ?? this.#digested()).hex(), alone: this.alone, engines: this.#engines, picks,
      ...(known.length > 0 && known.length === tallies.length ? { tally: { lone: sum((t) => t.lone), even: sum((t) => t.even), guarded: sum((t) => t.guarded) } } : {}),
    };
  }

  /** The decisions kept, as bytes. */
  bytes(): Uint8Array {
    const kept = Math.min(this.count, this.#most);
    return encodeTrail(this.#program.subarray(0, kept), this.#rest?.subarray(0, kept));
  }

  #add(program: number, rest: number): void {
    const at = this.count++;
    if (at >= this.#most) { (this.#digest ??= this.#digested(at)).mix(0, 0, program, rest); return; }
    if (at === this.#program.length) this.#grow();
    this.#program[at] = program;
    if (rest !== 0) (this.#rest ??= new Int32Array(this.#program.length))[at] = rest;
  }

  #digested(kept = this.count): OrderDigest {
    const digest = new OrderDigest();
    for (let i = 0; i < kept; i++) digest.mix(0, 0, this.#program[i], this.#rest === undefined ? 0 : this.#rest[i]);
    return digest;
  }

  #grow(): void {
    const n = this.#program.length * 2;
    const program = new Int32Array(n); program.set(this.#program); this.#program = program;
    if (this.#rest !== undefined) { const rest = new Int32Array(n); rest.set(this.#rest); this.#rest = rest; }
  }
}
