// The index of few agents: a plain scan over three columns, which up to some dozens beats every tree.
import { SLACK, type Question } from './question.ts';
import { loadScore } from './rule.ts';

/**
 * The same questions and the same answers as the hull tree, by looking at every agent, in order of agent number. Linear pre-selection
 * with a slack that covers its rounding saves the divisions of the exact score; what comes near the best is scored exactly.
 * `place` and `remove` O(n) where membership changes, else O(log n); `refresh` and `search` O(n).
 */
export class ScanList {
  /** Agents in the list. */
  count = 0;
  maxBacklog = -Infinity;
  minSince = Infinity;
  top = -Infinity;
  tied = 0;
  readonly #agent: Int32Array;
  readonly #backlog: Float64Array;
  readonly #since: Float64Array;
  readonly #hits: Int32Array;
  #isStale = false;

  constructor(capacity: number) {
    this.#agent = new Int32Array(capacity);
    this.#backlog = new Float64Array(capacity);
    this.#since = new Float64Array(capacity);
    this.#hits = new Int32Array(capacity);
  }

  has(agent: number): boolean {
    const i = this.#seat(agent);
    return i < this.count && this.#agent[i] === agent;
  }

  /** Returns false where the list is full and the agent not in it. */
  place(agent: number, backlog: number, since: number): boolean {
    const i = this.#seat(agent), agents = this.#agent, backlogs = this.#backlog, sinces = this.#since;
    this.#isStale = true;
    if (i === this.count || agents[i] !== agent) {
      if (this.count === agents.length) return false;
      for (let k = this.count++; k > i; k--) {
        agents[k] = agents[k - 1];
        backlogs[k] = backlogs[k - 1];
        sinces[k] = sinces[k - 1];
      }
      agents[i] = agent;
    }
    backlogs[i] = backlog;
    sinces[i] = since;
    return true;
  }

  remove(agent: number): void {
    if (this.count === 0) return;
    const i = this.#seat(agent), agents = this.#agent, backlogs = this.#backlog, sinces = this.#since;
    if (i === this.count || agents[i] !== agent) return;
    this.#isStale = true;
    const last = --this.count;
    for (let k = i; k < last; k++) {
      agents[k] = agents[k + 1];
      backlogs[k] = backlogs[k + 1];
      sinces[k] = sinces[k + 1];
    }
  }

  clear(): void { this.count = 0; this.#isStale = true; }

  refresh(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    const n = this.count, backlogs = this.#backlog, sinces = this.#since;
    let max = -Infinity, min = Infinity;
    for (let i = 0; i < n; i++) {
      if (backlogs[i] > max) max = backlogs[i];
      if (sinces[i] < min) min = sinces[i];
    }
    this.maxBacklog = max;
    this.minSince = min;
  }

  search(question: Question): number {
    const { alpha, maxBacklog, maxAge, now, perBacklog, perAge } = question;
    const n = this.count, agents = this.#agent, backlogs = this.#backlog, sinces = this.#since, hits = this.#hits;
    let least = question.floor - SLACK, top = -Infinity, tied = 0;
    for (let i = 0; i < n; i++) {
      const value = perBacklog * backlogs[i] + perAge * (now - sinces[i]);
      if (value < least) continue;
      if (value - SLACK > least) least = value - SLACK;
      const score = loadScore(alpha, backlogs[i], maxBacklog, now - sinces[i], maxAge);
      if (score < top) continue;
      if (score > top) { top = score; tied = 0; }
      hits[tied++] = agents[i];
    }
    this.top = top;
    return (this.tied = tied);
  }

  winner(rank: number): number { return this.#hits[rank]; }

  copyWinners(out: Int32Array, start: number): number {
    for (let i = 0; i < this.tied; i++) out[start + i] = this.#hits[i];
    return start + this.tied;
  }

  agentAt(backlog: number, since: number): number {
    for (let i = 0; i < this.count; i++) if (this.#backlog[i] === backlog && this.#since[i] === since) return this.#agent[i];
    return -1;
  }

  /** Tells every agent with its point. */
  each(visit: (agent: number, backlog: number, since: number) => void): void {
    for (let i = 0; i < this.count; i++) visit(this.#agent[i], this.#backlog[i], this.#since[i]);
  }

  /** Where the agent stands or would stand. */
  #seat(agent: number): number {
    const agents = this.#agent;
    let low = 0, high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (agents[middle] < agent) low = middle + 1; else high = middle;
    }
    return low;
  }
}
