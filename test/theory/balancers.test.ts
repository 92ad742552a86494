// Eight servers with queues of their own: what random, turns, two choices and the shortest queue make of them, fresh and stale.
import { describe, expect, it } from 'vitest';
import { defineBalancer } from '../../src/balancers/balancer.ts';
import { meanAndError, scenarioModel } from '../scenarios/setup.ts';
import { agrees, erlangWait, replicate, valuesOf } from './rig.ts';

const random = defineBalancer({ name: 'random', title: 'any', source: 'the classic', params: {}, create: ({ random: draw }) => ({ pick: (_call, candidates, count) => candidates[Math.floor(draw() * count)]! }) });

/** Mean response where every N-th arrival of a Poisson stream comes to an exponential server: E_N/M/1, by iteration. */
function turns(n: number, load: number): number {
  let sigma = 0.5;
  for (let i = 0; i < 10_000; i++) sigma = Math.exp(n * Math.log((n * load) / (n * load + 1 - sigma)));
  return 1 / (1 - sigma);
}

async function mean(balancer: string, given: Readonly<Record<string, number | string>>, viewRefreshUs = 0, calls = 15_000): Promise<number> {
  const records = await replicate({ ...scenarioModel('queueing', { servers: 8, load: 0.9, balancer, calls, ...given }), viewRefreshUs }, `${balancer} ${JSON.stringify(given)}`, 8);
  return meanAndError(valuesOf(records, 'response.mean')).mean;
}

describe('eight servers at load .7', () => {
  it('random is eight times M/M/1', async () => {
    const records = await replicate({ ...scenarioModel('queueing', { servers: 8, load: 0.7, balancer: 'round-robin', calls: 12_000 }), balancer: random }, 'random');
    agrees(valuesOf(records, 'response.mean'), 1 / 0.3);
  }, 30_000);

  it('in turn is E_8/M/1', async () => {
    expect(turns(8, 0.9)).toBeCloseTo(5.781, 3);
    const records = await replicate(scenarioModel('queueing', { servers: 8, load: 0.7, balancer: 'round-robin', calls: 12_000 }), 'turns');
    agrees(valuesOf(records, 'response.mean'), turns(8, 0.7));
  }, 30_000);

  it('two choices and the shortest queue come near the central queue, in this order', async () => {
    expect(await mean('power-of-d', { load: 0.7 })).toBeCloseTo(1.698, 1);
    expect(await mean('least-loaded', { load: 0.7 })).toBeCloseTo(1.22, 1);
  }, 30_000);

  it('all eight as choices are the shortest queue', async () => {
    const [all, shortest] = [await mean('power-of-d', { load: 0.7, d: 8 }, 0, 10_000), await mean('least-loaded', { load: 0.7 }, 0, 10_000)];
    expect(Math.abs(all / shortest - 1)).toBeLessThan(0.02);
  }, 30_000);
});

describe('eight servers at load .9', () => {
  it('the shortest queue takes 2.14, two choices 3.07, the central queue 1.88', async () => {
    expect(Math.abs((await mean('least-loaded', {})) / 2.141 - 1)).toBeLessThan(0.05);
    expect(Math.abs((await mean('power-of-d', {})) / 3.071 - 1)).toBeLessThan(0.05);
    expect(1 + erlangWait(8, 0.9)).toBeCloseTo(1.8769, 4);
  }, 30_000);

  it('with a view that is four services old the shortest queue herds and two choices hold', async () => {
    expect(Math.abs((await mean('least-loaded', {}, 4e6, 15_000)) / 10.2 - 1)).toBeLessThan(0.1);
    expect(Math.abs((await mean('power-of-d', {}, 4e6, 15_000)) / 4.21 - 1)).toBeLessThan(0.1);
  }, 30_000);

  it('of equal calls turns are best', async () => {
    const service = 'deterministic', [rr, jsq, two] = [await mean('round-robin', { service }, 0, 10_000), await mean('least-loaded', { service }, 0, 10_000), await mean('power-of-d', { service }, 0, 10_000)];
    expect(rr).toBeLessThan(jsq);
    expect(jsq).toBeLessThan(two);
    expect(Math.abs(rr / 1.447 - 1)).toBeLessThan(0.03);
  }, 30_000);
});
