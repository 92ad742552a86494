// The block pool in extents: runs of blocks that entered the cache together, so that a step costs the same whatever it moves.
import { assert } from '../../../src/errors.ts';
import { IntTable } from './int-table.ts';
import { empty } from './lists.ts';

const NONE = -1;

/** What a lookup found: pieces in the order of the prompt, and what they hold of free blocks. Reused. */
export class Found {
  readonly extents: number[] = [];
  readonly from: number[] = [];
  readonly to: number[] = [];
  blocks = 0;
  /** Found blocks that nobody uses. */
  free = 0;
  /** The identity that ended the lookup: node and place. */
  missedNode = 0;
  missedAt = NONE;
  clear(): void { empty(this.extents); empty(this.from); empty(this.to); this.blocks = this.free = 0; this.missedAt = NONE; }
}

/**
 * The same pool as one of single blocks, under rules by which freed blocks without identity are reused first: then the free list is those blocks, which
 * nothing tells apart, and after them extents. An extent is lo..hi of one node with one count of users; free, it stands for hi, hi − 1, … lo, the deepest first.
 * Physical block numbers never decide anything and do not exist. Every operation is O(1) an extent but a lookup, which is O(extents of a node) a piece.
 */
export class ExtentPool {
  readonly usable: number;
  evictions = 0;
  /** Free blocks that hold nothing, and free blocks that can be hit. */
  #unhashed: number;
  #cached = 0;
  /** Free extents: head is taken first. */
  #head = NONE;
  #tail = NONE;
  #next: Int32Array;
  #previous: Int32Array;
  #node: Int32Array;
  #lo: Int32Array;
  #hi: Int32Array;
  #users: Int32Array;
  /** Extents of one node in order of entry, in a ring. */
  #nextOfNode: Int32Array;
  #previousOfNode: Int32Array;
  /** The extent that was split off above: whoever holds more than this one finds the rest there. */
  #upper: Int32Array;
  /** By node: the extent that entered first. */
  readonly #oldest = new IntTable();
  readonly #spare: number[] = [];
  #made = 0;
  readonly #chain: number[] = [];

  constructor(usable: number) {
    this.usable = usable;
    this.#unhashed = usable;
    const n = Math.min(usable, 256);
    this.#next = new Int32Array(n); this.#previous = new Int32Array(n); this.#node = new Int32Array(n); this.#lo = new Int32Array(n); this.#hi = new Int32Array(n);
    this.#users = new Int32Array(n); this.#nextOfNode = new Int32Array(n); this.#previousOfNode = new Int32Array(n); this.#upper = new Int32Array(n);
  }

  get free(): number { return this.#unhashed + this.#cached; }

  /** Takes blocks from the head of the free list; what they held is lost (R19, R21). The caller has looked at `free`. */
  take(blocks: number): void {
    let left = blocks - this.#unhashed;
    if (left <= 0) { this.#unhashed -= blocks; return; }
    this.#unhashed = 0;
    this.#cached -= left;
    this.evictions += left;
    while (left > 0) {
      const extent = this.#head, length = this.#hi[extent] - this.#lo[extent] + 1;
      if (length > left) { this.#hi[extent] -= left; return; }
      left -= length;
      this.#unlink(extent);
      this.#forget(extent);
    }
  }

  /** Blocks without identity that nobody uses any more. */
  giveBack(blocks: number): void { this.#unhashed += blocks; }

  /** Adds to `found` what is cached of the identities at..end of a node, from `at` on without a gap (R23: who entered first is found). Returns the first that is missing, or end + 1. */
  find(node: number, at: number, end: number, found: Found): number {
    const oldest = this.#oldest.get(node);
    while (at <= end) {
      let covering = NONE, limit = end;
      for (let extent = oldest; extent !== NONE;) {
        const lo = this.#lo[extent];
        if (lo <= at) { if (at <= this.#hi[extent]) { covering = extent; break; } } else if (lo <= limit) limit = lo - 1;
        extent = this.#nextOfNode[extent];
        if (extent === oldest) break;
      }
      if (covering === NONE) { found.missedNode = node; found.missedAt = at; return at; }
      const to = Math.min(limit, this.#hi[covering]);
      found.extents.push(covering);
      found.from.push(at);
      found.to.push(to);
      found.blocks += to - at + 1;
      if (this.#users[covering] === 0) found.free += to - at + 1;
      at = to + 1;
    }
    return at;
  }

  /** One more user for a piece that was found (R22). Extents are split where they are larger. Returns the extent that begins with it. */
  hold(extent: number, from: number, to: number): number {
    // An earlier piece of the same lookup may have split it.
    while (this.#hi[extent] < from) extent = this.#upper[extent];
    if (this.#lo[extent] < from) extent = this.#split(extent, from - 1);
    if (this.#hi[extent] > to) this.#split(extent, to);
    if (this.#users[extent]++ === 0) { this.#unlink(extent); this.#cached -= to - from + 1; }
    return extent;
  }

  /** Blocks of one user become findable together (R27). Returns their extent. */
  enter(node: number, lo: number, hi: number): number {
    const extent = this.#make(node, lo, hi, 1), oldest = this.#oldest.get(node);
    if (oldest === NONE) {
      this.#oldest.set(node, extent);
      this.#nextOfNode[extent] = this.#previousOfNode[extent] = extent;
    } else this.#linkInNode(extent, this.#previousOfNode[oldest]);
    return extent;
  }

  /**
   * Lets what is held from `extent` to `hi` grow by the identities up to `to` of the same node: only where nobody else holds its last piece and no copy
   * entered after it, because of equal identities the first that entered is found. False where it must be a new extent.
   */
  grow(extent: number, hi: number, node: number, to: number): boolean {
    while (this.#hi[extent] < hi) extent = this.#upper[extent];
    if (this.#node[extent] !== node || this.#users[extent] !== 1) return false;
    // Whoever is alone in the ring is the last of it.
    const after = this.#nextOfNode[extent];
    if (after !== extent && after !== this.#oldest.get(node)) return false;
    this.#hi[extent] = to;
    return true;
  }

  /** One user less for what is held from `extent` to `hi`, the deepest first (R24). */
  release(extent: number, hi: number): void {
    const chain = this.#chain;
    while (this.#hi[extent] < hi) { chain.push(extent); extent = this.#upper[extent]; }
    for (let piece: number | undefined = extent; piece !== undefined; piece = chain.pop()) {
      assert(this.#users[piece] > 0, 'an extent is freed once by each of its users');
      if (--this.#users[piece] > 0) continue;
      this.#cached += this.#hi[piece] - this.#lo[piece] + 1;
      this.#linkFree(piece, NONE);
    }
  }

  /** Identities of free blocks as (node, place), in the order in which they will be taken; null: a block that holds nothing. For comparisons. */
  freeList(): (readonly [node: number, at: number] | null)[] {
    const list: (readonly [number, number] | null)[] = new Array<null>(this.#unhashed).fill(null);
    for (let extent = this.#head; extent !== NONE; extent = this.#next[extent]) for (let at = this.#hi[extent]; at >= this.#lo[extent]; at--) list.push([this.#node[extent], at]);
    return list;
  }

  /** The lower part keeps the number, the order of entry and its users; in the free list the upper goes before it. Returns the upper. */
  #split(extent: number, last: number): number {
    const upper = this.#make(this.#node[extent], last + 1, this.#hi[extent], this.#users[extent]);
    this.#hi[extent] = last;
    this.#upper[upper] = this.#upper[extent];
    this.#upper[extent] = upper;
    this.#linkInNode(upper, extent);
    if (this.#users[extent] === 0) this.#linkFree(upper, extent);
    return upper;
  }

  #make(node: number, lo: number, hi: number, users: number): number {
    const extent = this.#spare.pop() ?? this.#made++;
    if (extent === this.#node.length) this.#widen();
    this.#node[extent] = node;
    this.#lo[extent] = lo;
    this.#hi[extent] = hi;
    this.#users[extent] = users;
    this.#upper[extent] = NONE;
    return extent;
  }

  #forget(extent: number): void {
    const node = this.#node[extent], next = this.#nextOfNode[extent], previous = this.#previousOfNode[extent];
    if (next === extent) this.#oldest.delete(node);
    else {
      if (this.#oldest.get(node) === extent) this.#oldest.set(node, next);
      this.#nextOfNode[previous] = next;
      this.#previousOfNode[next] = previous;
    }
    this.#spare.push(extent);
  }

  #linkInNode(extent: number, after: number): void {
    const before = this.#nextOfNode[after];
    this.#nextOfNode[after] = this.#previousOfNode[before] = extent;
    this.#previousOfNode[extent] = after;
    this.#nextOfNode[extent] = before;
  }

  /** Into the free list, before another or at the tail. */
  #linkFree(extent: number, before: number): void {
    const after = before === NONE ? this.#tail : this.#previous[before];
    this.#previous[extent] = after;
    this.#next[extent] = before;
    if (after === NONE) this.#head = extent; else this.#next[after] = extent;
    if (before === NONE) this.#tail = extent; else this.#previous[before] = extent;
  }

  #unlink(extent: number): void {
    const after = this.#previous[extent], before = this.#next[extent];
    if (after === NONE) this.#head = before; else this.#next[after] = before;
    if (before === NONE) this.#tail = after; else this.#previous[before] = after;
  }

  #widen(): void {
    const wide = (from: Int32Array): Int32Array<ArrayBuffer> => { const to = new Int32Array(2 * from.length); to.set(from); return to; };
    this.#next = wide(this.#next); this.#previous = wide(this.#previous); this.#node = wide(this.#node); this.#lo = wide(this.#lo); this.#hi = wide(this.#hi);
    this.#users = wide(this.#users); this.#nextOfNode = wide(this.#nextOfNode); this.#previousOfNode = wide(this.#previousOfNode); this.#upper = wide(this.#upper);
  }
}
