// The samples and counts of one class of calls. Times in µs, ratios plain.
import { Samples } from './samples.ts';

/** Numbers of a row of the buffer: wait, response, and time in its place of one completed call. */
const ROW = 3;
const BUFFER = 256 * ROW;

export class ClassSamples {
  arrived = 0; completed = 0; rejected = 0; failed = 0; cancelled = 0; preemptions = 0;
  promptTokens = 0; cachedTokens = 0; outputTokens = 0;
  /** Calls that were not served while they were watched: arrival to the end of the window, or to the moment when they were withdrawn. */
  readonly unserved = new Samples();
  readonly ttft = new Samples();
  readonly tpot = new Samples();
  readonly programTime = new Samples();
  readonly slowdown = new Samples();
  readonly tokenLatency = new Samples();
  readonly #wait = new Samples();
  readonly #response = new Samples();
  readonly #e2e = new Samples();
  /** Rows that are not in the bags yet: every completed call adds to three of them, and one store after the other is cheapest. */
  readonly #rows = new Float64Array(BUFFER);
  #at = 0;

  /** Served calls: arrival to start of service. */
  get wait(): Samples { this.#settle(); return this.#wait; }
  get response(): Samples { this.#settle(); return this.#response; }
  get e2e(): Samples { this.#settle(); return this.#e2e; }

  /** The times of a call that was served to its end. */
  served(arrivedUs: number, grantedUs: number, scheduledUs: number, nowUs: number): void {
    if (this.#at === BUFFER) this.#settle();
    const rows = this.#rows, at = this.#at;
    this.#at = at + ROW;
    rows[at] = scheduledUs - arrivedUs;
    rows[at + 1] = nowUs - arrivedUs;
    rows[at + 2] = nowUs - grantedUs;
  }

  #settle(): void {
    const rows = this.#rows, end = this.#at;
    this.#at = 0;
    this.#wait.addEach(rows, 0, end, ROW);
    this.#response.addEach(rows, 1, end, ROW);
    this.#e2e.addEach(rows, 2, end, ROW);
  }
}
