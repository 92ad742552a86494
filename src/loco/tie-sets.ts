// Sets of agents that share a point, each ordered by agent number: a tie of any size is drawn from in logarithmic time.
import { widen } from './columns.ts';

/** A bijection on 32 bits: the shape of a set follows from its members alone, never from the order in which they came. */
function priority(agent: number): number {
  let h = Math.imul(agent + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}

/** Cells of a node: left child, right child, members of the subtree. One run of memory a node, because a large tie is a walk through cold memory. */
const LEFT = 0, RIGHT = 1, SIZE = 2;

/**
 * Disjoint sets as treaps whose nodes are the agents themselves; a set is known by its root, −1 when empty.
 * `insert`, `remove` and `at` take O(log k) of a set of k, expected over the fixed priorities; nothing is allocated.
 */
export class TieSets {
  #cells = new Int32Array(64);
  #low = -1;
  #high = -1;

  /** Members of the set with this root. */
  size(root: number): number { return root < 0 ? 0 : this.#cells[4 * root + SIZE]; }

  /** Adds an agent that is in no set; returns the new root. */
  insert(root: number, agent: number): number {
    if (4 * agent >= this.#cells.length) this.#cells = widen(this.#cells, 4 * agent + 4);
    return this.#insert(root, agent, root < 0 ? 0 : priority(agent));
  }

  /** Takes out a member; returns the new root. */
  remove(root: number, agent: number): number {
    const cells = this.#cells, heir = this.#join(cells[4 * agent + LEFT], cells[4 * agent + RIGHT]);
    if (root === agent) return heir;
    for (let node = root; ;) {
      cells[4 * node + SIZE]--;
      const branch = 4 * node + (agent < node ? LEFT : RIGHT);
      if (cells[branch] === agent) { cells[branch] = heir; return root; }
      node = cells[branch];
    }
  }

  /** The member with `rank` smaller ones. */
  at(root: number, rank: number): number {
    const cells = this.#cells;
    for (;;) {
      const left = cells[4 * root + LEFT], before = left < 0 ? 0 : cells[4 * left + SIZE];
      if (rank === before) return root;
      if (rank < before) root = left;
      else { rank -= before + 1; root = cells[4 * root + RIGHT]; }
    }
  }

  /** Writes the members in ascending order to `out` from `start`; returns the end. */
  copy(root: number, out: Int32Array, start: number): number {
    if (root < 0) return start;
    const middle = this.copy(this.#cells[4 * root + LEFT], out, start);
    out[middle] = root;
    return this.copy(this.#cells[4 * root + RIGHT], out, middle + 1);
  }

  #insert(root: number, agent: number, rank: number): number {
    const cells = this.#cells;
    if (root < 0) { this.#seat(agent, -1, -1); return agent; }
    if (rank > priority(root)) {
      this.#split(root, agent);
      this.#seat(agent, this.#low, this.#high);
      return agent;
    }
    const branch = 4 * root + (agent < root ? LEFT : RIGHT);
    cells[branch] = this.#insert(cells[branch], agent, rank);
    cells[4 * root + SIZE]++;
    return root;
  }

  #seat(node: number, left: number, right: number): void {
    const cells = this.#cells;
    cells[4 * node + LEFT] = left;
    cells[4 * node + RIGHT] = right;
    cells[4 * node + SIZE] = 1 + this.size(left) + this.size(right);
  }

  /** Leaves the members below `agent` in `#low`, those above in `#high`. */
  #split(root: number, agent: number): void {
    if (root < 0) { this.#low = this.#high = -1; return; }
    const left = this.#cells[4 * root + LEFT], right = this.#cells[4 * root + RIGHT];
    if (root < agent) {
      this.#split(right, agent);
      this.#seat(root, left, this.#low);
      this.#low = root;
    } else {
      this.#split(left, agent);
      this.#seat(root, this.#high, right);
      this.#high = root;
    }
  }

  /** One set of two, all members of the first below those of the second. */
  #join(low: number, high: number): number {
    if (low < 0) return high;
    if (high < 0) return low;
    const cells = this.#cells;
    if (priority(low) > priority(high)) {
      this.#seat(low, cells[4 * low + LEFT], this.#join(cells[4 * low + RIGHT], high));
      return low;
    }
    this.#seat(high, this.#join(low, cells[4 * high + LEFT]), cells[4 * high + RIGHT]);
    return high;
  }
}
