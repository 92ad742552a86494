// xoshiro128**: the generator behind every stream. Integers only, so its bits are the same on every machine.

/** Something that yields uniform numbers in [0, 1). */
export interface Uniform {
  /** The next number in [0, 1), 53 bits of resolution. */
  next(): number;
}

const TWO_NEG_53 = 2 ** -53;
const GOLDEN = 0x9e3779b9;

/** A bijective 32-bit mix with good avalanche; two multiplications. */
export function mix32(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}

/**
 * xoshiro128** 1.1 of Blackman and Vigna (2018): 128 bits of state, period 2^128 − 1.
 * The state is filled from a counter through `mix32`, as its authors advise; it is never all zero.
 */
export class Xoshiro128 implements Uniform {
  readonly #state = new Int32Array(4);

  constructor(key0 = 0, key1 = 0, key2 = 0) { this.key(key0, key1, key2); }

  /** Starts the sequence that belongs to three key words. Allocates nothing. */
  key(key0: number, key1: number, key2: number): void {
    const s = this.#state;
    // Each word depends on all three keys; the counter steps keep equal keys apart.
    let x = mix32((key0 + GOLDEN) | 0);
    x = mix32((x ^ key1) + 0x7f4a7c15 | 0);
    const a = mix32((x + key2) | 0);
    const b = mix32((Math.imul(key2, 0x85ebca6b) ^ x) + GOLDEN | 0);
    s[0] = a;
    s[1] = b;
    s[2] = mix32((a + Math.imul(b, 0x9e3779b1) + GOLDEN) | 0);
    s[3] = mix32((b + Math.imul(a, 0x85ebca77) + 0x3c6ef372) | 0);
    if ((s[0] | s[1] | s[2] | s[3]) === 0) s[0] = 1;
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
