// The block pool: which blocks are free and in what order, which hold content that a prompt can hit. It knows no request.
import { assert } from '../../../src/errors.ts';
import type { Rules } from './rules.ts';

const NONE = -1;

/**
 * Blocks in one doubly linked free list; a cached block that nobody uses is free. Blocks of equal identity form a list in order of
 * entry, of which a lookup takes the first. Every operation is O(1); nothing is allocated but tables that grow with the identities.
 */
export class BlockPool {
  readonly usable: number;
  free: number;
  /** Content lost because its block was taken. */
  evictions = 0;
  readonly #rules: Rules;
  /** Free list by block; entry `usable` is head and tail of the ring. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #references: Int32Array;
  /** 0: the block holds nothing that can be found. */
  readonly #identity: Int32Array;
  /** Blocks of one identity, oldest entry first, in a ring through `#nextCopy`; the oldest by identity, +1. */
  readonly #nextCopy: Int32Array;
  readonly #previousCopy: Int32Array;
  #oldest = new Int32Array(1024);

  constructor(usable: number, rules: Rules) {
    this.usable = usable;
    this.free = usable;
    this.#rules = rules;
    this.#next = Int32Array.from({ length: usable + 1 }, (_, block) => (block + 1) % (usable + 1));
    this.#previous = Int32Array.from({ length: usable + 1 }, (_, block) => (block + usable) % (usable + 1));
    this.#references = new Int32Array(usable);
    this.#identity = new Int32Array(usable);
    this.#nextCopy = new Int32Array(usable);
    this.#previousCopy = new Int32Array(usable);
  }

  /** Takes the block at the head of the free list; what it held is lost now and not before (R19, R21). The caller has looked at `free`. */
  take(): number {
    const block = this.#next[this.usable];
    this.#unlink(block);
    if (this.#identity[block] !== 0) { this.#forget(block); this.evictions++; }
    this.#references[block] = 1;
    return block;
  }

  /** One more user of a block that was hit; a free one leaves the free list (R22). */
  touch(block: number): void {
    if (this.#references[block]++ === 0) this.#unlink(block);
  }

  isFree(block: number): boolean { return this.#references[block] === 0; }
  isLone(block: number): boolean { return this.#references[block] === 1; }

  /** The block that entered an identity first and still holds it, or −1 (R23). */
  find(identity: number): number {
    const oldest = identity < this.#oldest.length ? this.#oldest[identity] - 1 : NONE;
    if (oldest < 0 || this.#rules.sharedInUse || this.#references[oldest] === 0) return oldest;
    for (let copy = this.#nextCopy[oldest]; copy !== oldest; copy = this.#nextCopy[copy]) if (this.#references[copy] === 0) return copy;
    return NONE;
  }

  /** Makes the content of a block findable (R27). */
  publish(block: number, identity: number): void {
    if (identity >= this.#oldest.length) this.#grow(identity);
    const oldest = this.#oldest[identity] - 1;
    if (oldest < 0) {
      this.#oldest[identity] = block + 1;
      this.#nextCopy[block] = block;
      this.#previousCopy[block] = block;
    } else {
      if (!this.#rules.copiesKept) return;
      const last = this.#previousCopy[oldest];
      this.#nextCopy[last] = block;
      this.#previousCopy[block] = last;
      this.#nextCopy[block] = oldest;
      this.#previousCopy[oldest] = block;
    }
    this.#identity[block] = identity;
  }

  /** One user less, for each of the blocks: from the last to the first (R24). Who has none left is free. */
  release(blocks: readonly number[]): void {
    if (this.#rules.reverseFree) for (let i = blocks.length - 1; i >= 0; i--) this.#drop(blocks[i]);
    else for (const block of blocks) this.#drop(block);
  }

  #drop(block: number): void {
    assert(this.#references[block] > 0, 'a block is freed once by each of its users', { block });
    if (--this.#references[block] > 0) return;
    if (this.#identity[block] !== 0 && !this.#rules.lazyEviction) this.#forget(block);
    const isFound = this.#identity[block] !== 0, { oldestReused, unhashedReusedFirst } = this.#rules;
    if (!oldestReused || (unhashedReusedFirst && !isFound)) this.#link(block, this.usable, this.#next[this.usable]);
    else this.#link(block, this.#previous[this.usable], this.usable);
  }

  #link(block: number, after: number, before: number): void {
    this.#next[after] = block;
    this.#previous[block] = after;
    this.#next[block] = before;
    this.#previous[before] = block;
    this.free++;
  }

  #unlink(block: number): void {
    assert(this.free > 0 && block !== this.usable, 'a block is taken only where one is free');
    const after = this.#previous[block], before = this.#next[block];
    this.#next[after] = before;
    this.#previous[before] = after;
    this.free--;
  }

  #forget(block: number): void {
    const identity = this.#identity[block], next = this.#nextCopy[block], previous = this.#previousCopy[block];
    if (next === block) this.#oldest[identity] = 0;
    else {
      if (this.#oldest[identity] === block + 1) this.#oldest[identity] = next + 1;
      this.#nextCopy[previous] = next;
      this.#previousCopy[next] = previous;
    }
    this.#identity[block] = 0;
  }

  #grow(identity: number): void {
    const wide = new Int32Array(Math.max(2 * this.#oldest.length, identity + 1));
    wide.set(this.#oldest);
    this.#oldest = wide;
  }

  /** Identities of the free blocks in the order in which they will be taken; 0: nothing to be found. For comparisons. */
  freeList(): number[] {
    const list: number[] = [];
    for (let block = this.#next[this.usable]; block !== this.usable; block = this.#next[block]) list.push(this.#identity[block]);
    return list;
  }

  /** Users of all blocks together. For conservation: it is the number of blocks that requests hold. */
  references(): number { return this.#references.reduce((sum, one) => sum + one, 0); }
}
