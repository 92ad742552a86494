// Student's t distribution: CDF and quantile by the regularised incomplete beta function. No dependency, no random numbers.
import { assert } from '../../src/errors.ts';

// Lanczos approximation with g = 7 and nine terms: relative error below 1e-14 for x > 0.
const LANCZOS = [0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7];
const LOG_SQRT_2PI = 0.91893853320467274178;

/** Natural logarithm of the gamma function, x > 0. O(1). Source: Lanczos (1964). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = LANCZOS[0];
  for (let k = 1; k < LANCZOS.length; k++) sum += LANCZOS[k] / (x - 1 + k);
  const t = x + 6.5;
  return LOG_SQRT_2PI + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/**
 * logGamma(x + ½) − logGamma(x), for x > 0: the difference of two large numbers loses digits, its asymptotic series does not.
 * Source: expansion of the ratio of gamma functions (Tricomi and Erdélyi 1951).
 */
function logGammaHalfStep(x: number): number {
  if (x < 30) return logGamma(x + 0.5) - logGamma(x);
  const r = 1 / x;
  return 0.5 * Math.log(x) + r * (-1 / 8 + r * r * (1 / 192 + r * r * (-1 / 640 + r * r * (17 / 14336 - r * r * (31 / 18432)))));
}

/** The continued fraction of the incomplete beta function, by the modified Lentz method. Converges fast for x < (a + 1)/(a + b + 2). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1, d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let h = d;
  for (let m = 1; m <= 20000; m++) {
    let step = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + step * d; d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = 1 + step / c; if (Math.abs(c) < tiny) c = tiny;
    h *= d * c;
    step = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + step * d; d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = 1 + step / c; if (Math.abs(c) < tiny) c = tiny;
    const change = d * c;
    h *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return h;
}

/**
 * P(|T| > |t|) for `df` degrees of freedom, df > 0 (not necessarily whole): the two-sided tail, accurate also where it is tiny.
 * It is I_x(df/2, 1/2) at x = df/(df + t²).
 */
export function studentTail(t: number, df: number): number {
  assert(df > 0, 'degrees of freedom are positive', { df });
  const tt = t * t;
  if (tt === 0) return 1;
  if (!Number.isFinite(tt)) return 0;
  const a = df / 2, x = df / (df + tt), y = tt / (df + tt);
  // x^a (1-x)^(1/2) / B(a, 1/2); log1p keeps x^a exact where x is near 1.
  const front = Math.exp(-a * Math.log1p(tt / df) + 0.5 * Math.log(y) + logGammaHalfStep(a) - 0.57236494292470008707);
  return x < (a + 1) / (a + 2.5) ? (front * betaFraction(x, a, 0.5)) / a : 1 - 2 * front * betaFraction(y, 0.5, a);
}

/** P(T ≤ t) for `df` degrees of freedom. */
export function studentCdf(t: number, df: number): number {
  const half = studentTail(t, df) / 2;
  return t > 0 ? 1 - half : half;
}

/** The t with P(T ≤ t) = p, 0 < p < 1. Newton steps kept inside a bracket; relative error about 1e-12. */
export function studentQuantile(p: number, df: number): number {
  assert(p > 0 && p < 1, 'a probability lies between 0 and 1', { p });
  if (p === 0.5) return 0;
  if (p < 0.5) return -upperQuantile(2 * p, df);
  return upperQuantile(2 * (1 - p), df);
}

/** The t > 0 with P(|T| > t) = alpha. */
export function upperQuantile(alpha: number, df: number): number {
  assert(alpha > 0 && alpha < 1, 'a level lies between 0 and 1', { alpha });
  let low = 0, high = 1;
  while (studentTail(high, df) > alpha) { low = high; high *= 2; if (!Number.isFinite(high)) return Infinity; }
  let t = (low + high) / 2;
  const logNorm = logGammaHalfStep(df / 2) - 0.57236494292470008707 - 0.5 * Math.log(df);
  for (let i = 0; i < 200; i++) {
    const excess = studentTail(t, df) - alpha;
    if (excess > 0) low = t; else high = t;
    // Newton on the logarithm of the tail, which is nearly straight in log t: few steps also far out.
    const density = 2 * Math.exp(logNorm - ((df + 1) / 2) * Math.log1p((t * t) / df));
    let next = t + excess / density;
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (Math.abs(next - t) <= 1e-15 * t) return next;
    t = next;
  }
  return t;
}
