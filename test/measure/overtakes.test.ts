// Overtaking: held against counting pair by pair, and what it is by class and in whole runs.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanOvertakes, mostOvertaken, overtakesOf } from '../../sim/measure/overtakes.ts';
import type { MetricCall, MetricRun } from '../../sim/metric.ts';
import type { CallLine } from '../../sim/results.ts';
import { modelOf, play } from '../worlds/scripted-model.ts';

const call = (arrival: number, scheduled: number | null, outcome = scheduled === null ? 'unfinished' : 'completed', callClass = 'all'): MetricCall =>
  ({ replication: 0, id: '', program: '', agent: '', engine: 0, class: callClass, arrival, granted: scheduled, scheduled, first_token: null, finished: null, prompt_tokens: 0, cached_tokens: 0, output_tokens: 0, preemptions: 0, outcome });
const runOf = (calls: readonly MetricCall[], everyone = calls): MetricRun => ({ calls, everyone, agents: [], windowS: 100 });

describe('overtakes', () => {
  it('are what counting every pair finds', () => {
    const one = fc.tuple(fc.nat(12), fc.option(fc.nat(12), { freq: 4 }), fc.constantFrom('unfinished', 'rejected')).map(([arrival, wait, end]) => call(arrival, wait === null ? null : arrival + wait, wait === null ? end : 'completed'));
    fc.assert(fc.property(fc.array(one, { maxLength: 40 }), (calls) => {
      const passes = (i: MetricCall, j: MetricCall): boolean => i.scheduled !== null && j.outcome !== 'rejected' && j.arrival < i.arrival && i.scheduled < (j.scheduled ?? Infinity);
      const { passed, suffered } = overtakesOf(calls);
      calls.forEach((me, k) => {
        expect(passed[k]).toBe(me.scheduled === null ? NaN : calls.filter((other) => passes(me, other)).length);
        expect(suffered[k]).toBe(me.outcome === 'rejected' ? NaN : calls.filter((other) => passes(other, me)).length);
      });
    }), { numRuns: 300 });
  });

  it('of a class are those that its own calls commit and suffer, whoever the other is', () => {
    const calls = [call(0, null, 'unfinished', 'slow'), call(1, 2, 'completed', 'fast'), call(2, 3, 'completed', 'fast'), call(3, 4, 'rejected', 'slow')];
    expect([meanOvertakes(runOf(calls)), mostOvertaken(runOf(calls))]).toEqual([1, 3]);
    const [slow, fast] = ['slow', 'fast'].map((name) => runOf(calls.filter((one) => one.class === name), calls));
    expect([meanOvertakes(slow!), mostOvertaken(slow!), meanOvertakes(fast!), mostOvertaken(fast!)]).toEqual([1, 3, 1, 0]);
  });

  it('have no value without calls, and are none where the first to come is the first to be served', async () => {
    expect([meanOvertakes(runOf([])), mostOvertaken(runOf([]))]).toEqual([null, null]);
    const found = async (policy: string): Promise<readonly (number | null)[]> => {
      const calls: CallLine[] = [], programs = [5, 4, 3, 2, 1].map((seconds, i) => ({ arrivalUs: i * 1e5, calls: [{ serviceUs: seconds * 1e6, outputTokens: seconds }] }));
      await play(modelOf({ programs, policy, knowledge: 'oracle' }), { callLine: (line) => { calls.push(line); } });
      return [meanOvertakes(runOf(calls)), mostOvertaken(runOf(calls))];
    };
    expect(await found('fcfs')).toEqual([0, 0]);
    // The first is served at once; of the other four the last passes three, and so on.
    expect(await found('sjf')).toEqual([6 / 5, 3]);
  });
});
