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
});
