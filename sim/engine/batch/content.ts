// Identities of blocks: content is a list of (segment, length), never tokens; equal identity means equal tokens from the start.
import { SchedlabError, assert } from '../../../src/errors.ts';

/** Content of a prompt: pairs (segment, tokens). Token i of a segment is always the same token; two segments share none. */
export type Content = readonly (readonly [segment: number, tokens: number])[];

/** Segments from here on belong to one request: no other prompt holds them, so their blocks need no entry in the table. */
export const FIRST_OWN = 1 << 30;

const LEAST_SLOTS = 1024;
const LARGEST_IDENTITY = 2 ** 31 - 2;

/**
 * A tree of interned nodes. A node is (parent identity, segment, offset, length) and stands for as many consecutive identities as its segment has
 * full blocks when first seen; what comes later starts a new node. A block made of several segments is a chain of nodes of one
 * identity each. One table may serve many engines. 28 bytes a node, O(1) a lookup, nothing written per token.
 */
export class ContentTable {
  readonly blockSize: number;
  /** Identities given so far; 0 is the root, before the first block. */
  identities = 1;
  #nodes = 0;
  #parent = new Int32Array(LEAST_SLOTS);
  #segment = new Int32Array(LEAST_SLOTS);
  #offset = new Int32Array(LEAST_SLOTS);
  #length = new Int32Array(LEAST_SLOTS);
  #first = new Int32Array(LEAST_SLOTS);
  #count = new Int32Array(LEAST_SLOTS);
  /** Open addressing: node number + 1, 0 empty; at most half full. */
  #slots = new Int32Array(2 * LEAST_SLOTS);

  constructor(blockSize: number) { this.blockSize = blockSize; }

  /** The node of a piece of `length` tokens at `offset` of a segment, after `parent`; made with `count` identities where it is new. */
  node(parent: number, segment: number, offset: number, length: number, count: number): number {
    const slots = this.#slots, mask = slots.length - 1;
    let at = hash(parent, segment, offset, length) & mask;
    for (let held = slots[at]; held !== 0; held = slots[at = (at + 1) & mask]) {
      const node = held - 1;
      if (this.#parent[node] === parent && this.#segment[node] === segment && this.#offset[node] === offset && this.#length[node] === length) return node;
    }
    return this.#add(at, parent, segment, offset, length, count);
  }

  /** An identity that nothing else will ever have. */
  fresh(): number {
    if (this.identities > LARGEST_IDENTITY) this.#refuse();
    return this.identities++;
  }

  /** First identity of a node. */
  first(node: number): number { return this.#first[node]; }

  /** Consecutive identities of a node. */
  count(node: number): number { return this.#count[node]; }

  #add(at: number, parent: number, segment: number, offset: number, length: number, count: number): number {
    const node = this.#nodes++;
    if (this.identities + count > LARGEST_IDENTITY) this.#refuse();
    if (node === this.#parent.length) this.#growNodes();
    this.#parent[node] = parent;
    this.#segment[node] = segment;
    this.#offset[node] = offset;
    this.#length[node] = length;
    this.#first[node] = this.identities;
    this.#count[node] = count;
    this.identities += count;
    this.#slots[at] = node + 1;
    if (2 * this.#nodes >= this.#slots.length) this.#growSlots();
    return node;
  }

  #refuse(): never { throw new SchedlabError('ERR_INVARIANT', `more than ${LARGEST_IDENTITY} different blocks of content in one run; use a larger block size or a shorter trace`); }

  #growNodes(): void {
    const wide = (from: Int32Array): Int32Array<ArrayBuffer> => { const to = new Int32Array(2 * from.length); to.set(from); return to; };
    this.#parent = wide(this.#parent); this.#segment = wide(this.#segment); this.#offset = wide(this.#offset);
    this.#length = wide(this.#length); this.#first = wide(this.#first); this.#count = wide(this.#count);
  }

  #growSlots(): void {
    const slots = new Int32Array(2 * this.#slots.length), mask = slots.length - 1;
    for (let node = 0; node < this.#nodes; node++) {
      let at = hash(this.#parent[node], this.#segment[node], this.#offset[node], this.#length[node]) & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = node + 1;
    }
    this.#slots = slots;
  }
}

function hash(parent: number, segment: number, offset: number, length: number): number {
  let h = Math.imul(parent, 0x9e3779b1) ^ Math.imul(segment, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae3d) ^ Math.imul(offset + (length << 20), 0x27d4eb2f);
  return h ^ (h >>> 13);
}

/** Walks the identities of one request, run by run: its prompt, then what it generates, which is a segment too. */
export class ContentCursor {
  /** Node of the run just walked, or −1 where its content is the request's own; and the place of its first block in the node. */
  node = -1;
  at = 0;
  readonly #table: ContentTable;
  readonly #content: Content;
  readonly #outputSegment: number;
  readonly #outputTokens: number;
  #piece = 0;
  #offset = 0;
  #parent = 0;
  /** Node that the next block may continue, and the place of the last block in it. */
  #open = -1;
  #last = 0;
  /** Blocks walked since the first token that no other request has; −1 before. */
  #own = -1;

  constructor(table: ContentTable, content: Content, outputSegment: number, outputTokens: number) {
    this.#table = table;
    this.#content = content;
    this.#outputSegment = outputSegment;
    this.#outputTokens = outputTokens;
  }

  /** Walks over the next full blocks, as many as one node has, `most` at most, and returns their number. The caller asks only for blocks whose tokens exist. */
  walk(most: number): number {
    const table = this.#table, size = table.blockSize, content = this.#content;
    for (let missing = size; this.#own < 0;) {
      const isOutput = this.#piece >= content.length, segment = isOutput ? this.#outputSegment : content[this.#piece][0];
      const left = (isOutput ? this.#outputTokens : content[this.#piece][1]) - this.#offset;
      if (left === 0 && !isOutput) { this.#piece++; this.#offset = 0; this.#open = -1; continue; }
      assert(left > 0, 'a request is asked for blocks of tokens that it will have');
      // Whoever comes after a token of this request alone is of this request alone.
      if (segment >= FIRST_OWN) { this.#own = 0; break; }
      if (missing === size && left >= size) {
        const full = Math.floor(left / size);
        if (this.#open < 0 || ++this.#last >= table.count(this.#open)) {
          this.#open = table.node(this.#parent, segment, this.#offset, size, full);
          this.#last = 0;
        }
        const blocks = Math.min(most, full, table.count(this.#open) - this.#last);
        this.node = this.#open;
        this.at = this.#last;
        this.#last += blocks - 1;
        this.#offset += blocks * size;
        this.#parent = table.first(this.node) + this.#last;
        return blocks;
      }
      const length = Math.min(left, missing), node = table.node(this.#parent, segment, this.#offset, length, 1);
      this.#parent = table.first(node);
      this.#open = -1;
      this.#offset += length;
      if ((missing -= length) > 0) continue;
      this.node = node;
      this.at = 0;
      return 1;
    }
    this.node = -1;
    this.at = this.#own;
    this.#own += most;
    return most;
  }

  /** Identity of the next full block. */
  next(): number {
    this.walk(1);
    return this.node < 0 ? this.#table.fresh() : this.#table.first(this.node) + this.at;
  }
}
