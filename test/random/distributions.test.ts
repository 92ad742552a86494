// Samples against closed forms: moments, the whole distribution function (Kolmogorov and Smirnov), and one draw a sample.
import { describe, expect, it } from 'vitest';
import { boundedPareto, deterministic, empirical, exponential, gamma, hyperexponential, lognormal, uniform } from '../../sim/random/distributions.ts';
import type { Distribution } from '../../sim/random/distributions.ts';
import { incompleteGamma } from '../../sim/random/math.ts';
import { Streams } from '../../sim/random/streams.ts';

const N = 20_000;

/** Distribution function of the standard normal. */
function phi(z: number): number { const tail = incompleteGamma(0.5, z * z / 2, true) / 2; return z < 0 ? tail : 1 - tail; }

interface Case { readonly make: Distribution; readonly cdf: (x: number) => number }
const MEAN = 3;
const hyper = (cv2: number) => (x: number): number => {
  const p = (1 + Math.sqrt((cv2 - 1) / (cv2 + 1))) / 2;
  return 1 - p * Math.exp(-2 * p * x / MEAN) - (1 - p) * Math.exp(-2 * (1 - p) * x / MEAN);
};
const pareto = (shape: number, ratio: number) => (x: number): number => {
  const first = shape === 1 ? Math.log(ratio) / (1 - 1 / ratio) : shape / (shape - 1) * (1 - Math.exp((1 - shape) * Math.log(ratio))) / (1 - Math.exp(-shape * Math.log(ratio)));
  const least = MEAN / first;
  return x <= least ? 0 : (1 - Math.exp(-shape * Math.log(x / least))) / (1 - Math.exp(-shape * Math.log(ratio)));
};
const CASES: readonly Case[] = [
  { make: exponential(MEAN), cdf: (x) => 1 - Math.exp(-x / MEAN) },
  { make: uniform(MEAN), cdf: (x) => Math.min(1, x / (2 * MEAN)) },
  { make: gamma(MEAN, 0.1), cdf: (x) => incompleteGamma(10, x * 10 / MEAN, false) },
  { make: gamma(MEAN, 2), cdf: (x) => incompleteGamma(0.5, x / (2 * MEAN), false) },
  { make: gamma(MEAN, 1), cdf: (x) => 1 - Math.exp(-x / MEAN) },
  { make: lognormal(MEAN, 2), cdf: (x) => phi((Math.log(x / MEAN) + Math.log(3) / 2) / Math.sqrt(Math.log(3))) },
  { make: hyperexponential(MEAN, 1), cdf: (x) => 1 - Math.exp(-x / MEAN) },
  { make: hyperexponential(MEAN, 10), cdf: hyper(10) },
  { make: boundedPareto(MEAN, 1.5, 10_000), cdf: pareto(1.5, 10_000) },
  { make: boundedPareto(MEAN, 1, 100), cdf: pareto(1, 100) },
  { make: boundedPareto(MEAN, 2, 50), cdf: pareto(2, 50) },
];

function samples(distribution: Distribution, seed: string, n = N): Float64Array {
  const stream = new Streams(seed).stream('samples');
  const values = Float64Array.from({ length: n }, () => distribution.sample(stream));
  expect(stream.draws).toBe(distribution.name === 'deterministic' ? 0 : n);
  return values;
}

/** Moments by the midpoint rule over the uniform, no chance in it; u = 1 − (1 − v)³ looks closely at the heavy tails. */
function moments(distribution: Distribution, steps: number): { mean: number; cv2: number } {
  let i = 0, mean = 0, square = 0;
  const rest = (): number => 1 - (i + 0.5) / steps;
  const u = { next: () => 1 - rest() * rest() * rest() };
  for (; i < steps; i++) {
    const x = distribution.sample(u), weight = 3 * rest() * rest() / steps;
    mean += weight * x;
    square += weight * x * x;
  }
  return { mean, cv2: square / (mean * mean) - 1 };
}

describe.each(CASES.map((c) => [c.make.name, c] as const))('%s', (_, { make, cdf }) => {
  it('has the distribution function of its name', () => {
    const sorted = samples(make, make.name).sort();
    let distance = 0;
    for (let i = 0; i < N; i++) distance = Math.max(distance, Math.abs(cdf(sorted[i]!) - i / N), Math.abs(cdf(sorted[i]!) - (i + 1) / N));
    // 1.95 / √n is the 99.9 % point.
    expect(distance).toBeLessThan(1.95 / Math.sqrt(N));
  });

  it('has the mean and the variation that it states', () => {
    const found = moments(make, 40_000);
    expect(make.mean).toBe(MEAN);
    expect(Math.abs(found.mean / MEAN - 1)).toBeLessThan(1e-4);
    expect(Math.abs(found.cv2 - make.cv2)).toBeLessThan(1e-3 * make.cv2 + 1e-9);
  });

  it('gives finite, non-negative samples at the ends of the uniform', () => {
    for (const u of [0, 2 ** -53, 0.5, 1 - 2 ** -53]) {
      const x = make.sample({ next: () => u });
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThan(Infinity);
    }
  });
});

describe('bounded Pareto', () => {
  it('stays between its least value and ratio times that', () => {
    const p = boundedPareto(1, 1.5, 100);
    const least = p.sample({ next: () => 0 }), most = p.sample({ next: () => 1 - 2 ** -53 });
    expect(most / least).toBeGreaterThan(99.9999);
    expect(most / least).toBeLessThanOrEqual(100.0001);
  });

  it('has moments without a jump where their formula has a gap', () => {
    for (const shape of [1, 2]) {
      const at = boundedPareto(1, shape, 1000), near = boundedPareto(1, shape + 1e-9, 1000);
      expect(near.cv2 / at.cv2).toBeCloseTo(1, 6);
      expect(near.sample({ next: () => 0.5 }) / at.sample({ next: () => 0.5 })).toBeCloseTo(1, 6);
    }
  });
});

describe('deterministic', () => {
  it('is its mean, zero included, and draws nothing', () => {
    expect(samples(deterministic(4), 'd', 10)).toEqual(new Float64Array(10).fill(4));
    expect(deterministic(0).sample({ next: () => 0.5 })).toBe(0);
  });
});

describe('empirical', () => {
  it('draws each sample equally often and states their moments', () => {
    const e = empirical([4, 1, 1, 2]);
    expect(e.mean).toBe(2);
    expect(e.cv2).toBeCloseTo(1.5 / 4, 12);
    expect([0, 0.3, 0.49, 0.5, 0.74, 0.75, 1 - 2 ** -53].map((u) => e.sample({ next: () => u }))).toEqual([1, 1, 1, 2, 2, 4, 4]);
    const values = samples(e, 'empirical');
    expect(Math.abs(values.filter((x) => x === 4).length - N / 4)).toBeLessThan(4 * Math.sqrt(N * 3 / 16));
  });

  it('keeps a copy of what it was given', () => {
    const given = [1, 2, 3], e = empirical(given);
    given[2] = 99;
    expect(e.sample({ next: () => 0.9 })).toBe(3);
  });

  it.each([[[]], [[1, -1]], [[1, NaN]], [[Infinity]]])('refuses %j', (given) => {
    expect(() => empirical(given)).toThrowError(expect.objectContaining({ code: 'ERR_OPTION_RANGE' }) as Error);
  });
});

describe('parameters out of range', () => {
  it.each([
    ['a mean of zero', () => exponential(0)], ['a negative mean', () => deterministic(-1)], ['a mean that is no number', () => uniform(NaN)], ['an infinite mean', () => gamma(Infinity, 1)],
    ['hyperexponential cv2 below 1', () => hyperexponential(1, 0.5)], ['gamma cv2 of zero', () => gamma(1, 0)], ['lognormal cv2 of zero', () => lognormal(1, 0)],
    ['pareto shape of zero', () => boundedPareto(1, 0, 10)], ['pareto ratio of one', () => boundedPareto(1, 1.5, 1)],
  ])('are refused: %s', (_, make) => {
    expect(make).toThrowError(expect.objectContaining({ code: 'ERR_OPTION_RANGE', message: expect.stringContaining('received') as string }) as Error);
  });
});

describe('golden samples', () => {
  it('stay: a change here changes every result', () => {
    const stream = new Streams('golden').stream('samples');
    expect(CASES.map((c) => c.make.sample(stream))).toEqual(GOLDEN);
  });
});

const GOLDEN: readonly number[] = [
  3.6775828905932593, 1.958131493289984, 2.425167059755055, 0.9883333984554901, 11.487014468408006, 4.029032519652723,
  1.0911891366719098, 7.251565763733686, 1.432960048839731, 1.5037577623936877, 2.480490535820804,
];
