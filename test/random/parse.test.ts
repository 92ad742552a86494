// Distributions by name: what is accepted, and what an error says.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DISTRIBUTION_EXAMPLES, parseDistribution } from '../../sim/random/parse.ts';
import { SchedlabError } from '../../src/errors.ts';

function message(text: string, mean = 1): string {
  try { parseDistribution(text, mean); } catch (error) {
    if (error instanceof SchedlabError && error.code === 'ERR_OPTION_RANGE') return error.message;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe('parseDistribution', () => {
  it.each(['exponential', 'deterministic', 'hyperexponential:cv2=10', 'pareto:shape=1.5:ratio=10000', 'gamma:cv2=2', 'lognormal:cv2=2', 'uniform'])('reads %s, scales it to the mean, and gives the same text as its name', (text) => {
    const distribution = parseDistribution(text, 250);
    expect(distribution.mean).toBe(250);
    expect(distribution.name).toBe(text);
  });

  it('takes options in any order and numbers with exponents', () => {
    expect(parseDistribution('pareto:ratio=1e4:shape=1.5', 1).name).toBe('pareto:shape=1.5:ratio=10000');
  });

  it('lists what is valid for an unknown name', () => {
    const text = message('exponental');
    for (const example of DISTRIBUTION_EXAMPLES) expect(text).toContain(example);
  });

  it('accepts all the examples that it lists', () => {
    for (const example of DISTRIBUTION_EXAMPLES) expect(parseDistribution(example, 1).name).toBe(example);
  });

  it.each([
    ['hyperexponential', 'needs cv2'], ['pareto:shape=1.5', 'needs ratio'], ['gamma:cv=2', 'unknown option "cv": gamma takes cv2'], ['exponential:cv2=2', 'exponential takes none'],
    ['gamma:cv2=two', 'needs a number for cv2'], ['gamma:cv2', 'needs a number for cv2'], ['gamma:cv2=', 'needs a number for cv2'], ['gamma:cv2=1:cv2=2', 'gives cv2 twice'],
    ['hyperexponential:cv2=0.5', 'a number from 1'], ['pareto:shape=0:ratio=10', 'pareto shape accepts a number from 0.01 to 100, received 0'], ['', 'unknown name'], ['gamma:', 'unknown option ""'], ['toString', 'unknown name'], ['gamma:cv2=1e999', 'out of range'],
  ])('says of %j that it %s', (text, what) => {
    expect(message(text)).toContain(what);
  });

  it('gives a coded error or a distribution for any text', () => {
    const part = fc.constantFrom('gamma', 'pareto', 'uniform', ':', '=', 'cv2', 'shape', 'ratio', '1', '-1', '1e9', '.', 'NaN', '');
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''))), (text) => {
      try {
        expect(parseDistribution(text, 1).sample({ next: () => 0.5 })).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(error).toBeInstanceOf(SchedlabError);
        expect((error as SchedlabError).code).toBe('ERR_OPTION_RANGE');
      }
    }), { numRuns: 2000 });
  });
});
