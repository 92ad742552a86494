// Models and workloads of users: what a world can play passes unchanged, anything else is refused with its field.
import { describe, expect, test } from 'vitest';
import { SchedlabError } from '../../src/errors.ts';
import { checkModel } from '../../sim/experiment/model-check.ts';
import type { Model } from '../../sim/scenario.ts';
import { ProgramDraft } from '../../sim/workload/workload.ts';
import { Streams } from '../../sim/random/streams.ts';
import { SCENARIOS } from '../../scenarios/index.ts';
import { scenarioModel } from '../scenarios/setup.ts';
import { specOf } from '../../sim/engine/presets/engine-spec.ts';
import { presetNamed } from '../../sim/engine/presets/registry.ts';
import { ProgramBuilder } from '../../sim/workload/program-builder.ts';
import { ProgramPrompts } from '../../sim/workload/program-prompts.ts';
import type { Workload } from '../../sim/workload/workload.ts';
import { modelOf, play } from '../worlds/scripted-model.ts';

const good = modelOf({ programs: [{ arrivalUs: 0, calls: [{ serviceUs: 5 }] }, { arrivalUs: 7, calls: [{ serviceUs: 5 }, { serviceUs: 1, thinkUs: 2 }] }] });
const refused = (work: () => unknown): string => { try { work(); } catch (error) { expect(error).toMatchObject({ code: 'ERR_SCENARIO_FILE', exitCode: 2 }); return (error as SchedlabError).message; } throw new Error('accepted'); };

describe('a model', () => {
  test.each(Object.keys(SCENARIOS).filter((name) => name !== 'trace-replay'))('that ships passes: %s', (name) => { expect(() => checkModel(scenarioModel(name), name)).not.toThrow(); });

  test.each([
    ['engines', { kind: 'slots', count: 0, slots: 1, discipline: 'ps' }], ['engines', undefined], ['dispatch', 'soon'], ['place', 'tags'], ['window', 0], ['window', NaN], ['window', 1.5], ['maxWaiters', -1], ['policy', {}], ['balancer', null],
    ['endUs', 0], ['endUs', NaN], ['tickUs', -1], ['study', 'some'], ['agents', [{ name: 'a' }]], ['agents', undefined], ['classes', ['a]']], ['classes', ['']], ['workload', {}], ['scripts', [1]], ['spike', {}], ['knowledge', 'all'], ['assumptions', 'x'], ['traced', 1],
    ['tools', 'nonsense'], ['tools', [{ name: 'shell', places: 0 }]], ['search', 'nonsense'], ['search', { low: 1 }], ['pricePerHour', 'nonsense'], ['pricePerHour', -1], ['offeredLoad', NaN], ['agents', [{ name: 'a', class: 'all', weight: -1 }]],
  ])('with %s = %j is refused', (key, value) => { expect(refused(() => checkModel({ ...good, [key]: value }, 'mine'))).toMatch(new RegExp(`^${key} in the model of mine accepts .*, received `)); });

  test('that is none is refused', () => { for (const value of [undefined, null, 3, 'x', () => good]) expect(refused(() => checkModel(value, 'mine'))).toContain('answers a model'); });
  test('that a search looks at is held to the same', () => {
    const search = { low: 1, high: 2, steps: 3, metric: 'wait.mean', target: 1, at: () => ({ ...good, window: 0 }) };
    expect(refused(() => checkModel({ ...good, search }, 'mine').search!.at(1))).toContain('window in the model of mine accepts');
  });
  test('whose policy sits in an engine that does not preempt is refused', () => {
    expect(refused(() => checkModel({ ...good, place: 'engine' }, 'mine'))).toContain('do not go together');
  });
});

describe('a workload', () => {
  const checked = (change: (draft: ProgramDraft) => void): (() => void) => {
    const model = checkModel({ ...good, workload: (streams: Streams) => { const inner = good.workload(streams); return { next: (draft: ProgramDraft) => { const more = inner.next(draft); if (more) change(draft); return more; } }; } }, 'mine');
    return () => { const workload = model.workload(new Streams('s')), draft = new ProgramDraft(); while (workload.next(draft)); };
  };
  test('that keeps its contract passes unchanged', async () => {
    expect(checked(() => { /* as it is */ })).not.toThrow();
    expect((await play(checkModel(good, 'mine') as Model)).resultDigest).toBe((await play(good)).resultDigest);
  });
  test.each<[string, (draft: ProgramDraft) => void]>([
    ['program', (d) => { d.program = 5; }], ['arrivalUs', (d) => { d.arrivalUs = NaN; }], ['arrivalUs', (d) => { d.arrivalUs = d.program === 0 ? 50 : 49; }], ['agent', (d) => { d.agent = 1; }], ['callClass', (d) => { d.callClass = 1; }], ['weight', (d) => { d.weight = -1; }],
    ['length', (d) => { d.length = 0; }], ['serviceUs[0]', (d) => { d.serviceUs[0] = -1; }], ['thinkUs[0]', (d) => { d.thinkUs[0] = Infinity; }], ['pin[0]', (d) => { d.pin[0] = 1; }], ['timeoutUs[0]', (d) => { d.timeoutUs[0] = NaN; }],
  ])('with a wrong %s is refused with its program', (key, change) => {
    expect(refused(checked(change))).toMatch(new RegExp(`^${key.replace(/[[\]]/g, '\\$&')} of program [01] in the workload of mine accepts `));
  });
  test('that throws, or is none, is named', () => {
    const streams = new Streams('s');
    expect(refused(() => checkModel({ ...good, workload: () => { throw new TypeError('no'); } }, 'mine').workload(streams))).toContain('the workload of mine threw TypeError: no');
    expect(refused(() => checkModel({ ...good, workload: () => ({}) }, 'mine').workload(streams))).toContain('answers something with next(draft)');
  });
});

describe('a closed loop', () => {
  // One agent that begins each of its programs when the last was completed, three in all; single calls are programs, too.
  const loop = (wrong: (draft: ProgramDraft) => void = () => { /* as it is */ }, serviceUs = 5): Workload => {
    let begun = 0, more = 2;
    const write = (draft: ProgramDraft, program: number): true => { draft.program = program; draft.serviceUs[0] = serviceUs; return true; };
    return { total: 3, next: (draft) => begun++ === 0 && write(draft, 0), follow: (ended, _nowUs, draft) => { if (more === 0) return false; more--; write(draft, ended.program + 1); wrong(draft); return true; } };
  };
  const checked = (workload: Workload): Model => checkModel({ ...good, workload: () => workload }, 'mine');

  test.each(['event', 'promise'] as const)('goes on in a file as it does without one: %s', async (shell) => {
    const mine = await play(checked(loop()), { shell }), own = await play({ ...good, workload: () => loop() }, { shell });
    expect(mine.resultDigest).toBe(own.resultDigest);
    expect(mine.metrics).toMatchObject({ completed: 3, 'wait.mean': 0 });
  });
  test('keeps what its workload says of all', () => {
    expect(checked(loop()).workload(new Streams('s')).total).toBe(3);
    expect(refused(() => checked({ ...loop(), total: -1 }).workload(new Streams('s')))).toContain('total of the workload of mine accepts a whole number from 0');
    expect(checked({ next: () => false }).workload(new Streams('s')).follow).toBeUndefined();
  });
  test.each<[string, (draft: ProgramDraft) => void]>([
    ['program', (d) => { d.program = 0; }], ['program', (d) => { d.program = 0.5; }], ['agent', (d) => { d.agent = 7; }], ['arrivalUs', (d) => { d.arrivalUs += 1; }], ['serviceUs[0]', (d) => { d.serviceUs[0] = NaN; }],
  ])('that describes a wrong %s is refused with it', async (key, wrong) => {
    await expect(play(checked(loop(wrong)))).rejects.toThrow(expect.objectContaining({ code: 'ERR_SCENARIO_FILE', message: expect.stringContaining(`${key} of program 1 in the workload of mine accepts`) as string }) as Error);
  });
});

describe('a workload of ProgramBuilder', () => {
  const spec = specOf(presetNamed('h100-llama-3.1-8b-tp1')), slotRates = { prefill: 1000, decode: 100 };
  const model = (write: (builder: ProgramBuilder) => void, more: Partial<Model>, parts: object = {}): Model => {
    let made = 0;
    const builder = new ProgramBuilder();
    return checkModel({ ...good, ...more, workload: () => ({ next: (draft: ProgramDraft) => { if (made > 0) return false; write(builder); builder.into(draft, parts); draft.program = made++; return true; } }) }, 'mine');
  };
  const crew = (builder: ProgramBuilder): void => {
    const plan = builder.call({ prompt: 100, output: 10 }), shell = builder.tool({ after: [plan], us: 1000, pool: 0 });
    builder.join({ after: [builder.call({ prompt: 10, output: 10, after: [shell] }), builder.call({ prompt: 10, output: 10, after: [shell] })] });
  };
  const tools = [{ name: 'shell', places: 1 }];

  test('plays on slots with rates', async () => { expect((await play(model(crew, { tools }, { slotRates }))).metrics).toMatchObject({ completed: 3 }); });
  test('plays on batch engines', async () => {
    expect((await play(model(crew, { tools, engines: { kind: 'batch', count: 1, spec }, window: Infinity, prompts: (_calls, programs) => new ProgramPrompts(programs) }))).metrics).toMatchObject({ completed: 3 });
  });
  test('may be a single tool', async () => { await expect(play(model((builder) => { builder.tool({ us: 5, pool: 0 }); }, { tools }))).resolves.toBeDefined(); });
  test('without rates on slots is refused, and so is a pool that the model lacks', async () => {
    await expect(play(model(crew, { tools }))).rejects.toThrow('serviceUs[0] of program 0 in the workload of mine accepts');
    await expect(play(model(crew, {}, { slotRates }))).rejects.toThrow('pool of node 1 of program 0 in the workload of mine accepts −1');
  });
});
