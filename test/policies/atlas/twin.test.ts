// ATLAS against its naive twin over random histories: programs, branches, pins, progress, lost places, ends, withdrawals, silence.
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { holds, options, RUNS, steps } from './rig.ts';

describe('atlas', () => {
  it('orders, answers and demotes as its naive twin, in every mode and unit, with and without promotion', () => {
    fc.assert(fc.property(options, steps, (asked, history) => { holds(asked, history); }), { numRuns: RUNS });
  });
});
