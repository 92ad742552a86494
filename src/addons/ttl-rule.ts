// How long a prefix is worth its memory while a tool runs: what is learnt of tool times and of turns, and the time that gains most.

/** Of an exponential tool time of this mean: the time that gains most where a prefix that is there saves `gainUs`; 0 where waiting costs more than it saves. */
export function coldTtlUs(gainUs: number, meanUs: number): number { return gainUs > meanUs ? Math.round(meanUs * Math.log(gainUs / meanUs)) : 0; }

/** The last tool times, in order of size. A tool that never came back took for ever. O(window) a change and a question. */
export class ToolTimes {
  /** Times seen in all. */
  count = 0;
  readonly #window: number;
  readonly #last: number[] = [];
  readonly #sorted: number[] = [];

  constructor(window: number) { this.#window = window; }

  add(us: number): void {
    if (this.#last.length === this.#window) this.#sorted.splice(this.#place(this.#last[this.count % this.#window]), 1);
    this.#last[this.count++ % this.#window] = us;
    this.#sorted.splice(this.#place(us), 0, us);
  }

  /** The time t, one of those seen or 0, for which share(tool back within t) · `gainUs` − t is largest; the shortest of several. */
  bestUs(gainUs: number): number {
    const sorted = this.#sorted, n = sorted.length;
    let best = 0, bestUs = 0;
    for (let i = 0; i < n && sorted[i] < gainUs; i++) {
      const value = ((i + 1) / n) * gainUs - sorted[i];
      if (value > best) { best = value; bestUs = sorted[i]; }
    }
    return bestUs;
  }

  /** The first place whose time is not smaller. */
  #place(us: number): number {
    let low = 0, high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle] < us) low = middle + 1; else high = middle;
    }
    return low;
  }
}

/** How far the turns that a program has made foretell those to come: −correlation of both over all turns of all programs that ended, 0 … 1. O(1) a program. */
export class TurnMemory {
  #n = 0;
  #made = 0;
  #left = 0;
  #madeMade = 0;
  #leftLeft = 0;
  #madeLeft = 0;

  /** A program of so many turns ended: (1, turns − 1) … (turns, 0). */
  add(turns: number): void {
    const squares = (turns * (turns + 1) * (2 * turns + 1)) / 6, sum = (turns * (turns + 1)) / 2;
    this.#n += turns;
    this.#made += sum;
    this.#left += sum - turns;
    this.#madeMade += squares;
    this.#leftLeft += squares - turns * turns;
    this.#madeLeft += turns * sum - squares;
  }

  /** 1 where programs are alike, or where there is nothing to tell from. */
  get eta(): number {
    const n = this.#n, made = n * this.#madeMade - this.#made * this.#made, left = n * this.#leftLeft - this.#left * this.#left;
    if (!(made > 0 && left > 0)) return 1;
    return Math.min(1, Math.max(0, -(n * this.#madeLeft - this.#made * this.#left) / (Math.sqrt(made) * Math.sqrt(left))));
  }
}
