// The load function by itself: what it lies between, what leaves it unmoved, and whom it serves at its ends.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScore } from '../../src/loco/rule.ts';
import { LocoState } from '../../src/loco/state.ts';

const RUNS = { numRuns: Number(process.env['SCHEDLAB_RUNS'] ?? 1000) };
const agents = fc.array(fc.record({ backlog: fc.integer({ min: 0, max: 40 }), age: fc.nat(30) }), { minLength: 1, maxLength: 12 });
const alpha = fc.double({ min: 0, max: 1, noNaN: true });
const most = (values: readonly number[]): number => Math.max(0, ...values);

function scores(list: readonly { readonly backlog: number; readonly age: number }[], weight: number): number[] {
  const maxBacklog = most(list.map(({ backlog }) => backlog)), maxAge = most(list.map(({ age }) => age));
  return list.map(({ backlog, age }) => loadScore(weight, backlog, maxBacklog, age, maxAge));
}

/** The one whom the state serves: agents with one task each, of a weight and an age. */
function chosen(list: readonly { readonly backlog: number; readonly age: number }[], weight: number): { readonly backlog: number; readonly age: number } {
  const state = new LocoState();
  state.reserve(list.length);
  state.now = 100;
  list.forEach(({ backlog, age }, i) => { state.enqueue(i, i, backlog, age); state.wait(i, i); });
  return list[state.choose(weight, null, null)]!;
}

describe('the load score', () => {
  it('lies between 0 and 1, and is 1 for an agent that is alone or first in both', () => {
    fc.assert(fc.property(agents, alpha, (list, weight) => {
      for (const score of scores(list, weight)) { expect(score).toBeGreaterThanOrEqual(0); expect(score).toBeLessThanOrEqual(1); }
      const top = { backlog: 1 + most(list.map(({ backlog }) => backlog)), age: 1 + most(list.map(({ age }) => age)) };
      expect(scores([...list, top], weight).at(-1)).toBeCloseTo(1, 12);
      expect(scores([top], weight)[0]).toBeCloseTo(1, 12);
    }), RUNS);
  });

  it('is a number where nobody has a backlog, or nobody has waited', () => {
    fc.assert(fc.property(agents, alpha, (list, weight) => {
      expect(scores(list.map(({ age }) => ({ backlog: 0, age })), weight).every((score) => score >= 0 && score <= 1)).toBe(true);
      expect(scores(list.map(({ backlog }) => ({ backlog, age: 0 })), weight).every((score) => score >= 0 && score <= 1)).toBe(true);
      expect(scores(list.map(() => ({ backlog: 0, age: 0 })), weight)).toEqual(list.map(() => 0));
    }), RUNS);
  });

  it('does not change where all backlogs, or all waits, are larger by one factor', () => {
    fc.assert(fc.property(agents, alpha, fc.constantFrom(2, 8, 1024), (list, weight, factor) => {
      expect(scores(list.map(({ backlog, age }) => ({ backlog: factor * backlog, age })), weight)).toEqual(scores(list, weight));
      expect(scores(list.map(({ backlog, age }) => ({ backlog, age: factor * age })), weight)).toEqual(scores(list, weight));
    }), RUNS);
  });

  it('serves who waits longest at alpha 0, and the deepest queue at alpha 1', () => {
    fc.assert(fc.property(agents, (list) => {
      expect(chosen(list, 0).age).toBe(most(list.map(({ age }) => age)));
      expect(chosen(list, 1).backlog).toBe(most(list.map(({ backlog }) => backlog)));
    }), RUNS);
  });
});
