// The policy as a number on each call: what it is, that the engine goes by it, that it never changes, and who cannot say one.
import { describe, expect, it } from 'vitest';
import { POLICIES } from '../../src/policies/registry.ts';
import { definePolicy } from '../../src/policies/policy.ts';
import { fcfs } from '../../src/policies/fcfs.ts';
import { specOf } from '../../sim/engine/presets/engine-spec.ts';
import { presetNamed } from '../../sim/engine/presets/registry.ts';
import type { CallLine } from '../../sim/results.ts';
import type { Model } from '../../sim/scenario.ts';
import { seededRandom } from '../../src/random.ts';
import { tinyTrace } from '../determinism/digests.ts';
import { scenarioModel } from '../scenarios/setup.ts';
import { modelOf, play, type ScriptedProgram } from './scripted-model.ts';

const ABLE = Object.values(POLICIES).filter(({ tag }) => tag !== undefined).map(({ name }) => name);

function tagModel(programs: readonly ScriptedProgram[], given: Partial<Parameters<typeof modelOf>[0]> = {}, limits: { readonly maxSeqs?: number; readonly blocks?: number; readonly count?: number } = {}): Model {
  const { count = 1, ...rest } = limits, spec = specOf(presetNamed('h100-llama-3.1-8b-tp1'), { maxSeqs: 1, maxBatchedTokens: 64, blocks: 64, ...rest, scheduling: 'priority' });
  const model = modelOf({ programs, place: 'tag', window: Infinity, knowledge: 'oracle', ...given });
  return { ...model, engines: { kind: 'batch', count, spec: { ...spec, config: { ...spec.config, blockSize: 4 }, cost: { model: 'constant', stepUs: 1000 }, overhead: { beforeUs: 0, afterUs: 0, perOutputTokenUs: 0 } } } };
}

async function order(model: Model): Promise<string[]> {
  const lines: CallLine[] = [];
  await play(model, { callLine: (line) => { lines.push(line); } });
  return lines.sort((a, b) => a.scheduled! - b.scheduled!).map(({ id }) => id);
}

const call = (outputTokens: number, promptTokens = 4) => ({ serviceUs: NaN, promptTokens, outputTokens });

describe('place tag', () => {
  it('makes the engine serve what waits by predicted size under sjf, and leaves who runs alone', async () => {
    const programs = [9, 7, 3, 5].map((tokens, p) => ({ arrivalUs: p * 10, calls: [call(tokens)] }));
    expect(await order(tagModel(programs, { policy: 'sjf' }))).toEqual(['0', '2', '3', '1']);
  });

  it('is the level of atlas when a call is sent: programs that have had less go before those that have had more', async () => {
    // Program 0 has had 30 tokens, and its second call waits beside the first of program 2 while program 1 is served.
    const options = { policyOptions: { base: 8, quantum: 8, beta: 0 } };
    const late = [{ arrivalUs: 0, calls: [call(30), call(2)] }, { arrivalUs: 10, calls: [call(40)] }, { arrivalUs: 40_000, calls: [call(2)] }];
    expect(await order(tagModel(late, { policy: 'atlas', ...options }))).toEqual(['0', '1', '2', '0.1']);
    expect(await order(tagModel(late, { policy: 'fcfs' }))).toEqual(['0', '1', '0.1', '2']);
  });

  it('says the order of priority with ageing exactly: a class is worth so many seconds of arrival', async () => {
    const programs = [{ arrivalUs: 0, callClass: 0, calls: [call(50)] }, { arrivalUs: 1000, callClass: 1, calls: [call(3)] }, { arrivalUs: 12_000, callClass: 0, calls: [call(3)] }, { arrivalUs: 9000, callClass: 0, calls: [call(3)] }].sort((a, b) => a.arrivalUs - b.arrivalUs);
    expect(await order(tagModel(programs, { policy: 'priority', classes: ['a', 'b'], policyOptions: { ageing: 0.01 } }))).toEqual(['0', '2', '1', '3']);
    expect(await order(tagModel(programs, { policy: 'priority', classes: ['a', 'b'], policyOptions: { ageing: 0 } }))).toEqual(['0', '2', '3', '1']);
  });

  it('of equal numbers is the order of arrival: fcfs by tags is the engine by itself, to the digest', async () => {
    const draw = seededRandom('tags'), upTo = (most: number): number => Math.floor(draw() * (most + 1)), programs = Array.from({ length: 60 }, () => ({ arrivalUs: upTo(100) * 500, calls: [call(1 + upTo(20), 1 + upTo(40))] })).sort((a, b) => a.arrivalUs - b.arrivalUs);
    const limits = { maxSeqs: 4, blocks: 24 }, tagged = await play(tagModel(programs, {}, limits)), own = tagModel(programs, { place: 'gate' }, limits), plain = own.engines.kind === 'batch' ? { ...own, engines: { ...own.engines, spec: { ...own.engines.spec, config: { ...own.engines.spec.config, scheduling: 'fcfs' as const } } } } : own;
    const byItself = await play(plain);
    expect([tagged.orderDigest, tagged.resultDigest]).toEqual([byItself.orderDigest, byItself.resultDigest]);
    expect(byItself.metrics['preemptions']).toBeGreaterThan(0);
  });

  it('gives equal digests through both shells for every policy that has tags, however it is turned', async () => {
    for (const name of ABLE) for (const n of [0, 1]) {
      const draw = seededRandom(`tags/${name}/${n}`), upTo = (most: number): number => Math.floor(draw() * (most + 1));
      const programs = Array.from({ length: 25 }, () => ({ arrivalUs: upTo(20) * 1000, agent: upTo(3), callClass: upTo(1), calls: Array.from({ length: 1 + upTo(3) }, () => ({ ...call(1 + upTo(12), 1 + upTo(30)), cancelUs: draw() < 0.15 ? 1000 * (1 + upTo(9)) : 0 })) })).sort((a, b) => a.arrivalUs - b.arrivalUs);
      const model = tagModel(programs, { policy: name, agents: 4, classes: ['a', 'b'], dispatch: n === 0 ? 'late' : 'immediate', balancer: 'round-robin' }, { maxSeqs: 3, blocks: 24, count: 1 + n });
      const event = await play(model), extra = seededRandom('turn');
      for (const perturb of [{}, { extraMicrotasks: () => Math.floor(extra() * 6), reversed: true, ties: 'shuffle' }] as const) {
        const promise = await play(model, { shell: 'promise', perturb });
        expect([name, promise.orderDigest, promise.resultDigest]).toEqual([name, event.orderDigest, event.resultDigest]);
      }
    }
  });

  it('counts the decisions of the engine, which the tags are for', async () => {
    const programs = [9, 7, 3, 5].map((tokens, p) => ({ arrivalUs: p * 10, calls: [call(tokens)] })), digestOf = async (policy: string): Promise<unknown> => (await play(tagModel(programs, { policy }))).decisions?.digest;
    expect(await digestOf('sjf')).not.toBe(await digestOf('fcfs'));
  });

  it('has tags that are whole numbers, in every policy that says that it has them', () => {
    expect(ABLE).toEqual(['fcfs', 'program-fcfs', 'atlas', 'mlfq', 'priority', 'sjf', 'srpt', 'program-srpt', 'vtc', 'wfq']);
  });

  it('refuses a policy that no number can speak for, naming those that can; slots; and an engine that looks at no tag', () => {
    const given = { engine: 'h100-llama-3.1-8b-tp1', place: 'tag' } as const, data = { trace: tinyTrace() };
    expect(() => scenarioModel('trace-replay', { ...given, policy: 'loco' }, data)).toThrow(/place=tag is not possible with policy=loco: .*policy with tags: fcfs, program-fcfs, atlas/);
    expect(() => scenarioModel('trace-replay', { ...given, engine: 'slots:4' }, data)).toThrow(/slots have none/);
    expect(() => scenarioModel('trace-replay', { ...given, scheduling: 'fcfs' }, data)).toThrow(/looks at no tag/);
    const model = scenarioModel('trace-replay', { ...given, policy: 'sjf', knowledge: 'oracle' }, data);
    expect([model.place, model.engines.kind === 'batch' && model.engines.spec.config.scheduling, model.assumptions?.some((line) => line.includes('its predicted size, in tokens'))]).toEqual(['tag', 'priority', true]);
  });

  it('fails in words where a policy answers a tag that is no whole number', async () => {
    const half = definePolicy({ ...fcfs, name: 'half', tag: 'a half', create: (context) => Object.assign(fcfs.create(context), { tag: () => 0.5 }) });
    await expect((async () => play(tagModel([{ arrivalUs: 0, calls: [call(3)] }], { policy: half })))()).rejects.toThrow(/tag of a call is a whole number, and policy half answered 0.5/);
  });
});
