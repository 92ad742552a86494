// Gittins index of a size law given by samples: how much completion a unit of further service buys at best, by the service had so far.

/**
 * G(a) = max over later ages b of P(a < S ≤ b) ÷ E[service between a and b], given S > a: the steepest slope from a's point to a later one
 * of the curve (E[min(S, b)], P(S ≤ b)). Kept at 0 and at every sample; between two samples the index of the one before stands. Past the
 * largest sample nothing is known, and the index is 0. Built in O(m log m), asked in O(log m). Source: Gittins, 1979; Aalto et al., 2009.
 */
export class GittinsIndex {
  readonly #ages: Float64Array;
  readonly #index: Float64Array;

  constructor(samples: ArrayLike<number>) {
    const sorted = Float64Array.from(samples).sort(), n = sorted.length, ages = [0], shares = [0], work = [0];
    for (let i = 0; i < n; i++) {
      const last = ages.length - 1;
      if (sorted[i] > ages[last]) { work.push(work[last] + (1 - shares[last]) * (sorted[i] - ages[last])); ages.push(sorted[i]); shares.push((i + 1) / n); } else shares[last] = (i + 1) / n;
    }
    this.#ages = Float64Array.from(ages);
    this.#index = new Float64Array(ages.length);
    // Points of the upper hull of all that lies to the right, nearest last.
    const hull = [ages.length - 1], slope = (i: number, j: number): number => (shares[j] - shares[i]) / (work[j] - work[i]);
    for (let i = ages.length - 2; i >= 0; i--) {
      while (hull.length > 1 && slope(i, hull[hull.length - 2]) >= slope(i, hull[hull.length - 1])) hull.pop();
      this.#index[i] = slope(i, hull[hull.length - 1]);
      hull.push(i);
    }
  }

  at(age: number): number { return this.#index[this.#placeOf(age)]; }

  /** The next age at which the index changes; Infinity past the last sample. */
  next(age: number): number { const place = this.#placeOf(age) + 1; return place < this.#ages.length ? this.#ages[place] : Infinity; }

  #placeOf(age: number): number {
    let low = 0;
    for (let high = this.#ages.length - 1; low < high;) { const mid = (low + high + 1) >> 1; if (this.#ages[mid] <= age) low = mid; else high = mid - 1; }
    return low;
  }
}
