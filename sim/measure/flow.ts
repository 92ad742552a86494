// How many calls are in the system over time: exact areas for Little's law, and a thinned course for growth and pictures.

/** Points kept of the course before every second one is dropped. */
const MOST_POINTS = 128;

/** Area under a step function of time, in call-microseconds. Whole microseconds keep it exact up to 2^53. */
export class Flow {
  /** Level, area up to the last change, and its instant: one column, so that a change boxes no number. */
  readonly #state = new Float64Array(3);

  get level(): number { return this.#state[0]; }
  get area(): number { return this.#state[1]; }
  /** Instant of the last change. */
  get lastUs(): number { return this.#state[2]; }

  change(by: number, nowUs: number): void {
    const state = this.#state, level = state[0];
    state[1] += level * (nowUs - state[2]);
    state[2] = nowUs;
    state[0] = level + by;
  }

  /** Area up to a later instant, without a change. */
  areaAt(nowUs: number): number { return this.area + this.level * (nowUs - this.lastUs); }
}

/** The course of a run at every n-th arrival; n doubles when the store is full, so that any run leaves 64 to 128 points. */
export class Course {
  readonly atUs: number[] = [];
  readonly area: number[] = [];
  readonly waiting: number[] = [];
  readonly oldestUs: number[] = [];
  #stride = 1;
  #skip = 0;

  /** True when a point is due; then call `keep`. */
  due(): boolean {
    if (this.#skip > 0) { this.#skip--; return false; }
    this.#skip = this.#stride - 1;
    return true;
  }

  keep(atUs: number, area: number, waiting: number, oldestUs: number): void {
    if (this.atUs.length === MOST_POINTS) {
      for (const column of [this.atUs, this.area, this.waiting, this.oldestUs]) {
        for (let i = 0; i < MOST_POINTS / 2; i++) column[i] = column[2 * i];
        column.length = MOST_POINTS / 2;
      }
      this.#stride *= 2;
      this.#skip = this.#stride - 1;
    }
    this.atUs.push(atUs);
    this.area.push(area);
    this.waiting.push(waiting);
    this.oldestUs.push(oldestUs);
  }

  /** Mean level between two instants, by interpolating the area between points. */
  meanBetween(fromUs: number, toUs: number): number {
    return toUs > fromUs ? (this.#areaAt(toUs) - this.#areaAt(fromUs)) / (toUs - fromUs) : 0;
  }

  #areaAt(us: number): number {
    const n = this.atUs.length;
    if (n === 0 || us <= this.atUs[0]) return n === 0 ? 0 : this.area[0];
    for (let i = 1; i < n; i++) {
      if (this.atUs[i] < us) continue;
      const span = this.atUs[i] - this.atUs[i - 1];
      return span === 0 ? this.area[i] : this.area[i - 1] + ((us - this.atUs[i - 1]) / span) * (this.area[i] - this.area[i - 1]);
    }
    return this.area[n - 1];
  }
}
