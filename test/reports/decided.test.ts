// Decisions that differ, in words: every cause, counts, cuts, and cells told in one breath.
import { describe, expect, it } from 'vitest';
import { contrastText, groupsOf } from '../../reports/decided.ts';
import type { DecisionCause, DecisionContrast } from '../../sim/results.ts';

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');
const contrast = (given: Partial<DecisionContrast> = {}): DecisionContrast => ({ cell: 'b', baseline: 'a', pairs: 20, equalPairs: 20, samePairs: 20, compared: 41_200, differ: 0, isCut: false, first: null, alike: null, ...given });
const alike = (causes: readonly DecisionCause[], guarded = 0, choices: number | null = null): DecisionContrast => contrast({ alike: { causes, decisions: 41_200, choices, guarded } });
const HEAD = '0 of 41 200 decisions differ in 20 of 20 seeds: no effect here, because ';

describe('no effect is told with its reason', () => {
  it.each([
    [['none'], 0, null, 'nothing was decided'],
    [['one-call'], 0, null, 'never more than one call waited'],
    [['one-agent'], 0, 0, 'never more than one agent waited'],
    [['scores'], 0, 0, 'all scores were equal wherever several agents waited'],
    [['guard'], 38_316, 38_316, 'the guard decided 93 % of them, and the others left no choice'],
    [['guard'], 41_200, 41_200, 'the guard decided all of them'],
    [['guard-part'], 38_316, 40_000, 'the guard decided 93 % of them, and the others came out the same'],
    [['one-engine'], 0, null, 'there is only one engine'],
    [['one-free'], 0, null, 'there was never more than one engine to choose from'],
    [['order'], 0, null, 'both put the calls in the same order'],
    [['order'], 0, 12, 'both chose the same at each of the 12 decisions that left a choice'],
    [['one-call', 'one-engine'], 0, null, 'never more than one call waited and there is only one engine'],
  ] as const)('%j', (causes, guarded, choices, words) => { expect(plain(contrastText(alike(causes, guarded, choices)))).toBe(HEAD + words); });
});

describe('what differs is counted', () => {
  it('with its share, its seeds and its first place', () => {
    expect(plain(contrastText(contrast({ equalPairs: 1, samePairs: 1, differ: 4120, first: { replication: 3, decision: 21 } })))).toBe('4 120 of 41 200 decisions differ (10 %), in 19 of 20 seeds, first at the 22nd of replication 3');
  });
  it('up to where decisions were kept one by one', () => {
    expect(plain(contrastText(contrast({ equalPairs: 0, samePairs: 0, isCut: true })))).toBe('0 of the first 41 200 decisions differ, in 20 of 20 seeds, after those that were kept');
  });
  it('as none where the runs differ in other things', () => {
    expect(plain(contrastText(contrast({ samePairs: 0 })))).toBe('0 of 41 200 decisions differ in 20 of 20 seeds, and the runs do: what is set acts on something else than who goes where');
  });
  it('as none, without a reason, where a cell is compared with itself', () => { expect(plain(contrastText(contrast()))).toBe('0 of 41 200 decisions differ in 20 of 20 seeds'); });
  it('of one decision, in the singular', () => { expect(plain(contrastText(contrast({ pairs: 1, equalPairs: 0, samePairs: 0, compared: 1, differ: 1, first: { replication: 0, decision: 0 } })))).toBe('1 of 1 decision differs (100 %), in 1 of 1 seed, first at the 1st of replication 0'); });
});

it('cells without effect for one reason share a sentence, and those that decide otherwise a range', () => {
  const other = (cell: string, differ: number): DecisionContrast => contrast({ cell, equalPairs: 0, samePairs: 0, differ, first: { replication: 0, decision: 4 } });
  const groups = groupsOf([{ ...alike(['one-call']), cell: 'b' }, other('c', 412), { ...alike(['one-call']), cell: 'd' }, other('e', 20_600)], (cell) => cell.toUpperCase());
  expect(groups.map(({ contrasts, text }) => [contrasts.map(({ cell }) => cell).join(), plain(text)])).toEqual([
    ['b,d', '0 of 41 200 decisions of each differ in 20 of 20 seeds: no effect here, because never more than one call waited'], ['c,e', 'from 1 % (C) to 50 % (E) of the decisions differ'],
  ]);
});
