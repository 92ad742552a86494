// What VTC promises, through whole runs of the shipped scenarios: gaps over all windows, the lift, weights, and the definitions behind the figures.
import { describe, expect, it } from 'vitest';
import { serviceBetween, serviceGapOf, serviceUnitOf } from '../../sim/measure/service-gap.ts';
import type { MetricCall, MetricRun } from '../../sim/metric.ts';
import type { CallLine } from '../../sim/results.ts';
import { play } from '../worlds/scripted-model.ts';
import { scenarioModel } from './setup.ts';

async function run(name: string, given: Readonly<Record<string, number | string | boolean>>, seed = '1'): Promise<MetricRun> {
  const calls: CallLine[] = [], model = scenarioModel(name, given);
  await play(model, { seed: `vtc/${seed}`, callLine: (line) => { calls.push(line); } });
  return { calls, agents: model.agents, windowS: model.endUs / 1e6 };
}

const shareOf = ({ calls }: MetricRun, name: string, fromS: number, toS: number): number => serviceBetween(calls.filter((call) => call.agent === name), fromS, toS) / serviceBetween(calls, fromS, toS);

describe('vtc-two-clients', () => {
  it.each(['engine', 'gate'].flatMap((place) => ['uniform', 'exponential'].map((lengths) => [place, lengths] as const)))('keeps the gap within 2 U over all windows on every run: %s, %s lengths', async (place, lengths) => {
    for (const seed of ['1', '2', '3']) {
      const played = await run('vtc-two-clients', { place, lengths, seconds: 20 }, seed), gap = serviceGapOf(played)!, unit = serviceUnitOf(played)!;
      expect(gap).toBeGreaterThan(100);
      expect(gap).toBeLessThanOrEqual(2 * unit);
    }
  });
  it('has a gap that does not grow with the horizon, where first come, first served has one that does', async () => {
    const gap = async (policy: string, seconds: number): Promise<number> => serviceGapOf(await run('vtc-two-clients', { policy, seconds }))!;
    expect(await gap('vtc', 60)).toBeLessThan(2 * await gap('vtc', 15));
    expect(await gap('fcfs', 60)).toBeGreaterThan(3 * await gap('fcfs', 15));
  });
  it('shares by weights within 2 % while all wait, and keeps the gap of service ÷ weight within 2 U', async () => {
    const played = await run('vtc-two-clients', { agents: 4, weights: '4+3+2+1', load: 1.5, seconds: 60 });
    expect(serviceGapOf(played)!).toBeLessThanOrEqual(2 * serviceUnitOf(played)!);
    for (let a = 0; a < 4; a++) expect(Math.abs(shareOf(played, `client ${a}`, 10, 55) / ((4 - a) / 10) - 1)).toBeLessThan(0.02);
  });
  it('gives both shells equal digests', async () => {
    for (const place of ['engine', 'gate']) {
      const model = scenarioModel('vtc-two-clients', { place, seconds: 3 }), [a, b] = [await play(model), await play(model, { shell: 'promise' })];
      expect([a.orderDigest, a.resultDigest]).toEqual([b.orderDigest, b.resultDigest]);
    }
  });
});

describe('vtc-idle-return', () => {
  it.each(['engine', 'gate'])('at the %s gives who comes back 0.5 ± 0.03 of the service with the lift, more than 0.8 without', async (place) => {
    for (const seed of ['1', '2', '3']) {
      const share = async (lift: boolean): Promise<number> => shareOf(await run('vtc-idle-return', { place, lift, seconds: 20 }, seed), 'returning', 20, 30);
      expect(Math.abs(await share(true) - 0.5)).toBeLessThan(0.03);
      expect(await share(false)).toBeGreaterThan(0.8);
    }
  });
});

describe('the service gap', () => {
  const call = (agent: string, arrival: number, scheduled: number, finished: number, prompt: number, output: number, cached = 0): MetricCall =>
    ({ replication: 0, id: '', program: '', agent, engine: 0, class: '', arrival, granted: scheduled, scheduled, first_token: scheduled, finished, prompt_tokens: prompt, cached_tokens: cached, output_tokens: output, preemptions: 0, outcome: 'completed' });
  const of = (...calls: MetricCall[]): MetricRun => ({ calls, agents: [{ name: 'a', class: '' }, { name: 'b', class: '' }], windowS: 100 });

  it('counts a prompt when service begins and output to its end', () => { expect([[0, 1], [2, 4], [4, 10], [2, 8]].map(([from, to]) => serviceBetween([call('a', 0, 2, 6, 10, 8, 4)], from!, to!))).toEqual([0, 14, 8, 22]); });
  it('looks at windows in which both wait, and at no others', () => {
    // From 0 to 5 both have a call waiting, in which a is served its first: 10 + 2 · 5.
    const both = [call('a', 0, 0, 5, 10, 5), call('a', 0, 5, 9, 1, 4), call('b', 0, 5, 9, 1, 4)];
    expect(serviceGapOf(of(...both))).toBe(10);
    expect(serviceGapOf(of(call('a', 0, 0, 5, 10, 5), call('a', 0, 5, 9, 1, 4)))).toBe(0);
  });
  it('has a unit that knows what was held at once', () => { expect(serviceUnitOf(of(call('a', 0, 0, 4, 10, 5), call('a', 0, 2, 6, 20, 5), call('b', 0, 6, 9, 100, 1)))).toBe(202); });
});
