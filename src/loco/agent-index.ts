// Agents by (backlog, arrival of the oldest task), and who of them scores highest: a scan while they are few, a hull tree when they are many.
import { HullTree } from './hull-tree.ts';
import type { Question } from './question.ts';
import { ScanList } from './scan-list.ts';

/** Above this many agents a tree is kept. Measured: a question costs the scan 0.1 µs for 8 agents and 0.5 for 128, the tree about 1 at either. */
export const SCAN_LIMIT = 128;
/** Back to the scan at this many: far enough below, so that a crowd at the limit does not move to and fro. */
const SCAN_AGAIN = SCAN_LIMIT / 4;

/** Costs and worst cases: see ScanList up to 128 agents, HullTree beyond. Both find exactly what a full scan with `loadScore` finds. */
export class AgentIndex {
  readonly #list = new ScanList(SCAN_LIMIT);
  #tree: HullTree | undefined;
  #isTree = false;
  readonly #canSearch: boolean;

  /** Without search the index knows the two maxima only. */
  constructor(canSearch = true) { this.#canSearch = canSearch; }

  get isEmpty(): boolean { return this.#isTree ? this.#tree!.agents === 0 : this.#list.count === 0; }
  /** Agents in the index. */
  get agents(): number { return this.#isTree ? this.#tree!.agents : this.#list.count; }
  /** Largest backlog, −Infinity when empty; as of the last refresh. */
  get maxBacklog(): number { return this.#isTree ? this.#tree!.maxBacklog : this.#list.maxBacklog; }
  /** Earliest arrival, Infinity when empty; as of the last refresh. */
  get minSince(): number { return this.#isTree ? this.#tree!.minSince : this.#list.minSince; }
  /** Best score of the last search; −Infinity without any. */
  get top(): number { return this.#isTree ? this.#tree!.top : this.#list.top; }
  /** Agents that the last search found. */
  get tied(): number { return this.#isTree ? this.#tree!.tied : this.#list.tied; }

  /** Puts the agent at a point, wherever it was before. */
  place(agent: number, backlog: number, since: number): void {
    if (this.#isTree) { this.#tree!.place(agent, backlog, since); return; }
    if (this.#list.place(agent, backlog, since)) return;
    const tree = (this.#tree ??= new HullTree(this.#canSearch));
    this.#list.each((a, q, s) => { tree.place(a, q, s); });
    this.#list.clear();
    this.#isTree = true;
    tree.place(agent, backlog, since);
  }

  /** Takes the agent out; no-op where it is not in. */
  remove(agent: number): void {
    if (!this.#isTree) { this.#list.remove(agent); return; }
    const tree = this.#tree!;
    tree.remove(agent);
    if (tree.agents > SCAN_AGAIN) return;
    tree.each((a, q, s) => { this.#list.place(a, q, s); });
    tree.clear();
    this.#isTree = false;
  }

  clear(): void {
    if (this.#isTree) this.#tree!.clear();
    this.#list.clear();
    this.#isTree = false;
  }

  /** Takes up what changed since the last time; due before maxima are read and before a search. */
  refresh(): void { if (this.#isTree) this.#tree!.refresh(); else this.#list.refresh(); }

  /** Finds all agents with the highest score, unless all lie below the question's floor by more than the slack; returns how many. */
  search(question: Question): number { return this.#isTree ? this.#tree!.search(question) : this.#list.search(question); }

  /** One of the agents that the last search found, `rank` of them having smaller numbers. */
  winner(rank: number): number { return this.#isTree ? this.#tree!.winner(rank) : this.#list.winner(rank); }

  /** Writes the agents that the last search found to `out` from `start`; returns the end. */
  copyWinners(out: Int32Array, start: number): number { return this.#isTree ? this.#tree!.copyWinners(out, start) : this.#list.copyWinners(out, start); }

  /** The agent of the lowest number at a point, or −1. */
  agentAt(backlog: number, since: number): number { return this.#isTree ? this.#tree!.agentAt(backlog, since) : this.#list.agentAt(backlog, since); }
}
