// One queue, one engine of c places: what the textbooks say of means and quantiles.
import { describe, expect, it } from 'vitest';
import { quantilesOf } from '../../sim/measure/samples.ts';
import type { CallLine } from '../../sim/results.ts';
import { scenarioModel } from '../scenarios/setup.ts';
import { play } from '../worlds/scripted-model.ts';
import { agrees, erlangWait, replicate, valuesOf } from './rig.ts';

describe('the formulas of these tests', () => {
  it('give the known waits of M/M/c at load .9', () => {
    expect([1, 2, 4, 8, 16, 32].map((c) => Number(erlangWait(c, 0.9).toFixed(4)))).toEqual([9, 4.2632, 1.9694, 0.8769, 0.3696, 0.1432]);
  });
});

describe('one server', () => {
  it('M/M/1 waits ρ/(1 − ρ), holds ρ/(1 − ρ) calls, is busy ρ of the time, and has exponential responses', async () => {
    const records = await replicate(scenarioModel('queueing', { load: 0.6, calls: 12_000 }), 'mm1');
    agrees(valuesOf(records, 'wait.mean'), 0.6 / 0.4);
    agrees(valuesOf(records, 'response.mean'), 1 / 0.4);
    agrees(valuesOf(records, 'queue.mean'), 0.6 / 0.4);
    agrees(valuesOf(records, 'utilization'), 0.6, 0.02);
    for (const [name, p] of [['p50', 0.5], ['p90', 0.9], ['p95', 0.95], ['p99', 0.99]] as const) agrees(valuesOf(records, `response.${name}`), -Math.log(1 - p) / 0.4);
  }, 30_000);

  it('M/D/1 waits half as long', async () => {
    const records = await replicate(scenarioModel('queueing', { load: 0.7, service: 'deterministic', calls: 12_000 }), 'md1');
    agrees(valuesOf(records, 'wait.mean'), 0.7 / (2 * 0.3));
  }, 30_000);

  it('M/G/1 with hyperexponential service waits as Pollaczek and Khinchine say', async () => {
    const records = await replicate(scenarioModel('queueing', { load: 0.5, service: 'hyperexponential:cv2=4', calls: 16_000 }), 'mg1');
    agrees(valuesOf(records, 'wait.mean'), (0.5 * (1 + 4)) / (2 * 0.5));
  }, 30_000);
});

describe('several servers behind one queue', () => {
  it.each([[2, 0.7], [4, 0.7], [8, 0.8]])('M/M/%s at load %s waits as Erlang says', async (servers, load) => {
    const records = await replicate(scenarioModel('queueing', { servers, load, calls: 12_000 }), `mm${servers}`);
    agrees(valuesOf(records, 'wait.mean'), erlangWait(servers, load), 0.15);
    agrees(valuesOf(records, 'utilization'), load, 0.02);
  }, 30_000);
});

describe('on every sample path', () => {
  it('first come, first served follows Lindley\'s recursion to the microsecond', async () => {
    const lines: CallLine[] = [];
    await play(scenarioModel('queueing', { load: 0.9, service: 'hyperexponential:cv2=10', calls: 5000 }), { seed: 'lindley', callLine: (line) => { lines.push(line); } });
    lines.sort((a, b) => a.arrival - b.arrival || Number(a.program) - Number(b.program));
    const us = (s: number | null): number => Math.round(s! * 1e6);
    let waitUs = 0, waited = 0;
    for (const [i, line] of lines.entries()) {
      if (i > 0) { const last = lines[i - 1]!; waitUs = Math.max(0, waitUs + (us(last.finished) - us(last.scheduled)) - (us(line.arrival) - us(last.arrival))); }
      if (us(line.scheduled) - us(line.arrival) !== waitUs) expect(us(line.scheduled) - us(line.arrival)).toBe(waitUs);
      if (waitUs > 0) waited++;
    }
    expect(lines.length).toBe(5000);
    expect(waited).toBeGreaterThan(3000);
  });

  it('every policy that looks at no size does the same work at the same time: equal total waits of equal calls, equal ends of every busy period', async () => {
    const outcomes = new Set<string>();
    for (const policy of ['fcfs', 'loco', 'round-robin', 'oldest-first', 'atlas', 'loco-clock']) {
      const { metrics } = await play(scenarioModel('queueing', { policy, load: 0.95, service: 'deterministic', calls: 3000, agents: 5 }), { seed: 'work' });
      outcomes.add([metrics['wait.mean'], metrics['queue.mean'], metrics['utilization'], metrics['throughput.calls']].join());
    }
    expect(outcomes.size).toBe(1);
  });

  it('however the server treats its calls, the last one ends at the same instant; processor sharing loses less than a microsecond a call to rounding', async () => {
    const ends: number[] = [];
    for (const discipline of ['nonpreemptive', 'preempt-resume', 'ps']) {
      let lastUs = 0;
      await play(scenarioModel('queueing', { discipline, load: 0.9, calls: 2000 }), { seed: 'ends', callLine: ({ finished }) => { lastUs = Math.max(lastUs, Math.round(finished! * 1e6)); } });
      ends.push(lastUs);
    }
    expect(ends[1]).toBe(ends[0]);
    expect(ends[2]! - ends[0]!).toBeGreaterThanOrEqual(0);
    expect(ends[2]! - ends[0]!).toBeLessThan(2000);
  });

  it('the quantiles of a run are those of its calls', async () => {
    const waits: number[] = [];
    const { metrics } = await play(scenarioModel('queueing', { load: 0.8, calls: 4000 }), { seed: 'q', callLine: ({ arrival, scheduled }) => { waits.push(Math.round((scheduled! - arrival) * 1e6)); } });
    const wanted = quantilesOf(Float64Array.from(waits), [0.5, 0.9, 0.95, 0.99]).map((x) => x / 1e6);
    expect(['p50', 'p90', 'p95', 'p99'].map((p) => metrics[`wait.${p}`])).toEqual(wanted);
  });
});
