// Blocks of requests in a bulk engine: what a prompt hits, what is published when. Between scheduler and pool of extents.
import type { BulkRequest } from './bulk-request.ts';
import { usableBlocks, type BatchConfig } from './config.ts';
import { ExtentPool, Found } from './extent-pool.ts';
import { empty } from './lists.ts';

export class BulkCache {
  readonly pool: ExtentPool;
  /** Prefix-cache statistics in tokens: asked for and hit at first admissions; of resumed requests apart (R28). */
  queries = 0;
  hits = 0;
  resumedQueries = 0;
  resumedHits = 0;
  /** What the last lookup found. */
  readonly found = new Found();
  readonly #seen = new Found();
  /** Whoever looked up last did not fit, and nothing has happened since that could change it. */
  isBlocked = false;
  readonly #blockSize: number;
  readonly #prefixCaching: boolean;
  readonly #catchesUp: boolean;

  /** `catchesUp`: what a request filled with content of its own is published when it leaves, because nobody else could have found it. */
  constructor(config: BatchConfig, catchesUp: boolean) {
    this.#catchesUp = catchesUp;
    this.pool = new ExtentPool(usableBlocks(config));
    this.#blockSize = config.blockSize;
    this.#prefixCaching = config.prefixCaching;
  }

  /** R26: the longest cached run of leading blocks, short of the last token. Returns its tokens. */
  lookup(request: BulkRequest, known: number): number { return this.#find(request, known, this.found); }

  /** What `lookup` would return of a request that waits; what the last lookup found stays. */
  cached(request: BulkRequest): number { return this.#find(request, request.known, this.#seen); }

  #find(request: BulkRequest, known: number, found: Found): number {
    const { pool } = this, last = Math.floor((known - 1) / this.#blockSize) - 1;
    found.clear();
    if (!this.#prefixCaching || last < 0) return 0;
    for (let block = 0; block <= last;) {
      const run = request.runOf(block, last), at = request.place(run, block), end = at + Math.min(request.after(run), last + 1) - block - 1;
      // Content of its own was never there before the request was.
      if (request.preemptions === 0 && request.node(run) < 0) { found.missedNode = request.node(run); found.missedAt = at; break; }
      if (pool.find(request.node(run), at, end, found) <= end) break;
      block += end - at + 1;
    }
    return found.blocks * this.#blockSize;
  }

  /** The blocks just found are the first of a request. */
  hold(request: BulkRequest): void {
    const { found, pool } = this;
    for (let i = 0; i < found.extents.length; i++) {
      request.pieces.push(pool.hold(found.extents[i], found.from[i], found.to[i]), found.to[i]);
    }
    request.published = found.blocks;
  }

  /** Counts a lookup that led to an admission (R28). */
  count(request: BulkRequest, hit: number, known: number): void {
    if (!this.#prefixCaching) return;
    if (request.preemptions === 0) { this.queries += known; this.hits += hit; } else { this.resumedQueries += known; this.resumedHits += hit; }
  }

  /** The first `upTo` blocks of a request can be hit from now on (R27). They are full. */
  publish(request: BulkRequest, upTo: number): void {
    if (!this.#prefixCaching) return;
    const { found, pool } = this;
    while (request.published < upTo) {
      const run = request.runOf(request.published, upTo - 1), node = request.node(run), lo = request.place(run, request.published);
      const blocks = Math.min(request.after(run), upTo) - request.published, hi = lo + blocks - 1, { pieces } = request, last = pieces.length - 2;
      request.published += blocks;
      // Who is blocked may be waiting for just this.
      if (this.isBlocked && node === found.missedNode && lo <= found.missedAt && found.missedAt <= hi) this.isBlocked = false;
      if (last >= 0 && pieces[last + 1] === lo - 1 && pool.grow(pieces[last], lo - 1, node, hi)) pieces[last + 1] = hi; else pieces.push(pool.enter(node, lo, hi), hi);
    }
  }

  /** All blocks of a request go back. */
  free(request: BulkRequest): void {
    if (this.#catchesUp) this.publish(request, Math.floor(request.computed / this.#blockSize));
    this.pool.giveBack(Math.ceil(request.computed / this.#blockSize) - request.published);
    for (let i = request.pieces.length - 2; i >= 0; i -= 2) this.pool.release(request.pieces[i], request.pieces[i + 1]);
    empty(request.pieces);
    request.published = 0;
    this.isBlocked = false;
  }
}
