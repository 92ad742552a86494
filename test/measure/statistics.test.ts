// Means, intervals, differences, proportions and fairness against textbook values and their own properties.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jain } from '../../sim/measure/fairness.ts';
import { batchMeansDifference, familyLevel, lag1Correlation, meanInterval, pairedDifference, proportionUpperBound, quantile, welchDifference } from '../../sim/measure/statistics.ts';

test('the interval of a mean is the textbook one', () => {
  const found = meanInterval([1, 2, 3, 4, 5]);
  expect(found.mean).toBe(3);
  expect(found.sd).toBeCloseTo(Math.sqrt(2.5), 14);
  expect(found.high! - 3).toBeCloseTo((2.7764451051977934 * Math.sqrt(2.5)) / Math.sqrt(5), 12);
  expect(3 - found.low!).toBeCloseTo(found.high! - 3, 12);
});

test('one value has no interval, none has nothing', () => {
  expect(meanInterval([7])).toEqual({ mean: 7, low: null, high: null, sd: null, n: 1 });
  expect(meanInterval([])).toEqual({ mean: null, low: null, high: null, sd: null, n: 0 });
});

test('missing values are dropped and n says so', () => {
  expect(meanInterval([1, null, 3, null]).n).toBe(2);
  expect(meanInterval([1, null, 3, null]).mean).toBe(2);
});

test('equal values have no width, whatever their rounding', () => {
  expect(meanInterval(Array.from({ length: 20 }, () => 0.1))).toEqual({ mean: 0.1, low: 0.1, high: 0.1, sd: 0, n: 20 });
});

test('a value that is not finite is a broken invariant', () => {
  expect(() => meanInterval([1, NaN])).toThrow(/finite/);
});

test('pairing removes what both share', () => {
  const base = [10, 200, 3000, 45], shifted = base.map((x, i) => x + 1 + (i % 2) * 0.01);
  const found = pairedDifference(shifted, base);
  expect(found.mean).toBeCloseTo(1.005, 9);
  expect(found.high! - found.low!).toBeLessThan(0.03);
  expect(welchDifference(shifted, base).high!).toBeGreaterThan(1000);
});

test('pairs with a missing half are dropped', () => {
  expect(pairedDifference([1, null, 3], [0, 1, null])).toEqual({ mean: 1, low: null, high: null, sd: null, n: 1 });
});

test('the unpaired difference agrees with a worked example of unequal variances', () => {
  const a = [27.5, 21, 19, 23.6, 17, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19, 21.7, 21.4];
  const b = [27.1, 22, 20.8, 23.4, 23.4, 23.5, 25.8, 22, 24.8, 20.2, 21.9, 22.1, 22.9, 30, 23.9];
  // A published example: t = -2.8353, 27.7 degrees of freedom (means 20.82, 23.587).
  const found = welchDifference(a, b);
  expect(found.mean! / found.sd!).toBeCloseTo(-2.8353, 2);
  expect(found.high!).toBeLessThan(0);
  expect(found.low!).toBeCloseTo(-4.77, 1);
});

test('batch means take the difference window by window and tell the correlation of neighbours', () => {
  const b = Array.from({ length: 24 }, (_, i) => Math.sin(i) * 100), a = b.map((x, i) => x - 5 + (i % 3) * 0.1);
  const found = batchMeansDifference(a, b);
  expect(found.n).toBe(24);
  expect(found.mean).toBeCloseTo(-4.9, 9);
  expect(found.high!).toBeLessThan(-4.8);
  expect(found.lag1!).toBeLessThan(0);
  expect(lag1Correlation([1, 2, 3, 4, 5, 6])).toBeGreaterThan(0.4);
  expect(lag1Correlation([1, 1, 1])).toBeNull();
});

test('windows weigh as many calls as they hold, so that the mean is the difference over all calls', () => {
  const calls = [[1, 2], [3, 4, 5, 6, 7, 8], [100], [2, 4, 6]], shifted = calls.map((window, i) => window.map((x) => x + i));
  const mean = (xs: number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
  const found = batchMeansDifference(shifted.map(mean), calls.map(mean), 0.95, calls.map((c) => c.length));
  expect(found.mean).toBeCloseTo(mean(shifted.flat()) - mean(calls.flat()), 12);
  expect(batchMeansDifference([1, 2, 4], [0, 0, 0], 0.95, [5, 5, 5]).high).toBeCloseTo(batchMeansDifference([1, 2, 4], [0, 0, 0]).high!, 12);
  expect(batchMeansDifference([1, 2, 4], [0, 0, 0], 0.95, [5, 0, 5]).n).toBe(2);
});

test('a family of intervals is wider than one alone', () => {
  expect(familyLevel(1)).toBe(0.95);
  expect(familyLevel(5)).toBeCloseTo(0.99, 12);
  const values = [1, 2, 3, 4, 7];
  expect(meanInterval(values, familyLevel(12)).high!).toBeGreaterThan(meanInterval(values).high!);
});

test('no hits in n bound the proportion by about 3/n', () => {
  expect(proportionUpperBound(0, 20)).toBeCloseTo(0.1391, 4);
  expect(proportionUpperBound(0, 400) * 400).toBeCloseTo(2.985, 2);
  expect(proportionUpperBound(20, 20)).toBe(1);
});

test('the bound of some hits is the p at which so few are a rarity', () => {
  // Clopper–Pearson one-sided: 1 of 10 → 0.39416, 3 of 20 → 0.34366.
  expect(proportionUpperBound(1, 10)).toBeCloseTo(0.39416, 5);
  expect(proportionUpperBound(3, 20)).toBeCloseTo(0.34366, 5);
});

test('Jain counts zeros as members, and has no value where nothing was given', () => {
  expect(jain([1, 1, 1])).toBe(1);
  expect(jain([1, 0, 0, 0])).toBe(0.25);
  expect(jain([0, 0])).toBeNull();
  expect(jain([])).toBeNull();
});

test('Jain lies between 1/n and 1 and does not change with scale', () => {
  fc.assert(fc.property(fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 20 }).filter((values) => values.some((x) => x > 0)), (values) => {
    const index = jain(values)!;
    expect(index).toBeGreaterThan(1 / values.length - 1e-12);
    expect(index).toBeLessThan(1 + 1e-12);
    expect(jain(values.map((x) => x * 1024))).toBe(index);
  }), { numRuns: 200, seed: 3 });
});

test('quantiles interpolate linearly between order statistics', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([10, 20, 30, 40, 50], 0.95)).toBeCloseTo(48, 12);
  expect(quantile([], 0.5)).toBeNull();
});

test('the 95 % interval of a mean covers it about 95 times in a hundred', () => {
  // Uniform values from a fixed multiplicative generator: no ambient randomness in tests either.
  let state = 12345, covered = 0;
  const draw = (): number => { state = (state * 48271) % 2147483647; return state / 2147483647; };
  for (let i = 0; i < 2000; i++) {
    const { low, high } = meanInterval(Array.from({ length: 10 }, draw));
    if (low! <= 0.5 && high! >= 0.5) covered++;
  }
  expect(covered / 2000).toBeGreaterThan(0.935);
  expect(covered / 2000).toBeLessThan(0.965);
});
