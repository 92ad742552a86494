// The trail of a replication: which call was chosen at each decision, in order, so that two runs can be laid side by side.
import type { CallSlot, CallTable } from '../../src/dispatch/calls.ts';
import type { Policy, Tally } from '../../src/policies/policy.ts';
import { OrderDigest } from '../kernel/digest.ts';
import type { DecisionCounts } from '../results.ts';
import { TrailWriter } from './trail-code.ts';

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
 * Told of every decision; about 5 ns each. A decision is kept as the number of the program and what else tells it: the ordinal of the call,
 * the engine, and the kind.
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
  readonly #kept = new TrailWriter();
  /** Over the decisions kept, as bytes; then over each that is not. */
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
  bytes(): Uint8Array { return this.#kept.bytes(); }

  #add(program: number, rest: number): void {
    if (this.count++ < this.#most) this.#kept.add(program, rest | 0);
    else (this.#digest ??= this.#digested()).mix(0, 0, program, rest);
  }

  #digested(): OrderDigest {
    const digest = new OrderDigest(), bytes = this.#kept.bytes();
    for (let i = 0; i < bytes.length; i += 8) digest.mix(0, 0, word(bytes, i), word(bytes, i + 4));
    return digest;
  }
}

/** Four bytes as a number; 0 past the end. */
const word = (bytes: Uint8Array, at: number): number => bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
