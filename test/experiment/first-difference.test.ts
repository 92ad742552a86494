// The first decision in which two runs part: exactly that one, for LOCO with one line changed, judged by full lists of grants taken without receipts.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { POLICIES } from '../../src/policies/registry.ts';
import type { Policy, PolicyDefinition } from '../../src/policies/policy.ts';
import { SCENARIOS } from '../../scenarios/index.ts';
import { decided, firstDifference, type Play } from '../../sim/experiment/first-difference.ts';
import { LABORATORY } from '../../sim/experiment/laboratory.ts';
import { planExperiment } from '../../sim/experiment/plan.ts';
import type { DecisionLine } from '../../sim/results.ts';
import { mutantOf } from './mutants.ts';

const cache = path.resolve(import.meta.dirname, '../../node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(path.join(cache, 'mutants-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

interface Given { readonly seed: string; readonly params: Readonly<Record<string, unknown>>; readonly scenario?: string }

/** One replication of a scenario under a policy. */
function play(definition: PolicyDefinition, { seed, params, scenario = 'loco-fairness' }: Given): Play {
  const laboratory = { ...LABORATORY, policies: { ...POLICIES, loco: definition } };
  const { cells: [cell] } = planExperiment({ scenario: SCENARIOS[scenario], version: 'test', given: Object.fromEntries(Object.entries(params).map(([key, value]) => [key, { value, origin: 'flag', where: 'test' }])) }, laboratory);
  return async (tell) => laboratory.runCell(cell.model, { seed, replication: 0, shell: 'auto', params: cell.params, cell: cell.id, decisionLine: tell });
}

/** Every grant that the policy itself was told of: call and instant. No receipt is asked for. */
async function grants(definition: PolicyDefinition, given: Given): Promise<string[]> {
  const out: string[] = [];
  const create: PolicyDefinition['create'] = (context) => {
    const policy: Policy = definition.create(context), grant = policy.grant.bind(policy);
    policy.grant = (call, nowUs) => { out.push(`${nowUs} ${context.calls.program[call]}.${context.calls.ordinal[call]}`); grant(call, nowUs); };
    return policy;
  };
  const laboratory = { ...LABORATORY, policies: { ...POLICIES, loco: { ...definition, create } } };
  const { cells: [cell] } = planExperiment({ scenario: SCENARIOS[given.scenario ?? 'loco-fairness'], version: 'test', given: Object.fromEntries(Object.entries(given.params).map(([key, value]) => [key, { value, origin: 'flag', where: 'test' }])) }, laboratory);
  await laboratory.runCell(cell.model, { seed: given.seed, replication: 0, shell: 'auto', params: cell.params, cell: cell.id });
  return out;
}
const asGrant = (line: DecisionLine | null): string | undefined => (line === null ? undefined : `${Math.round(line.time * 1e6)} ${line.program}.${line.ordinal}`);

describe('LOCO with one line changed', () => {
  it('parts from LOCO exactly where the first difference says, in 50 of 50 random mutants', async () => {
    let parted = 0, exact = 0, same = 0;
    const late: number[] = [], wrong: string[] = [];
    for (let i = 0; parted < 50 && i < 200; i++) {
      const mutant = await mutantOf(String(i), folder);
      const given: Given = { seed: `mutant/${i}`, params: { ticks: 80, alpha: [0.1, 0.25, 0.5, 0.9][i % 4], guard: i % 3 !== 0 } };
      const [a, b] = [await grants(POLICIES.loco, given), await grants(mutant.definition, given)];
      const truth = a.findIndex((grant, k) => grant !== b[k]), { first, count } = await firstDifference(play(POLICIES.loco, given), play(mutant.definition, given));
      expect([count.a, count.b]).toEqual([a.length, b.length]);
      if (truth < 0) { same++; expect([mutant.what, first]).toEqual([mutant.what, null]); continue; }
      parted++;
      late.push(truth);
      if (first !== null && first.index === truth && asGrant(first.a) === a[truth] && asGrant(first.b) === b[truth]) exact++;
      else wrong.push(`${mutant.what}: ${truth}, found ${first?.index}`);
    }
    expect(wrong).toEqual([]);
    expect([exact, parted]).toEqual([50, 50]);
    // The mutants part early and late, and some change nothing that counts.
    expect(new Set(late).size).toBeGreaterThan(10);
    expect(Math.max(...late)).toBeGreaterThan(10);
    expect(same).toBeGreaterThan(0);
  });
});

describe('the first difference', () => {
  const line = (time: number, call: string, more: Partial<DecisionLine> = {}): DecisionLine => ({ replication: 0, time, kind: 'grant', place: 'gate', call, program: call, ordinal: 0, agent: '', engine: 0, chosen: call, waiting: 1, candidates: [], age: 0, tie: 1, reason: '', ...more });
  const record = {} as Awaited<ReturnType<Play>>;
  const scripted = (lines: readonly DecisionLine[]): Play => (tell) => { for (const one of lines) tell(one); return Promise.resolve(record); };

  it('is none where all decisions are the same, whatever stood behind them', async () => {
    const { first, count } = await firstDifference(scripted([line(0, '1'), line(1, '2', { tie: 2, reason: 'drawn' })]), scripted([line(0, '1'), line(1, '2', { tie: 1, reason: 'highest' })]));
    expect([first, count]).toEqual([null, { a: 2, b: 2 }]);
  });
  it.each([
    ['another call', line(1, '3')], ['another instant', line(2, '2')], ['another engine', line(1, '2', { engine: 1 })], ['another kind', line(1, '2', { kind: 'refuse', chosen: null, engine: null })], ['another place', line(1, '2', { place: 'engine' })],
  ])('is the decision with %s', async (_what, other) => {
    const { first } = await firstDifference(scripted([line(0, '1'), line(1, '2'), line(3, '9')]), scripted([line(0, '1'), other, line(3, '9')]));
    expect(first).toEqual({ index: 1, a: line(1, '2'), b: other });
  });
  it('is the end of the shorter run, where one is the beginning of the other', async () => {
    expect((await firstDifference(scripted([line(0, '1')]), scripted([line(0, '1'), line(1, '2')]))).first).toEqual({ index: 1, a: null, b: line(1, '2') });
    expect((await firstDifference(scripted([line(0, '1'), line(1, '2')]), scripted([line(0, '1')]))).first).toEqual({ index: 1, a: line(1, '2'), b: null });
    expect((await firstDifference(scripted([]), scripted([]))).first).toBeNull();
  });
  it('tells a call named like an engine from that engine', () => {
    expect(decided(line(0, '1'))).not.toBe(decided(line(0, '1', { chosen: 1 })));
  });
  it('is found among routes and grants of several engines', async () => {
    const given: Given = { seed: 'r', scenario: 'queueing', params: { servers: 3, calls: 300, load: 0.9, agents: 5, policy: 'loco', balancer: 'power-of-d' } };
    const other: Given = { ...given, params: { ...given.params, balancer: 'least-loaded' } };
    const a: string[] = [], b: string[] = [];
    await play(POLICIES.loco, given)((one) => { a.push(decided(one)); });
    await play(POLICIES.loco, other)((one) => { b.push(decided(one)); });
    const { first } = await firstDifference(play(POLICIES.loco, given), play(POLICIES.loco, other)), at = a.findIndex((one, i) => one !== b[i]);
    expect(at).toBeGreaterThanOrEqual(0);
    expect([first?.index, decided(first!.a!), decided(first!.b!)]).toEqual([at, a[at], b[at]]);
  });
});
