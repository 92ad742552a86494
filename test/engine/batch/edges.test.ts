// The ends of the range: what is refused, what is smallest, abort in every state, and requests that would go round in circles.
import { describe, expect, test } from 'vitest';
import { batchConfig, type BatchConfig } from '../../../sim/engine/batch/config.ts';
import { ContentCursor, ContentTable, type Content } from '../../../sim/engine/batch/content.ts';
import { REQUEST_ENDED, type BatchRequest } from '../../../sim/engine/batch/request.ts';
import { SchedlabError } from '../../../src/errors.ts';
import { Drive, type Asked } from './drive.ts';

const codeOf = (act: () => unknown): string => { try { act(); } catch (error) { if (error instanceof SchedlabError) return `${error.code}: ${error.message}`; throw error; } return 'nothing'; };

describe('an engine refuses', () => {
  test.each<[string, Partial<BatchConfig>, Omit<Asked, 'id'>, RegExp]>([
    ['a prompt longer than the pool', { blocks: 5 }, { prompt: 65, out: 1 }, /ERR_ENGINE: request A is refused: 65 tokens need 5 blocks of 16, the engine has 4/],
    ['an output that would outgrow the pool', { blocks: 5 }, { prompt: 16, out: 50 }, /ERR_ENGINE: .*65 tokens need 5 blocks/],
    ['a prompt as long as the model allows', { maxModelLen: 64 }, { prompt: 64, out: 1 }, /ERR_ENGINE: .*leaves no room for output within maxModelLen=64/],
    ['an output of no token', {}, { prompt: 8, out: 0 }, /ERR_ENGINE: .*asks for 0/],
    ['a prompt of no token', {}, { prompt: 0, out: 1 }, /ERR_ENGINE: .*this one 0/],
  ])('%s', (_what, config, asked, message) => {
    const drive = new Drive(config);
    expect(codeOf(() => drive.add({ id: 'A', ...asked }))).toMatch(message);
    expect(drive.scheduler.unfinished).toBe(0);
  });

  test.each<[string, Partial<BatchConfig>, RegExp]>([
    ['a budget below the seats', { maxBatchedTokens: 8, maxSeqs: 9 }, /ERR_OPTION_CONFLICT: maxBatchedTokens=8 is less than maxSeqs=9/],
    ['a budget below the longest prompt without chunks', { chunked: false, maxModelLen: 4096 }, /ERR_OPTION_CONFLICT: .*not chunked/],
    ['a pool of the null block alone', { blocks: 1 }, /ERR_OPTION_RANGE: blocks .* null block/],
    ['half a block', { blocks: 2.5 }, /ERR_OPTION_RANGE: blocks .* received 2.5/],
    ['a watermark over everything', { watermark: 1 }, /ERR_OPTION_RANGE: watermark/],
    ['a block size of nothing', { blockSize: 0 }, /ERR_OPTION_RANGE: blockSize/],
    ['no number', { maxModelLen: Number.NaN }, /ERR_OPTION_RANGE: maxModelLen/],
  ])('to start with %s', (_what, config, message) => { expect(codeOf(() => batchConfig(config))).toMatch(message); });
});

describe('the smallest engines serve', () => {
  test('one block, one request after the other', () => {
    const { finish, scheduler } = new Drive({ blocks: 2, maxModelLen: 17 }).run([{ id: 'A', prompt: 15, out: 2 }, { id: 'B', prompt: 16, out: 1 }]);
    expect([finish, scheduler.preemptions, scheduler.kv.pool.free]).toEqual([{ A: 2, B: 3 }, 0, 1]);
  });

  test('one seat and a budget of one token', () => {
    const { finish } = new Drive({ maxSeqs: 1, maxBatchedTokens: 1, blockSize: 1, blocks: 10 }).run([{ id: 'A', prompt: 3, out: 2 }, { id: 'B', prompt: 1, out: 1 }]);
    expect(finish).toEqual({ A: 4, B: 5 });
  });

  test('a sequence that fills the pool to its last slot', () => {
    const { finish, scheduler } = new Drive({ blocks: 5 }).run([{ id: 'A', prompt: 16, out: 49 }]);
    expect([finish, scheduler.preemptions]).toEqual([{ A: 49 }, 0]);
  });

  test('hundreds that each fill it, asynchronous and by priority, and every block comes back', () => {
    for (const asynchronous of [false, true]) for (const scheduling of ['fcfs', 'priority'] as const) {
      const asked = Array.from({ length: 200 }, (_, i) => ({ id: `r${i}`, prompt: 10 + (i % 30), out: 1 + (i % 25), priority: i % 3, arrival: i }));
      const { finish, scheduler } = new Drive({ blocks: 6, maxSeqs: 8, maxBatchedTokens: 48, asynchronous, scheduling }).run(asked, 20_000);
      expect([Object.keys(finish).length, scheduler.kv.pool.free, scheduler.unfinished]).toEqual([200, 5, 0]);
    }
  });
});

describe('an abort', () => {
  /** A runs, B decodes, C waits; A and B share their first block. */
  const start = (asynchronous: boolean): { drive: Drive; a: BatchRequest; b: BatchRequest; c: BatchRequest } => {
    const drive = new Drive({ asynchronous, blockSize: 4, blocks: 9, maxSeqs: 2, maxBatchedTokens: 10 });
    return { drive, a: drive.add({ id: 'A', prompt: [[1, 4], [2, 3]], out: 9 }), b: drive.add({ id: 'B', prompt: [[1, 4], [3, 9]], out: 5 }), c: drive.add({ id: 'C', prompt: 5, out: 2 }) };
  };
  const states: readonly [string, number, 'a' | 'b' | 'c'][] = [['before the first step', 0, 'a'], ['in the middle of its prompt', 1, 'b'], ['while it decodes', 3, 'a'], ['while it waits', 2, 'c'], ['with one token to come', 8, 'a'], ['with its last token in flight', 9, 'a']];

  test.each([false, true].flatMap((asynchronous) => states.filter(([, turns]) => asynchronous || turns < 9).map((state) => [asynchronous ? 'asynchronous' : 'synchronous', ...state] as const)))('%s, %s, frees what it held and disturbs nobody', (mode, _state, turns, who) => {
    const { drive, ...all } = start(mode === 'asynchronous');
    for (let i = 0; i < turns; i++) drive.turn();
    const victim = all[who], outputs = victim.outputs;
    if (victim.state === REQUEST_ENDED) throw new Error('the request has ended before the test');
    expect([drive.scheduler.abort(victim), drive.scheduler.abort(victim)]).toEqual([true, false]);
    drive.run();
    expect([victim.outputs, drive.finish[String(victim.id)]]).toEqual([outputs, undefined]);
    expect(Object.keys(drive.finish).length).toBe(2);
    expect([drive.scheduler.kv.pool.free, drive.scheduler.kv.pool.references(), drive.scheduler.unfinished]).toEqual([8, 0, 0]);
  });

  test.each([false, true])('of a preempted request (asynchronous: %s) leaves the queue in order', (asynchronous) => {
    const drive = new Drive({ asynchronous, blockSize: 4, blocks: 5, maxSeqs: 4, maxBatchedTokens: 40 });
    drive.add({ id: 'A', prompt: 6, out: 4 });
    const b = drive.add({ id: 'B', prompt: 6, out: 4 });
    drive.add({ id: 'C', prompt: 6, out: 1 });
    while (b.preemptions === 0) drive.turn();
    expect([drive.scheduler.abort(b), [...drive.scheduler.waiting].map(({ id }) => id)]).toEqual([true, ['C']]);
    drive.run();
    expect([Object.keys(drive.finish).sort(), drive.scheduler.kv.pool.free]).toEqual([['A', 'C'], 4]);
  });

  test('of everything leaves an engine as new', () => {
    const { drive, a, b, c } = start(true);
    for (let i = 0; i < 3; i++) drive.turn();
    for (const one of [c, a, b]) drive.scheduler.abort(one);
    drive.run();
    expect([drive.scheduler.kv.pool.free, drive.loop.inFlight, drive.finish]).toEqual([8, 0, {}]);
  });
});

test('requests of equal rank that preempt each other for ever end the run with a coded error', () => {
  // Neither may reserve, both grow in small chunks, and the one that was admitted first is the first of equals to go.
  const drive = new Drive({ scheduling: 'priority', reserveFull: false, longPrefill: 3, blockSize: 2, blocks: 39, maxModelLen: 76, prefixCaching: false, maxSeqs: 9, maxBatchedTokens: 76 });
  const equal = [74, 37, 74].map((prompt, i) => ({ id: `r${i}`, prompt, out: 2, arrival: 2 }));
  expect(codeOf(() => drive.run(equal, 50_000))).toMatch(/ERR_ENGINE: the engine goes round in circles: \d+ steps without a token/);
});

describe('the identity of a block', () => {
  const identities = (table: ContentTable, content: Content, blocks: number, output = 99): number[] => { const cursor = new ContentCursor(table, content, output, 1000); return Array.from({ length: blocks }, () => cursor.next()); };

  test('is equal exactly where all tokens up to its end are', () => {
    const table = new ContentTable(4), a = identities(table, [[1, 10], [2, 6]], 4), b = identities(table, [[1, 10], [3, 6]], 4), c = identities(table, [[2, 6], [1, 10]], 4), d = identities(table, [[1, 10], [2, 30]], 4);
    expect([a[0] === b[0], a[1] === b[1], a[2] === b[2], a[3] === b[3]]).toEqual([true, true, false, false]);
    expect(a).toEqual(d);
    expect(c.filter((one) => a.includes(one))).toEqual([]);
  });

  test('does not depend on who came first, the shorter or the longer', () => {
    for (const [first, second] of [[8, 32], [32, 8]]) {
      const table = new ContentTable(4), a = identities(table, [[1, first]], first / 4), b = identities(table, [[1, second]], second / 4);
      expect(a.slice(0, 2)).toEqual(b.slice(0, 2));
      expect(new Set([...a, ...b]).size).toBe(8);
    }
  });

  test('of a generated answer is that of the same answer in a later prompt', () => {
    const table = new ContentTable(4), generated = identities(table, [[1, 6]], 5, 50), asked = identities(table, [[1, 6], [50, 20], [2, 9]], 5);
    expect(generated).toEqual(asked);
  });

  test('of empty segments is that of none', () => {
    const table = new ContentTable(4);
    expect(identities(table, [[7, 0], [1, 5], [8, 0], [2, 3]], 2)).toEqual(identities(table, [[1, 5], [2, 3]], 2));
  });

  test('stays the same while the table grows', () => {
    const table = new ContentTable(2), before = identities(table, [[1, 3], [2, 3]], 3);
    for (let i = 0; i < 5000; i++) identities(table, [[10 + i, 5]], 2);
    expect(identities(table, [[1, 3], [2, 3]], 3)).toEqual(before);
  });
});
