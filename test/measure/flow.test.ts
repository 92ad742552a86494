// Areas over time, exact; and the thinned course of a run.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Course, Flow } from '../../sim/measure/flow.ts';

describe('a flow', () => {
  it('is the area under its level, whatever the steps', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: -3, max: 3 }))), fc.nat(1000), (steps, restUs) => {
      const flow = new Flow();
      let nowUs = 0, level = 0, area = 0;
      for (const [dtUs, by] of steps) { nowUs += dtUs; area += level * dtUs; level += by; flow.change(by, nowUs); }
      expect([flow.level, flow.areaAt(nowUs + restUs), flow.lastUs]).toEqual([level, area + level * restUs, nowUs]);
    }));
  });
});

describe('a course', () => {
  const filled = (points: number, level: (us: number) => number): Course => {
    const course = new Course(), flow = new Flow();
    for (let i = 0; i < points; i++) { flow.change(level(i * 10) - flow.level, i * 10); if (course.due()) course.keep(i * 10, flow.areaAt(i * 10), level(i * 10), i); }
    return course;
  };

  it.each([1, 63, 64, 127, 128, 129, 1000, 100_000])('of %s points keeps at most 128, evenly spaced, the first among them', (points) => {
    const { atUs, area, waiting, oldestUs } = filled(points, () => 3);
    expect(atUs.length).toBeLessThanOrEqual(128);
    expect(atUs.length).toBeGreaterThanOrEqual(Math.min(points, 64));
    expect([area.length, waiting.length, oldestUs.length]).toEqual([atUs.length, atUs.length, atUs.length]);
    const gaps = new Set(atUs.slice(1).map((us, i) => us - atUs[i]!));
    expect([atUs[0], gaps.size <= 1]).toEqual([0, true]);
  });

  it('gives the mean level between two instants', () => {
    const course = filled(1000, (us) => (us < 5000 ? 2 : 6));
    expect(course.meanBetween(1000, 4000)).toBeCloseTo(2, 9);
    expect(course.meanBetween(6000, 9000)).toBeCloseTo(6, 9);
    expect(course.meanBetween(4000, 6000)).toBeCloseTo(4, 1);
    expect(course.meanBetween(5, 5)).toBe(0);
    expect(new Course().meanBetween(0, 10)).toBe(0);
  });
});
