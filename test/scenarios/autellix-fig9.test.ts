// Figure 9 of Autellix through the shipped scenario: a program that forks and joins, in whole runs, with the priorities that the policy itself holds.
import { describe, expect, it } from 'vitest';
import type { AtlasPolicy } from '../../src/policies/atlas-policy.ts';
import type { Model } from '../../sim/scenario.ts';
import { play } from '../worlds/scripted-model.ts';
import { scenarioModel } from './setup.ts';

type Given = Readonly<Record<string, string | number>>;
const ORDERS = Array.from({ length: 24 }, (_, i) => i + 1);

/** Step at which each call is done. */
async function ends(model: Model, shell: 'event' | 'promise'): Promise<ReadonlyMap<string, number>> {
  const done = new Map<string, number>();
  await play(model, { shell, callLine: ({ id, finished }) => { done.set(id, Math.round(finished! * 1000)); } });
  return done;
}

/** How often each makespan comes over the 24 orders. */
async function makespans(given: Given, shell: 'event' | 'promise'): Promise<readonly (readonly [number, number])[]> {
  const counts = new Map<number, number>();
  for (const order of ORDERS) { const last = Math.max(...(await ends(scenarioModel('autellix-fig9', { ...given, order }), shell)).values()); counts.set(last, (counts.get(last) ?? 0) + 1); }
  return [...counts].sort(([a], [b]) => a - b);
}

/** What calls inherit as they arrive, as the policy has it, in the order in which they arrive. */
async function priorities(given: Given): Promise<readonly number[]> {
  const model = scenarioModel('autellix-fig9', given), told: number[] = [];
  const policy: Model['policy'] = {
    ...model.policy,
    create(context) {
      const made = model.policy.create(context) as AtlasPolicy, arrive = made.arrive.bind(made);
      made.arrive = (call, nowUs) => { arrive(call, nowUs); told.push(made.table.inherited[call]!); };
      return made;
    },
  };
  await play({ ...model, policy });
  return told;
}

describe('figure 9 of Autellix', () => {
  it.each(['parents', 'scalar'].flatMap((mode) => [[mode, 'event'], [mode, 'promise']] as const))('has makespans 11 four times, 12 and 13 eight times, 14 four times over the 24 orders: atlas mode=%s, through the %s shell', async (mode, shell) => {
    expect(await makespans({ mode }, shell)).toEqual([[11, 4], [12, 8], [13, 8], [14, 4]]);
  });

  it('gives the root priority 0, siblings 2, the meeting of two 6 and the end 10, whatever the order', async () => {
    for (const order of ORDERS) expect((await priorities({ order })).slice().sort((a, b) => a - b)).toEqual([0, 2, 2, 2, 2, 6, 10]);
  });

  it('serves siblings in the order that its number says: 1 as they are listed, 24 in reverse', async () => {
    const asListed = await ends(scenarioModel('autellix-fig9', { order: 1 }), 'event'), reversed = await ends(scenarioModel('autellix-fig9', { order: 24 }), 'event');
    expect([asListed.get('sibling of 1'), asListed.get('sibling of 4'), reversed.get('sibling of 5'), reversed.get('sibling of 2')]).toEqual([3, 6, 7, 4]);
  });

  it('charges the last call 18 by the sum of all calls, more than the 10 of the longest way', async () => { expect(Math.max(...await priorities({ mode: 'sum' }))).toBe(18); });
});
