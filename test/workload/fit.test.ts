// Laws fitted to values: those that made the values are found again, distances and criteria are those of the textbooks.
import { describe, expect, it } from 'vitest';
import { SchedlabError } from '../../src/errors.ts';
import { parseDistribution } from '../../sim/random/parse.ts';
import { Streams } from '../../sim/random/streams.ts';
import { digamma, normalCdf, trigamma } from '../../sim/workload/fit/special.ts';
import { fitQuantity } from '../../sim/workload/fit/fit.ts';
import type { LawFit } from '../../sim/trace-results.ts';

function weighted(list: readonly number[]): { values: Float64Array; counts: Float64Array; n: number } {
  const counts = new Map<number, number>();
  for (const value of [...list].sort((a, b) => a - b)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return { values: Float64Array.from(counts.keys()), counts: Float64Array.from(counts.values()), n: list.length };
}
function drawn(law: string, mean: number, n = 4000): number[] {
  const own = new Streams('fit').stream(law), distribution = parseDistribution(law, mean);
  return Array.from({ length: n }, () => distribution.sample(own));
}
const fitOf = (list: readonly number[], wanted?: string) => fitQuantity('gaps', 's', weighted(list), wanted)!;
const lawIn = (fits: readonly LawFit[], name: string): LawFit => fits.find(({ law }) => law === name)!;

describe('a law that made the values', () => {
  it.each([['exponential', 3, {}], ['gamma:cv2=4', 2, { shape: 0.25 }], ['gamma:cv2=0.1', 2, { shape: 10 }], ['lognormal:cv2=2', 5, { sigma: Math.sqrt(Math.log(3)) }], ['pareto:shape=1.5:ratio=1000', 2, { shape: 1.5 }], ['hyperexponential:cv2=8', 2, {}]] as const)('%s is found again, and chosen', (text, mean, parameters) => {
    const { fits, chosen, because, text: said } = fitOf(drawn(text, mean)), name = text.split(':')[0], fit = lawIn(fits, name);
    // The gamma law contains the exponential one: by the width of chance it may have the lower criterion.
    expect([name, ...(name === 'exponential' ? ['gamma', 'hyperexponential'] : [])]).toContain(chosen);
    expect(because).toBe('the least AIC');
    expect(fit.distance).toBeLessThan(name === 'hyperexponential' ? 0.05 : 1.36 / Math.sqrt(4000));
    for (const [key, value] of Object.entries(parameters)) expect(Math.abs(fit.parameters[key] / value - 1), key).toBeLessThan(0.1);
    expect(() => parseDistribution(said, 1)).not.toThrow();
  });

  it('gives draws like the values, when it is read back', () => {
    for (const text of ['gamma:cv2=4', 'lognormal:cv2=2', 'empirical:1/2/30']) {
      const values = drawn(text, 2), { text: said, chosenMean } = fitOf(values, text.startsWith('empirical') ? 'empirical' : undefined), again = parseDistribution(said, chosenMean);
      expect(Math.abs(again.mean / (values.reduce((a, b) => a + b, 0) / values.length) - 1)).toBeLessThan(0.1);
      const own = new Streams('again').stream('x'), list = Array.from({ length: 4000 }, () => again.sample(own)), below = (of: readonly number[], x: number): number => of.filter((value) => value <= x * (1 + 1e-6)).length / of.length;
      // Two samples of 4000 of one law are rarely 0.03 apart; quantiles of the laws a little more.
      for (const x of values.slice(0, 100)) expect(Math.abs(below(list, x) - below(values, x))).toBeLessThan(0.05);
    }
  });
});

describe('distance and criterion', () => {
  it('are those of the definitions', () => {
    const list = [0.3, 1.2, 1.2, 4], mean = 1.675, cdf = (x: number): number => 1 - Math.exp(-x / mean), fit = lawIn(fitOf(list).fits, 'exponential');
    const steps = [[0.3, 0, 0.25], [1.2, 0.25, 0.75], [4, 0.75, 1]].flatMap(([x, before, at]) => [Math.abs(cdf(x) - before), Math.abs(cdf(x) - at)]);
    expect(fit.distance).toBeCloseTo(Math.max(...steps), 12);
    expect(fit.aic).toBeCloseTo(2 - 2 * list.reduce((sum, x) => sum + Math.log(Math.exp(-x / mean) / mean), 0), 9);
  });

  it('of a law that fits the likelihood best are no worse than those of its neighbours', () => {
    const values = drawn('gamma:cv2=2', 3, 500), { parameters } = lawIn(fitOf(values).fits, 'gamma'), mean = values.reduce((a, b) => a + b, 0) / values.length;
    // ln Γ by its integral representation is not needed: differences of the likelihood in the shape are enough, by the digamma function.
    const slope = (shape: number): number => Math.log(shape / mean) - digamma(shape) + values.reduce((sum, x) => sum + Math.log(x), 0) / values.length;
    expect(Math.abs(slope(parameters['shape']))).toBeLessThan(1e-9);
  });

  it('the special functions have their tabled values', () => {
    expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 12);
    expect(digamma(0.5)).toBeCloseTo(-1.9635100260214235, 12);
    expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 12);
    expect([normalCdf(0), normalCdf(1.959963984540054), normalCdf(-1.2815515655446004)].map((p) => Number(p.toFixed(12)))).toEqual([0.5, 0.975, 0.1]);
  });
});

describe('a choice', () => {
  it('is the values themselves where no law comes near, two hundred of them', () => {
    const list = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 1 : 100)), { chosen, because, text } = fitOf(list);
    expect([chosen, text.split('/').length]).toEqual(['empirical', 200]);
    expect(because).toMatch(/has the least AIC, and is off by 0\.\d\d: more than 0\.1/);
    expect(parseDistribution(text, 50.5).mean).toBe(50.5);
  });

  it('may be made by name, where the law has such values', () => {
    const even = [1, 2, 3, 4, 5, 6];
    expect(fitOf(even, 'lognormal')).toMatchObject({ chosen: 'lognormal', because: 'asked for' });
    const refused = (wanted: string): SchedlabError => { try { fitOf(even, wanted); } catch (error) { return error as SchedlabError; } throw new Error('accepted'); };
    expect(refused('hyperexponential')).toMatchObject({ code: 'ERR_OPTION_RANGE', message: expect.stringContaining('CV² is above 1') as string });
    expect(refused('gama')).toMatchObject({ code: 'ERR_OPTION_UNKNOWN', message: expect.stringContaining('Did you mean "gamma"') as string });
  });

  it('keeps zeros apart, as a share of the law', () => {
    const { zeros, text, mean, chosenMean, cv2 } = fitOf([...drawn('exponential', 2, 3000), ...new Array<number>(1000).fill(0)]);
    expect(zeros).toBe(0.25);
    expect(text).toMatch(/:zeros=0\.25$/);
    expect(Math.abs(chosenMean / mean - 1)).toBeLessThan(0.02);
    expect(parseDistribution(text, chosenMean).cv2).toBeCloseTo(cv2, 0);
  });

  it('is made for one value, for two, and for values that never differ', () => {
    for (const list of [[5], [5, 5, 5], [1, 2]]) expect(parseDistribution(fitOf(list).text, fitOf(list).chosenMean).mean).toBeCloseTo(list.reduce((a, b) => a + b, 0) / list.length, 6);
    expect(fitQuantity('gaps', 's', weighted([0, 0]))).toBeUndefined();
  });
});

describe('laws of parameters', () => {
  it('empirical draws its values, each as likely as another, scaled to the mean', () => {
    const law = parseDistribution('empirical:1/2/3', 4), own = new Streams('e').stream('x'), list = Array.from({ length: 3000 }, () => law.sample(own));
    expect([...new Set(list)].sort()).toEqual([2, 4, 6]);
    for (const value of [2, 4, 6]) expect(Math.abs(list.filter((x) => x === value).length - 1000)).toBeLessThan(120);
  });

  it('zeros are a share of every law, and the mean stays', () => {
    const law = parseDistribution('gamma:cv2=2:zeros=0.4', 3), own = new Streams('z').stream('x'), list = Array.from({ length: 20_000 }, () => law.sample(own)), mean = list.reduce((a, b) => a + b, 0) / list.length;
    expect(Math.abs(list.filter((x) => x === 0).length / 20_000 - 0.4)).toBeLessThan(0.015);
    expect(Math.abs(mean - 3)).toBeLessThan(0.15);
    expect([law.mean, law.cv2]).toEqual([3, (1 + 2) / 0.6 - 1]);
  });

  it.each(['empirical', 'empirical:', 'empirical:a/b', 'empirical:0/0', 'empirical:-1/2', 'gamma:cv2=2:zeros=1', 'gamma:cv2=2:zeros=x', 'gamma:zeros=0.5', ':zeros=0.5'])('refuses %j with a code', (text) => {
    expect(() => parseDistribution(text, 1)).toThrow(SchedlabError);
  });
});
