// The upper-left hulls of the tree's nodes: the only points of a node that can maximise a linear score.
import { widen } from './columns.ts';
import type { Question } from './question.ts';

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
    const qs = this.#newBacklog, as = this.#newSince;
    let max = -Infinity, n = 0;
    for (let i = first; i < first + size; i++) {
      const q = backlog[i];
      if (q <= max) continue;
      max = q;
      if (chain) n = append(qs, as, n, q, since[i]);
    }
    return this.#commit(node, max, size > 0 ? since[first] : Infinity, size === 0 ? 0 : chain ? n : HULL_BIG);
  }

  /** The node over two others. Returns whether it changed. O(vertices). */
  fromChildren(node: number, left: number, right: number): boolean {
    const maxL = this.maxBacklog[left], maxR = this.maxBacklog[right], minL = this.minSince[left], minR = this.minSince[right];
    const most = maxL > maxR ? maxL : maxR, least = minL < minR ? minL : minR;
    const countL = this.count[left], countR = this.count[right];
    if (countL === HULL_BIG || countR === HULL_BIG) return this.#commit(node, most, least, HULL_BIG);
    const backlog = this.#backlog, since = this.#since, qs = this.#newBacklog, as = this.#newSince;
    let i = left * HULL_SIZE, j = right * HULL_SIZE, n = 0, max = -Infinity;
    const iEnd = i + countL, jEnd = j + countR;
    while (i < iEnd || j < jEnd) {
      const next = j === jEnd || (i < iEnd && since[i] <= since[j]) ? i++ : j++, q = backlog[next];
      if (q <= max) continue;
      max = q;
      n = append(qs, as, n, q, since[next]);
    }
    return this.#commit(node, most, least, n > HULL_SIZE ? HULL_BIG : n);
  }

  /**
   * Largest value of the question's linear form over the node's points, to a few roundings; for a big node the value at
   * its corner, which no point exceeds; −Infinity for an empty one. O(log vertices), by bisection.
   */
  bound(node: number, question: Question): number {
    const n = this.count[node], perBacklog = question.perBacklog, perAge = question.perAge;
    if (n === 0) return -Infinity;
    if (n === HULL_BIG) return perBacklog * this.maxBacklog[node] + perAge * (question.now - this.minSince[node]);
    const backlog = this.#backlog, since = this.#since;
    let low = node * HULL_SIZE, high = low + n - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      // Differences, not values: their sign is right where two values would round to the same number.
      if (perBacklog * (backlog[middle + 1] - backlog[middle]) > perAge * (since[middle + 1] - since[middle])) low = middle + 1;
      else high = middle;
    }
    return perBacklog * backlog[low] + perAge * (question.now - since[low]);
  }

  #commit(node: number, max: number, min: number, count: number): boolean {
    let changed = this.count[node] !== count || this.maxBacklog[node] !== max || this.minSince[node] !== min;
    this.count[node] = count;
    this.maxBacklog[node] = max;
    this.minSince[node] = min;
    const backlog = this.#backlog, since = this.#since, qs = this.#newBacklog, as = this.#newSince, first = node * HULL_SIZE;
    for (let i = 0; i < count; i++) {
      if (changed || backlog[first + i] !== qs[i] || since[first + i] !== as[i]) {
        changed = true;
        backlog[first + i] = qs[i];
        since[first + i] = as[i];
      }
    }
    return changed;
  }
}

/** Appends to a chain of n vertices a point that comes no earlier than the last and has a larger backlog, dropping what it hides; returns the new length. */
function append(backlog: Float64Array, since: Float64Array, n: number, q: number, a: number): number {
  if (n > 0 && a === since[n - 1]) n--;
  while (n >= 2 && !((backlog[n - 1] - backlog[n - 2]) * (a - since[n - 2]) > (q - backlog[n - 2]) * (since[n - 1] - since[n - 2]))) n--;
  backlog[n] = q;
  since[n] = a;
  return n + 1;
}
