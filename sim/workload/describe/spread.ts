// One quantity over all calls: moments, quantiles, distribution function. Exact up to 262,144 values, a fine histogram beyond.
import { Samples } from '../../measure/samples.ts';
import type { Spread } from '../../trace-results.ts';

const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
/** Points of a distribution function that are kept. */
const CURVE_POINTS = 200;

/** Distinct values, ascending, with how often each was seen. */
export interface Weighted { readonly values: Float64Array; readonly counts: Float64Array; readonly n: number }

export class SpreadBuilder {
  readonly #samples = new Samples();
  readonly #per: number;
  #mean = 0;
  #squares = 0;
  #min = Infinity;
  #max = -Infinity;
  #zeros = 0;

  /** `per`: how many of the unit in which values are added make the one in which they are told; dividing keeps round values round. */
  constructor(per = 1) { this.#per = per; }

  get n(): number { return this.#samples.count; }

  add(value: number): void {
    this.#samples.add(value);
    // Welford: a sum of squares of microseconds loses what is asked for.
    const delta = value - this.#mean;
    this.#mean += delta / this.#samples.count;
    this.#squares += delta * (value - this.#mean);
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (value === 0) this.#zeros++;
  }

  /** In the told unit. */
  weighted(): Weighted {
    const { values, counts } = Samples.steps([this.#samples]);
    return { values: values.map((value) => value / this.#per), counts, n: this.n };
  }

  /** Null where there are no values. */
  spread(): Spread | null {
    const n = this.n, per = this.#per;
    if (n === 0) return null;
    const mean = this.#samples.sum / n, variance = this.#squares / n;
    const [p5, p25, p50, p75, p90, p95, p99] = Samples.quantiles([this.#samples], QUANTILES).map((value) => Math.min(this.#max, Math.max(this.#min, value!)) / per);
    return {
      n, mean: mean / per, sd: Math.sqrt(variance) / per, cv2: mean === 0 ? null : variance / (mean * mean), min: this.#min / per, max: this.#max / per,
      p5, p25, p50, p75, p90, p95, p99, zeros: this.#zeros / n, isExact: this.#samples.isExact, curve: curveOf(this.weighted()),
    };
  }
}

/** The distribution function at values that are about evenly spread over its height, both ends among them. */
export function curveOf({ values, counts, n }: Weighted): Spread['curve'] {
  const at: number[] = [], share: number[] = [];
  let seen = 0, next = 0;
  for (let i = 0; i < values.length; i++) {
    seen += counts[i];
    if (seen < next && i < values.length - 1) continue;
    at.push(values[i]);
    share.push(seen / n);
    while (next <= seen) next += n / (CURVE_POINTS - 1);
  }
  return { at, share };
}

/** Pearson's correlation of pairs as they come; null where one side never changes. O(1) memory. */
export class Correlation {
  #n = 0; #meanX = 0; #meanY = 0; #xx = 0; #yy = 0; #xy = 0;
  add(x: number, y: number): void {
    const dx = x - this.#meanX, dy = y - this.#meanY, n = ++this.#n;
    this.#meanX += dx / n;
    this.#meanY += dy / n;
    this.#xx += dx * (x - this.#meanX);
    this.#yy += dy * (y - this.#meanY);
    this.#xy += dx * (y - this.#meanY);
  }
  value(): number | null { return this.#xx > 0 && this.#yy > 0 ? this.#xy / Math.sqrt(this.#xx * this.#yy) : null; }
}
