// Policies that order calls by one rule, each against a naive twin over random histories: arrivals, pins, progress, lost places, ends, withdrawals.
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { holds, RUNS, steps } from './rig.ts';
import { TWINS } from './twins.ts';

const CASES: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['program-fcfs', {}], ['sjf', {}], ['sjf', { promptWeight: 0.5 }], ['srpt', {}], ['program-srpt', {}],
  ['priority', {}], ['priority', { by: 'weight', ageing: 1.5 }], ['priority', { ageing: 0 }],
  ['gittins', { sizes: 'empirical:1/2/4/4/9', mean: 4 }], ['gittins', { sizes: 'empirical:3/5/6', mean: 5 }],
  ['hrrn', {}], ['hrrn', { age: 'seconds' }], ['hrrn', { predictedOutput: true }],
  ['lpm', {}], ['lpm', { matchLimit: 3, ageing: 2 }],
  ['mlfq', { base: 2, levels: 3, starvation: 0 }], ['mlfq', { quanta: '1/2/inf', starvation: 1 }], ['mlfq', { quanta: '2/5/inf', starvation: 0.5 }], ['mlfq', { quanta: '3', starvation: 0 }],
];

describe('answers and walks of', () => {
  it.each(CASES.map(([name, options]) => [`${name} ${JSON.stringify(options)}`, name, options] as const))('%s are those of its naive twin', (_, name, options) => {
    fc.assert(fc.property(steps, (history) => { holds(name, options, TWINS[name]!, history); }), { numRuns: RUNS });
  });

  it('fcfs are the order of arrival, where nobody loses a place', () => {
    fc.assert(fc.property(steps, (history) => { holds('fcfs', {}, TWINS['fcfs']!, history.filter((step) => step.do !== 'preempt')); }), { numRuns: RUNS });
  });
});
