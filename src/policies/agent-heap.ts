// Agents by a number, least first, ties by a rule over the calls that they would send: a binary heap that knows where each agent stands.
import type { CallSlot } from '../dispatch/calls.ts';

export type CallOrder = (a: CallSlot, b: CallSlot) => boolean;

/** O(log agents) a change, O(1) for the least. */
export class AgentHeap {
  readonly #isFirst: CallOrder;
  #heap = new Int32Array(16);
  /** By agent: its place in the heap (−1: none), its number, and the call behind it. */
  #place = new Int32Array(16).fill(-1);
  #rank = new Float64Array(16);
  #call = new Int32Array(16);
  size = 0;

  constructor(isFirst: CallOrder) { this.#isFirst = isFirst; }

  agentAt(place: number): number { return this.#heap[place]; }
  rankOf(agent: number): number { return this.#rank[agent]; }
  callOf(agent: number): CallSlot { return this.#call[agent]; }

  /** Puts an agent in, or where its new number belongs. */
  put(agent: number, rank: number, call: CallSlot): void {
    if (agent >= this.#place.length) this.#grow(agent);
    if (this.#place[agent] >= 0 && this.#rank[agent] === rank && this.#call[agent] === call) return;
    this.#rank[agent] = rank;
    this.#call[agent] = call;
    if (this.#place[agent] < 0) this.#set(this.size++, agent);
    this.#rise(this.#place[agent]);
    this.#sink(this.#place[agent]);
  }

  /** Does nothing where the agent is not in it. */
  remove(agent: number): void {
    const place = agent < this.#place.length ? this.#place[agent] : -1;
    if (place < 0) return;
    this.#place[agent] = -1;
    const last = this.#heap[--this.size];
    if (last === agent) return;
    this.#set(place, last);
    this.#rise(place);
    this.#sink(this.#place[last]);
  }

  #isBefore(a: number, b: number): boolean { return this.#rank[a] < this.#rank[b] || (this.#rank[a] === this.#rank[b] && this.#isFirst(this.#call[a], this.#call[b])); }

  #set(place: number, agent: number): void { this.#heap[place] = agent; this.#place[agent] = place; }

  #rise(from: number): void {
    const agent = this.#heap[from];
    let place = from;
    while (place > 0) {
      const up = (place - 1) >> 1, parent = this.#heap[up];
      if (!this.#isBefore(agent, parent)) break;
      this.#set(place, parent);
      place = up;
    }
    this.#set(place, agent);
  }

  #sink(from: number): void {
    const agent = this.#heap[from];
    let place = from;
    for (;;) {
      let down = 2 * place + 1;
      if (down >= this.size) break;
      if (down + 1 < this.size && this.#isBefore(this.#heap[down + 1], this.#heap[down])) down++;
      if (!this.#isBefore(this.#heap[down], agent)) break;
      this.#set(place, this.#heap[down]);
      place = down;
    }
    this.#set(place, agent);
  }

  #grow(agent: number): void {
    const n = Math.max(this.#place.length * 2, agent + 1);
    const place = new Int32Array(n).fill(-1); place.set(this.#place); this.#place = place;
    const rank = new Float64Array(n); rank.set(this.#rank); this.#rank = rank;
    const call = new Int32Array(n); call.set(this.#call); this.#call = call;
    const heap = new Int32Array(n); heap.set(this.#heap); this.#heap = heap;
  }
}
