// Starvation in four definitions, evenness by weight and slowdown, and programs that the window cuts, each on runs checked by hand.
import { describe, expect, it } from 'vitest';
import { METRICS, STARVED_RATIO, onRequestAmong } from '../../src/observe/metrics.ts';
import { runExperiment } from '../../sim/experiment/run.ts';
import { planExperiment } from '../../sim/experiment/plan.ts';
import { onRequest } from '../../sim/measure/on-request.ts';
import { starvedBySize } from '../../sim/measure/size-starvation.ts';
import { Samples } from '../../sim/measure/samples.ts';
import type { MetricCall } from '../../sim/metric.ts';
import { agentsAsCode } from '../../scenarios/agents-as-code.ts';
import { locoFairness } from '../../scenarios/loco-fairness.ts';
import { modelOf, play, type ScriptedProgram } from '../worlds/scripted-model.ts';

const S = 1e6;
const SHELLS = ['event', 'promise'] as const;
const near = (value: number): unknown => expect.closeTo(value, 9);
const single = (arrivalS: number, serviceS: number, more: Partial<ScriptedProgram> = {}): ScriptedProgram => ({ arrivalUs: arrivalS * S, calls: [{ serviceUs: serviceS * S }], ...more });

describe.each(SHELLS)('in the %s shell', (shell) => {
  const of = async (programs: readonly ScriptedProgram[], more: Partial<Parameters<typeof modelOf>[0]> = {}): Promise<Readonly<Record<string, number | null>>> => (await play(modelOf({ programs, ...more }), { shell })).metrics;

  it('a call starves by ratio from 8 times its service on; one without an end is held against the mean service', async () => {
    expect(STARVED_RATIO).toBe(8);
    // Waits 0, 8, 8.5 over services 8, 1, 0.5 and then 1; the last two are cut or unserved: they waited 8.5 and 9 s, the mean service is 3.1667 s.
    const metrics = await of([single(0, 8), single(0, 1), single(0.5, 0.5), single(1, 9), single(1, 9)], { endUs: 10 * S });
    expect(metrics).toMatchObject({ 'starved.ratio': 2 / 5, 'wait_all.max': 9 });
    const calm = await of([single(0, 8), single(0, 1.01)], { endUs: 20 * S });
    expect(calm).toMatchObject({ 'starved.ratio': 0, 'wait_all.max': 8 });
    expect((await of([single(0, 30), single(1, 30)], { endUs: 20 * S }))['starved.ratio']).toBe(1 / 2);
  });

  it('Jain looks at service ÷ weight, and at slowdowns with a zero for who completed nothing', async () => {
    const agents = [{ name: 'a', class: 'all', weight: 3 }, { name: 'b', class: 'all' }, { name: 'silent', class: 'all' }];
    const metrics = await of([single(0, 3), single(0, 1, { agent: 1 }), single(3.5, 3)], { agents, endUs: 6 * S });
    // Service 5 and 1, the last call being cut: 5 ÷ 3 and 1 of three agents. Slowdowns 1 and 4 of two that asked.
    expect(metrics).toMatchObject({ 'jain.service_over_weight': near((5 / 3 + 1) ** 2 / (3 * (25 / 9 + 1))), 'jain.slowdown': near(25 / (2 * 17)) });
    expect((await of([single(0, 1), single(0, 9, { agent: 1 })], { endUs: 5 * S }))['jain.slowdown']).toBe(0.5);
  });

  it('programs open at the end are counted, with the time that they took until then', async () => {
    const chain = (arrivalS: number, calls: readonly (readonly [number, number])[]): ScriptedProgram => ({ arrivalUs: arrivalS * S, calls: calls.map(([thinkS, serviceS]) => ({ thinkUs: thinkS * S, serviceUs: serviceS * S })) });
    const programs = [chain(0, [[0, 1], [1, 1]]), single(1, 1), chain(2, [[0, 1], [50, 1]]), chain(4, [[0, 1], [0, 50], [0, 1]]), { ...single(5, 1), calls: [{ serviceUs: S, timeoutUs: S }] }, single(6, 1)];
    const metrics = await of(programs, { endUs: 10 * S });
    // Completed after 3 (2 to 3 are the second call's wait and service) and 1; open since 2 in thought, 4 in service, 6 in the queue; one waited too long.
    expect(metrics).toMatchObject({ 'programs.begun': 6, 'programs.completed': 2, 'programs.unfinished': 3, 'programs.lost': 1, 'program_time.mean': 2, 'program_time_all.mean': near((3 + 1 + 8 + 6 + 4) / 5), 'program_time_all.p50': near(4) });
    const plain = await of([single(0, 6), single(1, 6)], { endUs: 10 * S });
    expect(plain).toMatchObject({ 'programs.begun': 2, 'programs.unfinished': 1, 'program_time.mean': 6, 'program_time_all.mean': 7.5 });
    expect(await of([single(0, 6), single(1, 6)])).toMatchObject({ 'programs.unfinished': 0, 'program_time_all.p95': near(10.75), 'program_time.p95': near(10.75) });
  });
});

describe('a metric on request', () => {
  const given = { ticks: { value: 60, origin: 'flag', where: 'test' } } as const, request = { scenario: locoFairness, version: 'test', given };
  it('is measured where it is named, in a threshold too, and leaves the digests alone', async () => {
    const plain = await runExperiment(planExperiment(request), { reps: 2 }), asked = await runExperiment(planExperiment({ ...request, metrics: ['overtakes[class=quiet]'], thresholds: ['starved.size < 2'] }), { reps: 2 });
    expect(onRequestAmong(Object.keys(plain.records[0]!.metrics))).toEqual([]);
    expect(onRequestAmong(Object.keys(asked.records[0]!.metrics)).sort()).toEqual(['overtakes', 'starved.size']);
    expect(asked.summary.cells[0]!.metrics['overtakes[class=quiet]']!.n).toBe(2);
    expect(asked.records.map(({ resultDigest, orderDigest }) => [resultDigest, orderDigest])).toEqual(plain.records.map(({ resultDigest, orderDigest }) => [resultDigest, orderDigest]));
  });
  it('has a measure, whichever it is', () => {
    const names = METRICS.filter((metric) => metric.isOnRequest).map(({ name }) => name), run = { calls: [], agents: [], windowS: 1 };
    expect(names).toEqual(['starved.size', 'overtakes', 'overtaken_most', 'service_gap', 'service_unit', 'service_gap_over_u']);
    for (const metric of onRequest(names)) expect(metric.measure(run)).toBeNull();
  });
});

describe('starvation among equals', () => {
  const call = (tokens: number, wait: number, outcome = 'completed'): MetricCall =>
    ({ replication: 0, id: '', program: '', agent: '', engine: 0, class: '', arrival: 0, granted: wait, scheduled: outcome === 'unfinished' ? null : wait, first_token: null, finished: null, prompt_tokens: 0, cached_tokens: 0, output_tokens: tokens, preemptions: 0, outcome });
  const shareOf = (...calls: MetricCall[]): number | null => starvedBySize({ calls, agents: [], windowS: 100 });
  it('holds a call against the median of calls with as many tokens, up to a factor of two', () => {
    const long = [1, 1, 1].map((wait) => call(1000, wait)), short = [9, 9, 9].map((wait) => call(10, wait));
    expect(shareOf(...long, ...short, call(900, 11), call(15, 11))).toBe(1 / 8);
    expect(shareOf(...long, call(900, 10))).toBe(0);
  });
  it('holds who was never served against all, and where most do not wait, against those that do', () => {
    expect(shareOf(call(8, 1), call(8, 1), call(0, 0, 'unfinished'))).toBe(1 / 3);
    expect(shareOf(call(8, 0), call(8, 0), call(8, 0), call(8, 1), call(8, 2), call(8, 2), call(8, 21))).toBe(1 / 7);
    expect(shareOf(call(8, 0), call(8, 0))).toBe(0);
  });
});

describe('samples', () => {
  it('know their largest and how many are at least so large, folded or not', () => {
    const bag = new Samples(), values = Array.from({ length: 400_000 }, (_, i) => (i * 7919) % 400_009);
    expect([bag.max, bag.countFrom(1)]).toEqual([0, 0]);
    values.forEach((value, i) => { bag.add(value); if (i === 999) expect([bag.max, bag.countFrom(200_000)]).toEqual([Math.max(...values.slice(0, 1000)), values.slice(0, 1000).filter((v) => v >= 200_000).length]); });
    expect(bag.max).toBe(values.reduce((a, b) => Math.max(a, b), 0));
    expect(Math.abs(bag.countFrom(200_000) / values.filter((v) => v >= 200_000).length - 1)).toBeLessThan(0.001);
  });
});

describe('agents written as functions', () => {
  it('that have not returned when the window ends are open programs', async () => {
    const { summary } = await runExperiment(planExperiment({ scenario: agentsAsCode, version: 'test' }), { reps: 1 });
    const metrics = summary.cells[0]!.metrics, value = (name: string): number => metrics[name]!.mean!;
    expect(value('programs.begun')).toBe(value('programs.completed') + value('programs.unfinished') + value('programs.lost'));
    expect(value('programs.begun')).toBeGreaterThan(0);
  });
});
