// Metrics of runs so small that every number can be checked by hand.
import { describe, expect, it } from 'vitest';
import type { CallLine, ReplicationRecord } from '../../sim/results.ts';
import { modelOf, play, type ScriptedModel, type ScriptedProgram } from '../worlds/scripted-model.ts';

const S = 1e6;
const SHELLS = ['event', 'promise'] as const;
const near = (value: number): unknown => expect.closeTo(value, 9);

async function run(model: ScriptedModel, shell: 'event' | 'promise' = 'event'): Promise<{ record: ReplicationRecord; lines: CallLine[] }> {
  const lines: CallLine[] = [];
  const record = await play(modelOf(model), { shell, callLine: (line) => { lines.push(line); } });
  return { record, lines };
}

/** Three calls are served one after another, a fourth has just begun when the window ends; agent 2 never asks. */
const SMALL: ScriptedModel = {
  classes: ['a', 'b'], endUs: 10 * S, tickUs: S, spike: { atUs: 2 * S, class: 'b' },
  agents: [{ name: 'x', class: 'a' }, { name: 'y', class: 'a' }, { name: 'silent', class: 'b' }, { name: 'z', class: 'b' }],
  programs: [
    { arrivalUs: 0, agent: 0, id: 'first', calls: [{ serviceUs: 2 * S, firstTokenUs: 0.5 * S, outputTokens: 3, promptTokens: 100 }] },
    { arrivalUs: 0, agent: 1, calls: [{ serviceUs: 3 * S, firstTokenUs: S, outputTokens: 1, promptTokens: 50 }] },
    { arrivalUs: S, agent: 0, calls: [{ serviceUs: 4 * S }] },
    { arrivalUs: 2 * S, agent: 3, callClass: 1, calls: [{ serviceUs: 5 * S }] },
  ],
};

describe.each(SHELLS)('a window of ten seconds, %s shell', (shell) => {
  it('counts, waits and responses', async () => {
    const { metrics } = (await run(SMALL, shell)).record;
    expect(metrics).toMatchObject({
      arrived: 4, completed: 3, unfinished: 1, rejected: 0, failed: 0, cancelled: 0, served_share: 1, preemptions: 0, hit_share: 0,
      'wait.mean': 3.25, 'wait.p50': 3, 'wait_all.mean': 3.25, 'wait_ticks.mean': 3.25, 'response.mean': 5, 'response.p50': 5, 'e2e.mean': 3,
      'ttft.mean': 0.75, 'tpot.mean': 0.75, 'tpot.p99': 0.75, 'program_time.mean': 5, 'slowdown.mean': near((1 + 5 / 3 + 2) / 3), 'token_latency.mean': near((2 / 3 + 5) / 2),
      'throughput.calls': near(0.3), 'throughput.output_tokens': near(0.4), 'queue.mean': 2.3, utilization: 1,
      'arrived[class=b]': 1, 'completed[class=b]': 0, 'response.mean[class=b]': null, 'wait.mean[class=b]': 7, 'ttft.p50[class=b]': null,
    });
  });

  it('who starves, and how even it was, zeros included, by declared class', async () => {
    const { metrics } = (await run(SMALL, shell)).record;
    expect(metrics).toMatchObject({
      starved: 2, 'starved[class=a]': 0, 'starved[class=b]': 2,
      'jain.completed': near(9 / 20), 'jain.completed[class=a]': near(9 / 10), 'jain.completed[class=b]': null,
      'jain.completed_over_arrived': near(4 / 6), 'jain.service': near(100 / 184),
    });
  });

  it('the first service after the spike ends with its tick; who was never served counts to the end of the window', async () => {
    // z is served from 9 on: 9 + 1 − 2; the silent one: 10 − 2.
    expect((await run(SMALL, shell)).record.metrics['first_service_ticks']).toBe(8);
    const late = await run({ ...SMALL, spike: { atUs: 30 * S, class: 'b' }, endUs: 250 * S, programs: [{ arrivalUs: 0, agent: 0, calls: [{ serviceUs: 300 * S }] }, { arrivalUs: 30 * S, agent: 3, callClass: 1, calls: [{ serviceUs: S }] }] }, shell);
    expect(late.record.metrics['first_service_ticks']).toBe(220);
  });

  it('agents one by one', async () => {
    const { detail } = (await run(SMALL, shell)).record;
    expect(detail.agents).toEqual([
      { name: 'x', class: 'a', arrived: 2, completed: 2, firstServedS: 0, waitAllMeanS: 2 },
      { name: 'y', class: 'a', arrived: 1, completed: 1, firstServedS: 2, waitAllMeanS: 2 },
      { name: 'silent', class: 'b', arrived: 0, completed: 0, firstServedS: null, waitAllMeanS: 0 },
      { name: 'z', class: 'b', arrived: 1, completed: 0, firstServedS: 9, waitAllMeanS: 7 },
    ]);
  });

  it('calls line by line', async () => {
    const { lines } = await run(SMALL, shell);
    expect(lines[0]).toEqual({ replication: 0, id: 'first', program: '0', agent: 'x', engine: 0, class: 'a', arrival: 0, granted: 0, scheduled: 0, first_token: 0.5, finished: 2, prompt_tokens: 100, cached_tokens: 0, output_tokens: 3, preemptions: 0, outcome: 'completed' });
    expect(lines.map((l) => [l.id, l.outcome, l.granted, l.finished])).toEqual([['first', 'completed', 0, 2], ['1', 'completed', 2, 5], ['2', 'completed', 5, 9], ['3', 'unfinished', 9, null]]);
  });

  it('calls that time out are refused and in no wait; calls that are withdrawn were watched until then; calls that still wait, to the end', async () => {
    const programs: ScriptedProgram[] = [
      { arrivalUs: 0, calls: [{ serviceUs: 10 * S }] },
      { arrivalUs: S, calls: [{ serviceUs: S, timeoutUs: 2 * S }] },
      { arrivalUs: S, calls: [{ serviceUs: S, cancelUs: 3 * S }] },
      { arrivalUs: 3 * S, calls: [{ serviceUs: S }] },
    ];
    const { record, lines } = await run({ programs, endUs: 8 * S }, shell);
    expect(record.metrics).toMatchObject({ arrived: 4, completed: 0, rejected: 1, cancelled: 1, unfinished: 2, served_share: 0.25, 'wait.mean': 0, 'wait_all.mean': near(8 / 3), 'response.mean': null, starved: 1, 'queue.growth': expect.anything() as unknown });
    expect(record.detail.agents[0]!.waitAllMeanS).toBeCloseTo(8 / 3, 9);
    expect(lines.map((l) => [l.program, l.outcome, l.scheduled, l.engine])).toEqual([['1', 'rejected', null, null], ['2', 'cancelled', null, null], ['0', 'unfinished', 0, 0], ['3', 'unfinished', null, null]]);
  });

  it('a running call that is withdrawn was served, and its program goes no further', async () => {
    const { record } = await run({ programs: [{ arrivalUs: 0, calls: [{ serviceUs: 10 * S, cancelUs: 3 * S }, { serviceUs: S }] }, { arrivalUs: S, calls: [{ serviceUs: S }] }] }, shell);
    expect(record.metrics).toMatchObject({ arrived: 2, completed: 1, cancelled: 1, 'wait.mean': 1, 'wait_all.mean': 1, 'program_time.mean': 3, 'queue.mean': near(6 / 4) });
  });

  it('programs of several calls are timed from arrival to the end of the last call, thinking included; programs of one call beside them as well', async () => {
    const chain: ScriptedProgram = { arrivalUs: 2 * S, calls: [{ thinkUs: S, serviceUs: 2 * S, outputTokens: 2, firstTokenUs: S }, { thinkUs: 3 * S, serviceUs: S, outputTokens: 5 }] };
    const { record } = await run({ programs: [{ arrivalUs: 0, calls: [{ serviceUs: 2 * S }] }, chain, { arrivalUs: 20 * S, calls: [{ serviceUs: 5 * S }] }] }, shell);
    expect(record.metrics).toMatchObject({ arrived: 4, completed: 4, 'program_time.mean': near((2 + 7 + 5) / 3), 'program_time.p50': 5, 'slowdown.mean': 1, 'token_latency.mean': 1, 'response.mean': 2.5 });
    const unfinished = await run({ programs: [chain], endUs: 6 * S }, shell);
    expect(unfinished.record.metrics).toMatchObject({ completed: 1, 'program_time.mean': null, 'slowdown.mean': null, 'response.mean': 2 });
  });

  it('the window of a run without an end is its last call, not a withdrawal that came to nothing', async () => {
    const { record } = await run({ programs: [{ arrivalUs: 0, calls: [{ serviceUs: 2 * S, cancelUs: 100 * S }] }] }, shell);
    expect(record.metrics).toMatchObject({ utilization: 1, 'throughput.calls': 0.5, 'queue.mean': 1 });
  });

  it('a run without a call has nothing to say', async () => {
    const { record } = await run({ programs: [], agents: 2 }, shell);
    expect(record.metrics).toMatchObject({ arrived: 0, 'wait.mean': null, 'wait_all.p50': null, 'queue.mean': null, utilization: null, starved: 2, 'jain.completed': null, 'jain.service': null, served_share: null });
    expect(record.events).toBe(0);
  });

  it('the queue over time, as each arrival finds it', async () => {
    const record = await play(modelOf(SMALL), { shell, series: true });
    // Waits of 3.25 s on average, four in ten seconds; one of the 2.3 in the system is served.
    expect(record.detail.series).toEqual({ atS: [0, 0, 1, 2], waiting: [1, 2, 2, 3], oldestWaitS: [0, 0, 1, 2], meanWaiting: 1.3 });
  });
});

describe('a preempting engine', () => {
  it('counts preemptions, resumes where it stopped, and shows the first token where it came', async () => {
    const { record, lines } = await run({
      engines: { discipline: 'preempt-resume' }, place: 'engine', window: Infinity, policy: 'atlas', policyOptions: { levels: 2, base: 1000, meter: 'tokens' },
      programs: [{ arrivalUs: 0, calls: [{ serviceUs: 3 * S, outputTokens: 10, firstTokenUs: 0.5 * S }] }, { arrivalUs: 0.5 * S, calls: [{ serviceUs: 0.5 * S, outputTokens: 1, firstTokenUs: 0.5 * S }] }],
    });
    // A token is a millisecond of service: after a second the first call sinks a level, the second is served, the first resumes.
    expect(lines.map((l) => [l.program, l.scheduled, l.first_token, l.finished, l.preemptions])).toEqual([['1', 1, 1.5, 1.5, 0], ['0', 0, 0.5, 3.5, 1]]);
    expect(record.metrics).toMatchObject({ preemptions: 1, 'wait.mean': 0.25, 'response.mean': near((3.5 + 1) / 2) });
  });
});
