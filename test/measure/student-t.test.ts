// Student's t against two oracles: jstat, and values computed with 30 digits by arbitrary-precision arithmetic.
import fc from 'fast-check';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { logGamma, studentCdf, studentQuantile, studentTail, upperQuantile } from '../../sim/measure/student-t.ts';

interface JStat { studentt: { cdf(x: number, df: number): number; inv(p: number, df: number): number }; gammaln(x: number): number }
const { jStat } = createRequire(import.meta.url)('jstat') as { jStat: JStat };

/** [t, df, P(|T| > |t|)] */
const TAILS: readonly (readonly [number, number, number])[] = [
  [0.001, 1, 0.99936338043983888], [1, 1, 0.5], [40, 1, 0.015912179824051627], [0.7, 2, 0.55639302463286548], [2, 2, 0.18350341907227397],
  [10, 3, 0.0021283990584141501], [0.1, 4.5, 0.92464406763068555], [3.5, 4.5, 0.020541689969385574], [40, 4.5, 6.4495652129209982e-7],
  [2, 9, 0.076552823770701041], [40, 9, 1.8982998449339826e-11], [2, 19, 0.060002036386098366], [40, 19, 8.30775719933843e-20],
  [2, 30, 0.054625044962983104], [40, 30, 1.3726045194406403e-27], [2, 99, 0.048239693372632923], [10, 199, 2.4671872605182907e-19],
  [1, 1000, 0.31755241808467231], [40, 1000, 1.0478852155173361e-209], [0.001, 100000, 0.99920211756688778], [3.5, 100000, 0.00046546053937110024], [10, 100000, 1.5633015300207278e-23],
];

test('the two-sided tail agrees with arbitrary-precision values, near and far', () => {
  for (const [t, df, tail] of TAILS) expect(Math.abs(studentTail(t, df) / tail - 1), `t ${t}, df ${df}`).toBeLessThan(2e-12);
});

// jstat ends its continued fraction at a change of 3e-7, which leaves errors up to some 1e-8 of its own (at t = 0 it misses 1/2 by 1.8e-8):
// it bears out the whole range, the values of arbitrary precision bear out the digits.
test('the distribution function agrees with jstat to its precision', () => {
  for (const df of [1, 2, 3, 5, 9, 19, 30, 99, 400])
    for (const t of [-12, -3, -1, -0.2, 0, 0.3, 1, 1.7, 2.5, 8]) expect(Math.abs(studentCdf(t, df) - jStat.studentt.cdf(t, df)), `t ${t}, df ${df}`).toBeLessThan(1e-7);
});

test('the quantile agrees with jstat to its precision', () => {
  for (const df of [2, 3, 5, 9, 19, 30, 99])
    for (const p of [0.025, 0.1, 0.5, 0.9, 0.975, 0.995]) {
      const ours = studentQuantile(p, df), theirs = jStat.studentt.inv(p, df);
      expect(Math.abs(ours - theirs), `p ${p}, df ${df}`).toBeLessThan(1e-7 * Math.max(1, Math.abs(ours)));
    }
});

test('one degree of freedom is the Cauchy distribution and two have a closed form', () => {
  for (const p of [0.6, 0.9, 0.99, 0.9999]) {
    expect(studentQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5))).toBeCloseTo(1, 11);
    const u = 2 * p - 1;
    expect(studentQuantile(p, 2) / (u * Math.sqrt(2 / (1 - u * u)))).toBeCloseTo(1, 11);
  }
});

test('the quantile inverts the tail at any level and any degrees of freedom', () => {
  fc.assert(fc.property(fc.double({ min: 1e-6, max: 0.999, noNaN: true }), fc.double({ min: 0.7, max: 5000, noNaN: true }), (alpha, df) => {
    expect(Math.abs(studentTail(upperQuantile(alpha, df), df) / alpha - 1)).toBeLessThan(1e-9);
  }), { numRuns: 300, seed: 1 });
});

test('the quantile is odd around one half', () => {
  fc.assert(fc.property(fc.double({ min: 0.001, max: 0.499, noNaN: true }), fc.integer({ min: 1, max: 200 }), (p, df) => {
    expect(studentQuantile(p, df)).toBeLessThan(0);
    expect(Math.abs(studentQuantile(p, df) + studentQuantile(1 - p, df))).toBeLessThan(1e-9 * Math.abs(studentQuantile(p, df)));
  }), { numRuns: 100, seed: 2 });
});

test('the logarithm of gamma agrees with factorials and with jstat', () => {
  expect(logGamma(5)).toBeCloseTo(Math.log(24), 13);
  for (const x of [0.1, 0.5, 1.5, 7, 33.3, 1e4]) expect(Math.abs(logGamma(x) - jStat.gammaln(x))).toBeLessThan(1e-10 * Math.max(1, Math.abs(logGamma(x))));
});
