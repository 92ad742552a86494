// Whole lognormal laws: means to the last digits, bounds, one draw a sample.
import { describe, expect, it } from 'vitest';
import { wholeLognormal } from '../../sim/random/whole-lognormal.ts';
import { Streams } from '../../sim/random/streams.ts';

describe('wholeLognormal', () => {
  it.each([[6.66, 1, 80], [34, 0.8, 512], [1.01, 3, 5], [2.99, 0.05, 5], [159.7, 0.5, 400]])('mean %d with sigma %d up to %d is met although the tail is cut', (mean, sigma, most) => {
    expect(wholeLognormal(mean, sigma, most).mean).toBeCloseTo(mean, 9);
  });

  it('takes one uniform a sample, and reaches from 1 to its bound', () => {
    const law = wholeLognormal(4, 1, 9), ends = [0, 1 - 2 ** -53].map((u) => law.sample({ next: () => u })), stream = new Streams('whole').stream('draws');
    for (let i = 0; i < 100; i++) law.sample(stream);
    expect([ends, stream.draws]).toEqual([[1, 9], 100]);
  });

  it('follows its own probabilities', () => {
    const law = wholeLognormal(3, 0.8, 12), u = new Streams('whole').stream('mean'), n = 20_000;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += law.sample(u);
    expect(Math.abs(sum / n - 3)).toBeLessThan(4 * 2.2 / Math.sqrt(n));
  });

  it.each([[1, 1, 9], [5, 1, 9], [3, 0, 9], [3, 1, 9.5], [3, 4, 9]])('refuses mean %d, sigma %d, most %d', (mean, sigma, most) => { expect(() => wholeLognormal(mean, sigma, most)).toThrow(/lognormal law of whole numbers/); });
});
