// Every rule by its number: a schedule with it, and what becomes of the schedule without it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { BatchConfig } from '../../../sim/engine/batch/config.ts';
import { NUMBERS, RULES, ruleSet } from '../../../sim/engine/batch/rules.ts';
import { scenarioModel } from '../../scenarios/setup.ts';
import { Drive, type Asked } from './drive.ts';

const SMALL: Partial<BatchConfig> = { blockSize: 4, maxSeqs: 4, maxBatchedTokens: 40 };
const PRESSED: readonly Asked[] = [{ id: 'A', prompt: 6, out: 4 }, { id: 'B', prompt: 6, out: 4 }];
const AGAIN: readonly Asked[] = [{ id: 'A', prompt: [[1, 9]], out: 1 }, { id: 'B', prompt: [[1, 9]], out: 1, step: 2 }];

/** Rule, engine, requests, schedule with the rule and without. */
const CASES: readonly (readonly [string, Partial<BatchConfig>, readonly Asked[], string, string])[] = [
  ['R1', { maxBatchedTokens: 64, maxSeqs: 4 }, [{ id: 'A', prompt: 8, out: 4 }, { id: 'B', prompt: 100, out: 2, step: 2 }],
    'A 8@0 | A 1@8, B 63@0 | A 1@9, B 37@63 | A 1@10, B 1@100', 'A 8@0 | B 64@0 | B 36@64 | A 1@8, B 1@100 | A 1@9 | A 1@10'],
  ['R2', { maxSeqs: 1 }, [{ id: 'A', prompt: 8, out: 2 }, { id: 'B', prompt: 8, out: 2 }], 'A 8@0 | A 1@8 | B 8@0 | B 1@8', 'B 8@0 | B 1@8 | A 8@0 | A 1@8'],
  ['R3', { maxBatchedTokens: 10, maxSeqs: 4 }, [{ id: 'A', prompt: 20, out: 2 }], 'A 10@0 | A 10@10 | A 1@20', 'A 20@0 | A 1@20'],
  ['R4', { maxBatchedTokens: 10, maxSeqs: 4 }, [{ id: 'A', prompt: 12, out: 3 }, { id: 'B', prompt: 9, out: 2, step: 2 }],
    'A 10@0 | A 2@10, B 8@0 | A 1@12, B 1@8 | A 1@13, B 1@9', 'A 10@0 | B 9@0, A 1@10 | A 1@11, B 1@9 | A 1@12 | A 1@13'],
  ['R6', { ...SMALL, blocks: 5 }, PRESSED, 'A 6@0, B 6@0 | A 1@6, B 1@6 | A 1@7, B 1@7 | A 1@8 | B 5@4', 'A 6@0, B 6@0 | A 1@6, B 1@6 | A 1@7, B 1@7 |  | B 1@8 | A 5@4'],
  ['R7a', { ...SMALL, blocks: 5 }, PRESSED, 'A 6@0, B 6@0 | A 1@6, B 1@6 | A 1@7, B 1@7 | A 1@8 | B 5@4', 'A 6@0, B 6@0 | A 1@6, B 1@6 | A 1@7, B 1@7 | A 1@8 | B 2@4 | B 1@6 | B 1@7 | B 1@8'],
  ['R7b', { ...SMALL, blocks: 5 }, [...PRESSED, { id: 'C', prompt: 4, out: 1, step: 2 }], 'A 6@0, B 6@0 | A 1@6, B 1@6 | A 1@7, B 1@7 | A 1@8 | B 5@4, C 4@0', 'A 6@0, B 6@0 | A 1@6, B 1@6 | A 1@7, B 1@7 | A 1@8 | C 4@0, B 5@4'],
  ['R8', { ...SMALL, blocks: 6, scheduling: 'priority' }, [{ id: 'A', prompt: 4, out: 4 }, { id: 'B', prompt: 12, out: 2, priority: 1 }, { id: 'C', prompt: 3, out: 1, step: 2 }],
    'A 4@0, B 12@0 | A 1@4 | A 1@5, C 3@0 | A 1@6 | B 5@8', 'A 4@0, B 12@0 | A 1@4, C 3@0 | A 1@5 | A 1@6 | B 5@8'],
  ['R9', { maxSeqs: 4 }, [{ id: 'A', prompt: 8, out: 2 }, { id: 'B', prompt: 8, out: 2 }], 'A 8@0, B 8@0 | A 1@8, B 1@8', 'A 8@0 | A 1@8, B 8@0 | B 1@8'],
  ['R10', { maxBatchedTokens: 10, maxSeqs: 4 }, [{ id: 'A', prompt: 6, out: 2 }, { id: 'B', prompt: 8, out: 1 }], 'A 6@0, B 4@0 | A 1@6, B 4@4', 'A 6@0 | A 1@6, B 8@0'],
  ['R11', { ...SMALL, blocks: 6 }, [{ id: 'A', prompt: 12, out: 2 }, { id: 'B', prompt: 12, out: 1 }, { id: 'C', prompt: 4, out: 1 }], 'A 12@0 | A 1@12 | B 12@0, C 4@0', 'A 12@0, C 4@0 | A 1@12 | B 12@0'],
  ['R12', { maxSeqs: 4 }, [{ id: 'A', prompt: 8, out: 2 }, { id: 'B', prompt: 8, out: 2 }], 'A 8@0, B 8@0 | A 1@8, B 1@8', 'A 8@0, B 8@0 | B 1@8, A 1@8'],
  ['R13a', { ...SMALL, blocks: 6, maxBatchedTokens: 8 }, [{ id: 'A', prompt: 4, out: 3 }, { id: 'B', prompt: 18, out: 1 }],
    'A 4@0 | A 1@4 | A 1@5 | B 8@0 | B 8@8 | B 2@16', 'A 4@0, B 4@0 | A 1@4, B 7@4 | A 1@5 | B 8@8 | B 2@16'],
  ['R13b', { longPrefill: 5 }, [{ id: 'A', prompt: 12, out: 1 }], 'A 12@0', 'A 5@0 | A 5@5 | A 2@10'],
  ['R14', { asynchronous: true }, [{ id: 'A', prompt: 8, out: 3 }], 'A 8@0 | A 1@8 | A 1@9', 'A 8@0 |  | A 1@8 |  | A 1@9'],
  ['R15', { ...SMALL, blocks: 4 }, [{ id: 'A', prompt: 2, out: 3 }, { id: 'B', prompt: 8, out: 1 }, { id: 'C', prompt: 8, out: 1, step: 2 }], 'A 2@0, B 8@0 | A 1@2, C 8@0 | A 1@3', 'A 2@0, B 8@0 | A 1@2 | A 1@3, C 8@0'],
  ['R16', {}, [{ id: 'A', prompt: 8, out: 2 }], 'A 8@0 | A 1@8', 'A 7@0 | A 1@7 | A 1@8'],
  ['R18', { ...SMALL, blocks: 3 }, [{ id: 'A', prompt: 6, out: 1 }, { id: 'B', prompt: 4, out: 1 }], 'A 6@0 | B 4@0', 'A 6@0, B 4@0'],
  ['R19a', { ...SMALL, blocks: 5 }, [{ id: 'A', prompt: [[1, 8]], out: 1 }, { id: 'B', prompt: [[2, 8]], out: 1, step: 2 }, { id: 'C', prompt: 4, out: 1, step: 3 }, { id: 'D', prompt: [[1, 8], [9, 1]], out: 1, step: 4 }],
    'A 8@0 | B 8@0 | C 4@0 | D 5@4', 'A 8@0 | B 8@0 | C 4@0 | D 9@0'],
  ['R19b', { ...SMALL, blocks: 4 }, [{ id: 'A', prompt: [[1, 4]], out: 1 }, { id: 'B', prompt: 6, out: 1, step: 2 }, { id: 'C', prompt: 2, out: 1, step: 3 }, { id: 'D', prompt: [[1, 4], [9, 1]], out: 1, step: 4 }],
    'A 4@0 | B 6@0 | C 2@0 | D 1@4', 'A 4@0 | B 6@0 | C 2@0 | D 5@0'],
  ['R21', { blockSize: 4 }, AGAIN, 'A 9@0 | B 1@8', 'A 9@0 | B 9@0'],
  ['R22', { blockSize: 4 }, [{ ...AGAIN[0], out: 3 }, AGAIN[1]], 'A 9@0 | A 1@9, B 1@8 | A 1@10', 'A 9@0 | A 1@9, B 9@0 | A 1@10'],
  ['R23', { ...SMALL, blocks: 6 }, [{ id: 'A', prompt: [[1, 8]], out: 1 }, { id: 'B', prompt: [[1, 8]], out: 4 }, { id: 'D', prompt: 7, out: 1, step: 2 }, { id: 'C', prompt: [[1, 8], [3, 1]], out: 1, step: 3 }],
    'A 8@0, B 4@4 | B 1@8, D 7@0 | B 1@9, C 1@8 | B 1@10', 'A 8@0, B 4@4 | B 1@8, D 7@0 | B 1@9, C 5@4 | B 1@10'],
  ['R24', { ...SMALL, blocks: 4 }, [{ id: 'A', prompt: [[1, 12]], out: 1 }, { id: 'B', prompt: 4, out: 1, step: 2 }, { id: 'C', prompt: [[1, 12]], out: 1, step: 3 }], 'A 12@0 | B 4@0 | C 4@8', 'A 12@0 | B 4@0 | C 12@0'],
  ['R25', { blockSize: 4 }, [{ id: 'A', prompt: [[1, 6]], out: 3, answer: 7 }, { id: 'B', prompt: [[1, 6], [7, 3]], out: 1, step: 4 }], 'A 6@0 | A 1@6 | A 1@7 | B 1@8', 'A 6@0 | A 1@6 | A 1@7 | B 5@4'],
  ['R26', { blockSize: 4 }, [{ id: 'A', prompt: [[1, 8]], out: 1 }, { id: 'B', prompt: [[1, 8]], out: 2, step: 2 }], 'A 8@0 | B 4@4 | B 1@8', 'A 8@0 | B 1@7 | B 1@8'],
  ['R27', { blockSize: 4 }, AGAIN.map((one) => ({ ...one, step: 1 })), 'A 9@0, B 1@8', 'A 9@0, B 9@0'],
];

const scheduleOf = (config: Partial<BatchConfig>, asked: readonly Asked[], without: readonly string[]): string => new Drive(config, { without }).run(asked).steps.join(' | ').replace(/( \| )+$/, '');

describe('a rule decides', () => {
  test.each(CASES)('%s', (rule, config, asked, held, broken) => {
    expect([scheduleOf(config, asked, []), scheduleOf(config, asked, [rule])]).toEqual([held, broken]);
  });

  test('R5 takes blocks chunk by chunk, not all at once', () => {
    const free = (without: string[]): number[] => new Drive({ ...SMALL, maxBatchedTokens: 10, blocks: 11 }, { without }).run([{ id: 'A', prompt: 30, out: 1 }]).free.slice(0, 3);
    expect([free([]), free(['R5'])]).toEqual([[7, 5, 2], [2, 2, 2]]);
  });

  test('R17 plans a step before the result of the last is known, and never one too many', () => {
    const { scheduler, finish, steps } = new Drive({ asynchronous: true }).run([{ id: 'A', prompt: 8, out: 3 }, { id: 'B', prompt: 8, out: 1 }]);
    expect([steps.slice(0, 4), finish, scheduler.kv.pool.free]).toEqual([['A 8@0, B 8@0', 'A 1@8', 'A 1@9', ''], { B: 2, A: 4 }, 26311]);
  });

  test('R20 takes a block with the token that needs it', () => {
    const free = (without: string[]): number[] => new Drive({ ...SMALL, blocks: 5 }, { without }).run([{ id: 'A', prompt: 4, out: 3 }]).free.slice(0, 3);
    expect([free([]), free(['R20'])]).toEqual([[3, 2, 2], [2, 2, 2]]);
  });

  test('R28 counts what a resumed request hits apart', () => {
    const counts = (without: string[]): number[] => { const { hits, queries, resumedHits, resumedQueries } = new Drive({ ...SMALL, blocks: 5 }, { without }).run(PRESSED).scheduler.kv; return [hits, queries, resumedHits, resumedQueries]; };
    expect([counts([]), counts(['R28'])]).toEqual([[0, 12, 4, 9], [4, 21, 0, 0]]);
  });

  test('every switch is one of these tests', () => {
    const tested = new Set([...CASES.map(([rule]) => rule), 'R5', 'R20', 'R28']);
    expect([...NUMBERS.keys()].filter((number) => !tested.has(number))).toEqual([]);
  });
});

describe('the table of the rules', () => {
  const folder = fileURLToPath(new URL('../../../sim/engine/batch/', import.meta.url));
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'rules.ts').map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  const bare = (number: string): string => number.replace(/[ab]$/, '');

  test('has all 28, R17 being the setting `asynchronous`', () => {
    const numbers = new Set([...NUMBERS.keys()].map(bare));
    expect(Array.from({ length: 28 }, (_, i) => `R${i + 1}`).filter((number) => !numbers.has(number))).toEqual(['R17']);
    expect(sources.some(({ name, text }) => name === 'step-loop.ts' && /\bR17\b/.test(text))).toBe(true);
  });

  test.each(Object.entries(RULES).map(([name, { number }]) => [bare(number), name] as const))('%s is named where the code asks for its switch, %s', (number, name) => {
    const asking = sources.filter(({ text }) => new RegExp(`\\b${name}\\b`).test(text));
    expect(asking.length).toBeGreaterThan(0);
    expect(asking.some(({ text }) => new RegExp(`\\b${number}\\b`).test(text))).toBe(true);
  });

  test('has a switch each that a run takes by its number, and says which were left out', () => {
    for (const number of NUMBERS.keys()) {
      const { engines, assumptions = [] } = scenarioModel('open-load', { engine: 'h100-llama-3.1-8b-tp1', without: number });
      expect(engines.kind === 'batch' && !engines.spec.config.rules[NUMBERS.get(number)!], number).toBe(true);
      expect(assumptions).toContain(`rules left out, unlike any real engine: ${number}`);
      expect(assumptions.some((text) => text.includes('scheduler rules vllm-0.32'))).toBe(true);
    }
  });
});

describe('limits of an engine', () => {
  test('R3: a seat more than there are seats is never given', () => {
    expect(new Drive({ maxSeqs: 4, activeSeqs: 1 }).run([{ id: 'A', prompt: 8, out: 2 }, { id: 'B', prompt: 8, out: 1 }]).steps).toEqual(['A 8@0', 'A 1@8', 'B 8@0']);
  });

  test('R10: a prompt that is not chunked waits for a step that has room for it', () => {
    expect(new Drive({ maxBatchedTokens: 10, maxSeqs: 4, maxModelLen: 10, chunked: false }).run([{ id: 'A', prompt: 6, out: 2 }, { id: 'B', prompt: 8, out: 1 }]).steps).toEqual(['A 6@0', 'A 1@6, B 8@0']);
  });

  test('R13: a watermark keeps blocks free while anything runs, and only then', () => {
    const engine = { ...SMALL, blocks: 6, watermark: 0.4 };
    expect(new Drive(engine).run([{ id: 'A', prompt: 8, out: 2 }, { id: 'B', prompt: 8, out: 1 }]).steps).toEqual(['A 8@0', 'A 1@8', 'B 8@0']);
    expect(new Drive(engine).run([{ id: 'A', prompt: 18, out: 1 }]).steps).toEqual(['A 18@0']);
  });

  test('the adaptive threshold is an equal share of the budget, never less than the threshold', () => {
    const asked = [{ id: 'A', prompt: 50, out: 1 }, { id: 'B', prompt: 50, out: 1 }];
    expect(new Drive({ maxBatchedTokens: 60, maxSeqs: 4, longPrefill: 10, longPrefillAdaptive: true }).run(asked).steps[0]).toBe('A 30@0, B 30@0');
    expect(new Drive({ maxBatchedTokens: 60, maxSeqs: 4, longPrefill: 40, longPrefillAdaptive: true }).run(asked).steps[0]).toBe('A 40@0, B 20@0');
  });

  test('maxModelLen ends a request before its last token', () => {
    expect(new Drive({ maxModelLen: 10 }).run([{ id: 'A', prompt: 8, out: 9 }]).finish).toEqual({ A: 2 });
  });
});

describe('rule sets', () => {
  test('are named by version, and lose rules by number, name, or a number that stands for two', () => {
    expect([ruleSet('vllm-0.32').unhashedReusedFirst, ruleSet('vllm-0.19').unhashedReusedFirst]).toEqual([true, false]);
    const { outputsKept, victimToHead, ...rest } = ruleSet('vllm-0.32', ['R7']);
    expect([outputsKept, victimToHead, Object.values(rest).every(Boolean)]).toEqual([false, false, true]);
    expect(ruleSet('vllm-0.32', ['reverseFree']).reverseFree).toBe(false);
    expect(Object.keys(RULES).length).toBe(NUMBERS.size);
  });

  test('that are not there are refused with the nearest', () => {
    expect(() => ruleSet('vllm-0.23')).toThrow(/unknown rule set "vllm-0.23" in rules. Did you mean "vllm-0.32"\?/);
    expect(() => ruleSet('vllm-0.32', ['R99'])).toThrow(/unknown rule "R99"/);
  });
});
