// Waiting calls of agents that each have an account: whoever's next call ranks lowest goes first. One heap of agents per eligibility class.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import { AgentHeap } from './agent-heap.ts';
import { AgentQueues } from './agent-queues.ts';
import type { Admits } from './policy.ts';

/** What a rule makes of accounts. Ranks never fall as an account grows, and no grant lowers an account. */
export interface FairRule {
  /** Rank of a call, were it the agent's next; the lowest goes first. */
  rank(agent: number, account: number, call: CallSlot): number;
  /** The account once the call was granted. */
  after(agent: number, account: number, call: CallSlot): number;
  /** Which of two calls with equal ranks goes first. A total order, older first within an agent. */
  isFirst(a: CallSlot, b: CallSlot): boolean;
}

/** A place in a walk: an agent's call and what its rank rests on; `node`: where it stands in the heap of its class, −1 once moved on. */
interface Front { readonly callClass: number; readonly node: number; readonly agent: number; readonly call: CallSlot; readonly account: number; readonly rank: number }

/** O(classes met × log agents) an event, O(classes met) for `first`; classes are 1 where nothing is pinned. Walks cost O(log visited) a waiting call. */
export class FairOrder {
  readonly queues: AgentQueues;
  readonly #calls: CallView;
  readonly #rule: FairRule;
  readonly #heaps: AgentHeap[] = [];
  #accounts = new Float64Array(16);

  constructor(calls: CallView, rule: FairRule) { this.#calls = calls; this.#rule = rule; this.queues = new AgentQueues(calls); }

  account(agent: number): number { return agent < this.#accounts.length ? this.#accounts[agent] : 0; }

  /** Sets an account, and the places of the agent's calls by it. */
  setAccount(agent: number, account: number): void {
    if (agent >= this.#accounts.length) { const wide = new Float64Array(Math.max(this.#accounts.length * 2, agent + 1)); wide.set(this.#accounts); this.#accounts = wide; }
    this.#accounts[agent] = account;
    this.refresh(agent);
  }

  /** Ranks of the agent's calls may have changed. */
  refresh(agent: number): void { for (let k = 0; k < this.queues.classes; k++) this.#refreshIn(agent, k); }

  insert(call: CallSlot): void { this.queues.insert(call); this.#refreshIn(this.#calls.agent[call], this.#calls.pin[call] + 1); }
  /** The call goes, and the account changes with it. */
  take(call: CallSlot, account: number): void { this.queues.remove(call); this.setAccount(this.#calls.agent[call], account); }
  remove(call: CallSlot): void { this.queues.remove(call); this.#refreshIn(this.#calls.agent[call], this.#calls.pin[call] + 1); }

  /** The call with the lowest rank among the open classes, or −1. */
  first(admits: Admits): CallSlot {
    let best = -1, least = 0;
    for (let k = 0; k < this.#heaps.length; k++) {
      const heap = this.#heaps[k];
      if (heap.size === 0 || admits.open[k] !== 1) continue;
      const agent = heap.agentAt(0), rank = heap.rankOf(agent), call = heap.callOf(agent);
      if (best < 0 || rank < least || (rank === least && this.#rule.isFirst(call, best))) { best = call; least = rank; }
    }
    return best;
  }

  /** The agent whose next call ranks lowest, whether it may go or not; −1: nobody waits. */
  lowest(): number { const call = this.#lowestCall(); return call < 0 ? -1 : this.#calls.agent[call]; }

  rankOf(call: CallSlot): number { const agent = this.#calls.agent[call]; return this.#rule.rank(agent, this.account(agent), call); }

  /** Agents that wait with a call of this rank as their next. O(those). */
  tiedAt(rank: number): number {
    const tied = new Set<number>();
    for (const heap of this.#heaps) {
      const from = [0];
      for (let node = from.pop(); node !== undefined; node = from.pop()) {
        if (node >= heap.size || heap.rankOf(heap.agentAt(node)) > rank) continue;
        if (heap.rankOf(heap.agentAt(node)) === rank) tied.add(heap.agentAt(node));
        from.push(2 * node + 1, 2 * node + 2);
      }
    }
    return tied.size;
  }

  /** Waiting calls in the order in which they would be granted with nothing else happening, until `visit` answers false. */
  walk(visit: (call: CallSlot) => boolean): void {
    const fronts: Front[] = [], accounts = new Map<number, number>();
    this.#heaps.forEach((_, k) => { this.#pushNode(fronts, k, 0); });
    for (let front = fronts.shift(); front !== undefined; front = fronts.shift()) {
      const { callClass, node, agent, call } = front, account = accounts.get(agent) ?? front.account;
      if (node >= 0) { this.#pushNode(fronts, callClass, 2 * node + 1); this.#pushNode(fronts, callClass, 2 * node + 2); }
      // A call of another class went before it, so that it ranks elsewhere now.
      if (account !== front.account) { this.#push(fronts, { ...front, node: -1, account, rank: this.#rule.rank(agent, account, call) }); continue; }
      if (!visit(call)) return;
      const after = this.#rule.after(agent, account, call), next = this.queues.after(call);
      accounts.set(agent, after);
      if (next >= 0) this.#push(fronts, { callClass, node: -1, agent, call: next, account: after, rank: this.#rule.rank(agent, after, next) });
    }
  }

  #lowestCall(): CallSlot {
    let best = -1, least = 0;
    for (const heap of this.#heaps) {
      if (heap.size === 0) continue;
      const agent = heap.agentAt(0), rank = heap.rankOf(agent), call = heap.callOf(agent);
      if (best < 0 || rank < least || (rank === least && this.#rule.isFirst(call, best))) { best = call; least = rank; }
    }
    return best;
  }

  #refreshIn(agent: number, k: number): void {
    while (this.#heaps.length <= k) this.#heaps.push(new AgentHeap((a, b) => this.#rule.isFirst(a, b)));
    const head = this.queues.head(agent, k);
    if (head < 0) this.#heaps[k].remove(agent);
    else this.#heaps[k].put(agent, this.#rule.rank(agent, this.account(agent), head), head);
  }

  #pushNode(fronts: Front[], callClass: number, node: number): void {
    const heap = this.#heaps[callClass];
    if (node >= heap.size) return;
    const agent = heap.agentAt(node);
    this.#push(fronts, { callClass, node, agent, call: heap.callOf(agent), account: this.account(agent), rank: heap.rankOf(agent) });
  }

  /** Keeps the fronts in order, the first to go in front. */
  #push(fronts: Front[], front: Front): void {
    let low = 0;
    for (let high = fronts.length; low < high;) {
      const mid = (low + high) >> 1, other = fronts[mid];
      if (other.rank < front.rank || (other.rank === front.rank && this.#rule.isFirst(other.call, front.call))) low = mid + 1; else high = mid;
    }
    fronts.splice(low, 0, front);
  }
}
