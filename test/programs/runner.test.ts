// Programs as graphs: the runner against the definition, and each rule by itself.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOSE_BRANCH, NO_RETRY } from '../../src/programs/failure.ts';
import { NEED_ALL, NEED_SETTLED, NODE_CALL, NODE_JOIN, NODE_TOOL, planOf, type PlanNode } from '../../src/programs/plan.ts';
import { seededRandom } from '../../src/random.ts';
import { naiveProgram, type Attempts } from './naive-programs.ts';
import { playPrograms } from './rig.ts';

const RUNS = Number(process.env['SCHEDLAB_RUNS'] ?? 1000);
const well = (us: number): Attempts => [{ us, isLost: false }], lost = (us: number): Attempts => [{ us, isLost: true }];
const call = (parents: readonly number[] = [], more: Partial<PlanNode> = {}): PlanNode => ({ kind: NODE_CALL, parents, failure: NO_RETRY, ...more });
const tool = (parents: readonly number[], toolUs: number, more: Partial<PlanNode> = {}): PlanNode => ({ kind: NODE_TOOL, parents, toolUs, ...more });
const join = (parents: readonly number[], need = NEED_ALL): PlanNode => ({ kind: NODE_JOIN, parents, need });
const one = (nodes: readonly PlanNode[], attempts: readonly Attempts[]) => playPrograms([{ nodes, attempts }]).played[0]!;

const node = (i: number): fc.Arbitrary<PlanNode> => fc.record({
  kind: fc.constantFrom(NODE_CALL, NODE_CALL, NODE_CALL, NODE_TOOL, NODE_JOIN),
  parents: i === 0 ? fc.constant([]) : fc.uniqueArray(fc.nat(i - 1), { maxLength: 3 }).map((list) => list.sort((a, b) => a - b)),
  rule: fc.constantFrom(NEED_ALL, NEED_SETTLED, 1, 2, 3),
  thinkUs: fc.constantFrom(0, 0, 0, 1, 2), toolUs: fc.nat(3),
  dormant: fc.constantFrom(false, false, false, true),
  failure: fc.record({ attempts: fc.integer({ min: 1, max: 3 }), backoffUs: fc.nat(3), factor: fc.constantFrom(1, 2), mostUs: fc.nat(4), then: fc.constantFrom('program' as const, 'branch' as const, 'branch' as const) }),
  wakes: fc.uniqueArray(fc.nat(9), { maxLength: 3 }),
}).map(({ rule, ...rest }) => ({ ...rest, need: rest.parents.length === 0 ? NEED_ALL : Math.min(rule, rest.parents.length)}));
const attempts = fc.array(fc.record({ us: fc.integer({ min: 1, max: 4 }), isLost: fc.constantFrom(false, false, true) }), { minLength: 1, maxLength: 3 });
const program = fc.integer({ min: 1, max: 8 }).chain((n) => fc.record({ nodes: fc.tuple(...Array.from({ length: n }, (_, i) => node(i))), attempts: fc.array(attempts, { minLength: n, maxLength: n }) }))
  .map(({ nodes, attempts: tries }) => ({ attempts: tries, nodes: nodes.map((it, i): PlanNode => ({ ...it, wakes: (it.wakes ?? []).filter((k) => k > i && nodes[k]?.dormant === true) })) }));

describe('a program', () => {
  it('goes the way that its definition says, whatever is told first in an instant', () => {
    const draw = seededRandom('told'), shuffle = <T>(list: T[]): T[] => list.map((value) => ({ value, at: draw() })).sort((a, b) => a.at - b.at).map(({ value }) => value);
    fc.assert(fc.property(program, (one_) => {
      const wanted = naiveProgram(one_.nodes, one_.attempts), got = playPrograms([one_], { shuffle }).played[0]!;
      expect([got.outcome, got.outcomeUs]).toEqual([wanted.outcome, wanted.outcomeUs]);
      // Where a program fails, what else its last instant would have brought is nobody's business.
      const told = ({ fate, metUs, endUs }: typeof wanted) => fate.map((how, i) => (wanted.outcome === 'failed' && (metUs[i]! >= wanted.outcomeUs || endUs[i]! >= wanted.outcomeUs || endUs[i]! < 0) ? 'cut' : [how, how === 'withdrawn' && metUs[i] === endUs[i] ? -1 : metUs[i], endUs[i]]));
      expect(told(got)).toEqual(told(wanted));
    }), { numRuns: RUNS });
  });

  it('ends once, has no call in flight then, and is closed when the last word on its calls is said', () => {
    fc.assert(fc.property(fc.array(program, { minLength: 1, maxLength: 4 }), (programs) => {
      const { played, runner } = playPrograms(programs);
      for (const { run, log } of played) {
        expect(log.filter((line) => line.includes('decided'))).toHaveLength(1);
        expect(log.at(-1)).toContain('closed');
        expect([run.inFlight, run.active]).toEqual([0, 0]);
        expect(log.filter((line) => line.includes('tool')).length).toBe(log.filter((line) => line.includes('back')).length);
      }
      expect([runner.open, runner.isDirty]).toEqual([0, false]);
    }), { numRuns: RUNS / 4 });
  });

  it('that is written as a chain without a graph goes as the same chain with one', () => {
    const nodes = [call([], { thinkUs: 3 }), call([0]), call([1], { thinkUs: 2 })], times = [well(4), well(1), well(5)];
    expect(one(nodes, times)).toMatchObject({ metUs: [0, 7, 8], endUs: [7, 8, 15], outcome: 'completed', outcomeUs: 15 });
  });
});

describe('a join', () => {
  const times = [well(5), well(2), well(9), well(1)];
  const fork = (need: number) => [call(), call(), call(), call([0, 1, 2], { need })];

  it('of all waits for the last', () => { expect(one(fork(NEED_ALL), times)).toMatchObject({ metUs: [0, 0, 0, 9], outcomeUs: 10 }); });
  it('of any takes the first and withdraws the others', () => { expect(one(fork(1), times)).toMatchObject({ metUs: [0, 0, 0, 2], fate: ['withdrawn', 'done', 'withdrawn', 'done'], outcomeUs: 3 }); });
  it('of k takes the first k', () => { expect(one(fork(2), times)).toMatchObject({ metUs: [0, 0, 0, 5], fate: ['done', 'done', 'withdrawn', 'done'] }); });
  it('leaves a loser alone that somebody else wants', () => {
    expect(one([...fork(1), call([2])], [...times, well(1)])).toMatchObject({ fate: ['withdrawn', 'done', 'done', 'done', 'done'], outcomeUs: 10 });
  });
  it('withdraws what stands behind a loser too', () => {
    expect(one([call(), call(), call([1]), join([0, 2], 1)], [well(2), well(9), well(1), well(0)]).fate).toEqual(['done', 'withdrawn', 'withdrawn', 'done']);
  });
  it('of those that do not fail goes on without the lost', () => {
    const nodes = [call([], { failure: LOSE_BRANCH }), call([], { failure: LOSE_BRANCH }), call([0, 1], { need: NEED_SETTLED })];
    expect(one(nodes, [well(1), lost(6), well(1)])).toMatchObject({ fate: ['done', 'lost', 'done'], outcome: 'completed', outcomeUs: 7 });
    expect(one(nodes, [lost(1), lost(6), well(1)])).toMatchObject({ outcome: 'failed', outcomeUs: 6 });
  });
});

describe('a lost call', () => {
  const retry = { attempts: 3, backoffUs: 4, factor: 2, mostUs: 6, then: 'program' as const };
  it('is tried again after a wait that grows and is bounded', () => {
    const { log } = one([call([], { failure: { ...retry, attempts: 4 } })], [[...lost(1), ...lost(1), ...lost(1), ...well(1)]]);
    expect(log.filter((line) => line.includes('submit'))).toEqual(['0 submit 0', '5 submit 0', '12 submit 0', '19 submit 0']);
  });
  it('ends its program when no attempt is left, and everything that runs in it', () => {
    expect(one([call([], { failure: { ...retry, attempts: 2 } }), call()], [lost(1), well(99)])).toMatchObject({ outcome: 'failed', outcomeUs: 6, fate: ['lost', 'withdrawn'] });
  });
  it('ends its branch alone where the rule says so', () => {
    expect(one([call([], { failure: LOSE_BRANCH }), call(), join([0, 1], 1)], [lost(1), well(9), well(0)])).toMatchObject({ outcome: 'completed', outcomeUs: 9 });
  });
});

describe('a sleeper', () => {
  const nodes = [call([], { wakes: [2] }), call([0]), call([0], { dormant: true }), call([1, 2])];
  it('begins when it is woken, and joins wait for it', () => { expect(one(nodes, [well(1), well(1), well(8), well(1)])).toMatchObject({ metUs: [0, 1, 1, 9], outcomeUs: 10 }); });
  it('that is woken after a parent was lost is lost itself', () => {
    const late = [call([], { failure: LOSE_BRANCH }), call(), join([0, 1], NEED_SETTLED), call([], { wakes: [4] }), call([0, 3], { dormant: true })];
    expect(one(late, [lost(1), well(1), well(0), well(5), well(1)])).toMatchObject({ outcome: 'failed', outcomeUs: 5 });
  });
  it('does not count where nobody wakes it', () => {
    expect(one(nodes.map((it, i) => (i === 0 ? call() : it)), [well(1), well(1), well(8), well(1)])).toMatchObject({ fate: ['done', 'done', 'pending', 'done'], outcomeUs: 3 });
  });
});

describe('a tool with places', () => {
  const tools = [{ name: 'browser', places: 2 }], user = { nodes: [call(), tool([0], 10, { pool: 0 })], attempts: [well(1), well(0)] };
  it('serves first come, first served, programs of one instant in their order', () => {
    const { played, runner } = playPrograms([user, user, user, { ...user, startUs: 1 }], { tools, shuffle: (list) => (Array.isArray(list[0]) ? list : [...list].reverse()) });
    expect(played.map(({ outcomeUs }) => outcomeUs)).toEqual([11, 11, 21, 21]);
    expect([runner.tools.busy[0], runner.tools.waiting(0), runner.tools.longest[0]]).toEqual([0, 0, 2]);
  });
  it('gives the place of one who was withdrawn to the next', () => {
    const racer = { nodes: [call(), tool([0], 10, { pool: 0 }), call(), join([1, 2], 1)], attempts: [well(1), well(0), well(3), well(0)] };
    expect(playPrograms([racer, user, { ...user, startUs: 1 }], { tools }).played.map(({ outcomeUs }) => outcomeUs)).toEqual([3, 11, 13]);
  });
  it('forgets those who waited for it and are withdrawn', () => {
    const racer = { nodes: [call(), tool([0], 10, { pool: 0 }), call(), join([1, 2], 1)], attempts: [well(1), well(0), well(3), well(0)], startUs: 1 };
    expect(playPrograms([user, user, racer, { ...user, startUs: 2 }, { ...user, startUs: 2 }], { tools }).played.map(({ outcomeUs }) => outcomeUs)).toEqual([11, 11, 4, 21, 21]);
  });
});

describe('a client that dies', () => {
  it('asks for nothing more, and what it had in flight is withdrawn', () => {
    const { run, log } = playPrograms([{ nodes: [call(), call(), call([0])], attempts: [well(1), well(9), well(1)], abandonAt: 2 }]).played[0]!;
    expect(run.outcome).toBe('abandoned');
    expect(log).toEqual(['0 submit 0', '0 submit 1', '1 withdraw 1', '1 decided abandoned', '1 closed']);
  });
});

describe('a plan', () => {
  it('knows the nearest calls above each node, through tools and joins', () => {
    expect(planOf([call(), call(), tool([0], 1), join([1, 2]), call([3])]).graph.callParents[4]).toEqual([0, 1]);
  });
  it.each<[string, readonly PlanNode[]]>([
    ['no node', []], ['a parent that comes later', [call([0])]], ['a parent twice', [call(), call([0, 0])]], ['more parents than there are', [call(), call([0], { need: 2 })]],
    ['a time that is no whole µs', [call([], { thinkUs: 0.5 })]], ['a sleeper that is none', [call([], { wakes: [1] }), call()]],
  ])('refuses %s', (_what, nodes) => { expect(() => planOf(nodes)).toThrow(expect.objectContaining({ code: 'ERR_OPTION_RANGE' }) as Error); });
});
