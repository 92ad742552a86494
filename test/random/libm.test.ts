// The mathematical functions that results rest on, hashed: an engine that computes them differently fails here, loudly.
import { describe, expect, it } from 'vitest';
import { OrderDigest } from '../../sim/kernel/digest.ts';
import { Xoshiro128 } from '../../sim/random/xoshiro.ts';

const N = 50_000;
const FUNCTIONS: Readonly<Record<string, { readonly fn: (x: number) => number; readonly input: (u: number) => number; readonly hash: string }>> = {
  log: { fn: Math.log, input: (u) => u, hash: 'c09e375f6ec83f0f' },
  'log of large': { fn: Math.log, input: (u) => u * 1e12, hash: 'd7ddc29056c5aab8' },
  exp: { fn: Math.exp, input: (u) => 60 * u - 40, hash: '44be91d6af11fe66' },
  sqrt: { fn: Math.sqrt, input: (u) => u * 1e6, hash: '4a84671d68486729' },
  log1p: { fn: Math.log1p, input: (u) => 10 * u, hash: '92afd0e0ea487421' },
  expm1: { fn: Math.expm1, input: (u) => 8 * u - 4, hash: '555fa53e8cbfe425' },
};

/** Digest over the bits of a function at pseudo-random places. */
function probe(fn: (x: number) => number, input: (u: number) => number): string {
  const generator = new Xoshiro128(1, 2, 3), digest = new OrderDigest(), value = new Float64Array(1), words = new Int32Array(value.buffer);
  for (let i = 0; i < N; i++) {
    value[0] = fn(input(generator.next() + 2 ** -54));
    digest.mix(i, 0, words[0]!, words[1]!);
  }
  return digest.hex();
}

describe('mathematical functions', () => {
  it.each(Object.entries(FUNCTIONS))('%s has the bits that all published results were made with', (_, { fn, input, hash }) => {
    expect(probe(fn, input)).toBe(hash);
  });
});
