// Queues by level, each first come first served: running calls keep their places in them, so that a call that is stopped stands where it stood.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { Admits } from './policy.ts';

/**
 * A level is one line of calls by rank, and a call gets its rank when it enters the level. Kept as several lists that are merged: what runs, and what waits,
 * one list an eligibility class. A call is in one list at a time, so all share their links. O(1) an event where calls run in the order of their
 * ranks, else the calls passed over; `first` looks at levels and classes, `walk` at classes for each call.
 */
export class LevelQueues {
  readonly #calls: CallView;
  /** Of each call by slot. */
  level = new Uint8Array(64);
  #rank = new Float64Array(64);
  #next = new Int32Array(64);
  #prev = new Int32Array(64);
  /** Heads and tails by level: list 0 runs, list k + 1 waits in class k. */
  readonly #heads: number[][];
  readonly #tails: number[][];
  readonly #waitingIn: Int32Array;
  #last = 0;
  /** Classes met. */
  #lists = 2;
  waiting = 0;

  constructor(calls: CallView, levels: number) {
    this.#calls = calls;
    this.#heads = Array.from({ length: levels }, () => [-1, -1]);
    this.#tails = Array.from({ length: levels }, () => [-1, -1]);
    this.#waitingIn = new Int32Array(levels);
  }

  /** Rises with every entry into a level: unique, and free of any number that a program or a slot has. */
  rankOf(call: CallSlot): number { return this.#rank[call]; }
  waitingIn(level: number): number { return this.#waitingIn[level]; }

  /** A call that waits, at the tail of a level. */
  enter(call: CallSlot, level: number): void {
    if (call >= this.level.length) this.#grow(call);
    this.level[call] = level;
    this.#rank[call] = ++this.#last;
    this.#insert(call, this.#listOf(call), true);
    this.#waitingIn[level]++;
    this.waiting++;
  }

  /** A waiting call runs. */
  grant(call: CallSlot): void { this.leaveWaiting(call); this.#insert(call, 0, true); }

  /** A running call waits again, at its rank. */
  preempt(call: CallSlot): void {
    this.leaveRunning(call);
    this.#insert(call, this.#listOf(call), false);
    this.#waitingIn[this.level[call]]++;
    this.waiting++;
  }

  /** A running call goes to the tail of another level. */
  demote(call: CallSlot, level: number): void {
    this.leaveRunning(call);
    this.level[call] = level;
    this.#rank[call] = ++this.#last;
    this.#insert(call, 0, true);
  }

  leaveRunning(call: CallSlot): void { this.#remove(call, 0); }
  leaveWaiting(call: CallSlot): void { this.#remove(call, this.#listOf(call)); this.#waitingIn[this.level[call]]--; this.waiting--; }

  /** The first waiting call of the open classes in the lowest level that has one, or −1. */
  first(admits: Admits): CallSlot {
    const rank = this.#rank;
    for (let level = 0; level < this.#heads.length; level++) {
      if (this.#waitingIn[level] === 0) continue;
      const heads = this.#heads[level];
      let best = -1;
      for (let k = 1; k < heads.length; k++) if (heads[k] >= 0 && admits.open[k - 1] === 1 && (best < 0 || rank[heads[k]] < rank[best])) best = heads[k];
      if (best >= 0) return best;
    }
    return -1;
  }

  /** All calls by level and rank, until `visit` answers false. `visit` may not change the queues. */
  walk(visit: (call: CallSlot) => boolean): void {
    const rank = this.#rank;
    for (const heads of this.#heads) {
      const at = heads.slice();
      for (;;) {
        let best = -1;
        for (let k = 0; k < at.length; k++) if (at[k] >= 0 && (best < 0 || rank[at[k]] < rank[at[best]])) best = k;
        if (best < 0) break;
        const call = at[best];
        at[best] = this.#next[call];
        if (!visit(call)) return;
      }
    }
  }

  #listOf(call: CallSlot): number {
    const list = this.#calls.pin[call] + 2;
    if (list >= this.#lists) {
      this.#lists = list + 1;
      for (const ends of [...this.#heads, ...this.#tails]) while (ends.length <= list) ends.push(-1);
    }
    return list;
  }

  /** Where its rank puts it, looked for from the tail or from the head. */
  #insert(call: CallSlot, list: number, fromTail: boolean): void {
    const heads = this.#heads[this.level[call]], tails = this.#tails[this.level[call]], rank = this.#rank;
    let before: number, after: number;
    if (fromTail) {
      before = tails[list];
      while (before >= 0 && rank[before] > rank[call]) before = this.#prev[before];
      after = before >= 0 ? this.#next[before] : heads[list];
    } else {
      after = heads[list];
      while (after >= 0 && rank[after] < rank[call]) after = this.#next[after];
      before = after >= 0 ? this.#prev[after] : tails[list];
    }
    this.#prev[call] = before;
    this.#next[call] = after;
    if (before >= 0) this.#next[before] = call;
    else heads[list] = call;
    if (after >= 0) this.#prev[after] = call;
    else tails[list] = call;
  }

  #remove(call: CallSlot, list: number): void {
    const level = this.level[call], before = this.#prev[call], after = this.#next[call];
    if (before >= 0) this.#next[before] = after;
    else this.#heads[level][list] = after;
    if (after >= 0) this.#prev[after] = before;
    else this.#tails[level][list] = before;
  }

  #grow(call: CallSlot): void {
    const n = Math.max(this.level.length * 2, call + 1);
    const level = new Uint8Array(n); level.set(this.level); this.level = level;
    const rank = new Float64Array(n); rank.set(this.#rank); this.#rank = rank;
    const next = new Int32Array(n); next.set(this.#next); this.#next = next;
    const prev = new Int32Array(n); prev.set(this.#prev); this.#prev = prev;
  }
}
