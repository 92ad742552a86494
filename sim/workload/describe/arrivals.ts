// Arrivals of a trace: rates, gaps, and how much the number of calls in a window varies. Rows may be out of order by a million.
import { SchedlabError } from '../../../src/errors.ts';
import type { ArrivalFacts, Dispersion } from '../../trace-results.ts';
import { timestampText } from '../traces/timestamp.ts';
import { Correlation, SpreadBuilder, type Weighted } from './spread.ts';

/** Arrivals held back until their order is sure; 16 MiB with their lines. */
const HELD_MAX = 1 << 20;
/** Windows in which calls are counted, in µs, each a multiple of the one before; the first ones are given up where a trace is long. */
const WINDOWS_US = [1e5, 1e6, 1e7, 6e7, 6e8, 3.6e9, 8.64e10];
/** Counters of the finest window that are kept. */
const COUNTERS_MAX = 1 << 22;
/** Fewer windows than this say nothing of their variance. */
const WINDOWS_LEAST = 10;
const BINS = 120;
const US_PER_S = 1e6;

export class ArrivalBuilder {
  readonly #path: string;
  readonly #held = new Float64Array(HELD_MAX);
  readonly #gaps = new SpreadBuilder(US_PER_S);
  readonly #successive = new Correlation();
  #heldCount = 0;
  #counters: Float64Array = new Float64Array(1024);
  /** Index into WINDOWS_US of the finest window that is counted. */
  #finest = 0;
  #calls = 0;
  #firstUs = 0;
  #lastUs = -Infinity;
  #lastGap = -1;
  #instants = 0;

  constructor(path: string) { this.#path = path; }

  /** Arrival in whole µs from any origin. Throws ERR_TRACE_ROW where it comes too late to be put in order. */
  add(atUs: number, line: number): void {
    if (atUs < this.#lastUs) throw new SchedlabError('ERR_TRACE_ROW', `the row arrives before calls that stand more than ${HELD_MAX / 2} rows before it (${this.#path}:${line}:1). Sort the file by time.`, { path: this.#path, line });
    if (this.#heldCount === HELD_MAX) this.#release(HELD_MAX / 2);
    this.#held[this.#heldCount++] = atUs;
  }

  /** Takes the earliest of those that are held, in order. */
  #release(count: number): void {
    const held = this.#held.subarray(0, this.#heldCount).sort();
    for (let i = 0; i < count; i++) this.#take(held[i]);
    this.#held.copyWithin(0, count, this.#heldCount);
    this.#heldCount -= count;
  }

  #take(atUs: number): void {
    if (this.#calls++ === 0) { this.#firstUs = atUs; this.#instants = 1; } else {
      const gap = atUs - this.#lastUs;
      this.#gaps.add(gap);
      if (gap > 0) this.#instants++;
      if (this.#lastGap >= 0) this.#successive.add(this.#lastGap, gap);
      this.#lastGap = gap;
    }
    this.#lastUs = atUs;
    let at = Math.floor((atUs - this.#firstUs) / WINDOWS_US[this.#finest]);
    while (at >= COUNTERS_MAX && this.#finest < WINDOWS_US.length - 1) at = this.#coarser(atUs);
    if (at >= this.#counters.length) { const wide = new Float64Array(Math.max(this.#counters.length * 2, at + 1)); wide.set(this.#counters); this.#counters = wide; }
    this.#counters[at]++;
  }

  #coarser(atUs: number): number {
    const ratio = WINDOWS_US[this.#finest + 1] / WINDOWS_US[this.#finest], sums = new Float64Array(Math.ceil(this.#counters.length / ratio));
    this.#counters.forEach((count, i) => { sums[Math.floor(i / ratio)] += count; });
    this.#counters = sums;
    this.#finest++;
    return Math.floor((atUs - this.#firstUs) / WINDOWS_US[this.#finest]);
  }

  /** Gaps in seconds, for fitting. */
  gaps(): Weighted { return this.#gaps.weighted(); }

  /** `startUs`: calendar time of the origin, where it is known. */
  facts(startUs: number | undefined): ArrivalFacts {
    this.#release(this.#heldCount);
    const spanUs = this.#calls === 0 ? 0 : this.#lastUs - this.#firstUs;
    return {
      calls: this.#calls, spanS: spanUs / US_PER_S, start: startUs === undefined || this.#calls === 0 ? null : timestampText(startUs + this.#firstUs),
      rate: spanUs > 0 ? (this.#calls - 1) / (spanUs / US_PER_S) : null, gaps: this.#gaps.spread(), gapCorrelation: this.#successive.value(), instants: this.#instants,
      dispersion: this.#dispersion(spanUs), overTime: this.#overTime(spanUs),
    };
  }

  #dispersion(spanUs: number): Dispersion[] {
    return WINDOWS_US.slice(this.#finest).flatMap((windowUs) => {
      // The last window is cut by the end of the trace: whole ones alone are counted.
      const windows = Math.floor(spanUs / windowUs), ratio = windowUs / WINDOWS_US[this.#finest];
      if (windows < WINDOWS_LEAST) return [];
      const counts = new Float64Array(windows);
      for (let i = 0; i < windows * ratio && i < this.#counters.length; i++) counts[Math.floor(i / ratio)] += this.#counters[i];
      const mean = counts.reduce((sum, count) => sum + count, 0) / windows;
      const squares = counts.reduce((sum, count) => sum + (count - mean) * (count - mean), 0);
      return mean === 0 ? [] : [{ windowS: windowUs / US_PER_S, windows, index: squares / (windows - 1) / mean, most: counts.reduce((most, count) => Math.max(most, count), 0) }];
    });
  }

  #overTime(spanUs: number): ArrivalFacts['overTime'] {
    const baseUs = WINDOWS_US[this.#finest], base = Math.floor(spanUs / baseUs) + 1, group = Math.max(1, Math.ceil(base / BINS)), binS = (group * baseUs) / US_PER_S;
    const whole = Math.floor(base / group), rate = new Array<number>(Math.max(1, whole)).fill(0);
    for (let i = 0; i < base && i < this.#counters.length; i++) if (Math.floor(i / group) < rate.length) rate[Math.floor(i / group)] += this.#counters[i] / binS;
    return { binS, rate: this.#calls === 0 ? [] : rate };
  }
}
