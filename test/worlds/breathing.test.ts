// A replication that takes breath now and then is the same replication.
import { expect, test } from 'vitest';
import { SCENARIOS } from '../../scenarios/index.ts';
import { runReplication } from '../../sim/worlds/virtual.ts';
import { BALANCERS, POLICIES } from '../../src/index.ts';
import { resolveOptions } from '../../src/options.ts';

test('the record of a long run does not tell whether its thread looked up meanwhile', async () => {
  const scenario = SCENARIOS['queueing'], params = resolveOptions(scenario.params, { servers: 3, calls: 30_000 }, 'queueing');
  const model = scenario.setup({ params, policy: POLICIES['fcfs'], policyOptions: {}, balancer: BALANCERS['round-robin'], balancerOptions: {}, data: {} });
  const options = { seed: 'breath', replication: 0, shell: 'event', params, cell: 'c', series: true } as const;
  let breaths = 0;
  const breathing = await runReplication(model, { ...options, breathe: () => { breaths++; return Promise.resolve(); } });
  expect(breaths).toBeGreaterThan(3);
  expect(breathing).toEqual(await runReplication(model, options));
});

test('what a breath throws ends the replication', async () => {
  const scenario = SCENARIOS['queueing'], params = resolveOptions(scenario.params, { calls: 30_000 }, 'queueing');
  const model = scenario.setup({ params, policy: POLICIES['fcfs'], policyOptions: {}, balancer: BALANCERS['round-robin'], balancerOptions: {}, data: {} });
  await expect(async () => runReplication(model, { seed: 'breath', replication: 0, shell: 'event', params, cell: 'c', breathe: () => Promise.reject(new Error('enough')) })).rejects.toThrow('enough');
});
