// VALUES: what lists, ranges and words mean, and what is refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_VALUES, isNumber, parseValues } from '../../src/cli/grammar.ts';
import { SchedlabError } from '../../src/errors.ts';

const values = (text: string): readonly string[] => parseValues('alpha', text).values;
const refusal = (text: string): SchedlabError => {
  try { parseValues('alpha', text); } catch (error) { if (error instanceof SchedlabError) return error; }
  throw new Error(`${text} was accepted`);
};

describe('VALUES', () => {
  it('reads one word as one value', () => { expect(values('loco')).toEqual(['loco']); });
  it('reads a list in its order', () => { expect(values('0.5,0,0.25')).toEqual(['0.5', '0', '0.25']); });
  it('includes the stop of a range', () => { expect(values('0:0.5:0.05')).toEqual(['0', '0.05', '0.1', '0.15', '0.2', '0.25', '0.3', '0.35', '0.4', '0.45', '0.5']); });
  it('counts down with a negative step', () => { expect(values('1:0:-0.5')).toEqual(['1', '0.5', '0']); });
  it('keeps the decimals of the start', () => { expect(values('0.05:0.25:0.1')).toEqual(['0.05', '0.15', '0.25']); });
  it('reads steps with exponents', () => { expect(values('0:3e-3:1e-3')).toEqual(['0', '0.001', '0.002', '0.003']); });
  it('spaces values evenly', () => { expect(values('lin:0:1:11')).toEqual(['0', '0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7', '0.8', '0.9', '1']); });
  it('spaces values by a factor', () => { expect(values('log:1:64:7')).toEqual(['1', '2', '4', '8', '16', '32', '64']); });
  it('joins ranges and values in one list', () => { expect(values('0,0.5:0.7:0.1,1')).toEqual(['0', '0.5', '0.6', '0.7', '1']); });

  it.each(['slots:8', 'vllm:FILE', 'vllm:./a.json', 'hash:10', 'hyperexponential:cv2=10', 'pareto:shape=1.5:ratio=10000', 'field:user:id', 'epp:1', '0x10', 'on', '../shared/data/trace.jsonl'])('takes %s for a word', (text) => { expect(values(text)).toEqual([text]); });

  it('says where a range ends that its step does not fit', () => {
    const { values: found, notes } = parseValues('alpha', '0:1:0.3');
    expect(found).toEqual(['0', '0.3', '0.6', '0.9']);
    expect(notes).toEqual(['alpha=0:1:0.3 ends at 0.9: no step reaches 1']);
  });

  it.each([
    ['0:1', 'three parts'], ['0:1:2:3', 'three parts'], ['0:1:0', 'the step is 0'], ['0:1:-0.1', 'never leads'], ['1:0:0.1', 'never leads'],
    ['lin:0:1', 'two numbers and a count'], ['lin:a:1:3', 'two numbers and a count'], ['lin:0:1:1', 'two values or more'], ['lin:1:1:3', 'the same'],
    ['log:0:1:3', 'above 0'], ['log:-1:1:3', 'above 0'], ['0,,1', 'empty value'], ['0,', 'empty value'], [',', 'empty value'], ['0,0', 'twice'], ['0,0:1:0.5', 'twice'],
    ['0:1:1e-9', '1000000001 values'], ['0:1e300:1e-300', 'far too many'], ['lin:0:1:10001', '10001 values'],
  ])('refuses %s', (text, why) => {
    const error = refusal(text);
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(why);
    expect(error.message).toMatch(/\. [A-Z]/);
  });
});

describe('VALUES, for all', () => {
  it('a stepped range is what its list says', () => {
    fc.assert(fc.property(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 4 }), (start, step, count, places) => {
      const scale = 10 ** places, show = (n: number): string => (n / scale).toFixed(places);
      const found = values(`${show(start)}:${show(start + step * count)}:${show(step)}`);
      expect(found).toEqual(Array.from({ length: count + 1 }, (_, i) => String(Number(show(start + step * i)) + 0)));
    }), { numRuns: 500 });
  });
  it('reading a list again changes nothing', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}(:[0-9]{1,3})?$/), { minLength: 1, maxLength: 12 }), (words) => {
      fc.pre(!words.some((word) => /^(lin|log)(:|$)/.test(word)));
      expect(values(words.join(','))).toEqual(words);
    }), { numRuns: 500 });
  });
  it('any text is read or refused with a code', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-0-9.e:,linog+]{0,24}$/)), (text) => {
      try {
        const { values: found } = parseValues('k', text);
        expect(found.length).toBeGreaterThan(0);
        expect(found.length).toBeLessThanOrEqual(MAX_VALUES);
        if (text.includes(':') && !/[a-z]/i.test(text)) for (const value of found) expect(isNumber(value) || text.split(',').includes(value)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(SchedlabError);
        expect((error as SchedlabError).exitCode).toBe(2);
      }
    }), { numRuns: 5000 });
  });
});
