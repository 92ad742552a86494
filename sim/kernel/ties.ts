// The second key of the event order: who goes first among events of one microsecond.

/** `fifo`: in order of insertion, the rule. `lifo` and `shuffle` exist to expose code that depends on that order by accident. */
export type TieMode = 'fifo' | 'lifo' | 'shuffle';

const TWO_32 = 4294967296;

/** Gives each event its sequence: rising, falling, or random from a seed. Never twice the same. */
export class Tiebreaker {
  readonly #shuffled: boolean;
  readonly #step: number;
  #count = 0;
  #salt: number;

  constructor(mode: TieMode, seed: string) {
    this.#shuffled = mode === 'shuffle';
    this.#step = mode === 'lifo' ? -1 : 1;
    let hash = 0x811c9dc5;
    for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
    this.#salt = hash | 0;
  }

  next(): number {
    const count = (this.#count += this.#step);
    return this.#shuffled ? this.#scatter(count) : count;
  }

  /** A bijective mix of the salted count on top, the count's own low bits below: random to look at, and unique for 2^32 events. */
  #scatter(count: number): number {
    let x = (count ^ this.#salt) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    x ^= x >>> 15;
    // Above 2^32 events the low 20 bits of the epoch keep the sequence unique.
    return (x >>> 0) * 1048576 + (Math.floor(count / TWO_32) % 1048576);
  }
}
