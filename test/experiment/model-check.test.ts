// Models and workloads of users: what a world can play passes unchanged, anything else is refused with its field.
import { describe, expect, test } from 'vitest';
import { SchedlabError } from '../../src/errors.ts';
import { checkModel } from '../../sim/experiment/model-check.ts';
import type { Model } from '../../sim/scenario.ts';
import { ProgramDraft } from '../../sim/workload/workload.ts';
import { Streams } from '../../sim/random/streams.ts';
import { SCENARIOS } from '../../scenarios/index.ts';
import { scenarioModel } from '../scenarios/setup.ts';
import { modelOf, play } from '../worlds/scripted-model.ts';

const good = modelOf({ programs: [{ arrivalUs: 0, calls: [{ serviceUs: 5 }] }, { arrivalUs: 7, calls: [{ serviceUs: 5 }, { serviceUs: 1, thinkUs: 2 }] }] });
const refused = (work: () => unknown): string => { try { work(); } catch (error) { expect(error).toMatchObject({ code: 'ERR_SCENARIO_FILE', exitCode: 2 }); return (error as SchedlabError).message; } throw new Error('accepted'); };

describe('a model', () => {
  test.each(Object.keys(SCENARIOS).filter((name) => name !== 'trace-replay'))('that ships passes: %s', (name) => { expect(() => checkModel(scenarioModel(name), name)).not.toThrow(); });

  test.each([
    ['engines', { kind: 'slots', count: 0, slots: 1, discipline: 'ps' }], ['engines', undefined], ['dispatch', 'soon'], ['place', 'tags'], ['window', 0], ['window', NaN], ['window', 1.5], ['maxWaiters', -1], ['policy', {}], ['balancer', null],
    ['endUs', 0], ['endUs', NaN], ['tickUs', -1], ['study', 'some'], ['agents', [{ name: 'a' }]], ['agents', undefined], ['classes', ['a]']], ['classes', ['']], ['workload', {}], ['scripts', [1]], ['spike', {}], ['knowledge', 'all'], ['assumptions', 'x'], ['traced', 1],
  ])('with %s = %j is refused', (key, value) => { expect(refused(() => checkModel({ ...good, [key]: value }, 'mine'))).toMatch(new RegExp(`^${key} in the model of mine accepts .*, received `)); });

  test('that is none is refused', () => { for (const value of [undefined, null, 3, 'x', () => good]) expect(refused(() => checkModel(value, 'mine'))).toContain('answers a model'); });
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
