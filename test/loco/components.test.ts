// The parts around the scheduler, by themselves.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Budget, CostAverage, jainIndex } from '../../src/loco/index.ts';

describe('Jain index', () => {
  test('drops zeros: it is about those who were served', () => { expect(jainIndex([0, 4, 4, 0])).toBe(1); });
  test('is 1 over nothing', () => { expect([jainIndex([]), jainIndex([0, -1])]).toEqual([1, 1]); });
  test('lies between 1/n and 1, and does not depend on the unit', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 }), (values) => {
      const index = jainIndex(values);
      expect(index).toBeGreaterThanOrEqual(1 / values.length - 1e-12);
      expect(index).toBeLessThanOrEqual(1 + 1e-12);
      expect(jainIndex(values.map((v) => v * 1024))).toBeCloseTo(index, 12);
    }));
  });
  test('does not overflow', () => { expect(jainIndex([1e300, 1e300])).toBe(1); });
});

describe('cost average', () => {
  test('takes the first observation as it is, then mixes 0.3 of the new in', () => {
    const average = new CostAverage();
    expect([average.observe('a', 100), average.observe('a', 200), average.of('a'), average.of('b')]).toEqual([100, 130, 130, undefined]);
  });
  test.each([-1, NaN, Infinity])('refuses %d tokens and keeps its mean', (tokens) => {
    const average = new CostAverage();
    average.observe('a', 7);
    expect(() => average.observe('a', tokens)).toThrow(expect.objectContaining({ code: 'ERR_OPTION_RANGE' }));
    expect(average.of('a')).toBe(7);
  });
});

describe('budget', () => {
  test('exactly the limit is within it', () => {
    const budget = new Budget({ limit: 5 });
    expect([budget.check('a', 5).outcome, budget.check('a', 5.000001).outcome, budget.alerts]).toEqual(['ok', 'rejected', 1]);
  });

  test('counts alerts for each check past the limit, in every mode', () => {
    for (const mode of ['reject', 'alert', 'downgrade'] as const) {
      const budget = new Budget({ limit: 1, mode });
      budget.check('a', 2);
      budget.check('a', 2);
      expect(budget.alerts).toBe(2);
    }
  });

  test('an own limit goes before the default, and removing it brings the default back', () => {
    const budget = new Budget({ limit: 5, limits: { a: 1 } });
    expect([budget.limit('a'), budget.limit('b')]).toEqual([1, 5]);
    budget.removeLimit('a');
    expect(budget.limit('a')).toBe(5);
  });

  test('in reject mode spent and reserved never pass the limit, whatever the order of grants and ends', () => {
    fc.assert(fc.property(fc.array(fc.record({ end: fc.boolean(), cost: fc.integer({ min: 0, max: 4 }) }), { maxLength: 60 }), (steps) => {
      const budget = new Budget({ limit: 10 }), open: number[] = [];
      for (const { end, cost } of steps) {
        if (end && open.length > 0) budget.settle('a', open.pop()!);
        else if (budget.reserve('a', cost).outcome === 'ok') open.push(cost);
        expect(budget.spent('a') + budget.reserved('a')).toBeLessThanOrEqual(10);
        expect(budget.reserved('a')).toBe(open.reduce((x, y) => x + y, 0));
      }
    }));
  });

  test('settling what was never reserved is a broken invariant', () => {
    expect(() => { new Budget().settle('a', 1); }).toThrow(expect.objectContaining({ code: 'ERR_INVARIANT' }));
  });
});
