// Points (backlog, arrival of the oldest task) by value: agents with equal pairs share one point.
import { widen } from './columns.ts';

const words = new Float64Array(2);
const halves = new Uint32Array(words.buffer);

function hash(backlog: number, since: number): number {
  words[0] = backlog + 0; // −0 and 0 are one key
  words[1] = since + 0;
  let h = Math.imul(halves[0], 0x85ebca6b) ^ Math.imul(halves[1], 0xc2b2ae35) ^ Math.imul(halves[2], 0x27d4eb2f) ^ Math.imul(halves[3], 0x165667b1);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return h ^ (h >>> 15);
}

/** Open addressing with backward shift: no tombstones, nothing allocated in steady state. `find`, `add`, `remove` O(1) expected. */
export class PointTable {
  /** Columns by point. */
  backlog = new Float64Array(16);
  since = new Float64Array(16);
  /** Root of the set of agents at the point. */
  root = new Int32Array(16);
  /** Block that holds the point. */
  block = new Int32Array(16);
  /** Points in use. */
  count = 0;
  #hash = new Int32Array(16);
  #free = new Int32Array(16);
  #freeCount = 0;
  #next = 0;
  /** Hash of the pair that `find` missed last. */
  #missed = 0;
  #cells = new Int32Array(64).fill(-1);

  /** The point with this pair, or −1. */
  find(backlog: number, since: number): number {
    const cells = this.#cells, mask = cells.length - 1, h = hash(backlog, since);
    for (let i = h & mask; cells[i] >= 0; i = (i + 1) & mask) {
      const p = cells[i];
      if (this.backlog[p] === backlog && this.since[p] === since) return p;
    }
    this.#missed = h;
    return -1;
  }

  /** A new point for the pair that `find` has just missed; its set of agents is empty. */
  add(backlog: number, since: number): number {
    if (this.#freeCount === 0 && this.#next === this.root.length) this.#growColumns();
    const p = this.#freeCount > 0 ? this.#free[--this.#freeCount] : this.#next++;
    this.backlog[p] = backlog;
    this.since[p] = since;
    this.root[p] = -1;
    this.#hash[p] = this.#missed;
    this.count++;
    if (this.count * 4 > this.#cells.length) this.#growCells();
    this.#seat(p);
    return p;
  }

  /** Gives a point the pair that `find` has just missed; its agents go along. */
  move(point: number, backlog: number, since: number): void {
    const missed = this.#missed;
    this.#unseat(point);
    this.backlog[point] = backlog;
    this.since[point] = since;
    this.#hash[point] = missed;
    this.#seat(point);
  }

  remove(point: number): void {
    this.#unseat(point);
    this.#free[this.#freeCount++] = point;
    this.count--;
  }

  clear(): void {
    this.#cells.fill(-1);
    this.count = this.#freeCount = this.#next = 0;
  }

  #seat(point: number): void {
    const cells = this.#cells, mask = cells.length - 1;
    let i = this.#hash[point] & mask;
    while (cells[i] >= 0) i = (i + 1) & mask;
    cells[i] = point;
  }

  /** Takes a point out of its cell, and moves up those that had to make way for it. */
  #unseat(point: number): void {
    const cells = this.#cells, mask = cells.length - 1;
    let hole = this.#hash[point] & mask;
    while (cells[hole] !== point) hole = (hole + 1) & mask;
    for (let i = (hole + 1) & mask; cells[i] >= 0; i = (i + 1) & mask) {
      const home = this.#hash[cells[i]] & mask;
      if (((i - home) & mask) >= ((i - hole) & mask)) { cells[hole] = cells[i]; hole = i; }
    }
    cells[hole] = -1;
  }

  #growCells(): void {
    const old = this.#cells;
    this.#cells = new Int32Array(old.length * 2).fill(-1);
    for (const p of old) if (p >= 0) this.#seat(p);
  }

  #growColumns(): void {
    const n = this.root.length * 2;
    this.backlog = widen(this.backlog, n);
    this.since = widen(this.since, n);
    this.root = widen(this.root, n);
    this.block = widen(this.block, n);
    this.#hash = widen(this.#hash, n);
    this.#free = widen(this.#free, n);
  }
}
