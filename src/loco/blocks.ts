// Points in blocks of 32, inside a block in order of arrival: the leaves of the hull tree.
import { widen } from './columns.ts';

export const BLOCK_SIZE = 32;

/**
 * Any point may lie in any block. Coordinates are copied here, so that a block is scanned in one run of memory.
 * A new point goes where the last one left: an agent that was served and comes back then changes one block, not two.
 */
export class Blocks {
  /** Blocks in use. */
  count = 0;
  size = new Uint8Array(1);
  point = new Int32Array(BLOCK_SIZE);
  backlog = new Float64Array(BLOCK_SIZE);
  since = new Float64Array(BLOCK_SIZE);
  /** Blocks known to have room, and whether a block is among them. */
  #roomy = new Int32Array(1);
  #roomyCount = 0;
  #listed = new Uint8Array(1);
  #lastLeft = -1;

  /** Puts the point into a block with room; returns the block. O(32). */
  insert(point: number, backlog: number, since: number): number {
    const block = this.#roomyBlock();
    const first = block * BLOCK_SIZE, { point: points, backlog: backlogs, since: sinces } = this;
    let i = first + this.size[block]++;
    for (; i > first && sinces[i - 1] > since; i--) {
      points[i] = points[i - 1];
      backlogs[i] = backlogs[i - 1];
      sinces[i] = sinces[i - 1];
    }
    points[i] = point;
    backlogs[i] = backlog;
    sinces[i] = since;
    return block;
  }

  /** Gives a point of the block other coordinates. O(32). */
  move(block: number, which: number, backlog: number, since: number): void {
    const first = block * BLOCK_SIZE, last = first + this.size[block] - 1, points = this.point, backlogs = this.backlog, sinces = this.since;
    let i = first;
    while (points[i] !== which) i++;
    for (; i < last && sinces[i + 1] < since; i++) {
      points[i] = points[i + 1];
      backlogs[i] = backlogs[i + 1];
      sinces[i] = sinces[i + 1];
    }
    for (; i > first && sinces[i - 1] > since; i--) {
      points[i] = points[i - 1];
      backlogs[i] = backlogs[i - 1];
      sinces[i] = sinces[i - 1];
    }
    points[i] = which;
    backlogs[i] = backlog;
    sinces[i] = since;
  }

  /** Takes the point out of its block. O(32). */
  remove(block: number, point: number): void {
    const first = block * BLOCK_SIZE, { point: points, backlog: backlogs, since: sinces } = this;
    const last = first + --this.size[block];
    let i = first;
    while (points[i] !== point) i++;
    for (; i < last; i++) {
      points[i] = points[i + 1];
      backlogs[i] = backlogs[i + 1];
      sinces[i] = sinces[i + 1];
    }
    this.#lastLeft = block;
    if (this.#listed[block] === 0) { this.#listed[block] = 1; this.#roomy[this.#roomyCount++] = block; }
  }

  clear(): void {
    this.count = this.#roomyCount = 0;
    this.#lastLeft = -1;
  }

  #roomyBlock(): number {
    if (this.#lastLeft >= 0 && this.size[this.#lastLeft] < BLOCK_SIZE) return this.#lastLeft;
    while (this.#roomyCount > 0) {
      const block = this.#roomy[this.#roomyCount - 1];
      if (this.size[block] < BLOCK_SIZE) return block;
      this.#listed[block] = 0;
      this.#roomyCount--;
    }
    const block = this.count++;
    if (block >= this.size.length) this.#grow();
    this.size[block] = 0;
    this.#listed[block] = 1;
    this.#roomy[this.#roomyCount++] = block;
    return block;
  }

  #grow(): void {
    const n = this.size.length * 2;
    this.size = widen(this.size, n);
    this.point = widen(this.point, n * BLOCK_SIZE);
    this.backlog = widen(this.backlog, n * BLOCK_SIZE);
    this.since = widen(this.since, n * BLOCK_SIZE);
    this.#roomy = widen(this.#roomy, n);
    this.#listed = widen(this.#listed, n);
  }
}
