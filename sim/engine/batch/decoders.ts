// Who decodes in a bulk engine: kept by the step in which each needs a block, so that a step of all of them costs what those few cost.
import type { BulkCache } from './bulk-cache.ts';
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
  /** Of them, those whose output another prompt may repeat: what they fill must be found at once. The others are caught up with when they leave. */
  readonly #filling: BulkRequest[][];
  #baseSum = 0;
  /** Bit c: class c holds somebody, and somebody whose output is shared. Up to 32 classes; more are not counted. */
  #held = 0;
  #heldFilling = 0;
  readonly #all: number;

  constructor(blockSize: number) {
    this.#classes = Array.from({ length: blockSize }, () => []);
    this.#filling = Array.from({ length: blockSize }, () => []);
    this.#all = blockSize < 32 ? (1 << blockSize) - 1 : -1;
  }

  /** Whose computed tokens fill blocks with so many steps planned: they need a block for the next step. In running order. */
  full(steps: number): BulkRequest[] { return this.#classes[steps % this.#classes.length]; }

  /** Those of `full` whose output another prompt may repeat. */
  filling(steps: number): readonly BulkRequest[] { return this.#filling[steps % this.#filling.length]; }

  /** Tokens that all of them together have computed with so many steps planned. */
  context(steps: number): number { return this.#baseSum + this.count * (steps - 1); }

  /** Decodes from the next step on: it has so many tokens with `steps` planned, the one just sampled included. */
  join(request: BulkRequest, tokens: number, steps: number): void {
    request.isDecoding = true;
    request.base = tokens - steps;
    this.count++;
    this.#baseSum += request.base;
    const at = this.#classOf(request);
    this.#classes[at].push(request);
    this.#held |= 1 << at;
    if (request.sharesOutput) { this.#filling[at].push(request); this.#heldFilling |= 1 << at; }
    this.nextEnd = Math.min(this.nextEnd, this.endOf(request));
  }

  /** Decodes no more, with so many steps planned. */
  leave(request: BulkRequest, steps: number): void {
    const at = this.#classOf(request);
    takeOut(this.#classes[at], request);
    if (this.#classes[at].length === 0) this.#held &= ~(1 << at);
    if (request.sharesOutput) {
      takeOut(this.#filling[at], request);
      if (this.#filling[at].length === 0) this.#heldFilling &= ~(1 << at);
    }
    this.count--;
    this.#baseSum -= request.base;
    request.isDecoding = false;
    request.computed = request.base + steps - 1;
  }

  /** The step that samples its last token. */
  endOf(request: BulkRequest): number { return request.promptTokens + request.mostOutput - request.base; }

  /** Steps from `step` on, up to `most` at most, for which `free` blocks are enough. O(1) where they are plenty, else O(steps). */
  stepsWithin(free: number, step: number, most: number): number {
    const size = this.#classes.length, steps = most - step;
    if (this.count * Math.ceil(steps / size) <= free) return steps;
    for (let i = 0, left = free; i < steps; i++) if ((left -= this.#classes[(step + i) % size].length) < 0) return i;
    return steps;
  }

  /** Takes and publishes what the steps from + 1 to `to` do, which hold all decoders and end nobody. There are blocks for all of them. O(blocks). */
  advance(from: number, to: number, cache: BulkCache): void {
    const classes = this.#classes, filling = this.#filling, size = classes.length, held = this.#held, heldFilling = this.#heldFilling, all = this.#all, { pool } = cache;
    for (let done = from, at = from % size; done < to; done++, at++) {
      if (at >= size) at -= size;
      let next = at + 1 === size ? 0 : at + 1;
      if (size <= 32) {
        // Steps in which nobody takes and nobody publishes are passed over: the distance to the next class that is held.
        const near = (((held >>> at) | (held << (size - at))) | ((heldFilling >>> next) | (heldFilling << (size - next)))) & all, skipped = near === 0 ? size : 31 - Math.clz32(near & -near);
        if ((done += skipped) >= to) return;
        if ((at += skipped) >= size) at -= size;
        if ((next = at + 1) === size) next = 0;
      }
      const takers = classes[at].length, fill = filling[next];
      if (takers > 0) pool.take(takers);
      for (let i = 0; i < fill.length; i++) cache.publish(fill[i], fill[i].published + 1);
    }
  }

  #classOf(request: BulkRequest): number {
    const size = this.#classes.length;
    return (((1 - request.base) % size) + size) % size;
  }
}
