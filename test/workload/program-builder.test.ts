// Programs written down node by node: what no program can be is refused with its node; what a call is said to need, it needs.
import { describe, expect, test } from 'vitest';
import { NODE_CALL, NODE_TOOL, planOf, type PlanNode } from '../../src/programs/plan.ts';
import { ToolPools } from '../../src/programs/tools.ts';
import { plannedServiceUs } from '../../sim/workload/planned-service.ts';
import { ProgramBuilder, type CallParts, type ProgramParts } from '../../sim/workload/program-builder.ts';
import { workOf } from '../../sim/workload/programs.ts';
import { ProgramDraft } from '../../sim/workload/workload.ts';
import { modelOf, play } from '../worlds/scripted-model.ts';

const retry = { attempts: 2, backoffUs: 1, factor: 2, mostUs: 9, then: 'program' } as const;
const outOfRange = (message: string): Error => expect.objectContaining({ code: 'ERR_OPTION_RANGE', message: expect.stringContaining(message) as string }) as Error;
const written = (call: object, parts: object = {}) => (): void => {
  const builder = new ProgramBuilder();
  builder.call({ prompt: 1, output: 1 });
  builder.call({ prompt: 1, output: 1, after: [0], ...call } as CallParts);
  builder.into(new ProgramDraft(), parts as ProgramParts);
};

describe('what no program can be is refused with its node', () => {
  test.each<[string, object]>([
    ['prompt of node 1', { prompt: -500 }], ['prompt of node 1', { prompt: NaN }], ['output of node 1', { output: -1 }], ['output of node 1', { output: 1.5 }], ['output of node 1', { output: 3e9 }], ['output of node 1', { output: undefined }],
    ['context of node 1', { context: 'foo' }], ['serviceUs of node 1', { serviceUs: -4 }], ['serviceUs of node 1', { serviceUs: NaN }], ['timeoutUs of node 1', { timeoutUs: -1 }], ['history of node 1', { history: 99 }], ['history of node 1', { history: 1 }],
    ['failure.attempts of node 1', { failure: { ...retry, attempts: -3 } }], ['failure.attempts of node 1', { failure: { ...retry, attempts: 33 } }], ['failure.attempts of node 1', { failure: 'retry' }], ['failure.backoffUs of node 1', { failure: { ...retry, backoffUs: NaN } }],
    ['failure.factor of node 1', { failure: { ...retry, factor: 0 } }], ['failure.mostUs of node 1', { failure: { ...retry, mostUs: Infinity } }], ['failure.then of node 1', { failure: { ...retry, then: 'end' } }],
  ])('%s: %j', (what, call) => { expect(written(call)).toThrow(outOfRange(`${what} is`)); });
  test.each<[string, object]>([
    ['systemText', { systemText: -1 }], ['systemTokens', { systemTokens: 0.5 }], ['slotRates.prefill', { slotRates: { prefill: 0, decode: 1 } }], ['slotRates.decode', { slotRates: { prefill: 1, decode: NaN } }],
  ])('%s: %j', (what, parts) => { expect(written({}, parts)).toThrow(outOfRange(`${what} is`)); });
  test.each<[string, object]>([['pool of node 0', { pool: -2 }], ['pool of node 0', { pool: 0.5 }], ['kind of node 0', { kind: 7 }]])('%s: %j', (what, node) => {
    expect(() => planOf([{ kind: NODE_TOOL, parents: [], ...node } as PlanNode])).toThrow(outOfRange(`${what} is`));
  });
  test('and most attempts pass', () => { expect(() => planOf([{ kind: NODE_CALL, parents: [], failure: { ...retry, attempts: 32 } }])).not.toThrow(); });
  test('a pool that is not there is no TypeError', () => { expect(() => new ToolPools([]).take(0, {}, 3)).toThrow(outOfRange('pool of node 3 is')); });
});

describe('what a call is said to need', () => {
  const write = (draft: ProgramDraft): void => {
    const builder = new ProgramBuilder();
    builder.call({ prompt: 1000, output: 100, serviceUs: 7000, after: [builder.call({ prompt: 1000, output: 100 })] });
    builder.into(draft, { slotRates: { prefill: 1000, decode: 100 } });
  };
  test('it needs, and rates make what is not said', async () => {
    let made = 0;
    const record = await play({ ...modelOf({ programs: [] }), agents: [], workload: () => ({ next: (draft) => { if (made > 0) return false; write(draft); draft.program = made++; return true; } }) });
    expect(record.metrics['program_time.mean']).toBeCloseTo(2 + 0.007, 9);
  });
  test('an oracle knows', () => {
    const draft = new ProgramDraft();
    write(draft);
    expect([...plannedServiceUs(workOf(draft))]).toEqual([2e6, 7000]);
  });
});
