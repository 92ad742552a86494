// Figure 2 of Autellix through the shipped scenario: the schedules that the paper draws, to the step.
import { describe, expect, it } from 'vitest';
import { scenarioModel } from './setup.ts';
import { play } from '../worlds/scripted-model.ts';

/** Completions of A, B, C, D and the waiting of all, in steps. */
async function completions(given: Readonly<Record<string, string | number>>, shell: 'event' | 'promise' = 'event'): Promise<readonly number[]> {
  const done = new Map<string, number>();
  await play(scenarioModel('autellix-fig2', given), { shell, callLine: (line) => { done.set(line.agent, Math.max(done.get(line.agent) ?? 0, Math.round(line.finished! * 1000))); } });
  const each = ['A', 'B', 'C', 'D'].map((name) => done.get(name)!);
  return [...each, each.reduce((a, b) => a + b, 0) - 26];
}

describe('figure 2 of Autellix', () => {
  it.each(['event', 'promise'] as const)('under fcfs is 12/14/10/8 with 18 steps of waiting, through the %s shell', async (shell) => {
    expect(await completions({ policy: 'fcfs' }, shell)).toEqual([12, 14, 10, 8, 18]);
  });

  it.each(['sum', 'scalar', 'parents'].flatMap((mode) => [[mode, 'event'], [mode, 'promise']] as const))('under PLAS is 12/14/5/7 with 12 steps of waiting: on chains atlas mode=%s is PLAS, through the %s shell', async (mode, shell) => {
    expect(await completions({ policy: 'atlas', mode }, shell)).toEqual([12, 14, 5, 7, 12]);
  });

  it.each([['1/2/inf', [13, 13, 7, 12, 19]], ['2/1/inf', [12, 13, 5, 13, 17]]] as const)('under a strict MLFQ with quanta %s is another, with more waiting: the one that is drawn admits a call a step late', async (quanta, expected) => {
    for (const shell of ['event', 'promise'] as const) expect(await completions({ policy: 'mlfq', quanta }, shell)).toEqual(expected);
  });
});
