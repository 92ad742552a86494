// The samples and counts of one class of calls. Times in µs, ratios plain.
import { STARVED_RATIO } from '../../src/observe/metrics.ts';
import { PathSums } from './path-parts.ts';
import { Samples } from './samples.ts';

/** Numbers of a row of the buffer: wait, response, and time in its place of one completed call. */
const ROW = 3;
const BUFFER = 256 * ROW;

export class ClassSamples {
  arrived = 0; completed = 0; rejected = 0; failed = 0; cancelled = 0; preemptions = 0;
  promptTokens = 0; cachedTokens = 0; outputTokens = 0;
  /** Calls that were not served while they were watched: arrival to the end of the window, or to the moment when they were withdrawn. */
  readonly unserved = new Samples();
  /** Waits of calls whose service began and was cut short, by the end of the window or otherwise: part of `wait`. */
  readonly cutWait = new Samples();
  /** Programs that lost a call, or gave up; and, once the window has ended, how long those still open have taken until then. */
  programsLost = 0;
  readonly openProgram = new Samples();
  /** Programs whose client died; attempts of their calls that were lost; output tokens that served nobody, and those of them that calls had produced which did not end well. */
  programsAbandoned = 0; attemptsLost = 0; wastedTokens = 0; cutTokens = 0;
  /** Of completed programs of several calls. */
  readonly path = new PathSums();
  readonly ttft = new Samples();
  readonly tpot = new Samples();
  readonly programTime = new Samples();
  readonly slowdown = new Samples();
  readonly tokenLatency = new Samples();
  /** Completed calls that waited at least so many times as long as their service took. */
  #longWaits = 0;
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

  /**
   * Share of the calls that waited at least STARVED_RATIO times as long as their service took. What was not served to its end has no such time:
   * it is held against the mean of those that were. Null where there is no call.
   */
  starvedByRatio(): { readonly calls: number; readonly starved: number } {
    this.#settle();
    const meanUs = this.completed === 0 ? 0 : (this.#response.sum - (this.#wait.sum - this.cutWait.sum)) / this.completed, leastUs = Math.max(STARVED_RATIO * meanUs, Number.MIN_VALUE);
    return { calls: this.#wait.count + this.unserved.count, starved: this.#longWaits + this.cutWait.countFrom(leastUs) + this.unserved.countFrom(leastUs) };
  }

  /** The call's service began after this wait, and did not end well. */
  cutShort(waitUs: number): void {
    this.wait.add(waitUs);
    this.cutWait.add(waitUs);
  }

  #settle(): void {
    const rows = this.#rows, end = this.#at;
    this.#at = 0;
    for (let i = 0; i < end; i += ROW) if (rows[i] > 0 && rows[i] >= STARVED_RATIO * (rows[i + 1] - rows[i])) this.#longWaits++;
    this.#wait.addEach(rows, 0, end, ROW);
    this.#response.addEach(rows, 1, end, ROW);
    this.#e2e.addEach(rows, 2, end, ROW);
  }
}
