// Scenarios of program shapes: the same programs under every policy, equal results through both shells, a rate that keeps its target, agents in a closed loop.
import { describe, expect, it } from 'vitest';
import type { CallLine } from '../../sim/results.ts';
import { PROGRAMS } from '../../sim/workload/shapes/registry.ts';
import { main } from '../../src/cli/front.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { play } from '../worlds/scripted-model.ts';
import { scenarioModel } from './setup.ts';

type Given = Readonly<Record<string, number | string>>;
const linesOf = async (scenario: string, given: Given): Promise<CallLine[]> => { const lines: CallLine[] = []; await play(scenarioModel(scenario, given), { callLine: (line) => { lines.push(line); } }); return lines; };

/** Sizes of all calls by program, in any order: what a program is made of. */
function madeOf(lines: readonly CallLine[], key: (line: CallLine) => string): Map<string, string> {
  const parts = new Map<string, string[]>();
  for (const line of lines) parts.set(key(line), [...(parts.get(key(line)) ?? []), `${line.prompt_tokens}/${line.output_tokens}`]);
  return new Map([...parts].map(([name, sizes]) => [name, sizes.sort().join(' ')]));
}

const FEW: Given = { count: 20, rate: 4, engine: 'slots:4' };
const BATCH: Given = { programs: 'mixed', count: 8, rate: 4, engine: 'h100-llama-3.1-8b-tp1', window: 4 };

describe('policy-zoo', () => {
  it.each(Object.keys(PROGRAMS))('hands the same %s programs to every policy', async (programs) => {
    const given = { ...FEW, programs, count: programs === 'mcts' ? 3 : 10 }, [a, b] = [await linesOf('policy-zoo', { ...given, policy: 'fcfs' }), await linesOf('policy-zoo', { ...given, policy: 'program-srpt' })];
    expect(madeOf(b, (line) => line.program!)).toEqual(madeOf(a, (line) => line.program!));
    expect(a.every((line) => line.outcome === 'completed')).toBe(true);
  });

  it.each([['chat', FEW], ['map-reduce', FEW], ['coding-agent', { ...FEW, count: 6 }], ['mcts', { ...FEW, count: 3 }], ['mixed', BATCH]] as const)('gives equal results for %s through both shells', async (programs, given) => {
    const model = scenarioModel('policy-zoo', { ...given, programs, policy: 'atlas' }), [event, promise] = [await play(model), await play(model, { shell: 'promise' })];
    expect([promise.orderDigest, promise.resultDigest]).toEqual([event.orderDigest, event.resultDigest]);
  });

  it('compares twelve policies where a sweep names none, and those alone that it names', async () => {
    const cells = async (...words: string[]): Promise<number> => { const io = fakeIo({}); await main(['sweep', 'policy-zoo', ...words, '--show-config', '--json'], io); return (JSON.parse(io.out()) as { cells: number }).cells; };
    expect([await cells(), await cells('policy=fcfs,atlas'), await cells('count=100,200')]).toEqual([12, 2, 24]);
  });

  it('leaves a batch engine a window, so that the policy in front of it decides', () => {
    expect(scenarioModel('policy-zoo', { ...BATCH, window: 'auto' }).window).toBe(64);
    expect(scenarioModel('policy-zoo', { ...BATCH, window: 'none' }).window).toBe(Infinity);
  });
});

describe('program-load', () => {
  const SMALL: Given = { programs: 'react', engine: 'slots:4', place: 'gate', minutes: 4, from: 0.05, to: 4, steps: 4, metric: 'slowdown.mean', target: 2 };

  it('tells of a run at the rate that it found, and a higher rate fails', async () => {
    const found = await play(scenarioModel('program-load', SMALL)), rate = found.metrics['rate_at_target']!;
    const [at, above] = await Promise.all([rate, 1.5 * rate].map(async (one) => (await play(scenarioModel('program-load', { ...SMALL, find: 'off', rate: one }))).metrics['slowdown.mean']!));
    expect(rate).toBeGreaterThan(0.05);
    expect(found.metrics['slowdown.mean']).toBe(at);
    expect(above).toBeGreaterThan(2);
    expect(Math.abs(at! - 2)).toBeLessThan(0.5);
  });

  it('finds a lower rate where few programs may be left over, and keeps to it', async () => {
    const [any, few] = await Promise.all([1, 0.4].map(async (open) => (await play(scenarioModel('program-load', { ...SMALL, target: 20, open }))).metrics));
    expect(any!['programs.open_share']).toBeGreaterThan(0.5);
    expect(few!['rate_at_target']).toBeLessThan(any!['rate_at_target']!);
    expect(few!['programs.open_share']).toBeLessThan(0.45);
  });

  it('has the policy inside the engine, where feedback over calls differs from their arrival', async () => {
    const orders = await Promise.all(['fcfs', 'mlfq', 'atlas'].map(async (policy) => (await play(scenarioModel('program-load', { policy, find: 'off', rate: 1, minutes: 2, maxSeqs: 16 }))).orderDigest));
    expect(new Set(orders).size).toBe(3);
  });

  it('refuses a bracket that is none', () => { expect(() => scenarioModel('program-load', { ...SMALL, from: 4 })).toThrow(/from=4 is not below to=4/); });
});

describe('agent-fleet', () => {
  const FLEET: Given = { agents: 12, engines: 2, minutes: 5, programs: 'react', window: 3 };
  const byAgent = (lines: readonly CallLine[]): Map<string, CallLine[]> => { const of = new Map<string, CallLine[]>(); for (const line of lines) of.set(line.agent!, [...(of.get(line.agent!) ?? []), line]); return of; };

  it('begins the next task of an agent in the instant in which its last was completed', async () => {
    for (const [, lines] of byAgent(await linesOf('agent-fleet', FLEET))) {
      const tasks = new Map<string, CallLine[]>();
      for (const line of lines) tasks.set(line.program!, [...(tasks.get(line.program!) ?? []), line]);
      const spans = [...tasks.values()].map((calls) => ({ from: Math.min(...calls.map((call) => call.arrival)), to: Math.max(...calls.map((call) => call.finished ?? Infinity)) })).sort((a, b) => a.from - b.from);
      expect(spans.length).toBeGreaterThan(3);
      for (let k = 1; k < spans.length; k++) expect(spans[k]!.from).toBeCloseTo(spans[k - 1]!.to, 9);
    }
  });

  it('gives an agent the same first tasks under every policy', async () => {
    const firsts = async (policy: string): Promise<string[]> => [...byAgent(await linesOf('agent-fleet', { ...FLEET, policy }))].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, lines]) => {
      const calls = lines.sort((a, b) => a.arrival - b.arrival), first = calls[0]!.program;
      return calls.filter((call) => call.program === first).map((call) => `${call.prompt_tokens}/${call.output_tokens}`).join(' ');
    });
    expect(await firsts('atlas')).toEqual(await firsts('fcfs'));
  });

  it('gives equal results through both shells, tasks that follow included', async () => {
    const model = scenarioModel('agent-fleet', { ...FLEET, agents: 6, programs: 'coding-agent', minutes: 8, testRunners: 1 }), [event, promise] = [await play(model), await play(model, { shell: 'promise' })];
    expect([promise.orderDigest, promise.resultDigest]).toEqual([event.orderDigest, event.resultDigest]);
    expect(event.metrics['programs.begun']).toBeGreaterThan(6);
  });

  it('shares the price of all GPUs out among the tasks that were completed', async () => {
    const { metrics } = await play(scenarioModel('agent-fleet', { ...FLEET, engine: 'h100-llama-3.1-70b-tp4', pricePerGpuHour: 3 })), tasks = metrics['programs.completed']!;
    expect(metrics['cost_per_program']).toBeCloseTo((3 * 4 * 2 * 5) / 60 / tasks, 12);
    expect(metrics['programs.per_hour']).toBeCloseTo(tasks * 12, 9);
    expect((await play(scenarioModel('agent-fleet', FLEET))).metrics).not.toHaveProperty('cost_per_program');
  });
});
