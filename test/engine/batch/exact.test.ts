// Answers known in advance: schedules in unit steps, block-pool cases, and the hit curve of a recorded trace.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ContentTable } from '../../../sim/engine/batch/content.ts';
import { KvCache } from '../../../sim/engine/batch/kv-cache.ts';
import { batchConfig } from '../../../sim/engine/batch/config.ts';
import { BatchRequest } from '../../../sim/engine/batch/request.ts';
import { ruleSet } from '../../../sim/engine/batch/rules.ts';
import { sharedData } from '../../workload/shared.ts';
import { Drive } from './drive.ts';

const OLD = { set: 'vllm-0.19' };

describe('schedules in unit steps', () => {
  test('without limits a request takes exactly as many steps as it has output tokens', () => {
    const asked = Array.from({ length: 40 }, (_, i) => ({ id: `r${i}`, prompt: 20 + i, out: 1 + ((7 * i) % 13), step: 1 + (i >> 2) }));
    const { finish, firstToken } = new Drive({ maxBatchedTokens: 100_000 }, OLD).run(asked);
    for (const { id, out, step } of asked) expect([firstToken[id], finish[id]], id).toEqual([step, step + out - 1]);
  });

  test('two seats serve five equal requests in pairs', () => {
    const { finish } = new Drive({ maxSeqs: 2 }, OLD).run(Array.from({ length: 5 }, (_, i) => ({ id: `r${i}`, prompt: 16, out: 4 })));
    expect(Object.values(finish)).toEqual([4, 4, 8, 8, 12]);
  });

  test('two long prompts share the budget, the running one first', () => {
    const { steps, firstToken, finish } = new Drive({}, OLD).run([{ id: 'A', prompt: 1500, out: 3 }, { id: 'B', prompt: 1500, out: 3 }]);
    expect(steps).toEqual(['A 1500@0, B 548@0', 'A 1@1500, B 952@548', 'A 1@1501, B 1@1500', 'B 1@1501']);
    expect([firstToken, finish]).toEqual([{ A: 1, B: 2 }, { A: 3, B: 4 }]);
  });

  test('a prompt beside a decoding request is cut into three chunks', () => {
    const { steps, firstToken } = new Drive({}, OLD).run([{ id: 'A', prompt: 16, out: 9 }, { id: 'B', prompt: 4096, out: 1, step: 3 }]);
    expect(steps.slice(2, 5).map((line) => line.split(', ')[1])).toEqual(['B 2047@0', 'B 2047@2047', 'B 2@4094']);
    expect(firstToken['B']).toBe(5);
  });

  test('the newest is preempted, waits until the other has ended, and resumes on what is left of its blocks', () => {
    const drive = new Drive({ blocks: 11 }, OLD).run([{ id: 'A', prompt: 64, out: 64 }, { id: 'B', prompt: 64, out: 64 }]);
    expect(drive.preempted).toEqual([[18, 'B']]);
    expect([drive.free[17], drive.steps[17], drive.steps[63], drive.steps[64]]).toEqual([4, 'A 1@80', 'A 1@126', 'B 49@32']);
    expect([drive.finish, drive.requests['B'].preemptions]).toEqual([{ A: 64, B: 111 }, 1]);
  });

  test('preemption comes after exactly 17 outputs', () => {
    const drive = new Drive({ blocks: 11 }, OLD);
    drive.add({ id: 'A', prompt: 64, out: 64 });
    const b = drive.add({ id: 'B', prompt: 64, out: 64 });
    for (let i = 0; i < 18; i++) drive.turn();
    expect([b.preemptions, b.outputs]).toEqual([1, 17]);
  });
});

describe('the block pool', () => {
  test.each([[31, 16, 15], [32, 16, 16], [33, 32, 1], [48, 32, 16]])('a prompt of %i tokens asked again hits %i and computes %i', (length, hit, computed) => {
    const drive = new Drive({}, OLD).run([{ id: 'A', prompt: [[1, length]], out: 1 }]).run([{ id: 'B', prompt: [[1, length]], out: 1 }]);
    expect([drive.requests['B'].cachedTokens, drive.steps[1]]).toEqual([hit, `B ${computed}@${hit}`]);
  });

  test('of two equal prompts in one step the second hits what the first has only been scheduled to compute', () => {
    const { steps } = new Drive({}, OLD).run([{ id: 'A', prompt: [[1, 64]], out: 1 }, { id: 'B', prompt: [[1, 64]], out: 1 }]);
    expect(steps).toEqual(['A 64@0, B 16@48']);
  });

  test.each([['vllm-0.19', [0, 0, 0, 16, 16], [65, 65, 49, 49, 49]], ['vllm-0.32', [0, 0, 0, 32, 32], [65, 65, 49, 33, 33]]] as const)('ten blocks keep of three prompts in turn, under %s, what was freed last', (set, hits, computed) => {
    const drive = new Drive({ blocks: 11 }, { set });
    (['a', 'b', 'c', 'a', 'b'] as const).forEach((name, i) => drive.run([{ id: `${i}`, prompt: [['abc'.indexOf(name), name === 'c' ? 49 : 65]], out: 1, answer: 100 + i, step: i + 1 }]));
    const lines = [0, 1, 2, 3, 4].map((i) => drive.requests[i]);
    expect(lines.map((one) => one.cachedTokens)).toEqual(hits);
    expect(drive.steps.filter((line) => line !== '').map((line) => Number(/ (\d+)@/.exec(line)![1]))).toEqual(computed);
  });
});

const MOONCAKE = sharedData('traces/mooncake-conversation.jsonl');

describe.skipIf(MOONCAKE.absent)(MOONCAKE.name('the hit curve of the Mooncake conversation trace'), () => {
  const requests = MOONCAKE.absent ? [] : readFileSync(MOONCAKE.path, 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { hash_ids: number[] }).hash_ids);

  test.each([[1_000, 12_847], [10_000, 61_046], [30_000, 93_978], [50_000, 102_290], [100_000, 104_924], [Infinity, 105_710]])('a pool of %s blocks has %i hits', { timeout: 20_000 }, (capacity, expected) => {
    // A block of one token is one id of the trace; each request ends before the next comes, and may hit all of its prompt.
    const config = batchConfig({ blockSize: 1, blocks: Number.isFinite(capacity) ? capacity + 1 : 300_000, maxModelLen: 2 ** 20, rules: ruleSet('vllm-0.19') });
    const table = new ContentTable(1), kv = new KvCache(config);
    let hits = 0;
    for (const ids of requests) {
      const content = ids.map((id) => [id, 1] as const), request = new BatchRequest({ id: 0, content: [...content, [-1, 1]], outputTokens: 1, outputSegment: -2 }, table, config.maxModelLen);
      const hit = kv.lookup(request);
      hits += hit;
      if (!kv.admit(request, hit, ids.length - hit, 0)) throw new Error('the request does not fit');
      kv.free(request);
    }
    expect(hits).toBe(expected);
  });
});
