// Waiting calls of every agent in the order of their arrival, kept once per eligibility class, so that pinned calls are skipped class by class.
import type { CallSlot, CallView } from '../dispatch/calls.ts';

const grown = (from: Int32Array, n: number, empty: number): Int32Array => { const to = new Int32Array(Math.max(from.length * 2, n)).fill(empty); to.set(from); return to; };

/** Links through columns by slot, heads by agent: nothing is allocated for a call. O(1) an event; a call that comes back goes past those of its agent that are older. */
export class AgentQueues {
  readonly #calls: CallView;
  #next: Int32Array = new Int32Array(64).fill(-1);
  #prev: Int32Array = new Int32Array(64).fill(-1);
  /** By class, then by agent; −1: none. */
  readonly #heads: Int32Array[] = [];
  readonly #tails: Int32Array[] = [];
  #sizes: Int32Array = new Int32Array(16);
  /** Calls that wait, and agents that have one. */
  waiting = 0;
  agents = 0;

  constructor(calls: CallView) { this.#calls = calls; }

  /** Eligibility classes met so far. */
  get classes(): number { return this.#heads.length; }
  /** Agents met are below this. */
  get bound(): number { return this.#sizes.length; }

  isOlder(a: CallSlot, b: CallSlot): boolean {
    const { arrivedUs, key } = this.#calls;
    return arrivedUs[a] < arrivedUs[b] || (arrivedUs[a] === arrivedUs[b] && key[a] < key[b]);
  }

  /** Calls of the agent that wait. */
  size(agent: number): number { return agent < this.#sizes.length ? this.#sizes[agent] : 0; }
  /** The agent's oldest call of a class, or −1. */
  head(agent: number, callClass: number): CallSlot { const heads = this.#heads[callClass]; return heads !== undefined && agent < heads.length ? heads[agent] : -1; }
  /** The agent's next call of the same class; −1 at the end. */
  after(call: CallSlot): CallSlot { return this.#next[call]; }

  /** Puts a call where its arrival says: at once where it is the newest of its agent. */
  insert(call: CallSlot): void {
    const agent = this.#calls.agent[call], k = this.#calls.pin[call] + 1;
    this.#ensure(call, agent, k);
    const heads = this.#heads[k], tails = this.#tails[k];
    let before = tails[agent];
    while (before >= 0 && this.isOlder(call, before)) before = this.#prev[before];
    const after = before >= 0 ? this.#next[before] : heads[agent];
    this.#prev[call] = before;
    this.#next[call] = after;
    if (before >= 0) this.#next[before] = call; else heads[agent] = call;
    if (after >= 0) this.#prev[after] = call; else tails[agent] = call;
    this.waiting++;
    if (++this.#sizes[agent] === 1) this.agents++;
  }

  /** The call must be here. */
  remove(call: CallSlot): void {
    const agent = this.#calls.agent[call], k = this.#calls.pin[call] + 1, before = this.#prev[call], after = this.#next[call];
    if (before >= 0) this.#next[before] = after; else this.#heads[k][agent] = after;
    if (after >= 0) this.#prev[after] = before; else this.#tails[k][agent] = before;
    this.waiting--;
    if (--this.#sizes[agent] === 0) this.agents--;
  }

  #ensure(call: CallSlot, agent: number, k: number): void {
    if (call >= this.#next.length) { this.#next = grown(this.#next, call + 1, -1); this.#prev = grown(this.#prev, call + 1, -1); }
    if (agent >= this.#sizes.length) this.#sizes = grown(this.#sizes, agent + 1, 0);
    while (this.#heads.length <= k) { this.#heads.push(new Int32Array(16).fill(-1)); this.#tails.push(new Int32Array(16).fill(-1)); }
    if (agent >= this.#heads[k].length) { this.#heads[k] = grown(this.#heads[k], agent + 1, -1); this.#tails[k] = grown(this.#tails[k], agent + 1, -1); }
  }
}
