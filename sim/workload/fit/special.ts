// Functions that fits need beside those of the samplers: digamma, trigamma, and the distribution function of the normal law.
import { incompleteGamma } from '../../random/math.ts';

/** ψ(x) for x > 0: recurrence to 12, then the asymptotic series (Abramowitz and Stegun, 6.3.5 and 6.3.18). Absolute error below 1e-13. */
export function digamma(x: number): number {
  let below = 0;
  while (x < 12) { below -= 1 / x; x += 1; }
  const inverse = 1 / (x * x);
  return below + Math.log(x) - 0.5 / x - inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - inverse / 132))));
}

/** ψ′(x) for x > 0, likewise (6.4.6 and 6.4.12). */
export function trigamma(x: number): number {
  let below = 0;
  while (x < 12) { below += 1 / (x * x); x += 1; }
  const inverse = 1 / (x * x);
  return below + 1 / x + 0.5 * inverse + (inverse / x) * (1 / 6 - inverse * (1 / 30 - inverse * (1 / 42 - inverse / 30)));
}

/** Φ(z), by the incomplete gamma function: P(½, z²/2) is the mass within ±z. */
export function normalCdf(z: number): number {
  return z < 0 ? 0.5 * incompleteGamma(0.5, (z * z) / 2, true) : 1 - 0.5 * incompleteGamma(0.5, (z * z) / 2, true);
}
