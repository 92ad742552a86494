// Scan list, hull tree and the index that moves between them: the same answers as looking at everybody.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgentIndex, SCAN_LIMIT } from '../../src/loco/agent-index.ts';
import { HullTree } from '../../src/loco/hull-tree.ts';
import { Question } from '../../src/loco/question.ts';
import { loadScore } from '../../src/loco/rule.ts';
import { ScanList } from '../../src/loco/scan-list.ts';

interface Point { readonly backlog: number; readonly since: number }
interface Index {
  readonly maxBacklog: number;
  readonly minSince: number;
  readonly top: number;
  place(agent: number, backlog: number, since: number): unknown;
  remove(agent: number): void;
  refresh(): void;
  search(question: Question): number;
  winner(rank: number): number;
  copyWinners(out: Int32Array, start: number): number;
  agentAt(backlog: number, since: number): number;
}

const NOW = 1000;
const KINDS: Readonly<Record<string, () => Index>> = { ScanList: () => new ScanList(400), HullTree: () => new HullTree(true), AgentIndex: () => new AgentIndex() };
const COORDINATES: readonly (readonly [string, fc.Arbitrary<Point>])[] = [
  ['few whole values', fc.record({ backlog: fc.nat(4), since: fc.integer({ min: NOW - 5, max: NOW }) })],
  ['many whole values', fc.record({ backlog: fc.nat(100), since: fc.integer({ min: 0, max: NOW }) })],
  ['real values', fc.record({ backlog: fc.double({ min: 0, max: 10, noNaN: true }), since: fc.double({ min: -50, max: NOW, noNaN: true }) })],
  ['an even exchange of backlog and age', fc.nat(200).map((x) => ({ backlog: x, since: NOW - 200 + x }))],
  ['a concave front', fc.nat(200).map((x) => ({ backlog: x * (400 - x), since: NOW - 200 + x }))],
];

function check(index: Index, points: ReadonlyMap<number, Point>, alpha: number, wider: number): void {
  index.refresh();
  const all = [...points], maxBacklog = Math.max(-Infinity, ...all.map(([, p]) => p.backlog)), minSince = Math.min(Infinity, ...all.map(([, p]) => p.since));
  expect(index.maxBacklog).toBe(maxBacklog);
  expect(index.minSince).toBe(minSince);
  if (all.length === 0) return;
  // Denominators may come from elsewhere and be larger than any point here.
  const question = new Question(), scores = new Map<number, number>();
  question.set(alpha, maxBacklog + wider, NOW - minSince + wider, NOW);
  for (const [agent, p] of all) scores.set(agent, loadScore(alpha, p.backlog, question.maxBacklog, NOW - p.since, question.maxAge));
  const best = Math.max(...scores.values()), winners = all.map(([agent]) => agent).filter((agent) => scores.get(agent) === best).sort((a, b) => a - b);
  expect(index.search(question)).toBe(winners.length);
  expect(index.top).toBe(best);
  expect(winners.map((_, rank) => index.winner(rank))).toEqual(winners);
  const copied = new Int32Array(winners.length + 1);
  expect(index.copyWinners(copied, 1)).toBe(winners.length + 1);
  expect([...copied.subarray(1)].sort((a, b) => a - b)).toEqual(winners);
  const [agent, p] = all[0];
  expect(index.agentAt(p.backlog, p.since)).toBe(Math.min(...all.filter(([, o]) => o.backlog === p.backlog && o.since === p.since).map(([i]) => i)));
  expect(points.get(agent)).toBe(p);
}

for (const [kind, create] of Object.entries(KINDS)) {
  describe(kind, () => {
    for (const [shape, point] of COORDINATES) {
      it(`finds what a full scan finds while agents come, move and go: ${shape}`, () => {
        const step = fc.record({ agents: fc.integer({ min: 1, max: 90 }), from: fc.nat(300), remove: fc.nat(3), points: fc.array(point, { minLength: 1, maxLength: 40 }), alpha: fc.constantFrom(0, 0.1, 0.25, 0.5, 0.75, 0.9, 1), wider: fc.constantFrom(0, 0, 1000) });
        fc.assert(fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
          const index = create(), points = new Map<number, Point>();
          for (const { agents, from, remove, points: given, alpha, wider } of steps) {
            for (let i = 0; i < agents; i++) {
              const agent = (from + 7 * i) % 311;
              if (remove === 0) { index.remove(agent); points.delete(agent); } else { const p = given[i % given.length]; index.place(agent, p.backlog, p.since); points.set(agent, p); }
            }
            check(index, points, alpha, wider);
          }
        }), { numRuns: 40 });
      });
    }
  });
}

describe('HullTree', () => {
  it('is exact where hulls have more vertices than it keeps, wherever on a front of 2,000 points the best lies', () => {
    const tree = new HullTree(true), points = new Map<number, Point>();
    for (let i = 0; i < 2000; i++) {
      const x = (i * 1237) % 2000, p = { backlog: x * (4000 - x), since: NOW - 2000 + x };
      tree.place(i, p.backlog, p.since);
      points.set(i, p);
    }
    for (let k = 0; k <= 40; k++) check(tree, points, k / 40, 0);
    for (let i = 0; i < 2000; i += 2) { tree.remove(i); points.delete(i); }
    for (let k = 0; k <= 40; k++) check(tree, points, k / 40, 0);
  });
});

describe('HullTree, changed by one agent between questions', () => {
  for (const [how, since] of [['arrivals in turn', (round: number) => round], ['arrivals anywhere', (round: number) => (round * 7919) % 1000]] as const) {
    it(`takes up every change: ${how}`, () => {
      const tree = new HullTree(true), points = new Map<number, Point>(), place = (agent: number, p: Point): void => { tree.place(agent, p.backlog, p.since); points.set(agent, p); };
      for (let i = 0; i < 300; i++) place(i, { backlog: (i * 31) % 300, since: since(i) });
      for (let round = 300; round < 900; round++) {
        place((round * 17) % 300, { backlog: (round * 31) % 307, since: since(round) });
        check(tree, points, (round % 9) / 8, 0);
      }
    });
  }
});

describe('AgentIndex', () => {
  it('moves to the tree above its limit and back to the scan well below, with the same answers', () => {
    const index = new AgentIndex(), points = new Map<number, Point>(), place = (agent: number, since: number): void => { index.place(agent, agent % 5, since); points.set(agent, { backlog: agent % 5, since }); };
    for (let round = 0; round < 3; round++) {
      for (let agent = 0; agent < SCAN_LIMIT + 40; agent++) { place(agent, agent % 17); if (agent > SCAN_LIMIT - 3) check(index, points, 0.5, 0); }
      for (let agent = SCAN_LIMIT + 40; agent >= 0; agent--) { index.remove(agent); points.delete(agent); if (agent % 8 === 0) check(index, points, 0.5, 0); }
      expect(index.isEmpty).toBe(true);
    }
  });
});
