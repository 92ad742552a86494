// Over whom fairness is meant changes the answer, and calls drawn from laws are as the laws say.
import { describe, expect, it } from 'vitest';
import { play } from '../worlds/scripted-model.ts';
import { scenarioModel } from './setup.ts';

const TENANTS = ['crowd', 'swarm', 'solo'] as const;

async function completed(identity: string, policy: string): Promise<Record<(typeof TENANTS)[number], number>> {
  const { metrics } = await play(scenarioModel('who-is-an-agent', { identity, policy }), { seed: 'who' });
  return Object.fromEntries(TENANTS.map((tenant) => [tenant, metrics[`completed[class=${tenant}]`]!])) as Record<(typeof TENANTS)[number], number>;
}

describe('who-is-an-agent', () => {
  it('serves all tenants alike where tenants are the agents, the crowd most where its members are, the swarm most where programs are', async () => {
    const tenant = await completed('tenant', 'round-robin'), agent = await completed('agent', 'round-robin'), program = await completed('program', 'round-robin');
    expect(Math.max(...Object.values(tenant)) / Math.min(...Object.values(tenant))).toBeLessThan(1.1);
    expect(agent.crowd).toBeGreaterThan(3 * Math.max(agent.swarm, agent.solo));
    expect(program.swarm).toBeGreaterThan(1.5 * Math.max(program.crowd, program.solo));
  });

  it('offers the same work whatever the identity: a policy that knows no agents decides alike', async () => {
    const all = await Promise.all(['tenant', 'agent', 'program'].map((identity) => completed(identity, 'fcfs')));
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual(all[0]);
  });

  it('gives equal digests through both shells', async () => {
    const model = scenarioModel('who-is-an-agent', { minutes: 1 }), event = await play(model, { seed: 's' }), promise = await play(model, { seed: 's', shell: 'promise' });
    expect([promise.orderDigest, promise.resultDigest]).toEqual([event.orderDigest, event.resultDigest]);
  });
});

describe('fitted-load', () => {
  it('draws as many calls as it is asked for, at the rate and with the lengths of its laws', async () => {
    const model = scenarioModel('fitted-load', { calls: 5000, rate: 4, gaps: 'gamma:cv2=2:zeros=0.2', prompt: 500, promptLaw: 'lognormal:cv2=1', output: 20, outputLaw: 'empirical:10/30', engine: 'slots:100' }), { metrics } = await play(model, { seed: 'load' });
    expect(metrics).toMatchObject({ arrived: 5000, completed: 5000, rejected: 0 });
    // Calls without waiting: 500 ÷ 8000 + 20 ÷ 50 seconds.
    expect(Math.abs(metrics['response.mean']! / 0.4625 - 1)).toBeLessThan(0.05);
    expect(Math.abs(metrics['throughput.calls']! / 4 - 1)).toBeLessThan(0.1);
  });
});
