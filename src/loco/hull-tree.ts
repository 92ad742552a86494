// The index that finds the highest load score without a scan: a tree of hulls over the points (backlog, arrival of the oldest task).
import { BLOCK_SIZE, Blocks } from './blocks.ts';
import { widen } from './columns.ts';
import { HULL_BIG, Hulls } from './hulls.ts';
import { PointTable } from './point-table.ts';
import { SLACK, type Question } from './question.ts';
import { loadScore } from './rule.ts';
import { TieSets } from './tie-sets.ts';

/**
 * Agents by (backlog Q, arrival a of the oldest task). The score is linear in the point: alpha/maxQ × Q + (1 − alpha)/maxD × (now − a),
 * so its maximum lies on the upper-left hull, which depends on neither alpha nor the maxima nor the time. `search` finds
 * exactly the points that a full scan with `loadScore` would find.
 *
 * Points in blocks of 32, a binary tree over the blocks, in each node the hull of its points (48 vertices at most). A change marks
 * one path; the next question rebuilds it.
 *
 * Cost of a question, n points: O(48 log n) for each path that changed, then O(log² n) where the top is clear. Worst cases:
 * O(k) for k distinct points within the slack of the best (listing exact ties cannot avoid it: k = n where backlog and age trade off evenly),
 * and O(n/48) visits while the upper nodes have more than 48 vertices and are nearly level (a slightly concave front of n points).
 */
export class HullTree {
  readonly #points = new PointTable();
  readonly #blocks = new Blocks();
  readonly #hulls = new Hulls();
  readonly #ties = new TieSets();
  readonly #chains: boolean;
  /** Agents in the tree. */
  agents = 0;
  #pointOf = new Int32Array(16).fill(-1);
  #dirty = new Uint8Array(2);
  /** Leaves of the tree, a power of two; node 1 is the root, node `leaves + b` stands for block b. */
  #leaves = 1;
  #hits = new Int32Array(16);
  #hitCount = 0;
  readonly #stack = new Int32Array(64);
  readonly #stackBound = new Float64Array(64);
  /** Best score of the last search, and how many agents have it. */
  top = -Infinity;
  tied = 0;
  #near = -Infinity;

  /** Without chains the tree keeps the two maxima only and cannot be searched. */
  constructor(chains: boolean) { this.#chains = chains; this.#resize(1); }

  has(agent: number): boolean { return agent < this.#pointOf.length && this.#pointOf[agent] >= 0; }

  /** Puts the agent at a point, wherever it was before. O(32 + log k), k agents at the point. */
  place(agent: number, backlog: number, since: number): void {
    if (agent >= this.#pointOf.length) this.#pointOf = widen(this.#pointOf, agent + 1, -1);
    const points = this.#points, old = this.#pointOf[agent];
    if (old >= 0 && points.backlog[old] === backlog && points.since[old] === since) return;
    let p = points.find(backlog, since);
    if (old >= 0) {
      if (p < 0 && this.#ties.size(points.root[old]) === 1) {
        // Alone at its point, and nobody at the new one: the point itself moves, and one path changes.
        points.move(old, backlog, since);
        this.#blocks.move(points.block[old], old, backlog, since);
        this.#mark(points.block[old]);
        return;
      }
      this.remove(agent);
    }
    if (p < 0) {
      p = points.add(backlog, since);
      const block = this.#blocks.insert(p, backlog, since);
      points.block[p] = block;
      if (block >= this.#leaves) this.#resize(this.#leaves * 2);
      this.#mark(block);
    }
    this.agents++;
    points.root[p] = this.#ties.insert(points.root[p], agent);
    this.#pointOf[agent] = p;
  }

  /** Takes the agent out; no-op where it is not in. */
  remove(agent: number): void {
    if (!this.has(agent)) return;
    const points = this.#points, p = this.#pointOf[agent];
    this.#pointOf[agent] = -1;
    this.agents--;
    if ((points.root[p] = this.#ties.remove(points.root[p], agent)) >= 0) return;
    const block = points.block[p];
    this.#blocks.remove(block, p);
    points.remove(p);
    if (points.count > 0) { this.#mark(block); return; }
    this.#blocks.clear();
    this.#resize(1);
  }

  clear(): void {
    this.#points.clear();
    this.#blocks.clear();
    this.#pointOf.fill(-1);
    this.agents = 0;
    this.#resize(1);
  }

  /** Rebuilds what changed since the last time; due before any question. */
  refresh(): void { if (this.#dirty[1] === 1) this.#refresh(1); }

  /** Largest backlog; −Infinity when empty. */
  get maxBacklog(): number { return this.#hulls.maxBacklog[1]; }

  /** Earliest arrival; Infinity when empty. */
  get minSince(): number { return this.#hulls.minSince[1]; }

  /** The agent of the lowest number with the given pair, or −1. */
  agentAt(backlog: number, since: number): number {
    const p = this.#points.find(backlog, since);
    return p < 0 ? -1 : this.#ties.at(this.#points.root[p], 0);
  }

  /**
   * Finds all points with the highest score, unless all lie below the question's floor by more than the slack. Returns
   * the number of agents there, and leaves the score in `top`. The tree must be fresh.
   */
  search(question: Question): number {
    this.#hitCount = 0;
    this.top = -Infinity;
    this.#near = question.floor;
    if (this.#leaves > 1) this.#descend(question);
    else if (this.#blocks.count > 0) this.#scan(0, question);
    if (this.#hitCount === 1) return (this.tied = this.#ties.size(this.#points.root[this.#hits[0]]));
    let tied = 0;
    for (let i = 0; i < this.#hitCount; i++) tied += this.#ties.size(this.#points.root[this.#hits[i]]);
    return (this.tied = tied);
  }

  /** One of the agents that the last search found, `rank` of them having smaller numbers; rank < `tied`. O(log k), or O(k log k) where several points tie. */
  winner(rank: number): number {
    const roots = this.#points.root;
    if (this.#hitCount === 1) return this.#ties.at(roots[this.#hits[0]], rank);
    if (rank === 0) {
      let least = Infinity;
      for (let i = 0; i < this.#hitCount; i++) least = Math.min(least, this.#ties.at(roots[this.#hits[i]], 0));
      return least;
    }
    const all = new Int32Array(this.tied);
    this.copyWinners(all, 0);
    return all.sort()[rank];
  }

  /** Writes the agents that the last search found to `out` from `start`; returns the end. Ascending within a point only. */
  copyWinners(out: Int32Array, start: number): number {
    let end = start;
    for (let i = 0; i < this.#hitCount; i++) end = this.#ties.copy(this.#points.root[this.#hits[i]], out, end);
    return end;
  }

  /** Tells every agent with its point. */
  each(visit: (agent: number, backlog: number, since: number) => void): void {
    for (let agent = 0; agent < this.#pointOf.length; agent++) {
      const p = this.#pointOf[agent];
      if (p >= 0) visit(agent, this.#points.backlog[p], this.#points.since[p]);
    }
  }

  #descend(question: Question): void {
    const hulls = this.#hulls, stack = this.#stack, bounds = this.#stackBound, leaves = this.#leaves;
    bounds[0] = hulls.bound(1, question);
    if (hulls.count[1] !== HULL_BIG && bounds[0] > this.#near) this.#near = bounds[0];
    stack[0] = 1;
    for (let depth = 1; depth > 0;) {
      const node = stack[--depth];
      if (bounds[depth] < this.#near - SLACK || hulls.count[node] === 0) continue;
      if (node >= leaves) { this.#scan(node - leaves, question); continue; }
      const left = 2 * node, l = hulls.bound(left, question), r = hulls.bound(left + 1, question);
      const least = this.#near - SLACK, better = r > l ? 1 : 0;
      if ((better ? l : r) >= least) { stack[depth] = left + 1 - better; bounds[depth++] = better ? l : r; }
      stack[depth] = left + better;
      bounds[depth++] = better ? r : l;
    }
  }

  #scan(block: number, question: Question): void {
    const { backlog, since, point, size } = this.#blocks, first = block * BLOCK_SIZE, end = first + size[block];
    const { perBacklog, perAge, now } = question;
    let near = this.#near;
    for (let i = first; i < end; i++) {
      const value = perBacklog * backlog[i] + perAge * (now - since[i]);
      if (value < near - SLACK) continue;
      if (value > near) near = value;
      const score = loadScore(question.alpha, backlog[i], question.maxBacklog, now - since[i], question.maxAge);
      if (score < this.top) continue;
      if (score > this.top) { this.top = score; this.#hitCount = 0; }
      if (this.#hitCount === this.#hits.length) this.#hits = widen(this.#hits, this.#hitCount + 1);
      this.#hits[this.#hitCount++] = point[i];
    }
    this.#near = near;
  }

  #mark(block: number): void {
    const dirty = this.#dirty;
    for (let node = this.#leaves + block; node > 0 && dirty[node] === 0; node >>= 1) dirty[node] = 1;
  }

  /** Rebuilds what is marked below and at the node, as far up as something changed. */
  #refresh(node: number): boolean {
    if (this.#dirty[node] === 0) return false;
    this.#dirty[node] = 0;
    if (node >= this.#leaves) return this.#leaf(node);
    const left = this.#refresh(2 * node), right = this.#refresh(2 * node + 1);
    return (left || right) && this.#hulls.fromChildren(node, 2 * node, 2 * node + 1);
  }

  #leaf(node: number): boolean {
    const { backlog, since, size, count } = this.#blocks, block = node - this.#leaves;
    return this.#hulls.fromPoints(node, backlog, since, block * BLOCK_SIZE, block < count ? size[block] : 0, this.#chains && this.#leaves > 1);
  }

  /** A tree of another size: nodes change their numbers, so all are rebuilt. Amortised O(1) a block. */
  #resize(leaves: number): void {
    this.#leaves = leaves;
    if (2 * leaves > this.#dirty.length) this.#dirty = widen(this.#dirty, 2 * leaves);
    this.#dirty.fill(0, 0, 2 * leaves);
    this.#hulls.reserve(2 * leaves);
    for (let node = 2 * leaves - 1; node >= leaves; node--) this.#leaf(node);
    for (let node = leaves - 1; node > 0; node--) this.#hulls.fromChildren(node, 2 * node, 2 * node + 1);
  }
}
