// What the benchmarks of the engine hand to a rival and read from it, and what they say where there is none. Timings are no matter of tests.
import { describe, expect, test } from 'vitest';
import { spent } from '../../bench/child.ts';
import { blisTrace } from '../../bench/peers/blis-trace.ts';
import { clusterOf, openLoadSpec } from '../../bench/peers/blis.ts';
import { peers } from '../../bench/peers/peers.ts';
import { finerLine } from '../../bench/traces/finer.ts';

const line = (timestamp: number, input: number, output: number, ids: readonly number[]): string => JSON.stringify({ timestamp, input_length: input, output_length: output, hash_ids: ids });
const cells = (data: string, names: readonly string[]): string[][] => {
  const [head, ...rows] = data.trim().split('\n').map((row) => row.split(','));
  return rows.map((row) => names.map((name) => row[head.indexOf(name)]));
};

describe('a trace in the words of BLIS', () => {
  const trace = blisTrace([line(0, 1200, 10, [0, 1, 2]), line(7, 1300, 20, [0, 1, 3]), line(9, 600, 30, [0, 4]), line(9, 1024, 40, [0, 1])].join('\n'));

  test('gives each request the one shared prefix by which most is found again, and never its whole prompt', () => {
    expect(cells(trace.data, ['prefix_group', 'prefix_length', 'input_tokens'])).toEqual([['p1', '1024', '176'], ['p1', '1024', '276'], ['p0', '512', '88'], ['p0', '512', '512']]);
  });

  test('keeps every token and every time, in microseconds', () => {
    expect(trace).toMatchObject({ requests: 4, promptTokens: 4124, outputTokens: 100 });
    expect(cells(trace.data, ['arrival_time_us', 'output_tokens'])).toEqual([['0', '10'], ['7000', '20'], ['9000', '30'], ['9000', '40']]);
  });

  test('says how many blocks could be found again, and how many one prefix a request leaves', () => {
    expect([trace.reusable, trace.kept]).toEqual([2 + 1 + 2, 2 + 1]);
  });

  test('has no prefix where nothing is shared', () => {
    expect(cells(blisTrace(line(0, 700, 1, [5, 6])).data, ['prefix_group', 'prefix_length', 'input_tokens'])).toEqual([['', '0', '700']]);
  });
});

test('the finer trace has as many ids as 16 tokens fill or begin, and shares what the coarse one shares', () => {
  const rows = [line(1500, 530, 3, [7, 8]), line(1500, 512, 4, [7])].map((row) => JSON.parse(finerLine(row, 16)) as { timestamp: number; hash_ids: number[] });
  expect(rows.map(({ hash_ids: ids }) => ids.length)).toEqual([34, 32]);
  expect(rows[0].hash_ids.slice(0, 32)).toEqual(rows[1].hash_ids);
  expect(rows[0].hash_ids.slice(32)).toEqual([256, 257]);
  expect(rows[0].timestamp).toBe(1500);
});

test('the figures of the whole cluster are found behind those of its engines', () => {
  const one = (id: string, completed: number): string => JSON.stringify({ instance_id: id, completed_requests: completed, total_input_tokens: 5, total_output_tokens: 6, e2e_mean_ms: 1500 }, null, 2);
  expect(clusterOf(`=== Metrics ===\n${one('instance_0', 1)}\n=== Metrics ===\n${one('cluster', 2)}\n=== Cache ===\nHit: 0\n`)).toEqual({ completed: 2, promptTokens: 5, outputTokens: 6, e2eMeanS: 1.5 });
  expect(() => clusterOf(one('instance_0', 1))).toThrow(/no figures of its cluster/);
});

test('the open load for BLIS has as many requests as ours', () => { expect(openLoadSpec(1234)).toContain('num_requests: 1234\n'); });

test('without a binary nothing is timed, and the row says how to name one', async () => {
  const rows = await peers({ binary: '' });
  expect(rows).toEqual([{ task: 'against BLIS', perSecond: null, unit: 'CPU s', note: expect.stringMatching(/^skipped: name a binary: SCHEDLAB_BLIS=PATH/) as string }]);
});

test('a binary that is not there is an error', async () => { await expect(peers({ binary: './no-such-binary' })).rejects.toThrow(/there is no such file/); });

test.skipIf(process.platform !== 'linux')('a child is told with its processor time, its peak memory and its output; without settings of the shell', async () => {
  process.env['SCHEDLAB_SEED'] = '9';
  try {
    const { cpuS, peakMiB, out } = await spent(process.execPath, ['-e', 'const held = new Uint8Array(1 << 27).fill(1); const from = process.cpuUsage(); while (process.cpuUsage(from).user < 5e4); console.log(held.length, process.env.SCHEDLAB_SEED)']);
    expect([cpuS >= 0.05, peakMiB > 128, out]).toEqual([true, true, `${1 << 27} undefined\n`]);
  } finally { delete process.env['SCHEDLAB_SEED']; }
  await expect(spent(process.execPath, ['-e', 'console.error("why"); process.exit(3)'])).rejects.toThrow(/ended with 3:\nwhy/);
});
