// Ties among engines, as an object of their own: the first in the list must never win by accident.
import type { RandomSource } from '../random.ts';

/** Collects the best of a scan, and draws one uniformly among equals; no draw where there is one best. */
export class LeastTie {
  readonly #random: RandomSource;
  #tied = new Int32Array(16);
  #count = 0;
  #least = Infinity;

  constructor(random: RandomSource) { this.#random = random; }

  /** Engines that were equal in the last scan. */
  get tied(): number { return this.#count; }

  start(): void { this.#count = 0; this.#least = Infinity; }

  offer(engine: number, cost: number): void {
    if (cost > this.#least) return;
    if (cost < this.#least) { this.#least = cost; this.#count = 0; }
    if (this.#count === this.#tied.length) { const wide = new Int32Array(this.#count * 2); wide.set(this.#tied); this.#tied = wide; }
    this.#tied[this.#count++] = engine;
  }

  /** One of the engines with the least cost offered; ask after at least one offer. */
  choose(): number { return this.#count === 1 ? this.#tied[0] : this.#tied[Math.floor(this.#random() * this.#count)]; }
}
