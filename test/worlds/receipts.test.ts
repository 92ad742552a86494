// Who listens to receipts, or keeps decisions, changes no digest: every policy and every balancer, through both shells, gate and engine.
import { describe, expect, it } from 'vitest';
import { BALANCERS } from '../../src/balancers/registry.ts';
import type { Receipt } from '../../src/observe/lifecycle.ts';
import { POLICIES } from '../../src/policies/registry.ts';
import { planExperiment } from '../../sim/experiment/plan.ts';
import type { PlannedCell } from '../../sim/experiment/types.ts';
import type { ReplicationRecord } from '../../sim/results.ts';
import { runReplication, type ReplicationOptions } from '../../sim/worlds/virtual.ts';
import { SCENARIOS } from '../../scenarios/index.ts';

const SHELLS = ['event', 'promise'] as const;
/** What a scenario must declare for the policy; those that declare nothing are for policies that ask nothing. */
const known = (policy: string): Record<string, string> => ({ policy, ...(POLICIES[policy]!.knowledge === 'none' ? {} : { knowledge: POLICIES[policy]!.knowledge }) });
const ASKING_NOTHING = Object.keys(POLICIES).filter((policy) => POLICIES[policy]!.knowledge === 'none');
const cellOf = (name: string, given: Record<string, unknown>): PlannedCell => planExperiment({ scenario: SCENARIOS[name]!, version: '0', given: Object.fromEntries(Object.entries(given).map(([key, value]) => [key, { value, origin: 'flag' as const, where: 'test' }])) }).cells[0]!;
const play = async ({ id, params, model }: PlannedCell, shell: (typeof SHELLS)[number], options: Partial<ReplicationOptions>): Promise<ReplicationRecord> => runReplication(model, { seed: 'receipts/0', replication: 0, shell, params, cell: id, ...options });
const digests = ({ orderDigest, resultDigest, draws }: ReplicationRecord): unknown => ({ orderDigest, resultDigest, draws });

async function holds(cell: PlannedCell, shell: (typeof SHELLS)[number]): Promise<Receipt[]> {
  const told: Receipt[] = [], plain = await play(cell, shell, { trail: false }), heard = await play(cell, shell, { receipts: (receipt) => { told.push(receipt); } });
  expect(digests(heard)).toEqual(digests(plain));
  expect((await play(cell, shell, {})).decisions).toEqual(heard.decisions);
  expect(told.length).toBeGreaterThan(30);
  return told;
}

describe.each(SHELLS)('through the %s shell nothing changes', (shell) => {
  it.each(ASKING_NOTHING)('under %s', async (policy) => { await holds(cellOf('loco-fairness', { ticks: 60, policy }), shell); });
  it.each(Object.keys(POLICIES))('under %s, which an engine asks', async (policy) => {
    const told = await holds(cellOf('queueing', { calls: 200, servers: 2, load: 0.9, discipline: 'preempt-resume', ...known(policy) }), shell);
    expect(told.every(({ place, kind }) => place === 'engine' || kind === 'route')).toBe(true);
  });
  it.each(Object.keys(BALANCERS))('with %s', async (balancer) => {
    const told = await holds(cellOf('queueing', { calls: 200, servers: 3, load: 0.9, balancer }), shell);
    expect(told.filter(({ kind }) => kind === 'route')).toHaveLength(200);
  });
});

it.each(Object.keys(POLICIES))('decisions of %s are kept alike through both shells', async (policy) => {
  for (const [name, given] of [['loco-fairness', { ticks: 80 }], ['queueing', { calls: 200, servers: 2, load: 0.9, discipline: 'preempt-resume' }], ['queueing', { calls: 200, servers: 3, load: 0.9, balancer: 'power-of-d' }]] as const) {
    if (name === 'loco-fairness' && !ASKING_NOTHING.includes(policy)) continue;
    const cell = cellOf(name, { ...given, ...known(policy) }), [event, promise] = [await play(cell, 'event', {}), await play(cell, 'promise', {})];
    expect([promise.decisions, promise.trail]).toEqual([event.decisions, event.trail]);
  }
});

describe('an engine that preempts', () => {
  it('tells who lost a place to whom, and who got one', async () => {
    const told = await holds(cellOf('queueing', { calls: 300, load: 0.9, discipline: 'preempt-resume', policy: 'atlas', meter: 'seconds', base: 0.2 }), 'event');
    const lost = told.filter(({ kind }) => kind === 'preempt');
    expect(lost.length).toBeGreaterThan(20);
    for (const { call, chosen, candidates } of lost) expect([call !== chosen, candidates.some(({ id }) => id === call), chosen < 0 || candidates[0]!.id === chosen]).toEqual([true, true, true]);
  });
});
