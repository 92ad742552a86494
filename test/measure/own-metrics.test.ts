// Metrics of users: computed from the calls of a replication, for all and by class; what they may not answer is refused with their name.
import { describe, expect, test } from 'vitest';
import type { SchedlabError } from '../../src/errors.ts';
import { learnMetric, metricNames, parseMetric } from '../../src/observe/metrics.ts';
import { checkMetric, withFiles } from '../../sim/experiment/definitions.ts';
import { LABORATORY } from '../../sim/experiment/laboratory.ts';
import { planExperiment } from '../../sim/experiment/plan.ts';
import { runExperiment } from '../../sim/experiment/run.ts';
import type { ExperimentRequest } from '../../sim/experiment/types.ts';
import { OwnMeasures } from '../../sim/measure/own-metrics.ts';
import { defineMetric, entryOf, shownName, type MetricCall, type OwnMetric } from '../../sim/metric.ts';
import { locoFairness } from '../../scenarios/loco-fairness.ts';

const MODEL = { agents: [{ name: 'a', class: 'busy' }, { name: 'b', class: 'quiet' }], classes: ['busy', 'quiet'], endUs: 10e6 };
const call = (id: string, callClass: string, wait: number): MetricCall => ({ replication: 0, id, program: id, agent: 'a', engine: 0, class: callClass, arrival: 1, granted: 1 + wait, scheduled: 1 + wait, first_token: null, finished: 2 + wait, prompt_tokens: 0, cached_tokens: 0, output_tokens: 0, preemptions: 0, outcome: 'completed' });
const common = { name: 'mine', title: 'Mine', unit: 's', better: 'lower', population: 'every call' } as const;
const longest = defineMetric({ ...common, measure: ({ calls }) => (calls.length === 0 ? null : Math.max(...calls.map(({ arrival, scheduled }) => scheduled! - arrival))) });
const waits = defineMetric({ ...common, name: 'waits', distribution: true, measure: ({ calls }) => calls.map(({ arrival, scheduled }) => scheduled! - arrival) });
const valuesOf = (metric: OwnMetric, calls: readonly MetricCall[]): Record<string, number | null> => { const own = new OwnMeasures(MODEL, [metric]); calls.forEach(own.take); return own.values(); };
const refused = (work: () => unknown): string => { try { work(); } catch (error) { expect(error).toMatchObject({ code: 'ERR_SCENARIO_FILE', exitCode: 2 }); return (error as SchedlabError).message; } throw new Error('accepted'); };

describe('a metric of a user', () => {
  test('is asked for all calls, and for each class with its own', () => {
    expect(valuesOf(longest, [call('0', 'busy', 5), call('1', 'quiet', 2)])).toEqual({ mine: 5, 'mine[class=busy]': 5, 'mine[class=quiet]': 2 });
    expect(valuesOf(longest, [call('0', 'busy', 5)])['mine[class=quiet]']).toBeNull();
  });
  test('that is a distribution gets the statistics of the dictionary', () => {
    const values = valuesOf(waits, [1, 2, 3, 4].map((wait) => call(String(wait), 'busy', wait)));
    expect([values['waits.mean'], values['waits.p50'], values['waits.p90[class=busy]'], values['waits.mean[class=quiet]']]).toEqual([2.5, 2.5, 3.7, null]);
  });
  test('sees the window, the agents that declared nothing, and frozen calls', () => {
    const seen = defineMetric({ ...common, measure: ({ windowS, agents, calls }) => { expect([windowS, Object.isFrozen(calls[0])]).toEqual([10, true]); return agents.length; } });
    expect(valuesOf({ ...seen, name: 'seen' }, [call('0', 'busy', 0), call('1', 'quiet', 0)])).toEqual({ seen: 2, 'seen[class=busy]': 1, 'seen[class=quiet]': 1 });
  });
  test.each([[NaN, 'NaN'], [Infinity, 'Infinity'], [undefined, 'undefined'], ['3', '"3"'], [[1], '[1]']])('that answers %j is refused', (answer, said) => {
    expect(refused(() => valuesOf({ ...common, measure: () => answer } as unknown as OwnMetric, []))).toContain(`a finite number, or null where there is nobody to measure, received ${said}`);
  });
  test('that is a distribution and answers no list of numbers is refused', () => {
    for (const answer of [3, [1, NaN], ['1'], null]) expect(refused(() => valuesOf({ ...common, distribution: true, measure: () => answer } as unknown as OwnMetric, []))).toContain('measure of the metric mine answers');
  });
});

describe('a definition', () => {
  test.each<[string, Record<string, unknown>]>([['name must be text', { name: undefined }], ['must be letters, digits and _', { name: 'my-metric' }], ['is taken', { name: 'starved' }], ['is taken', { name: 'mine.p95' }], ['unit must be one of', { unit: 'parsecs' }], ['better must be', { better: 'big' }], ['population must be text', { population: '' }], ['measure must be a function', { measure: 3 }], ['distribution must be', { distribution: 'yes' }]])('is refused: %s', (why, change) => {
    expect(refused(() => checkMetric({ ...longest, ...change }, 'it'))).toContain(why);
  });
  test('joins the dictionary, takes no name of it, and is replaced by a later one of its name', () => {
    learnMetric(entryOf(longest));
    expect(parseMetric('mine[class=busy]')).toMatchObject({ definition: { title: 'Mine', short: 'mine' }, callClass: 'busy' });
    learnMetric(entryOf({ ...longest, title: 'Another' }));
    expect(parseMetric('mine')!.definition.title).toBe('Another');
    expect([metricNames().filter((name) => name === 'mine').length, shownName(waits)]).toEqual([1, 'waits.mean']);
  });
});

describe('an experiment', () => {
  const request: ExperimentRequest = { scenario: { ...locoFairness, metrics: [longest], headline: ['mine', 'starved'] }, version: 'test', given: { ticks: { value: 60, origin: 'flag', where: 'test' } } };
  test('with a metric of its scenario shows it, keeps its entry in the manifest, and has the digests it had without', async () => {
    const laboratory = await withFiles(LABORATORY, { policies: [], balancers: [] }, request.scenario), plan = planExperiment({ ...request, metrics: ['wait.p99', 'mine'] }, laboratory);
    const { summary, manifest } = await runExperiment(plan, { reps: 3 }, laboratory), plain = await runExperiment(planExperiment({ ...request, scenario: locoFairness }), { reps: 3 });
    expect(plan.headline).toEqual(['wait.p99', 'mine', 'starved']);
    expect(summary.cells[0].metrics['mine']).toMatchObject({ unit: 's', n: 3 });
    expect(manifest.metrics).toEqual([entryOf(longest)]);
    expect(manifest.digest.length).toBeGreaterThan(0);
    expect(plain.records.map(({ resultDigest }) => resultDigest)).toEqual((await runExperiment(plan, { reps: 3 }, laboratory)).records.map(({ resultDigest }) => resultDigest));
  });
  test('asks for a metric that nobody defines: refused with the nearest', () => {
    expect(() => planExperiment({ ...request, scenario: locoFairness, metrics: ['wait.p98'] })).toThrow('unknown metric "wait.p98" in --metric');
  });
});
