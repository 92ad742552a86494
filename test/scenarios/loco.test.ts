// The LOCO scenarios, from scenario file to metrics, against the values of an independent implementation.
import { describe, expect, it } from 'vitest';
import { play } from '../worlds/scripted-model.ts';
import { meanAndError, scenarioModel } from './setup.ts';

const ALPHAS = [0, 0.25, 0.5, 0.75, 1], SEEDS = 200, ERRORS = 4.3;

/** One metric over seeds; replications of equal number meet the same arrivals at every alpha. */
async function study(scenario: string, given: Readonly<Record<string, number | boolean>>, metrics: readonly string[], seeds = SEEDS): Promise<Record<string, number[]>> {
  const model = scenarioModel(scenario, given), values: Record<string, number[]> = Object.fromEntries(metrics.map((m) => [m, []]));
  for (let r = 0; r < seeds; r++) {
    const record = await play(model, { seed: `study/${r}`, replication: r });
    for (const m of metrics) values[m]!.push(record.metrics[m]!);
  }
  return values;
}

function isNear(values: readonly number[], wanted: number): void {
  const { mean, error } = meanAndError(values);
  // Targets are printed to a few digits.
  expect(Math.abs(mean - wanted), `mean ${mean} ± ${error}, wanted ${wanted}`).toBeLessThanOrEqual(ERRORS * error + 0.0005);
}

describe('the burst', () => {
  it.each(ALPHAS)('at alpha %s serves 36 calls in 36 ticks, one to eight of each agent', async (alpha) => {
    for (let r = 0; r < 5; r++) {
      const record = await play(scenarioModel('loco-burst', { alpha }), { seed: `burst/${r}` });
      expect(record.metrics).toMatchObject({ arrived: 36, completed: 36, unfinished: 0, starved: 0, 'queue.mean': 18.5, utilization: 1 });
      expect(record.detail.agents.map((a) => a.completed)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(record.metrics['wait_ticks.mean']).toBe(17.5);
      expect(record.metrics['throughput.calls']).toBe(1);
    }
  });
});

describe('overload without a guard, 500 ticks, 200 seeds', () => {
  const starved = [0, 0, 1.14, 3.4, 3.69], jain = [0.727, 0.65, 0.517, 0.498, 0.496];
  it.each(ALPHAS.map((alpha, i) => [alpha, starved[i]!, jain[i]!]))('alpha %s starves %s agents of ten, Jain %s', async (alpha, wantedStarved, wantedJain) => {
    const values = await study('loco-fairness', { alpha, guard: false }, ['starved', 'jain.completed']);
    isNear(values['starved']!, wantedStarved);
    isNear(values['jain.completed']!, wantedJain);
  }, 60_000);
});

describe('the webhook spike without a guard, 200 seeds', () => {
  const ticks = [34.4, 39.8, 64.7, 112.1, 112.4];
  it.each(ALPHAS.map((alpha, i) => [alpha, ticks[i]!]))('alpha %s serves the five webhooks after %s ticks', async (alpha, wanted) => {
    isNear((await study('loco-webhook-spike', { alpha, guard: false }, ['first_service_ticks']))['first_service_ticks']!, wanted);
  }, 60_000);
});

describe('the guard, where 5.5 calls arrive for each that can be served, alpha .25', () => {
  it('on: nobody to speak of starves; off: four to five do', async () => {
    const given = { alpha: 0.25, busyRate: 1 };
    const on = await study('loco-fairness', { ...given, guard: true }, ['starved', 'guard.share'], 40), off = await study('loco-fairness', { ...given, guard: false }, ['starved'], 40);
    expect(meanAndError(on['starved']!).mean).toBeLessThanOrEqual(0.1);
    expect(meanAndError(on['guard.share']!).mean).toBeGreaterThan(0.5);
    expect(meanAndError(off['starved']!).mean).toBeGreaterThanOrEqual(4);
    expect(meanAndError(off['starved']!).mean).toBeLessThanOrEqual(5);
  }, 60_000);
});

describe('the swarm', () => {
  it('serves 140 calls of provers, auditors and debaters in 140 ticks', async () => {
    const { metrics } = await play(scenarioModel('loco-mdash'), { seed: 'swarm' });
    expect(metrics).toMatchObject({ arrived: 140, completed: 140, starved: 0, 'completed[class=prover]': 10 });
    expect(metrics['first_service_ticks']).toBeLessThan(120);
  });
});
