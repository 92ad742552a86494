// Keeps the blocks of programs whose tools run: a holder of blocks beside the requests of one engine, told by a retention whose and until when.
import type { Retention } from '../../../src/addons/retention.ts';
import type { BatchEngineParts } from './engine-parts.ts';
import type { KvCache } from './kv-cache.ts';
import type { BatchRequest } from './request.ts';
import { BatchScheduler } from './scheduler.ts';
import type { ScheduledRequest, StepScheduler } from './step-scheduler.ts';

export interface RetainerParts {
  readonly kv: KvCache;
  readonly retention: Retention;
  readonly blockSize: number;
  /** Time to compute so many tokens from nothing, in µs. */
  readonly reloadUs: (tokens: number) => number;
}

/**
 * A pinned block has one user more, so nothing evicts it. When an admission or a decode finds too few free blocks, pins give way one by one until there are
 * enough or none is left: what waits is never held up by what is pinned. O(blocks) a pin, O(1) a tell beside the retention's own.
 */
export class Retainer {
  readonly #parts: RetainerParts;
  /** By program: its last request that ended, and the blocks that stay. */
  readonly #ended = new Map<number, BatchRequest>();
  readonly #held = new Map<number, readonly number[]>();

  constructor(parts: RetainerParts) {
    this.#parts = parts;
    parts.kv.makeRoom = () => this.#giveWay();
  }

  /** Blocks held now. */
  get blocks(): number { let sum = 0; for (const blocks of this.#held.values()) sum += blocks.length; return sum; }

  metrics(): Readonly<Record<string, number>> { return this.#parts.retention.metrics(); }

  /** A request of the program ended, and has just freed its blocks. */
  ended(program: number, request: ScheduledRequest): void { this.#ended.set(program, request as BatchRequest); }

  /** What is still found of its last request stays, if the retention says so. */
  toolStart(program: number, tool: number, programUs: number, nowUs: number): void {
    this.settle(nowUs);
    const { retention, blockSize, reloadUs } = this.#parts, blocks = this.#find(program), tokens = blocks.length * blockSize;
    const stays = retention.toolStart(program, { tool, tokens, reloadUs: tokens === 0 ? 0 : reloadUs(tokens), programUs }, nowUs), earlier = this.#held.get(program);
    if (stays) {
      for (const block of blocks) this.#parts.kv.pool.touch(block);
      this.#held.set(program, blocks);
    } else this.#held.delete(program);
    if (earlier !== undefined) this.#parts.kv.pool.release(earlier);
    this.settle(nowUs);
  }

  arrive(program: number, nowUs: number): void {
    this.settle(nowUs);
    this.#parts.retention.arrive(program, nowUs);
  }

  /** The next call of the program holds what it found itself. */
  schedule(program: number, waitUs: number, isFollowUp: boolean, nowUs: number): void {
    this.#ended.delete(program);
    this.#parts.retention.schedule(program, waitUs, isFollowUp, nowUs);
    this.settle(nowUs);
  }

  programEnd(program: number, calls: number, nowUs: number): void {
    this.#ended.delete(program);
    this.#parts.retention.programEnd(program, calls, nowUs);
    this.settle(nowUs);
  }

  /** Lets go of what is due. Call before blocks are looked at, freed or taken. */
  settle(nowUs: number): void {
    const { retention } = this.#parts;
    for (let program = retention.due(nowUs); program >= 0; program = retention.due(nowUs)) this.#release(program);
  }

  #giveWay(): boolean {
    const program = this.#parts.retention.giveWay(0);
    if (program < 0) return false;
    this.#release(program);
    return true;
  }

  #release(program: number): void {
    const blocks = this.#held.get(program);
    if (blocks === undefined) return;
    this.#held.delete(program);
    this.#parts.kv.pool.release(blocks);
  }

  /** The leading blocks of the program's last request that are still in the cache. */
  #find(program: number): number[] {
    const request = this.#ended.get(program), blocks: number[] = [];
    if (request === undefined) return blocks;
    const most = Math.floor(request.known / this.#parts.blockSize);
    for (let i = 0; i < most; i++) {
      const block = this.#parts.kv.pool.find(request.identity(i));
      if (block < 0) break;
      blocks.push(block);
    }
    return blocks;
  }
}

/** That of an engine; nothing where it has no retention. */
export function retainerOf(scheduler: StepScheduler, { retention, reloadUs = () => 0 }: BatchEngineParts): Retainer | undefined {
  return retention !== undefined && scheduler instanceof BatchScheduler ? new Retainer({ kv: scheduler.kv, retention, blockSize: scheduler.config.blockSize, reloadUs }) : undefined;
}
