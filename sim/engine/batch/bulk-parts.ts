// What the bulk schedulers are made of, synchronous and asynchronous: decoders, seats, blocks; how requests come, and what can be read.
import { assert, SchedlabError } from '../../../src/errors.ts';
import { BulkCache } from './bulk-cache.ts';
import { BulkRequest } from './bulk-request.ts';
import { BulkSeats } from './bulk-seats.ts';
import { batchConfig, refusal, type BatchConfig } from './config.ts';
import type { ContentTable } from './content.ts';
import { Decoders } from './decoders.ts';
import type { ExtentPool } from './extent-pool.ts';
import { plainOnly } from './plain-only.ts';
import type { RequestSpec } from './request.ts';
import type { ArrivalQueue } from './waiting-queue.ts';

/** Node of own content that is never stored. */
const PROBED = -(2 ** 31);

export class BulkParts {
  readonly config: BatchConfig;
  /** Steps planned so far. */
  step = 0;
  hasEnded = false;
  protected readonly cache: BulkCache;
  protected readonly seats: BulkSeats;
  protected readonly decoders: Decoders;
  readonly #content: ContentTable;
  #own = -1;

  constructor(config: Partial<BatchConfig>, content: ContentTable, asynchronous: boolean) {
    this.config = batchConfig(config);
    const why = plainOnly(this.config);
    assert(why === undefined && this.config.asynchronous === asynchronous && content.blockSize === this.config.blockSize, 'a bulk scheduler is made for settings that it decides as the plain one does', { why });
    this.#content = content;
    this.cache = new BulkCache(this.config, !asynchronous);
    this.seats = new BulkSeats(this.config, this.cache);
    this.decoders = new Decoders(this.config.blockSize);
  }

  get running(): readonly BulkRequest[] { return this.seats.running; }
  get waiting(): ArrivalQueue<BulkRequest> { return this.seats.waiting; }
  get pool(): ExtentPool { return this.cache.pool; }
  get unfinished(): number { return this.seats.running.length + this.seats.waiting.size; }
  get runningCount(): number { return this.seats.running.length; }
  get waitingCount(): number { return this.seats.waiting.size; }
  get freeBlocks(): number { return this.cache.pool.free; }
  get usableBlocks(): number { return this.cache.pool.usable; }
  get preemptions(): number { return this.seats.preemptions; }
  get queries(): number { return this.cache.queries; }
  get hits(): number { return this.cache.hits; }
  get resumedQueries(): number { return this.cache.resumedQueries; }
  get resumedHits(): number { return this.cache.resumedHits; }

  /** Takes a request in. Throws ERR_ENGINE for one that could never finish (R13, R18), as vLLM refuses it. */
  add(spec: RequestSpec): BulkRequest {
    const request = new BulkRequest(spec, this.#content, this.config.maxModelLen, this.#own--);
    const why = refusal(this.config, { promptTokens: request.promptTokens, outputTokens: spec.outputTokens });
    if (why !== undefined) throw new SchedlabError('ERR_ENGINE', `request ${String(spec.id)} is refused: ${why}.`, { id: spec.id, promptTokens: request.promptTokens, outputTokens: spec.outputTokens });
    this.seats.waiting.add(request);
    return request;
  }

  probe(spec: RequestSpec): BulkRequest { return new BulkRequest(spec, this.#content, this.config.maxModelLen, PROBED); }
  cached(request: BulkRequest): number { return this.cache.cached(request); }
}
