// Numbers as a reader sees them.
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { count, decimalsFor, fixed, list, noneOf, percent, plain, plusMinus, signed, spell } from '../../reports/numbers.ts';
import { durationUnit, roundTime, showDifference, showEstimate, showSize, showValue } from '../../reports/units.ts';
import { ask } from '../../reports/asked.ts';
import { estimate, stepAt, t975 } from '../../reports/bands.ts';
import { columnDecimals, differenceDecimals, estimateColumn, signedColumn } from '../../reports/table.ts';
import { plainText } from './craft.ts';

describe('a plain number', () => {
  it.each([[0, '0'], [0.7224, '0.722'], [12.34, '12.3'], [149.4, '149'], [1234567, '1\u202f234\u202f567'], [0.00012345, '0.000123'], [0.9996, '1.00'], [-0.5, '\u22120.500'], [-3, '\u22123']])('%d is %s', (x, text) => expect(plain(x)).toBe(text));
  it('never shows a sign on a rounded zero', () => expect(fixed(-0.0001, 2)).toBe('0.00'));
  it('says infinity and missing numbers in words that a reader knows', () => { expect(fixed(Infinity, 1)).toBe('∞'); expect(fixed(-Infinity, 1)).toBe('\u2212∞'); expect(fixed(NaN, 1)).toBe('no value'); });
  it('keeps three significant digits of any size', () => fc.assert(fc.property(fc.double({ min: 1e-6, max: 999, noNaN: true }), (x) => {
    const back = Number(plain(x).replace(/\u202f/g, ''));
    expect(Math.abs(back - x)).toBeLessThanOrEqual(x * 0.0051);
  })));
  it('never breaks in a line', () => fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 8 }), (x, d) => { expect(fixed(x, d)).not.toMatch(/[ \n]/); })));
  it('gives differences a sign, and zero none', () => { expect(signed(4.1)).toBe('+4.10'); expect(signed(-0.13, 3)).toBe('\u22120.130'); expect(signed(0)).toBe('0'); });
  it('needs no decimals from 100 upwards', () => expect(decimalsFor(123.4)).toBe(0));
});

describe('a mean with its half-width', () => {
  it.each([[0.7224, 0.0078, '0.722 ± 0.008'], [149.2, 2.04, '149 ± 2'], [0.75, 0.402, '0.75 ± 0.40'], [3.4, 0.67, '3.40 ± 0.67'], [148, 0.04, '148.00 ± 0.04'], [0, 0.02, '0.000 ± 0.020']])('%d and %d give %s', (mean, half, text) => expect(plainText(plusMinus(mean, half))).toBe(text));
  it('is a plain number without variance, and without an interval', () => { expect(plusMinus(5, 0)).toBe('5'); expect(plusMinus(0.25, null)).toBe('0.250'); });
  it('takes rounding error for no variance', () => expect(plusMinus(0.175, 1e-17)).toBe('0.175'));
  it('does not break', () => expect(plusMinus(1.5, 0.2)).not.toContain(' '));
});

describe('shares and counts', () => {
  it.each([[0, '0 %'], [0.05, '5 %'], [0.599, '60 %'], [0.003, '0.3 %'], [0.00654, '0.65 %'], [1, '100 %'], [0.9999, '> 99 %'], [0.139, '14 %']])('%d is %s', (x, text) => expect(plainText(percent(x))).toBe(text));
  it('bounds a probability by the runs that had none', () => expect(percent(noneOf(20))).toBe('14\u00a0%'));
  it('counts in singular and plural', () => { expect(count(1, 'cell')).toBe('1\u00a0cell'); expect(plainText(count(25147, 'call'))).toBe('25 147 calls'); });
  it('lists with and', () => { expect(list([])).toBe(''); expect(list(['a'])).toBe('a'); expect(list(['a', 'b'])).toBe('a and b'); expect(list(['a', 'b', 'c'])).toBe('a, b and c'); });
  it('spells small counts', () => { expect(spell(5)).toBe('five'); expect(spell(11)).toBe('11'); });
});

describe('units', () => {
  it.each([[5e-7, 'µs'], [0.0123, 'ms'], [0.9996, 's'], [12, 's'], [999, 's'], [1000, 'min'], [70000, 'h'], [0, 's']])('%d s is shown in %s', (s, word) => expect(durationUnit(s).word).toBe(word));
  it('keeps a duration between 1 and 1000', () => fc.assert(fc.property(fc.double({ min: 1e-6, max: 3e6, noNaN: true }), (s) => { const shown = s * durationUnit(s).factor; expect(shown).toBeGreaterThan(0.99); expect(shown).toBeLessThan(1000); })));
  it('shows a metric in its own unit', () => {
    expect(plainText(showValue(ask('wait.p95')!, 0.0124))).toBe('12.4 ms');
    expect(plainText(showValue(ask('wait_ticks.p95')!, 282))).toBe('282 ticks');
    expect(plainText(showValue(ask('served_share')!, 0.4))).toBe('40 %');
    expect(showValue(ask('jain.completed')!, 0.7224)).toBe('0.722');
    expect(plainText(showValue(ask('tpot.mean')!, 0.02))).toBe('20 ms/token');
  });
  it('says that a metric without population has no value', () => expect(showEstimate(ask('ttft.mean')!, { mean: null, low: null, high: null, n: 0 })).toBe('no value'));
  it('shows a difference with its interval, in points where values are percentages', () => {
    expect(plainText(showDifference(ask('jain.completed')!, 0.0754, 0.068, 0.0828))).toBe('+0.075 (0.068 to 0.083)');
    expect(plainText(showDifference(ask('jain.completed')!, -0.13, -0.138, -0.122))).toBe('−0.130 (−0.138 to −0.122)');
    expect(plainText(showDifference(ask('served_share')!, 0.118, 0.111, 0.125))).toBe('+11.8 points (11.1 to 12.5)');
    expect(showDifference(ask('starved')!, null, null, null)).toBe('no value');
    expect(showDifference(ask('starved')!, 0, 0, 0)).toBe('0');
  });
  it('shows the size of a difference without its sign', () => expect(plainText(showSize(ask('wait.p95')!, -42.1, -43.2, -41))).toBe('42 s (41 to 43)'));
  it('shows round times in the unit in which they are round', () => { expect(plainText(roundTime(2400))).toBe('40 min'); expect(plainText(roundTime(1000))).toBe('1 000 s'); expect(plainText(roundTime(0.4))).toBe('400 ms'); });
});

describe('intervals of the report’s own', () => {
  it('knows Student’s quantile', () => { expect(t975(1)).toBe(12.706); expect(t975(19)).toBe(2.093); expect(t975(60)).toBeCloseTo(2.0003, 3); expect(t975(1000)).toBeCloseTo(1.9623, 3); });
  it('gives no interval for one value and nothing for none', () => { expect(estimate([3])).toMatchObject({ mean: 3, low: null, n: 1 }); expect(estimate([])).toMatchObject({ mean: null, n: 0 }); });
  it('reads a step curve at, before and past its knots', () => { expect(stepAt([1, 2], [0.5, 0.25], 0.5, 1)).toBe(1); expect(stepAt([1, 2], [0.5, 0.25], 1, 1)).toBe(0.5); expect(stepAt([1, 2], [0.5, 0.25], 9, 1)).toBe(0.25); });
});

describe('a column of a table', () => {
  it('has one number of decimals', () => { expect(estimateColumn([0, 0.75, 3.4], [null, 0.4, 0.67]).map(plainText)).toEqual(['0.00', '0.75 ± 0.40', '3.40 ± 0.67']); expect(columnDecimals([1, 2, 3])).toBe(0); });
  it('shows what is missing in words', () => expect(estimateColumn([null, 2], [null, null])).toEqual(['no value', '2']));
});

describe('nearly all', () => {
  it('does not break between its sign and its number', () => expect(percent(0.9999)).toBe('>\u00a099\u00a0%'));
});

describe('a column of differences', () => {
  it('has one number of decimals, and more in a row whose value it would show as zero', () => expect(signedColumn([-120, -115, 0.032], [12, 11, 0.05])).toEqual(['\u2212120', '\u2212115', '+0.032']));
  it('counts an interval that would show as a point', () => expect(differenceDecimals([-120, -115, 1.2], [12, 11, 0.04])).toEqual([0, 0, 2]));
  it('keeps its decimals for rounding error and for zero', () => expect(differenceDecimals([-120, -115, 1e-14, 0], [12, 11, 1e-14, 0])).toEqual([0, 0, 0, 0]));
});
