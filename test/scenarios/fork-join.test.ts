// Programs of forks and chains on one engine: what arrives, what withdrawn losers cost, and who gains under which scheduler.
import { describe, expect, it } from 'vitest';
import { Streams } from '../../sim/random/streams.ts';
import type { ReplicationRecord } from '../../sim/results.ts';
import { CHAIN, FORK, ForkJoin } from '../../sim/workload/fork-join.ts';
import { ProgramDraft } from '../../sim/workload/workload.ts';
import { play } from '../worlds/scripted-model.ts';
import { scenarioModel } from './setup.ts';

type Given = Readonly<Record<string, string | number>>;
const run = (given: Given, seed = '1'): Promise<ReplicationRecord> => play(scenarioModel('fork-join', given), { seed: `fork-join/${seed}` });
const OPTIONS = { programs: 4000, workPerStep: 14.4, stepUs: 1000, phases: 10, sigma: 1, width: 5, forkSteps: 8, join: Infinity, chainSteps: 20, chains: 0.5 };

describe('programs of forks and chains', () => {
  it('bring the load that is asked for, in shares and lengths that are asked for', () => {
    const workload = new ForkJoin(new Streams('1'), OPTIONS), draft = new ProgramDraft(), steps = [0, 0], calls = [0, 0], programs = [0, 0];
    while (workload.next(draft)) for (let i = 0, c = draft.callClass; i < draft.length; i++) { if (i === 0) programs[c]!++; calls[c]!++; steps[c]! += draft.serviceUs[i]! / 1000; }
    expect(programs[CHAIN]! / 4000).toBeCloseTo(0.5, 1);
    expect(steps[FORK]! / calls[FORK]!).toBeCloseTo(8, 0);
    expect(steps[CHAIN]! / calls[CHAIN]!).toBeCloseTo(20, 0);
    expect(calls[CHAIN]! / programs[CHAIN]! / 10).toBeCloseTo(1, 1);
    expect(Math.abs((steps[0]! + steps[1]!) / (draft.arrivalUs / 1000) / 14.4 - 1)).toBeLessThan(0.06);
  });

  it('are the same whatever the policy, and give both shells equal digests', async () => {
    for (const given of [{ chains: 0.5, join: 3 }, { chains: 0, policy: 'program-srpt' }] as Given[]) {
      const model = scenarioModel('fork-join', { programs: 40, phases: 3, ...given }), [a, b] = [await play(model), await play(model, { shell: 'promise' })];
      expect([a.orderDigest, a.resultDigest]).toEqual([b.orderDigest, b.resultDigest]);
    }
    const arrived = await Promise.all(['fcfs', 'mlfq', 'atlas', 'program-srpt'].map(async (policy) => (await run({ policy, programs: 40, phases: 3 })).metrics['arrived']));
    expect(new Set(arrived).size).toBe(1);
  });

  it('withdraw the slowest of a fork where so many are enough, and are done earlier', async () => {
    const all = await run({ programs: 200, phases: 4, load: 0.5 }), some = await run({ programs: 200, phases: 4, load: 0.5, join: 3 });
    expect([all.metrics['cancelled'], some.metrics['programs.completed']]).toEqual([0, 200]);
    expect(some.metrics['cancelled']).toBeGreaterThan(0.3 * all.metrics['completed']!);
    expect(some.metrics['program_time.mean']).toBeLessThan(0.7 * all.metrics['program_time.mean']!);
  });

  it('refuses to wait for more calls than a fork has', () => { expect(() => scenarioModel('fork-join', { width: 3, join: 4 })).toThrow(/join=4 waits for more calls than a fork has, which are width=3/); });
});

describe('schedulers of programs on forks', () => {
  const figures = async (policy: string, given: Given = {}): Promise<{ readonly slowdown: number; readonly time: number }> => {
    const { metrics } = await run({ policy, programs: 1000, phases: 4, ...given });
    return { slowdown: metrics['slowdown.mean']!, time: metrics['program_time.mean']! };
  };

  it('have far less slowdown than schedulers of calls, of which mlfq is no better than first come, first served, and more than who knows all', async () => {
    const [fcfs, mlfq, sum, parents, srpt] = [await figures('fcfs'), await figures('mlfq'), await figures('atlas', { mode: 'sum' }), await figures('atlas', { mode: 'parents' }), await figures('program-srpt')];
    for (const atlas of [sum, parents]) expect([atlas.slowdown - 1 < 0.5 * (fcfs.slowdown - 1), atlas.slowdown - 1 < 0.5 * (mlfq.slowdown - 1), srpt.slowdown < atlas.slowdown, srpt.time < atlas.time]).toEqual([true, true, true, true]);
    expect([mlfq.time > fcfs.time, Math.abs(mlfq.slowdown / fcfs.slowdown - 1) < 0.15, Math.abs(sum.slowdown / parents.slowdown - 1) < 0.03]).toEqual([true, true, true]);
  });

  it('take longer on average than first come, first served, where programs differ little in size', async () => {
    const [fcfs, atlas] = [await figures('fcfs', { sigma: 0.5 }), await figures('atlas', { sigma: 0.5 })];
    expect([atlas.time > fcfs.time, atlas.slowdown < fcfs.slowdown]).toEqual([true, true]);
  });

  it('only share out anew between wide and narrow programs, whether they count the sum or the longest way', async () => {
    const half = async (mode: string): Promise<readonly number[]> => { const { metrics } = await run({ mode, chains: 0.5, programs: 1000, phases: 4 }); return [metrics['slowdown.mean[class=chain]']!, metrics['slowdown.mean[class=fork]']!]; };
    const [sum, longest] = [await half('sum'), await half('parents')];
    expect([longest[0]! > sum[0]!, longest[1]! < sum[1]!]).toEqual([true, true]);
  });
});
