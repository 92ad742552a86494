// The indexed state against the full scan: the same winners, to the bit, in every state that can be reached.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocoState } from '../../src/loco/state.ts';
import { ReferenceState } from './reference-loco.ts';

const ALPHAS = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1];
const WEIGHTS: readonly fc.Arbitrary<number>[] = [
  fc.integer({ min: 0, max: 3 }), fc.constant(1), fc.double({ min: 0, max: 10, noNaN: true }), fc.constantFrom(0, 0.1, 0.2, 0.3, 1 / 3, 1.7, 2.5), fc.constant(0),
];

function both(agents: number): { state: LocoState; scan: ReferenceState } {
  const state = new LocoState(), scan = new ReferenceState();
  state.reserve(agents);
  scan.reserve(agents);
  return { state, scan };
}

function found(state: LocoState, alpha: number, open: Uint8Array | null): number[] {
  return Array.from({ length: state.ask(alpha, open) }, (_, rank) => state.winner(rank));
}

describe('LocoState against a full scan in doubles', () => {
  for (const [kind, weight] of WEIGHTS.entries()) {
    it(`finds exactly the same winners while tasks and waiters come and go, weights of kind ${kind}`, () => {
      const step = fc.record({ op: fc.integer({ min: 0, max: 9 }), agent: fc.nat(11), pick: fc.nat(), weight, age: fc.nat(6), callClass: fc.nat(2), alpha: fc.constantFrom(...ALPHAS), open: fc.nat(7) });
      fc.assert(fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { state, scan } = both(12);
        const tasks: number[] = [], waiters: number[] = [];
        let next = 0;
        for (const { op, agent, pick, weight: w, age, callClass, alpha, open } of steps) {
          if (op < 4) { for (const s of [state, scan]) s.enqueue(next, agent, w, op === 0 ? age : 0); tasks.push(next++); }
          if (op >= 2 && op < 7) { for (const s of [state, scan]) s.wait(next, agent, callClass); waiters.push(next++); }
          if (op === 7 && tasks.length > 0) { const [t] = tasks.splice(pick % tasks.length, 1); for (const s of [state, scan]) s.dequeue(t); }
          if (op === 8 && waiters.length > 0) { const [t] = waiters.splice(pick % waiters.length, 1); for (const s of [state, scan]) s.leave(t); }
          if (op === 9) { state.tick(); scan.now++; }
          const classes = open === 7 ? null : Uint8Array.of(open & 1, (open >> 1) & 1, (open >> 2) & 1);
          const winners = scan.winners(alpha, classes);
          expect(found(state, alpha, classes)).toEqual(winners);
          for (const i of winners) expect(state.waiters.firstOf(i, classes)).toBe(scan.firstOf(i, classes));
          for (const [i, score] of scan.scores(alpha)) {
            expect(state.score(i, alpha)).toBe(score);
            expect(state.oldestTask(i)).toBe(scan.tasks[i][0].task);
          }
        }
      }), { numRuns: 60 });
    });
  }

  /** A reproducible generator for states too large for fast-check to shrink. */
  const generator = (seed: number) => () => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed / 4294967296; };
  const SHAPES: readonly [string, (u: () => number, i: number) => readonly [number, number]][] = [
    ['random real backlogs and ages', (u) => [u() * 20, Math.floor(u() * 1000)]],
    ['whole backlogs and few ages', (u) => [1 + Math.floor(u() * 20), Math.floor(u() * 9)]],
    ['backlogs of zero among others', (u) => [u() < 0.5 ? 0 : u(), Math.floor(u() * 50)]],
    ['a concave front with every point on it', (_u, i) => { const x = i / 700; return [1000 * Math.sqrt(1 - x * x * 0.98), Math.floor(1000 * x)]; }],
    ['backlog and age in even exchange', (_u, i) => [i % 400, 400 - (i % 400)]],
    ['all equal', () => [1, 5]],
    ['one heavy rival', (u, i) => (i === 3 ? [5000, 1] : [u(), Math.floor(u() * 30)])],
  ];
  for (const [shape, point] of SHAPES) {
    it(`finds exactly the same winners among 700 agents: ${shape}`, () => {
      const { state, scan } = both(700), u = generator(shape.length);
      let next = 0;
      const add = (agent: number): void => {
        const [weight, age] = point(u, agent);
        for (const s of [state, scan]) { s.enqueue(next, agent, weight, age); s.wait(next, agent, 0); }
        next++;
      };
      state.now = scan.now = 1000;
      for (let i = 0; i < 700; i++) add(i);
      for (let round = 0; round < 100; round++) {
        const alpha = ALPHAS[Math.floor(u() * (round < 70 ? 7 : 3))];
        const winners = scan.winners(alpha, null);
        expect(found(state, alpha, null)).toEqual(winners);
        const agent = winners[Math.floor(u() * winners.length)], call = scan.firstOf(agent, null);
        for (const s of [state, scan]) { s.leave(call); s.dequeue(call); }
        state.tick();
        scan.now++;
        if (round % 3 > 0) add(agent);
      }
    });
  }

  it('sums fractional weights exactly, whatever comes and goes between', () => {
    const { state } = both(2);
    for (let t = 0; t < 1000; t++) { state.enqueue(t, 0, 0.1 * (t % 7)); if (t % 3 === 0) state.dequeue(t); }
    const sum = state.backlog(0);
    for (let t = 999; t >= 0; t--) { if (t % 3 !== 0) state.dequeue(t); }
    for (let t = 999; t >= 0; t--) if (t % 3 !== 0) state.enqueue(t, 1, 0.1 * (t % 7));
    expect(state.backlog(0)).toBe(0);
    expect(state.backlog(1)).toBe(sum);
  });

  it('takes the denominators over agents with queued work that do not wait', () => {
    const { state } = both(3);
    state.enqueue(0, 0, 4, 10);
    state.enqueue(1, 1, 3, 12);
    state.enqueue(2, 2, 100, 1000);
    state.wait(0, 0);
    state.wait(1, 1);
    expect(state.score(0, 0.5)).toBe(0.5 * (4 / 100) + 0.5 * (10 / 1000));
    expect(found(state, 0.5, null)).toEqual([0]);
  });

  it('grants a waiter without work only when no agent with work waits', () => {
    const { state } = both(3);
    state.wait(0, 0);
    state.wait(1, 1);
    expect(found(state, 0.25, null)).toEqual([0]);
    expect(state.topScore).toBeNaN();
    state.enqueue(5, 2, 1);
    expect(found(state, 0.25, null)).toEqual([0]);
    state.enqueue(6, 1, 1);
    expect(found(state, 0.25, null)).toEqual([1]);
  });

  it('counts an agent once that wins in several classes', () => {
    const { state } = both(2);
    for (const [call, agent, k] of [[0, 1, 0], [1, 1, 2], [2, 0, 2], [3, 0, 0]]) { state.enqueue(call, agent, 1); state.wait(call, agent, k); }
    expect(found(state, 0.25, null)).toEqual([0, 1]);
    expect(found(state, 0.25, Uint8Array.of(0, 0, 1))).toEqual([0, 1]);
    expect(found(state, 0.25, Uint8Array.of(0, 1))).toEqual([]);
  });

  it('has nobody to choose where nobody waits', () => {
    const { state } = both(1);
    expect(state.choose(0.25, null, () => 0.5)).toBe(-1);
    state.enqueue(0, 0, 1);
    expect(state.choose(0.25, null, () => 0.5)).toBe(-1);
  });

  it('gives up the oldest task, between equal ages the first to come', () => {
    const { state } = both(1);
    for (const [task, age] of [[0, 1], [1, 9], [2, 9], [3, 4]]) state.enqueue(task, 0, 1, age);
    const order: number[] = [];
    for (let task = state.oldestTask(0); task >= 0; task = state.oldestTask(0)) { order.push(task); state.dequeue(task); }
    expect(order).toEqual([1, 2, 3, 0]);
  });

  it('refuses a weight that is negative or not finite and takes those below 1', () => {
    const { state } = both(1);
    for (const weight of [-1, NaN, Infinity]) expect(() => state.enqueue(0, 0, weight)).toThrow(/finite number from 0/);
    for (const weight of [0, 0.01, 0.99]) state.enqueue(weight * 100, 0, weight);
    expect(state.backlog(0)).toBeCloseTo(1, 9);
  });
});
