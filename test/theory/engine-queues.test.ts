// The batch engine as a server of the textbooks: one sequence at a time and steps of constant length, through whole runs that a user can start.
import { describe, expect, it } from 'vitest';
import { exponential, hyperexponential, type Distribution } from '../../sim/random/distributions.ts';
import { Streams } from '../../sim/random/streams.ts';
import { scenarioModel } from '../scenarios/setup.ts';
import { agrees, erlangWait, replicate, valuesOf } from './rig.ts';

type Given = Readonly<Record<string, number | string>>;

/** `schedlab run open-load maxSeqs=1 input=1 identity=none …`: a call takes as many steps as it has output tokens, and nothing else runs beside it. */
const queue = (given: Given, calls: number): ReturnType<typeof scenarioModel> => scenarioModel('open-load', { maxSeqs: 1, input: 1, identity: 'none', requests: calls, ...given });

/** Mean wait of M/G/1 by Pollaczek and Khinchine. */
const pk = (rate: number, meanS: number, squareS: number): number => (rate * squareS) / (2 * (1 - rate * meanS));

/** First two moments, in seconds, of a service of round(X) steps, at least one, X of mean `steps`: from the quantiles of the law itself, no run. */
function momentsOf(law: (mean: number) => Distribution, steps: number, stepS: number): [number, number] {
  const stream = new Streams('moments').stream('law'), size = law(steps), draws = 100_000;
  let sum = 0, squares = 0;
  for (let i = 0; i < draws; i++) {
    // A stratified sample: its moments are the law's to four digits.
    const u = (i + stream.next()) / draws, tokens = Math.max(1, Math.round(size.sample({ next: () => u })));
    sum += tokens;
    squares += tokens * tokens;
  }
  return [(sum / draws) * stepS, (squares / draws) * stepS * stepS];
}

describe('one sequence at a time', () => {
  it.each([[8, 0.2, 2500], [9, 0.45, 7000]])('M/D/1: %s calls a second of 0.1 s each, one step a call, wait %s s', async (rate, wait, calls) => {
    const records = await replicate(queue({ engine: 'constant:stepMs=100', output: 1, rate }, calls), `engine md1 ${rate}`);
    expect(pk(rate, 0.1, 0.01)).toBeCloseTo(wait, 12);
    agrees(valuesOf(records, 'wait.mean'), wait, 0.15);
    agrees(valuesOf(records, 'ttft.mean'), wait + 0.1);
  }, 60_000);

  it('M/D/1 of many steps a call is that of one, and hands out each token at its step', async () => {
    const records = await replicate(queue({ engine: 'constant:stepMs=10', output: 10, rate: 8 }, 4000), 'engine md1 many');
    agrees(valuesOf(records, 'wait.mean'), 0.2);
    agrees(valuesOf(records, 'ttft.mean'), 0.2 + 0.01);
    for (const tpot of valuesOf(records, 'tpot.mean')) expect(tpot).toBeCloseTo(0.01, 9);
  }, 60_000);

  it('M/M/1: exponential lengths at 8 calls a second of 0.1 s wait 0.4 s and stay 0.5 s, a hundredth of them longer than 2.3 s', async () => {
    const records = await replicate(queue({ engine: 'constant:stepMs=10', output: 10, outputLaw: 'exponential', rate: 8 }, 8000), 'engine mm1');
    const [mean, square] = momentsOf(exponential, 10, 0.01), wait = pk(8, mean, square);
    // Whole steps, at least one, make a call a little longer than the law: theory is asked for these.
    expect(Math.abs(wait / 0.4 - 1)).toBeLessThan(0.04);
    agrees(valuesOf(records, 'wait.mean'), wait);
    agrees(valuesOf(records, 'response.mean'), wait + mean);
    agrees(valuesOf(records, 'response.p99'), Math.log(100) / (1 / mean - 8), 0.15);
  }, 60_000);

  it('M/G/1 with squared variation 4 waits as Pollaczek and Khinchine say: 1 s', async () => {
    const records = await replicate(queue({ engine: 'constant:stepMs=10', output: 10, outputLaw: 'hyperexponential:cv2=4', rate: 8 }, 16_000), 'engine mg1');
    const [mean, square] = momentsOf((steps) => hyperexponential(steps, 4), 10, 0.01), wait = pk(8, mean, square);
    expect(Math.abs(wait - 1)).toBeLessThan(0.1);
    agrees(valuesOf(records, 'wait.mean'), wait, 0.2);
  }, 60_000);

  it('priorities without preemption: 3 urgent calls a second wait 0.114 s, 5 others 0.571 s, together as first come, first served', async () => {
    const records = await replicate(queue({ engine: 'constant:stepMs=10', output: 10, outputLaw: 'exponential', rate: 8, urgent: 3 / 8, scheduling: 'priority' }, 2500), 'engine priority');
    const [mean, square] = momentsOf(exponential, 10, 0.01), residual = (8 * square) / 2, urgent = residual / (1 - 3 * mean), other = urgent / (1 - 8 * mean);
    expect([Math.abs(urgent / 0.114286 - 1) < 0.02, Math.abs(other / 0.571429 - 1) < 0.05]).toEqual([true, true]);
    agrees(valuesOf(records, 'wait.mean[class=urgent]'), urgent);
    agrees(valuesOf(records, 'wait.mean[class=other]'), other, 0.2);
    agrees(valuesOf(records, 'wait.mean'), pk(8, mean, square), 0.2);
  }, 60_000);
});

describe('several engines behind one gate queue', () => {
  it.each([[4, 32, 0.074554, 1500], [8, 72, 0.087692, 4000]])('M/M/%s: %s calls a second of 0.1 s wait %s s', async (engines, rate, wait, calls) => {
    const records = await replicate(queue({ engine: 'constant:stepMs=5', output: 20, outputLaw: 'exponential', engines, window: 1, rate }, calls), `engine mm${engines}`);
    const [mean] = momentsOf(exponential, 20, 0.005);
    expect(erlangWait(engines, rate / engines / 10) / 10).toBeCloseTo(wait, 5);
    agrees(valuesOf(records, 'wait.mean'), erlangWait(engines, (rate / engines) * mean) * mean, 0.25);
  }, 60_000);
});
