// Round robin by agent: agents take turns, each with its oldest call. Fair in turns, blind to how much a turn costs.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import { CallList } from './call-list.ts';
import { definePolicy, type Admits, type Answered, type Policy, type Tally } from './policy.ts';

/** O(1) an event; a question is O(1) where nothing is pinned, else it skips the agents and calls whose engines are full. */
class RoundRobin implements Policy {
  readonly #calls: CallView;
  /** Agents with waiting calls, next turn first. */
  readonly #turns = new CallList();
  readonly #queues: CallSlot[][] = [];
  readonly #running = new CallList();
  /** Agents whose turn a preemption of this instant brought back. */
  readonly #front = new Set<number>();
  #frontUs = -1;
  #lone = 0;
  waiting = 0;

  constructor(calls: CallView) { this.#calls = calls; }

  arrive(call: CallSlot): void {
    const queue = this.#queue(call);
    if (queue.push(call) === 1) this.#turns.append(this.#calls.agent[call]);
    this.waiting++;
  }

  grant(call: CallSlot): void {
    const agent = this.#calls.agent[call];
    if (this.#turns.size === 1) this.#lone++;
    this.#front.clear();
    this.#leave(call);
    if (this.#queues[agent].length > 0) { this.#turns.remove(agent); this.#turns.append(agent); }
    this.#running.append(call);
  }

  /** Back to where its arrival puts it among the calls of its agent. An agent that had none waiting is next; those of one instant in the order of their calls. */
  preempt(call: CallSlot, nowUs: number): void {
    this.#running.remove(call);
    const agent = this.#calls.agent[call], queue = this.#queue(call), later = queue.findIndex((other) => this.#isBefore(call, other));
    queue.splice(later < 0 ? queue.length : later, 0, call);
    this.waiting++;
    if (nowUs !== this.#frontUs) { this.#frontUs = nowUs; this.#front.clear(); }
    if (queue.length > 1) { if (this.#front.has(agent)) this.#turns.remove(agent); else return; }
    let next = this.#turns.head;
    while (next >= 0 && this.#front.has(next) && this.#isBefore(this.#queues[next][0], queue[0])) next = this.#turns.after(next);
    if (next < 0) this.#turns.append(agent);
    else this.#turns.insertBefore(agent, next);
    this.#front.add(agent);
  }

  finish(call: CallSlot): void { this.#running.remove(call); }
  cancel(call: CallSlot, wasRunning: boolean): void { if (wasRunning) this.#running.remove(call); else this.#leave(call); }

  first(admits: Admits): CallSlot {
    const pin = this.#calls.pin;
    for (let agent = this.#turns.head; agent >= 0; agent = this.#turns.after(agent)) {
      for (const call of this.#queues[agent]) if (admits.open[pin[call] + 1] === 1) return call;
    }
    return -1;
  }

  walk(visit: (call: CallSlot) => boolean): void {
    for (let call = this.#running.head; call >= 0; call = this.#running.after(call)) if (!visit(call)) return;
    for (let turn = 0, left = this.waiting; left > 0; turn++) {
      for (let agent = this.#turns.head; agent >= 0; agent = this.#turns.after(agent)) {
        if (turn >= this.#queues[agent].length) continue;
        left--;
        if (!visit(this.#queues[agent][turn])) return;
      }
    }
  }

  answered(): Answered { const agents = this.#turns.size; return { tied: 1, reason: agents === 1 ? 'the only agent that waits' : `its agent's turn, of ${agents} agents that wait` }; }
  tally(): Tally { return { lone: this.#lone, even: 0, guarded: 0 }; }

  #isBefore(a: CallSlot, b: CallSlot): boolean {
    const { arrivedUs, key } = this.#calls;
    return arrivedUs[a] < arrivedUs[b] || (arrivedUs[a] === arrivedUs[b] && key[a] < key[b]);
  }

  #leave(call: CallSlot): void {
    const queue = this.#queue(call);
    if (queue[0] === call) queue.shift();
    else queue.splice(queue.indexOf(call), 1);
    if (queue.length === 0) this.#turns.remove(this.#calls.agent[call]);
    this.waiting--;
  }

  #queue(call: CallSlot): CallSlot[] {
    const agent = this.#calls.agent[call];
    while (this.#queues.length <= agent) this.#queues.push([]);
    return this.#queues[agent];
  }
}

export const roundRobin = definePolicy({
  name: 'round-robin',
  title: 'agents take turns, each with its oldest call',
  source: 'the classic',
  params: {},
  knowledge: 'none',
  decision: 'O(1)',
  needsAgents: true,
  create: ({ calls }) => new RoundRobin(calls),
});
