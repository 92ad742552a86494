// The upper-left hulls of the tree's nodes: the only points of a node that can maximise a linear score.
import { widen } from './columns.ts';

export const HULL_SIZE = 48;
/** In `count`: the hull has more vertices than are kept; the node is bounded at its corner. */
export const HULL_BIG = -1;

/**
 * A chain by arrival, earliest first, backlogs strictly rising, concave; plus the corner (largest backlog, earliest
 * arrival) of every node. Chains are built in a scratch row and committed, which tells whether anything changed.
 */
export class Hulls {
  count = new Int8Array(2);
  maxBacklog = new Float64Array(2);
  minSince = new Float64Array(2);
  #backlog = new Float64Array(2 * HULL_SIZE);
  #since = new Float64Array(2 * HULL_SIZE);
  readonly #newBacklog = new Float64Array(2 * HULL_SIZE);
  readonly #newSince = new Float64Array(2 * HULL_SIZE);
  #length = 0;

  /** Room for node numbers below `nodes`. */
  reserve(nodes: number): void {
    if (nodes <= this.count.length) return;
    this.count = widen(this.count, nodes);
    this.maxBacklog = widen(this.maxBacklog, nodes);
    this.minSince = widen(this.minSince, nodes);
    this.#backlog = widen(this.#backlog, nodes * HULL_SIZE);
    this.#since = widen(this.#since, nodes * HULL_SIZE);
  }

  /** The node of a block: its points stand in order of arrival. Returns whether the node changed. O(points). */
  fromPoints(node: number, backlog: Float64Array, since: Float64Array, first: number, size: number, chain: boolean): boolean {
    let max = -Infinity;
    this.#length = 0;
    for (let i = first; i < first + size; i++) {
      if (backlog[i] > max) {
        max = backlog[i];
        if (chain) this.#push(max, since[i]);
      }
    }
    return this.#commit(node, max, size > 0 ? since[first] : Infinity, size === 0 ? 0 : chain ? this.#length : HULL_BIG);
  }

  /** The node over two others. Returns whether it changed. O(vertices). */
  fromChildren(node: number, left: number, right: number): boolean {
    const max = Math.max(this.maxBacklog[left], this.maxBacklog[right]), min = Math.min(this.minSince[left], this.minSince[right]);
    const n = this.count[left], m = this.count[right];
    if (n === HULL_BIG || m === HULL_BIG) return this.#commit(node, max, min, HULL_BIG);
    const backlog = this.#backlog, since = this.#since;
    this.#length = 0;
    let i = left * HULL_SIZE, j = right * HULL_SIZE;
    const iEnd = i + n, jEnd = j + m;
    while (i < iEnd && j < jEnd) {
      if (since[i] <= since[j]) { this.#push(backlog[i], since[i]); i++; } else { this.#push(backlog[j], since[j]); j++; }
    }
    for (; i < iEnd; i++) this.#push(backlog[i], since[i]);
    for (; j < jEnd; j++) this.#push(backlog[j], since[j]);
    return this.#commit(node, max, min, this.#length > HULL_SIZE ? HULL_BIG : this.#length);
  }

  /**
   * Largest value of perBacklog × backlog + perAge × (now − since) over the node's points, to a few roundings; for a big
   * node the value at its corner, which no point exceeds; −Infinity for an empty one. O(log vertices), by bisection.
   */
  bound(node: number, perBacklog: number, perAge: number, now: number): number {
    const n = this.count[node];
    if (n === 0) return -Infinity;
    if (n === HULL_BIG) return perBacklog * this.maxBacklog[node] + perAge * (now - this.minSince[node]);
    const backlog = this.#backlog, since = this.#since, first = node * HULL_SIZE;
    let low = first, high = first + n - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      // Differences, not values: their sign is right where two values would round to the same number.
      if (perBacklog * (backlog[middle + 1] - backlog[middle]) > perAge * (since[middle + 1] - since[middle])) low = middle + 1;
      else high = middle;
    }
    return perBacklog * backlog[low] + perAge * (now - since[low]);
  }

  /** Appends a point that comes no earlier than the last, dropping what it hides. */
  #push(q: number, a: number): void {
    const backlog = this.#newBacklog, since = this.#newSince;
    let n = this.#length;
    if (n > 0) {
      if (q <= backlog[n - 1]) return;
      if (a === since[n - 1]) n--;
      while (n >= 2 && !((backlog[n - 1] - backlog[n - 2]) * (a - since[n - 2]) > (q - backlog[n - 2]) * (since[n - 1] - since[n - 2]))) n--;
    }
    backlog[n] = q;
    since[n] = a;
    this.#length = n + 1;
  }

  #commit(node: number, max: number, min: number, count: number): boolean {
    let changed = this.count[node] !== count || this.maxBacklog[node] !== max || this.minSince[node] !== min;
    this.count[node] = count;
    this.maxBacklog[node] = max;
    this.minSince[node] = min;
    const backlog = this.#backlog, since = this.#since, first = node * HULL_SIZE;
    for (let i = 0; i < count; i++) {
      if (changed || backlog[first + i] !== this.#newBacklog[i] || since[first + i] !== this.#newSince[i]) {
        changed = true;
        backlog[first + i] = this.#newBacklog[i];
        since[first + i] = this.#newSince[i];
      }
    }
    return changed;
  }
}
