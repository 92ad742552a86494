// Who decodes in a bulk engine: kept by the step in which each needs a block, so that a step of all of them costs what those few cost.
import type { BulkRequest } from './bulk-request.ts';
import { takeOut } from './lists.ts';

/**
 * A decoder has `base` + steps tokens once so many steps are planned, those of steps in flight included, and has computed all but the last of them.
 * Nothing is written of it until it leaves. Every operation is O(1), but for `leave`, which looks through one class.
 */
export class Decoders {
  count = 0;
  /** Earliest step at which one may sample its last token. */
  nextEnd = Infinity;
  /** By the steps after which they need a block, modulo the block size; each class in running order. */
  readonly #classes: BulkRequest[][];
  #baseSum = 0;

  constructor(blockSize: number) { this.#classes = Array.from({ length: blockSize }, () => []); }

  /** Whose computed tokens fill blocks with so many steps planned: they need a block for the next step. In running order. */
  full(steps: number): BulkRequest[] { return this.#classes[steps % this.#classes.length]; }

  /** Tokens that all of them together have computed with so many steps planned. */
  context(steps: number): number { return this.#baseSum + this.count * (steps - 1); }

  /** Decodes from the next step on: it has so many tokens with `steps` planned, the one just sampled included. */
  join(request: BulkRequest, tokens: number, steps: number): void {
    request.isDecoding = true;
    request.base = tokens - steps;
    this.count++;
    this.#baseSum += request.base;
    this.#classes[this.#classOf(request)].push(request);
    this.nextEnd = Math.min(this.nextEnd, this.endOf(request));
  }

  /** Decodes no more, with so many steps planned. */
  leave(request: BulkRequest, steps: number): void {
    takeOut(this.#classes[this.#classOf(request)], request);
    this.count--;
    this.#baseSum -= request.base;
    request.isDecoding = false;
    request.computed = request.base + steps - 1;
  }

  /** The step that samples its last token. */
  endOf(request: BulkRequest): number { return request.promptTokens + request.mostOutput - request.base; }

  #classOf(request: BulkRequest): number {
    const size = this.#classes.length;
    return (((1 - request.base) % size) + size) % size;
  }
}
