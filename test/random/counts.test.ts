// Coins and Poisson counts.
import { describe, expect, it } from 'vitest';
import { bernoulli, poisson } from '../../sim/random/counts.ts';
import { Streams } from '../../sim/random/streams.ts';

const at = (u: number): { next(): number } => ({ next: () => u });

describe('bernoulli', () => {
  it('is never true at 0, always at 1, and true with its probability between', () => {
    const stream = new Streams('coins').stream('s');
    const heads = (p: number): number => Array.from({ length: 20_000 }, () => bernoulli(stream, p)).filter(Boolean).length;
    expect(heads(0)).toBe(0);
    expect(heads(1)).toBe(20_000);
    expect(Math.abs(heads(0.3) - 6000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.21));
    expect(stream.draws).toBe(60_000);
  });
});

describe('poisson', () => {
  it.each([0.1, 1, 7, 30, 31, 200, 10_000])('has mean and variance %f and takes one draw', (mean) => {
    const n = 20_000, stream = new Streams('poisson').stream(String(mean));
    let sum = 0, squares = 0;
    for (let i = 0; i < n; i++) { const count = poisson(stream, mean); sum += count; squares += (count - mean) ** 2; }
    expect(stream.draws).toBe(n);
    expect(Math.abs(sum / n - mean)).toBeLessThan(4 * Math.sqrt(mean / n));
    // The variance of (X − m)² is m + 2m².
    expect(Math.abs(squares / n - mean)).toBeLessThan(4 * Math.sqrt((mean + 2 * mean * mean) / n));
  });

  it.each([2, 29.5, 45, 150])('has the probabilities of its formula at mean %f', (mean) => {
    let probability = Math.exp(-mean), below = 0;
    for (let k = 0; k < mean * 2; k++) {
      // Just inside both ends of the stretch of the uniform that belongs to k.
      if (probability > 1e-9) {
        expect(poisson(at(below + probability * 1e-4), mean)).toBe(k);
        expect(poisson(at(below + probability * (1 - 1e-4)), mean)).toBe(k);
      }
      below += probability;
      probability *= mean / (k + 1);
    }
  });

  it('does not jump where the method changes', () => {
    for (const u of [0.001, 0.2, 0.5, 0.8, 0.999]) expect(Math.abs(poisson(at(u), 30) - poisson(at(u), 30.0000001))).toBe(0);
  });

  it('ends at the ends of the uniform', () => {
    for (const mean of [0, 0.5, 30, 40, 1e6]) {
      expect(poisson(at(0), mean)).toBeLessThanOrEqual(mean);
      expect(poisson(at(1 - 2 ** -53), mean)).toBeLessThan(mean + 12 * Math.sqrt(mean) + 30);
    }
    expect(poisson(at(0.7), 0)).toBe(0);
  });

  it.each([-1, NaN, Infinity, 2e9])('refuses the mean %f', (mean) => {
    expect(() => poisson(at(0.5), mean)).toThrowError(expect.objectContaining({ code: 'ERR_OPTION_RANGE' }) as Error);
  });
});
