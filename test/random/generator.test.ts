// The generator: against a second writing of its definition, against published output, and against chance.
import { describe, expect, it } from 'vitest';
import { Xoshiro128, mix32 } from '../../sim/random/xoshiro.ts';

/** The definition once more, in big integers. */
function* reference(state: readonly [bigint, bigint, bigint, bigint]): Generator<number> {
  let [s0, s1, s2, s3] = state;
  const mask = 0xffffffffn, rotl = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & mask;
  for (;;) {
    yield Number(BigInt.asIntN(32, (rotl((s1 * 5n) & mask, 7n) * 9n) & mask));
    const t = (s1 << 9n) & mask;
    s2 ^= s0; s3 ^= s1; s1 ^= s2; s0 ^= s3; s2 ^= t;
    s3 = rotl(s3, 11n);
  }
}

describe('xoshiro128**', () => {
  it('starts as published from the state 1, 2, 3, 4', () => {
    const generator = Xoshiro128.ofState([1, 2, 3, 4]);
    expect(Array.from({ length: 4 }, () => generator.nextInt())).toEqual([11520, 0, 5927040, 70819200]);
  });

  it('agrees with the definition in big integers', () => {
    const generator = Xoshiro128.ofState([0x12345678, -5, 99, 0x7fffffff]);
    const expected = reference([0x12345678n, 0xfffffffbn, 99n, 0x7fffffffn]);
    for (let i = 0; i < 5000; i++) expect(generator.nextInt()).toBe(expected.next().value);
  });

  it('makes a number in [0, 1) of two steps, 27 bits and 26', () => {
    const a = new Xoshiro128(1, 2, 3), b = new Xoshiro128(1, 2, 3);
    for (let i = 0; i < 5000; i++) expect(a.next()).toBe(((b.nextInt() >>> 5) * 2 ** 26 + (b.nextInt() >>> 6)) / 2 ** 53);
  });

  it('starts anew when it is keyed again', () => {
    const generator = new Xoshiro128(7, 8, 9);
    const first = [generator.next(), generator.next()];
    generator.key(1, 1, 1);
    generator.next();
    generator.key(7, 8, 9);
    expect([generator.next(), generator.next()]).toEqual(first);
  });

  it('works with keys that are zero', () => {
    const generator = new Xoshiro128();
    expect(new Set(Array.from({ length: 1000 }, () => generator.nextInt())).size).toBeGreaterThan(990);
  });

  it('keeps its golden values: a change here changes every result', () => {
    const generator = new Xoshiro128(1, 2, 3);
    expect(Array.from({ length: 4 }, () => generator.nextInt())).toEqual([-186957200, -1095832664, -1485202231, 1534352364]);
    expect([generator.next(), generator.next()]).toEqual([0.27398903354938786, 0.3976700178225906]);
  });
});

describe('mix32', () => {
  it('flips each output bit for half of the inputs when one input bit flips', () => {
    const n = 2000;
    for (let bit = 0; bit < 32; bit++) {
      const flips = new Array<number>(32).fill(0);
      for (let i = 0; i < n; i++) {
        const x = Math.imul(i, 0x9e3779b1), difference = mix32(x) ^ mix32(x ^ (1 << bit));
        for (let out = 0; out < 32; out++) flips[out]! += (difference >>> out) & 1;
      }
      for (const count of flips) expect(Math.abs(count / n - 0.5)).toBeLessThan(0.07);
    }
  });
});
