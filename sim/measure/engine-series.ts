// How batch engines fare over time: levels as exact areas, counts as sums, in a fixed number of bins that become wider as the run grows.
import type { EngineObserver } from '../engine/batch/engine-observer.ts';
import type { EngineCourse, EngineSeriesRecord } from '../results.ts';

/** Bins in memory; a run leaves half of them at least, once it is longer than the first width allows. */
const BINS = 240;
const FIRST_WIDTH_US = 1000;
/** Engines that have bins of their own; more are kept together. */
const MOST_ENGINES = 16;
/** Bins that a record holds of a single engine. */
const OWN_BINS = 60;

/** Columns of a bin: time in steps, steps, tokens, areas of levels, tokens of admitted prompts, and how many of them were cached. */
const BUSY = 0, STEPS = 1, DECODE = 2, PREFILL = 3, RUNNING = 4, WAITING = 5, USED = 6, PROMPT = 7, CACHED = 8, PREEMPTED = 9;
const COLUMNS = 10;

/** What is told of an engine and not in the bins yet, by place in its row: from when to when, what was computed, at which levels, and the peaks of all. */
const FROM = 0, TO = 1, N = 2, DECODED = 3, PREFILLED = 4, RUNS = 5, WAITS = 6, USED_FROM = 7, USED_TO = 8, MOST_RUN = 9, MOST_WAIT = 10, MOST_USED = 11;
const ROW = 12;

export interface EngineSeriesOptions {
  readonly engines: number;
  /** Blocks that requests of one engine can have. */
  readonly usableBlocks: number;
  /** End of the window; Infinity: none. What a step does beyond it is not counted. */
  readonly windowUs: number;
}

/**
 * Time O(1) a call, O(bins crossed) where the levels change; memory O(bins) for each of up to 16 engines. Steps without prompts that follow each
 * other at equal levels are one stretch, however they are told, along which tokens and blocks grow evenly: so that an engine that advances
 * many steps at once leaves the same series as one that tells each.
 */
export class EngineSeries implements EngineObserver {
  readonly #options: EngineSeriesOptions;
  /** Engines with bins of their own: all, or one for all together. */
  readonly #groups: number;
  readonly #bins: Float64Array;
  readonly #rows: Float64Array;
  #widthUs = FIRST_WIDTH_US;

  constructor(options: EngineSeriesOptions) {
    this.#options = options;
    this.#groups = options.engines <= MOST_ENGINES ? options.engines : 1;
    this.#bins = new Float64Array(this.#groups * BINS * COLUMNS);
    this.#rows = new Float64Array(options.engines * ROW);
  }

  steps(engine: number, startUs: number, endUs: number, steps: number, decodeTokens: number, prefillTokens: number, running: number, waiting: number, usedBlocks: number): void {
    const row = this.#rows, at = engine * ROW, goesOn = prefillTokens === 0 && startUs === row[at + TO];
    if (goesOn && row[at + PREFILLED] === 0 && running === row[at + RUNS] && waiting === row[at + WAITS]) {
      row[at + TO] = endUs;
      row[at + N] += steps;
      row[at + DECODED] += decodeTokens;
      row[at + USED_TO] = usedBlocks;
      return;
    }
    this.#settle(engine, this.#options.windowUs);
    row[at + FROM] = startUs;
    row[at + TO] = endUs;
    row[at + N] = steps;
    row[at + DECODED] = decodeTokens;
    row[at + PREFILLED] = prefillTokens;
    row[at + RUNS] = running;
    row[at + WAITS] = waiting;
    row[at + USED_FROM] = goesOn ? row[at + USED_TO] : usedBlocks;
    row[at + USED_TO] = usedBlocks;
  }

  admitted(engine: number, nowUs: number, promptTokens: number, cachedTokens: number): void {
    const at = this.#binAt(engine, nowUs);
    this.#bins[at + PROMPT] += promptTokens;
    this.#bins[at + CACHED] += cachedTokens;
  }

  preempted(engine: number, nowUs: number): void {
    const at = this.#binAt(engine, nowUs);
    this.#bins[at + PREEMPTED]++;
  }

  /** The series up to this instant. Ask once. */
  record(endUs: number): EngineSeriesRecord {
    const { engines } = this.#options, peaks = Array.from({ length: engines }, () => ({ running: 0, waiting: 0, kvUse: 0 }));
    this.#reach(endUs);
    for (let engine = 0; engine < engines; engine++) {
      this.#settle(engine, endUs);
      const at = engine * ROW;
      peaks[engine] = { running: this.#rows[at + MOST_RUN], waiting: this.#rows[at + MOST_WAIT], kvUse: short(this.#rows[at + MOST_USED] / this.#options.usableBlocks) };
    }
    const count = Math.max(1, Math.ceil(endUs / this.#widthUs)), own = Math.ceil(count / OWN_BINS);
    const most = (pick: (peak: EngineCourse['peak']) => number): number => Math.max(...peaks.map(pick));
    return {
      endS: endUs / 1e6, engines,
      all: this.#course(Array.from({ length: this.#groups }, (_, g) => g), engines, 1, count, endUs, { running: most((p) => p.running), waiting: most((p) => p.waiting), kvUse: most((p) => p.kvUse) }),
      each: this.#groups < engines || engines === 1 ? [] : peaks.map((peak, g) => this.#course([g], 1, own, Math.ceil(count / own), endUs, peak)),
    };
  }

  #course(groups: readonly number[], engines: number, fold: number, count: number, endUs: number, peak: EngineCourse['peak']): EngineCourse {
    const widthUs = this.#widthUs * fold;
    const sums = (column: number): Float64Array => {
      const out = new Float64Array(count);
      for (const group of groups) for (let bin = 0; bin < count * fold && bin < BINS; bin++) out[Math.floor(bin / fold)] += this.#bins[(group * BINS + bin) * COLUMNS + column];
      return out;
    };
    const lengthUs = (bin: number): number => Math.max(1, Math.min(widthUs, endUs - bin * widthUs));
    const levels = (column: number, whole: number): number[] => unlessNone(Array.from(sums(column), (area, bin) => short(area / lengthUs(bin) / whole)));
    const counts = (column: number): number[] => unlessNone(rounded(sums(column)));
    return {
      binS: widthUs / 1e6, peak,
      busy: levels(BUSY, engines), running: levels(RUNNING, 1), waiting: levels(WAITING, 1), kvUse: levels(USED, engines * this.#options.usableBlocks),
      steps: counts(STEPS), decodeTokens: counts(DECODE), prefillTokens: counts(PREFILL), promptTokens: counts(PROMPT), cachedTokens: counts(CACHED), preemptions: counts(PREEMPTED),
    };
  }

  /** Puts what was told of an engine into the bins, up to this instant. */
  #settle(engine: number, untilUs: number): void {
    const row = this.#rows, at = engine * ROW, from = row[at + FROM], span = row[at + TO] - from, end = Math.min(row[at + TO], untilUs);
    if (span > 0 && end > from) this.#spread(engine, at, from, end, span);
    row[at + N] = 0;
    row[at + FROM] = row[at + TO];
  }

  #spread(engine: number, at: number, from: number, end: number, span: number): void {
    const row = this.#rows, bins = this.#bins, usedFrom = row[at + USED_FROM], usedBy = row[at + USED_TO] - usedFrom;
    this.#reach(end);
    const widthUs = this.#widthUs;
    for (let fromUs = from; fromUs < end;) {
      const bin = Math.floor(fromUs / widthUs), toUs = Math.min(end, (bin + 1) * widthUs), us = toUs - fromUs, part = us / span;
      const to = (this.#group(engine) * BINS + bin) * COLUMNS;
      bins[to + BUSY] += us;
      bins[to + STEPS] += row[at + N] * part;
      bins[to + DECODE] += row[at + DECODED] * part;
      bins[to + PREFILL] += row[at + PREFILLED] * part;
      bins[to + RUNNING] += row[at + RUNS] * us;
      bins[to + WAITING] += row[at + WAITS] * us;
      bins[to + USED] += (usedFrom + usedBy * ((fromUs + toUs) / 2 - from) / span) * us;
      fromUs = toUs;
    }
    if (row[at + RUNS] > row[at + MOST_RUN]) row[at + MOST_RUN] = row[at + RUNS];
    if (row[at + WAITS] > row[at + MOST_WAIT]) row[at + MOST_WAIT] = row[at + WAITS];
    const used = Math.max(usedFrom, row[at + USED_TO]);
    if (used > row[at + MOST_USED]) row[at + MOST_USED] = used;
  }

  #group(engine: number): number { return this.#groups === 1 ? 0 : engine; }

  #binAt(engine: number, nowUs: number): number {
    this.#reach(nowUs);
    return (this.#group(engine) * BINS + Math.floor(nowUs / this.#widthUs)) * COLUMNS;
  }

  /** Doubles the width until the instant lies in a bin: sums and areas stay exact, because bins join whole. */
  #reach(us: number): void {
    while (us >= this.#widthUs * BINS) {
      this.#widthUs *= 2;
      for (let group = 0; group < this.#groups; group++) {
        const bins = this.#bins.subarray(group * BINS * COLUMNS, (group + 1) * BINS * COLUMNS);
        for (let bin = 0; bin < BINS / 2; bin++)
          for (let column = 0; column < COLUMNS; column++) bins[bin * COLUMNS + column] = bins[2 * bin * COLUMNS + column] + bins[(2 * bin + 1) * COLUMNS + column];
        bins.fill(0, BINS / 2 * COLUMNS);
      }
    }
  }
}

const short = (value: number): number => Number(value.toPrecision(4));
const unlessNone = (values: number[]): number[] => (values.every((value) => value === 0) ? [] : values);

/** Whole numbers with the same sum, up to its own rounding: a step on the edge of two bins counts in one of them. */
function rounded(values: Float64Array): number[] {
  let sum = 0, told = 0;
  return Array.from(values, (value) => {
    sum += value;
    const one = Math.round(sum) - told;
    told += one;
    return one;
  });
}
