// Adaptive alpha: towards fairness where waits differ much, towards throughput where the queue grows.

export interface TunerOptions {
  readonly alpha?: number;
  readonly step?: number;
  readonly min?: number;
  readonly max?: number;
  /** Coefficient of variation of the oldest ages above which alpha goes down. */
  readonly cvThreshold?: number;
  /** Relative growth of the queue above which alpha goes up. */
  readonly trendThreshold?: number;
  /** Samples of the queue that are kept. */
  readonly window?: number;
}

/**
 * Updated once a release, after the ages moved and before anyone is granted. Unequal waits go before growth; both thresholds are strict.
 * The growth is (mean of the newer part − mean of the older part) ÷ mean of the older part of the last samples, split at half their
 * number rounded down; 0 for fewer than two samples or an older mean of 0. An update is O(window); its input, the variation
 * of the ages, costs O(agents) (`LocoState.ageVariation`): this is what `autoTune` adds to each release.
 */
export class AlphaTuner {
  alpha: number;
  /** Why alpha was moved last. */
  reason: 'none' | 'fairness' | 'growth' = 'none';
  readonly #step: number;
  readonly #min: number;
  readonly #max: number;
  readonly #cvThreshold: number;
  readonly #trendThreshold: number;
  readonly #window: number;
  readonly #samples: number[] = [];

  constructor(options: TunerOptions = {}) {
    this.alpha = options.alpha ?? 0.25;
    this.#step = options.step ?? 0.01;
    this.#min = options.min ?? 0;
    this.#max = options.max ?? 0.5;
    this.#cvThreshold = options.cvThreshold ?? 0.5;
    this.#trendThreshold = options.trendThreshold ?? 0.2;
    this.#window = options.window ?? 10;
  }

  /** Takes the variation of the oldest ages and the sum of all backlogs; returns the alpha from now on. */
  update(ageVariation: number, totalBacklog: number): number {
    this.#samples.push(totalBacklog);
    if (this.#samples.length > this.#window) this.#samples.shift();
    this.reason = 'none';
    if (ageVariation > this.#cvThreshold) {
      this.alpha = Math.max(this.alpha - this.#step, this.#min);
      this.reason = 'fairness';
    } else if (this.#trend() > this.#trendThreshold) {
      this.alpha = Math.min(this.alpha + this.#step, this.#max);
      this.reason = 'growth';
    }
    return this.alpha;
  }

  #trend(): number {
    const n = this.#samples.length, half = Math.floor(n / 2);
    if (n < 2) return 0;
    let older = 0, newer = 0;
    for (let i = 0; i < half; i++) older += this.#samples[i];
    for (let i = half; i < n; i++) newer += this.#samples[i];
    older /= half;
    newer /= n - half;
    return older === 0 ? 0 : (newer - older) / older;
  }
}
