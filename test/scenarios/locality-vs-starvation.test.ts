// Locality against starvation, in whole runs of the shipped scenario: who finds what, who waits, and what ageing does about it.
import { describe, expect, it } from 'vitest';
import type { CallLine } from '../../sim/results.ts';
import { kindOf } from '../../sim/workload/hot-cold.ts';
import { play } from '../worlds/scripted-model.ts';
import { scenarioModel } from './setup.ts';

type Given = Readonly<Record<string, string | number>>;

async function linesOf(given: Given, seed = '1'): Promise<readonly CallLine[]> {
  const lines: CallLine[] = [];
  await play(scenarioModel('locality-vs-starvation', { requests: 1200, ...given }), { seed: `locality/${seed}`, callLine: (line) => { lines.push(line); } });
  return lines;
}

/** Time to the first token: quantiles, mean, and the share that cold requests have. */
async function figures(given: Given): Promise<{ readonly mean: number; readonly p50: number; readonly p99: number; readonly coldShare: number }> {
  const lines = await linesOf(given), ttft = ({ first_token: first, arrival }: CallLine): number => first! - arrival, sum = (of: readonly CallLine[]): number => of.reduce((total, line) => total + ttft(line), 0);
  const sorted = lines.map(ttft).sort((a, b) => a - b);
  return { mean: sum(lines) / lines.length, p50: sorted[Math.floor(sorted.length / 2)]!, p99: sorted[Math.floor(0.99 * sorted.length)]!, coldShare: sum(lines.filter(({ id }) => kindOf(id) === 'cold')) / sum(lines) };
}

describe('locality-vs-starvation', () => {
  it('has the shares that are asked for: hot requests find whole blocks of their prompt, cold ones nothing, and policies meet the same', async () => {
    const small = { requests: 400, clients: 20, groups: 2, prompt: 1000, hits: 0.9, cold: 0.1, output: 8 }, lines = await linesOf({ ...small, policy: 'fcfs' });
    const cold = lines.filter(({ id }) => kindOf(id) === 'cold'), hot = lines.filter(({ id }) => kindOf(id) === 'hot');
    expect([lines.length, cold.length > 25 && cold.length < 55, cold.every((line) => line.cached_tokens === 0)]).toEqual([400, true, true]);
    expect(hot.filter((line) => line.cached_tokens === 896).length).toBeGreaterThanOrEqual(hot.length - 8);
    expect((await linesOf({ ...small, policy: 'lpm' })).map(({ id }) => id).sort()).toEqual(lines.map(({ id }) => id).sort());
  });

  it('lets lpm have the best median and the worst tail, most of it waits of cold requests; hrrn and ageing cut the tail', async () => {
    const [fcfs, lpm, hrrn, aged] = [await figures({ policy: 'fcfs' }), await figures({ policy: 'lpm' }), await figures({ policy: 'hrrn' }), await figures({ policy: 'lpm', ageing: 1000 })];
    expect(lpm.p50).toBeLessThan(0.3 * fcfs.p50);
    expect(lpm.p99).toBeGreaterThan(4 * fcfs.p99);
    expect([lpm.coldShare > 0.6, fcfs.coldShare < 0.1]).toEqual([true, true]);
    expect([hrrn.mean < fcfs.mean, hrrn.p50 < fcfs.p50, hrrn.p99 < 0.75 * lpm.p99, hrrn.coldShare < 0.6]).toEqual([true, true, true, true]);
    expect([aged.p99 < 0.5 * lpm.p99, aged.p50 < fcfs.p50]).toEqual([true, true]);
  });

  it('gives both shells equal digests, and refuses slots', async () => {
    const model = scenarioModel('locality-vs-starvation', { requests: 200, policy: 'hrrn' }), [a, b] = [await play(model), await play(model, { shell: 'promise' })];
    expect([a.orderDigest, a.resultDigest]).toEqual([b.orderDigest, b.resultDigest]);
    expect(() => scenarioModel('locality-vs-starvation', { engine: 'slots:4' })).toThrow(/no cache in which a prompt could be found/);
  });
});
