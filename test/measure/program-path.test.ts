// The path of a program: which way it is, and that its parts are its response, to the microsecond.
import { describe, expect, test } from 'vitest';
import { NODE_CALL, NODE_JOIN, NODE_TOOL, type PlanNode } from '../../src/programs/plan.ts';
import { PATH_PARTS, pathMetric } from '../../sim/measure/path-parts.ts';
import { METRICS } from '../../src/observe/metrics.ts';
import type { ReplicationRecord } from '../../sim/results.ts';
import { seededRandom } from '../../src/random.ts';
import { picker, randomGraph, randomScenario, TICK_US } from '../properties/random-scenario.ts';
import { randomBatchModel } from '../worlds/random-batch-model.ts';
import { modelOf, play, ScriptedWorkload, type ScriptedCall, type ScriptedProgram } from '../worlds/scripted-model.ts';

const call = (ms: number, more: Partial<ScriptedCall> = {}): ScriptedCall => ({ serviceUs: ms * 1000, firstTokenUs: 0, ...more });
const node = (kind: 0 | 1 | 2, parents: readonly number[], more: Partial<PlanNode> = {}): PlanNode => ({ kind, parents, ...more });
/** Seconds of the parts that have any. */
const told = ({ detail }: ReplicationRecord): Record<string, number> => Object.fromEntries(Object.entries(detail.path?.seconds ?? {}).filter(([, s]) => s > 0));
const total = (record: ReplicationRecord): number => Object.values(told(record)).reduce((a, b) => a + b, 0);

/** Programs of random graphs for a batch engine, on its grid. */
function randomBatchGraphs(n: number): ScriptedProgram[] {
  const draw = seededRandom(`batch graphs/${n}`), pick = picker(draw), upTo = (most: number): number => Math.floor(draw() * (most + 1)), chance = (p: number): boolean => draw() < p;
  return Array.from({ length: 1 + upTo(12) }, () => upTo(12) * TICK_US).sort((a, b) => a - b).map((arrivalUs) => {
    const graph = randomGraph(1 + upTo(7), { upTo, chance, pick, toolUs: () => upTo(2) * TICK_US });
    return { arrivalUs, callClass: upTo(1), graph, calls: graph.map(() => ({ serviceUs: NaN, promptTokens: upTo(30), outputTokens: upTo(12), cancelUs: chance(0.1) ? TICK_US * (1 + upTo(12)) : 0 })) };
  });
}

describe('the path of a program', () => {
  test('parts of every program add up to its response on slots, whatever is lost, withdrawn, woken or preempted, and are told alike by both shells', async () => {
    let programs = 0;
    for (let n = 0; n < 120; n++) {
      const model = randomScenario(n), record = await play(model, { series: true });
      programs += record.detail.path?.programs ?? 0;
      if (n % 4 === 0) expect((await play(model, { shell: 'promise', series: true })).detail).toEqual(record.detail);
      if ((record.detail.path?.programs ?? 0) > 0) expect(PATH_PARTS.reduce((sum, part) => sum + (record.metrics[pathMetric(part)] ?? NaN), 0)).toBeCloseTo(1, 9);
    }
    expect(programs).toBeGreaterThan(200);
  });

  test('so they do on batch engines with little memory', async () => {
    const seconds: Record<string, number> = {};
    for (let n = 0; n < 40; n++) {
      const model = { ...randomBatchModel(n), tools: [{ name: 'one at a time', places: 1 }, { name: 'two', places: 2 }], endUs: Infinity, workload: () => new ScriptedWorkload(randomBatchGraphs(n)) }, record = await play(model, { series: true });
      for (const [part, s] of Object.entries(record.detail.path?.seconds ?? {})) seconds[part] = (seconds[part] ?? 0) + s;
      if (n % 4 === 0) {
        const promised = await play(model, { shell: 'promise', series: true });
        expect([promised.detail.path, promised.detail.programs, promised.metrics['wasted_tokens']]).toEqual([record.detail.path, record.detail.programs, record.metrics['wasted_tokens']]);
      }
    }
    for (const part of ['gate', 'frontEnd', 'engineWait', 'prefill', 'decode', 'toolQueue', 'tool', 'siblings']) expect([part, seconds[part]! > 0]).toEqual([part, true]);
  });

  test('a chain waits at the gate behind another program, reads, writes and thinks', async () => {
    const record = await play(modelOf({ programs: [{ arrivalUs: 0, calls: [call(5)] }, { arrivalUs: 0, calls: [call(4, { firstTokenUs: 1000, outputTokens: 4 }), call(2, { thinkUs: 7000 })] }] }));
    expect(told(record)).toEqual({ gate: 0.005, prefill: 0.001, decode: 0.003, thinking: 0.007, service: 0.002 });
    expect(record.metrics['path.gate']).toBeCloseTo(5 / 18, 12);
    expect(record.detail.path?.programs).toBe(1);
  });

  test('the way that is longest alone is the path, and what it waits for beside it is its siblings', async () => {
    // Alone the second branch is the longest, 6 ms; on one place the third is served last.
    const graph = [node(NODE_CALL, []), node(NODE_CALL, [0]), node(NODE_CALL, [0]), node(NODE_CALL, [0]), node(NODE_CALL, [1, 2, 3])];
    const record = await play(modelOf({ programs: [{ arrivalUs: 0, graph, calls: [call(1), call(2), call(6), call(3), call(1)] }] }), { series: true });
    expect(told(record)).toEqual({ gate: 0.002, service: 0.008, siblings: 0.003 });
    expect(record.detail.programs?.programs[0]).toMatchObject({ path: [0, 2, 4], responseS: 0.013, aloneS: 0.008 });
  });

  test('tools have a queue and work, and lost attempts a wait before the next', async () => {
    const graph = [node(NODE_CALL, []), node(NODE_TOOL, [0], { toolUs: 4000, pool: 0 }), node(NODE_CALL, [1], { failure: { attempts: 2, backoffUs: 3000, factor: 1, mostUs: 3000, then: 'program' } })];
    const first = { arrivalUs: 0, graph, calls: [call(1), call(0), call(1)] }, second = { ...first, calls: [call(1), call(0), call(2, { timeoutUs: 500 })] };
    const record = await play(modelOf({ programs: [first, second, { arrivalUs: 8500, calls: [call(2)] }], engines: { slots: 2 }, tools: [{ name: 'shell', places: 1 }] }));
    // The second waits 4 ms for the tool, and half a millisecond at the gate until its attempt is lost, where three calls want two places.
    expect(told(record)['tool']).toBe(0.008);
    expect(told(record)['toolQueue']).toBe(0.004);
    expect(total(record)).toBe(0.006 + 0.011);
  });

  test('a lost attempt shows as gate and backoff, and is counted', async () => {
    const graph = [node(NODE_CALL, [], { failure: { attempts: 2, backoffUs: 3000, factor: 1, mostUs: 3000, then: 'program' } }), node(NODE_CALL, [0])];
    const record = await play(modelOf({ programs: [{ arrivalUs: 0, calls: [call(2)] }, { arrivalUs: 0, graph, calls: [call(1, { timeoutUs: 500 }), call(1)] }] }));
    expect(told(record)).toEqual({ gate: 0.0005, backoff: 0.003, service: 0.002 });
    expect(record.metrics['attempts_lost']).toBe(1);
  });

  test('of the first k, losers are no part of the path, and what they had produced is wasted', async () => {
    const graph = [node(NODE_CALL, []), node(NODE_CALL, []), node(NODE_JOIN, [0, 1], { need: 1 }), node(NODE_CALL, [2])];
    const record = await play(modelOf({ programs: [{ arrivalUs: 0, graph, calls: [call(9, { outputTokens: 10 }), call(5, { outputTokens: 6 }), call(0), call(1, { outputTokens: 1 })] }], engines: { slots: 2 } }), { series: true });
    expect(record.detail.programs?.programs[0]?.path).toEqual([1, 2, 3]);
    // Ten tokens in 9 ms, one at once: six after 5 ms.
    expect(record.metrics['wasted_tokens']).toBe(6);
    expect(record.metrics['wasted_share']).toBeCloseTo(6 / 13, 12);
  });

  test('a place that is taken away is time preempted', async () => {
    const record = await play(modelOf({ programs: [{ arrivalUs: 0, calls: [call(5, { firstTokenUs: 2000, outputTokens: 3 }), call(1)] }, { arrivalUs: 1000, calls: [call(2)] }], engines: { discipline: 'preempt-resume' }, place: 'engine', policy: 'srpt', knowledge: 'oracle' }));
    expect(told(record)).toEqual({ prefill: 0.002, decode: 0.003, preempted: 0.002, service: 0.001 });
  });

  test('a program that fails wastes all that it has got, and one whose client dies is neither completed nor lost', async () => {
    const graph = [node(NODE_CALL, []), node(NODE_CALL, [0])];
    const record = await play(modelOf({ programs: [{ arrivalUs: 0, graph, calls: [call(2, { outputTokens: 4 }), call(2, { timeoutUs: 500 })] }, { arrivalUs: 1000, calls: [call(5, { outputTokens: 5 })] }, { arrivalUs: 9000, graph, abandonAt: 1, calls: [call(1, { outputTokens: 3 }), call(1)] }] }));
    expect(record.metrics).toMatchObject({ wasted_tokens: 7, wasted_share: 7 / 12, 'programs.lost': 2, 'programs.abandoned': 1, 'programs.completed': 1, 'programs.begun': 3, 'path.gate': null });
  });

  test('the dictionary has a share for every part', () => {
    expect(METRICS.filter(({ name }) => name.startsWith('path.')).map(({ name }) => name)).toEqual(PATH_PARTS.map(pathMetric));
  });
});
