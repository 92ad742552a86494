// xoshiro128**: the generator behind every stream. Integers only, so its bits are the same on every machine.

/** Something that yields uniform numbers in [0, 1). */
export interface Uniform {
  /** The next number in [0, 1), 53 bits of resolution. */
  next(): number;
}

const TWO_NEG_53 = 2 ** -53;
/** 2^32 over the golden ratio, odd: a step that visits all words, neighbours far apart. */
const GOLDEN = 0x9e3779b9 | 0;

/** A bijective 32-bit mix with good avalanche; two multiplications. */
export function mix32(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}

/**
 * xoshiro128** 1.1 of Blackman and Vigna (2018): 128 bits of state, period 2^128 − 1.
 * The state is filled by mixing, as its authors advise, and is never all zero.
 */
export class Xoshiro128 implements Uniform {
  readonly #state = new Int32Array(4);

  constructor(word0 = 0, word1 = 0, counter = 0) { this.key(word0, word1, counter); }

  /** The generator in exactly this state, which must not be all zero. */
  static ofState(state: readonly [number, number, number, number]): Xoshiro128 {
    const generator = new Xoshiro128();
    generator.#state.set(state);
    return generator;
  }

  /** Starts the sequence that belongs to two random key words and a counter. Allocates nothing. */
  key(word0: number, word1: number, counter: number): void {
    const s = this.#state;
    // Two counters with different steps, so that neighbours differ in every word and no two (words, counter) share both.
    const a = mix32((word0 + counter) | 0);
    const b = mix32((word1 ^ Math.imul(counter, GOLDEN)) | 0);
    const c = mix32((a + Math.imul(b, 0x9e3779b1) + GOLDEN) | 0);
    s[0] = a;
    s[1] = b;
    s[2] = c;
    s[3] = mix32((b + Math.imul(a, 0x85ebca77) + 0x3c6ef372) | 0);
    if ((a | b | c) === 0) s[0] = 1;
  }

  /** The next 32 bits, as a signed integer. */
  nextInt(): number {
    const s = this.#state;
    const s0 = s[0]!, s1 = s[1]!, s2 = s[2]!, s3 = s[3]!;
    const m = Math.imul(s1, 5);
    const result = Math.imul((m << 7) | (m >>> 25), 9);
    const x2 = s2 ^ s0, x3 = s3 ^ s1;
    s[0] = s0 ^ x3;
    s[1] = s1 ^ x2;
    s[2] = x2 ^ (s1 << 9);
    s[3] = (x3 << 11) | (x3 >>> 21);
    return result;
  }

  /** Two steps at once: 27 bits of the first and 26 of the second. */
  next(): number {
    const s = this.#state;
    const s0 = s[0]!, s1 = s[1]!, s2 = s[2]!, s3 = s[3]!;
    const m = Math.imul(s1, 5);
    const high = Math.imul((m << 7) | (m >>> 25), 9);
    const x2 = s2 ^ s0, x3 = s3 ^ s1;
    const t0 = s0 ^ x3, t1 = s1 ^ x2, t2 = x2 ^ (s1 << 9), t3 = (x3 << 11) | (x3 >>> 21);
    const n = Math.imul(t1, 5);
    const low = Math.imul((n << 7) | (n >>> 25), 9);
    const y2 = t2 ^ t0, y3 = t3 ^ t1;
    s[0] = t0 ^ y3;
    s[1] = t1 ^ y2;
    s[2] = y2 ^ (t1 << 9);
    s[3] = (y3 << 11) | (y3 >>> 21);
    return ((high >>> 5) * 67108864 + (low >>> 6)) * TWO_NEG_53;
  }
}
