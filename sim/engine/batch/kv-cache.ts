// Blocks of requests: what a prompt hits, what a chunk needs, what is published when. Between scheduler and pool.
import { BlockPool } from './block-pool.ts';
import { usableBlocks, type BatchConfig } from './config.ts';
import type { BatchRequest } from './request.ts';

export class KvCache {
  readonly pool: BlockPool;
  /** Prefix-cache statistics in tokens: asked for and hit at first admissions; of resumed requests apart (R28). */
  queries = 0;
  hits = 0;
  resumedQueries = 0;
  resumedHits = 0;
  /** Asked where blocks are short: lets go of some that are held for later, or answers false. */
  makeRoom: (() => boolean) | undefined;
  readonly #config: BatchConfig;
  /** Blocks that the last lookup found. */
  readonly #found: number[] = [];

  constructor(config: BatchConfig) {
    this.#config = config;
    this.pool = new BlockPool(usableBlocks(config), config.rules);
  }

  /** Longest run of leading blocks that are cached, short of the last token (R26). Returns its tokens; the blocks are kept for `admit`. */
  lookup(request: BatchRequest): number {
    this.#found.length = 0;
    return this.#find(request, this.#found);
  }

  /** What `lookup` would return, leaving what it keeps as it is. */
  cached(request: BatchRequest): number { return this.#find(request, undefined); }

  #find(request: BatchRequest, found: number[] | undefined): number {
    const { prefixCaching, blockSize, rules } = this.#config;
    if (!prefixCaching) return 0;
    const most = Math.floor((rules.lastTokenComputed ? request.known - 1 : request.known) / blockSize);
    let blocks = 0;
    for (; blocks < most; blocks++) {
      const block = this.pool.find(request.identity(blocks));
      if (block < 0) break;
      found?.push(block);
    }
    return Math.min(blocks * blockSize, request.known - 1);
  }

  /**
   * Blocks for a waiting request: those of its hit and those for `tokens` more, all or none (R20). With full reservation the whole
   * sequence must fit (R13), though no more than this chunk is taken (R5). `spare` blocks must stay free.
   */
  admit(request: BatchRequest, hit: number, tokens: number, spare: number): boolean {
    const { rules } = this.#config, found = this.#found, pool = this.pool;
    while (this.needed(request, hit, tokens) > pool.free - spare) if (this.makeRoom?.() !== true) return false;
    const wanted = this.#wanted(request, hit, tokens);
    for (const block of found) { pool.touch(block); request.blocks.push(block); }
    request.published = found.length;
    for (let i = 0; i < wanted; i++) request.blocks.push(pool.take());
    if (rules.publishedWhenScheduled) this.publish(request, hit + tokens);
    return true;
  }

  /** Blocks that must be free for what was looked up last to be admitted. */
  needed(request: BatchRequest, hit: number, tokens: number): number {
    const { reserveFull, rules } = this.#config, found = this.#found;
    let leaving = 0;
    // Hit blocks that nobody uses are in the free list and leave it.
    for (const block of found) if (this.pool.isFree(block)) leaving++;
    const reserved = reserveFull && rules.fullReservation ? Math.max(this.#whole(request), hit + tokens) : hit + tokens;
    return Math.max(this.#blocksFor(request, reserved) - found.length, this.#wanted(request, hit, tokens)) + leaving;
  }

  /** Blocks that would be free if the request gave back its own, less those of them that the last lookup found. */
  freedBy(request: BatchRequest): number {
    const found = new Set(this.#found);
    let freed = 0;
    for (const block of request.blocks) if (this.pool.isLone(block) && !found.has(block)) freed++;
    return freed;
  }

  /** Blocks that a running request still takes until it has so many tokens computed. */
  missing(request: BatchRequest, total: number): number { return this.#blocksFor(request, total) - request.blocks.length; }

  /** Blocks for `tokens` more tokens of a running request, all or none. `spare` blocks must stay free. */
  extend(request: BatchRequest, tokens: number, spare = 0): boolean {
    const total = request.computed + tokens, wanted = this.missing(request, total);
    while (wanted > this.pool.free - spare) if (this.makeRoom?.() !== true) return false;
    for (let i = 0; i < wanted; i++) request.blocks.push(this.pool.take());
    if (this.#config.rules.publishedWhenScheduled) this.publish(request, total);
    return true;
  }

  /** Full blocks of the first `tokens` tokens become findable (R27); only of tokens that exist, those that were generated among them (R25). */
  publish(request: BatchRequest, tokens: number): void {
    if (!this.#config.prefixCaching) return;
    const known = this.#config.rules.outputsHashed ? request.known : request.promptTokens;
    const full = Math.floor(Math.min(tokens, known) / this.#config.blockSize);
    for (; request.published < full; request.published++) this.pool.publish(request.blocks[request.published], request.identity(request.published));
  }

  /** All blocks of a request go back. */
  free(request: BatchRequest): void {
    this.pool.release(request.blocks);
    request.blocks.length = 0;
    request.published = 0;
  }

  /** Counts a lookup that led to an admission. */
  count(request: BatchRequest, hit: number): void {
    if (!this.#config.prefixCaching) return;
    if (request.preemptions > 0 && this.#config.rules.resumesApart) { this.resumedQueries += request.known; this.resumedHits += hit; } else { this.queries += request.known; this.hits += hit; }
  }

  #whole(request: BatchRequest): number { return Math.min(request.known, this.#config.maxModelLen); }

  /** Blocks that are taken at admission, beyond those of the hit. */
  #wanted(request: BatchRequest, hit: number, tokens: number): number {
    return this.#blocksFor(request, this.#config.rules.blocksByChunk ? hit + tokens : Math.max(this.#whole(request), hit + tokens)) - this.#found.length;
  }

  /** Without R20 the slot of the token to be sampled is taken along, unless that token is the last, which needs none. */
  #blocksFor(request: BatchRequest, tokens: number): number {
    const { blockSize, rules } = this.#config;
    return Math.ceil((rules.noSpareSlot ? tokens : Math.max(tokens, Math.min(tokens + 1, request.promptTokens + request.mostOutput - 1))) / blockSize);
  }
}
