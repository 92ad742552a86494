// Inputs of a round, buffered until the instant is dry, then put into their canonical order (rank, key of the call).
import type { CallSlot } from './calls.ts';

/** What ends at an instant is done before anything else of that instant counts; what arrives is in before it can be withdrawn. */
export const RANK_COMPLETE = 0;
export const RANK_FAIL = 1;
export const RANK_SUBMIT = 2;
export const RANK_CANCEL = 3;
export const RANK_EXPIRE = 4;

/** Above this, a real sort is cheaper than insertion. */
const INSERTION_LIMIT = 24;

/** Two growing columns. O(1) add; sort O(n log n), free for the usual round of one. */
export class Inputs {
  rank = new Uint8Array(64);
  call = new Int32Array(64);
  count = 0;

  add(rank: number, call: CallSlot): void {
    if (this.count === this.call.length) this.#grow();
    this.rank[this.count] = rank;
    this.call[this.count++] = call;
  }

  /** By rank, then by the key of the call; the order of adding decides only between inputs on one call of one rank. */
  sort(key: Float64Array): void {
    const n = this.count, rank = this.rank, call = this.call;
    if (n < 2) return;
    if (n > INSERTION_LIMIT) { this.#sortMany(key); return; }
    for (let i = 1; i < n; i++) {
      const r = rank[i], c = call[i], k = key[c];
      let j = i - 1;
      while (j >= 0 && (rank[j] > r || (rank[j] === r && key[call[j]] > k))) { rank[j + 1] = rank[j]; call[j + 1] = call[j]; j--; }
      rank[j + 1] = r;
      call[j + 1] = c;
    }
  }

  #sortMany(key: Float64Array): void {
    const n = this.count, rank = this.rank.slice(0, n), call = this.call.slice(0, n);
    const order = Array.from({ length: n }, (_, i) => i);
    order.sort((a, b) => rank[a] - rank[b] || key[call[a]] - key[call[b]] || a - b);
    for (let i = 0; i < n; i++) { this.rank[i] = rank[order[i]]; this.call[i] = call[order[i]]; }
  }

  #grow(): void {
    const n = this.call.length * 2;
    const rank = new Uint8Array(n); rank.set(this.rank); this.rank = rank;
    const call = new Int32Array(n); call.set(this.call); this.call = call;
  }
}
