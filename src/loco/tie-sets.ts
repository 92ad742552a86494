// Sets of agents that share a point, each ordered by agent number: a tie of any size is drawn from in logarithmic time.
import { widen } from './columns.ts';

/** A bijection on 32 bits: the shape of a set follows from its members alone, never from the order in which they came. */
function priority(agent: number): number {
  let h = Math.imul(agent + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}

/**
 * Disjoint sets as treaps whose nodes are the agents themselves; a set is known by its root, −1 when empty.
 * `insert`, `remove` and `at` take O(log k) of a set of k, expected over the fixed priorities; nothing is allocated.
 */
export class TieSets {
  #left = new Int32Array(16);
  #right = new Int32Array(16);
  #size = new Int32Array(16);
  #low = -1;
  #high = -1;

  /** Members of the set with this root. */
  size(root: number): number { return root < 0 ? 0 : this.#size[root]; }

  /** Adds an agent that is in no set; returns the new root. */
  insert(root: number, agent: number): number {
    if (agent >= this.#size.length) this.#grow(agent + 1);
    if (root < 0) {
      this.#left[agent] = this.#right[agent] = -1;
      this.#size[agent] = 1;
      return agent;
    }
    return this.#insert(root, agent, priority(agent));
  }

  /** Takes out a member; returns the new root. */
  remove(root: number, agent: number): number {
    if (root === agent) return this.#join(this.#left[agent], this.#right[agent]);
    if (agent < root) this.#left[root] = this.remove(this.#left[root], agent);
    else this.#right[root] = this.remove(this.#right[root], agent);
    this.#size[root]--;
    return root;
  }

  /** The member with `rank` smaller ones. */
  at(root: number, rank: number): number {
    const left = this.#left, size = this.#size;
    for (;;) {
      const before = left[root] < 0 ? 0 : size[left[root]];
      if (rank === before) return root;
      if (rank < before) root = left[root];
      else { rank -= before + 1; root = this.#right[root]; }
    }
  }

  /** Writes the members in ascending order to `out` from `start`; returns the end. */
  copy(root: number, out: Int32Array, start: number): number {
    if (root < 0) return start;
    const middle = this.copy(this.#left[root], out, start);
    out[middle] = root;
    return this.copy(this.#right[root], out, middle + 1);
  }

  #insert(root: number, agent: number, rank: number): number {
    if (root < 0 || rank > priority(root)) {
      this.#split(root, agent);
      this.#left[agent] = this.#low;
      this.#right[agent] = this.#high;
      this.#size[agent] = 1 + this.size(this.#low) + this.size(this.#high);
      return agent;
    }
    if (agent < root) this.#left[root] = this.#insert(this.#left[root], agent, rank);
    else this.#right[root] = this.#insert(this.#right[root], agent, rank);
    this.#size[root]++;
    return root;
  }

  /** Leaves the members below `agent` in `#low`, those above in `#high`. */
  #split(root: number, agent: number): void {
    if (root < 0) { this.#low = this.#high = -1; return; }
    if (root < agent) {
      this.#split(this.#right[root], agent);
      this.#right[root] = this.#low;
      this.#low = root;
    } else {
      this.#split(this.#left[root], agent);
      this.#left[root] = this.#high;
      this.#high = root;
    }
    this.#size[root] = 1 + this.size(this.#left[root]) + this.size(this.#right[root]);
  }

  /** One set of two, all members of the first below those of the second. */
  #join(low: number, high: number): number {
    if (low < 0) return high;
    if (high < 0) return low;
    const all = this.#size[low] + this.#size[high];
    if (priority(low) > priority(high)) {
      this.#right[low] = this.#join(this.#right[low], high);
      this.#size[low] = all;
      return low;
    }
    this.#left[high] = this.#join(low, this.#left[high]);
    this.#size[high] = all;
    return high;
  }

  #grow(agents: number): void {
    this.#left = widen(this.#left, agents);
    this.#right = widen(this.#right, agents);
    this.#size = widen(this.#size, agents);
  }
}
