// Special functions for samplers, built from operations whose bits are the same on every Node: no powers, only exp, log and sqrt.

const EPSILON = 2 ** -52;
const HALF_LOG_TWO_PI = 0.9189385332046727;

/** x^a for x > 0 as exp(a ln x): the bits of `Math.pow` differ between versions of the engine. Relative error about |a ln x| · 2^-53. */
export function powReal(x: number, a: number): number { return Math.exp(a * Math.log(x)); }

/** Value of a polynomial, coefficients from the constant term up. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!;
  return sum;
}

const CENTRE_P = [3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727];
const CENTRE_Q = [1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077, 21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610];
const TAIL_P = [1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504, 1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4];
const TAIL_Q = [1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550, 0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9];
const FAR_P = [6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230, 0.0265321895265761230930, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7];
const FAR_Q = [1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525, 7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15];

/** Quantile of the standard normal at p in (0, 1); relative error about 1e-16. Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988). */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return q * polynomial(CENTRE_P, r) / polynomial(CENTRE_Q, r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const x = r <= 5 ? polynomial(TAIL_P, r - 1.6) / polynomial(TAIL_Q, r - 1.6) : polynomial(FAR_P, r - 5) / polynomial(FAR_Q, r - 5);
  return q < 0 ? -x : x;
}

/** Terms of Stirling's series, B(2k) / (2k (2k − 1)). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];

/** ln Γ(a) for a > 0: Stirling's series above 12, reached by the recurrence from below. Absolute error about 1e-14 near 1 and 2, relative elsewhere. */
export function logGamma(a: number): number {
  let x = a, product = 1;
  while (x < 12) { product *= x; x += 1; }
  const inverse = 1 / x;
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + inverse * polynomial(STIRLING, inverse * inverse) - Math.log(product);
}

/**
 * Regularised incomplete gamma functions, lower P(a, x) and upper Q(a, x) = 1 − P, the smaller one to full relative precision.
 * Series below x = a + 1, continued fraction (Lentz) above; O(√a) terms. Abramowitz and Stegun, 6.5.29 and 6.5.31.
 */
export function incompleteGamma(a: number, x: number, upper: boolean): number {
  if (x <= 0) return upper ? 1 : 0;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a, sum = term;
    for (let n = 1; n < 100_000 && term > sum * EPSILON / 4; n++) { term *= x / (a + n); sum += term; }
    const lower = scale * sum;
    return upper ? 1 - lower : lower;
  }
  let b = x + 1 - a, c = 1e300, d = 1 / b, fraction = d;
  for (let n = 1; n < 100_000; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < EPSILON) break;
  }
  return upper ? scale * fraction : 1 - scale * fraction;
}

/**
 * Quantile of the gamma distribution with shape `a` and scale 1 at u in [0, 1): the x with P(a, x) = u.
 * Wilson and Hilferty's start (or the leading term of the series for small values), then Halley steps kept inside a bracket.
 * Relative error about 1e-13; for x far below 1 it is |ln x| times the rounding of a double over the shape.
 */
export function gammaQuantile(a: number, u: number): number {
  if (u <= 0) return 0;
  const upper = u > 0.5, target = upper ? 1 - u : u;
  const logA = logGamma(a);
  const t = 1 - 1 / (9 * a) + normalQuantile(u) / (3 * Math.sqrt(a));
  // P(a, x) ≈ x^a / Γ(a + 1) where x is small: exact enough where Wilson and Hilferty's cube goes wrong.
  const small = Math.exp((Math.log(u) + logA + Math.log(a)) / a);
  if (small < EPSILON / 8) return small;
  let x = t > 0.2 && a >= 0.5 ? a * t * t * t : small < 0.5 * (a + 1) ? small : -Math.log(1 - u) - logA + (a - 1) * Math.log(Math.max(1, -Math.log(1 - u)));
  if (!(x > 0)) x = small;
  let low = 0, high = Infinity;
  for (let i = 0; i < 200; i++) {
    const value = incompleteGamma(a, x, upper);
    const error = upper ? target - value : value - target;
    if (error === 0) return x;
    if (error > 0) high = x; else low = x;
    const step = error / Math.exp((a - 1) * Math.log(x) - x - logA);
    // Halley: the second derivative over the first is (a − 1) / x − 1.
    const bend = 1 - 0.5 * step * ((a - 1) / x - 1);
    let next = x - step / (bend > 0.5 ? bend : 1);
    if (!(next > low && next < high)) next = high === Infinity ? 2 * x : (low === 0 && x > 1e-300 ? high / 4 : (low + high) / 2);
    if (Math.abs(next - x) <= 4 * EPSILON * x) return next;
    x = next;
  }
  return x;
}
