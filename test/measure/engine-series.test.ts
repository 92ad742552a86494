// Batch engines over time: areas and sums that no width of bins changes, one series however steps are told, windows that end in a step.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineSeries } from '../../sim/measure/engine-series.ts';
import type { EngineCourse, EngineSeriesRecord } from '../../sim/results.ts';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const series = (engines = 1, usableBlocks = 100, windowUs = Infinity): EngineSeries => new EngineSeries({ engines, usableBlocks, windowUs });
/** Mean over the whole run. */
const overall = ({ binS }: EngineCourse, values: readonly number[], endS: number): number => sum(values.map((value, i) => value * Math.min(binS, endS - i * binS))) / endS;

/** Stretches of decode steps at fixed levels, with prompts between. */
const run = fc.array(fc.record({ steps: fc.integer({ min: 1, max: 40 }), stepUs: fc.integer({ min: 1, max: 30_000 }), running: fc.integer({ min: 1, max: 9 }), waiting: fc.integer({ min: 0, max: 3 }), prompt: fc.integer({ min: 0, max: 2 }), grow: fc.integer({ min: 0, max: 3 }), gapUs: fc.constantFrom(0, 0, 0, 7_000) }), { minLength: 1, maxLength: 30 });

describe('the series of batch engines', () => {
  it('keeps sums and areas, however wide its bins have become', () => {
    fc.assert(fc.property(run, (stretches) => {
      const told = series();
      let nowUs = 0, steps = 0, decoded = 0, prefilled = 0, area = 0;
      for (const { steps: n, stepUs, running, waiting, prompt, gapUs } of stretches) {
        nowUs += gapUs;
        for (let i = 0; i < n; i++) {
          const chunk = i === 0 ? prompt * 100 : 0;
          told.steps(0, nowUs, nowUs + stepUs, 1, running, chunk, running, waiting, 50);
          nowUs += stepUs;
          steps++;
          decoded += running;
          prefilled += chunk;
          area += running * stepUs;
        }
      }
      const { all, endS } = told.record(nowUs);
      expect([sum(all.steps), sum(all.decodeTokens), sum(all.prefillTokens)]).toEqual([steps, decoded, prefilled]);
      expect(overall(all, all.running, endS)).toBeCloseTo(area / nowUs, 2);
      expect(Math.ceil(endS / all.binS - 1e-9)).toBeLessThanOrEqual(240);
    }), { numRuns: 60 });
  });

  it('is the same whether steps are told one by one or many at once', () => {
    fc.assert(fc.property(run, fc.integer({ min: 1, max: 7 }), (stretches, most) => {
      const record = (atOnce: number): EngineSeriesRecord => {
        const told = series();
        let nowUs = 0, used = 10;
        for (const { steps: n, stepUs, running, waiting, prompt, grow, gapUs } of stretches) {
          nowUs += gapUs;
          used = 10 + (used % 50);
          told.steps(0, nowUs, nowUs + stepUs, 1, running, 100 * (1 + prompt), running, waiting, used);
          nowUs += stepUs;
          for (let left = n; left > 0;) {
            const k = Math.min(left, atOnce);
            used += grow * k;
            told.steps(0, nowUs, nowUs + k * stepUs, k, k * running, 0, running, waiting, used);
            nowUs += k * stepUs;
            left -= k;
          }
        }
        return told.record(nowUs);
      };
      expect(record(most)).toEqual(record(1));
    }), { numRuns: 60 });
  });

  it('joins bins in pairs when the run outgrows them, and keeps half of them at least', () => {
    const told = series();
    for (let s = 0; s < 3600; s++) told.steps(0, s * 1e6, s * 1e6 + 500_000, 10, 40, 0, 4, 1, 25);
    const { all } = told.record(3600e6);
    expect(all.running.length).toBeGreaterThan(120);
    expect(all.running.length).toBeLessThanOrEqual(240);
    expect(all.busy[3]).toBeCloseTo(0.5, 1);
    expect(all.running[3]).toBeCloseTo(2, 1);
    expect(all.kvUse[3]).toBeCloseTo(0.125, 2);
    expect(all.peak).toEqual({ running: 4, waiting: 1, kvUse: 0.25 });
    expect(sum(all.steps)).toBe(36_000);
  });

  it('adds the engines up, and tells each where there are up to sixteen', () => {
    for (const engines of [3, 17]) {
      const told = series(engines);
      for (let e = 0; e < engines; e++) {
        told.steps(e, 0, 100_000, 1, 1, 512, e + 1, 0, 10 * (e % 3));
        told.admitted(e, 0, 512, 64 * (e % 2));
        if (e === 2) told.preempted(e, 50_000);
      }
      const { all, each } = told.record(100_000);
      expect(each).toHaveLength(engines === 3 ? 3 : 0);
      expect(all.running[0]).toBe(sum(Array.from({ length: engines }, (_, e) => e + 1)));
      expect([sum(all.promptTokens), sum(all.preemptions), sum(all.prefillTokens)]).toEqual([512 * engines, 1, 512 * engines]);
      expect(all.peak).toEqual({ running: engines, waiting: 0, kvUse: 0.2 });
      if (engines === 3) expect(each.map((one) => [one.running[0], sum(one.cachedTokens), sum(one.preemptions)])).toEqual([[1, 0, 0], [2, 64, 0], [3, 0, 1]]);
    }
  });

  it('ends with the window, in the middle of a step', () => {
    const told = series(1, 100, 1_000_000);
    told.steps(0, 900_000, 1_100_000, 1, 0, 2000, 1, 0, 40);
    told.steps(0, 1_100_000, 1_200_000, 1, 0, 2000, 1, 0, 40);
    const { all } = told.record(1_000_000);
    expect(sum(all.prefillTokens)).toBe(1000);
    expect(overall(all, all.busy, 1)).toBeCloseTo(0.1, 9);
  });

  it('is empty where nothing ran', () => {
    const { all, each } = series(2).record(0);
    expect([all.running, all.steps, all.peak, each.length]).toEqual([[], [], { running: 0, waiting: 0, kvUse: 0 }, 2]);
  });
});
