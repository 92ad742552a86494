// The event queue against a sorted list: the order is strict and total, in every tie mode.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../sim/kernel/event-queue.ts';
import type { TieMode } from '../../sim/kernel/event-queue.ts';
import { Streams } from '../../sim/random/streams.ts';

/** Reads a list of commands: a number is a push after that delay, −1 a pop. Compares every pop with a sorted list. */
function compareWithList(commands: readonly number[], mode: 'fifo' | 'lifo'): void {
  const queue = new EventQueue(1, mode);
  let reference: { timeUs: number; key: number; payload: number }[] = [];
  let nowUs = 0, pushed = 0;
  const pop = (): void => {
    reference.sort((a, b) => a.timeUs - b.timeUs || a.key - b.key);
    const first = reference[0];
    reference = reference.slice(1);
    const peekedUs = queue.peekUs(), payload = queue.pop();
    if (peekedUs !== (first?.timeUs ?? Infinity) || payload !== (first?.payload ?? -1) || (first !== undefined && queue.timeUs !== first.timeUs)) {
      expect({ peekedUs, payload, timeUs: queue.timeUs }).toEqual(first);
    }
    if (first !== undefined) nowUs = first.timeUs;
  };
  for (const command of commands) {
    if (command < 0) { pop(); continue; }
    const payload = pushed++;
    queue.push(nowUs + command, payload);
    reference.push({ timeUs: nowUs + command, key: mode === 'fifo' ? payload : -payload, payload });
    if (queue.size !== reference.length) expect(queue.size).toBe(reference.length);
  }
  while (reference.length > 0) pop();
  expect(queue.pop()).toBe(-1);
  expect(queue.size).toBe(0);
}

const DELAYS: Readonly<Record<string, (u: () => number) => number>> = {
  exponential: (u) => Math.round(-1000 * Math.log(1 - u())),
  uniform: (u) => Math.floor(2000 * u()),
  bimodal: (u) => (u() < 0.9 ? Math.floor(20 * u()) : 10_000 + Math.floor(1000 * u())),
  'four values': (u) => 250 * Math.floor(4 * u()),
  'half zero': (u) => (u() < 0.5 ? 0 : Math.floor(100 * u())),
  'beyond 2^32': (u) => Math.floor(u() * 2 ** 45),
};

describe('event queue', () => {
  for (const mode of ['fifo', 'lifo'] as const) {
    it(`pops in the order of a sorted list, whatever the mix of pushes and pops (${mode})`, () => {
      const command = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 3 }) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 1e6 }) }, { weight: 4, arbitrary: fc.constant(-1) });
      fc.assert(fc.property(fc.array(command, { maxLength: 200 }), (commands) => compareWithList(commands, mode)), { numRuns: 300 });
    });

    for (const [name, delay] of Object.entries(DELAYS)) {
      it(`keeps the order over many holds with ${name} delays (${mode})`, () => {
        const stream = new Streams('holds').stream(name);
        const u = (): number => stream.next();
        const commands: number[] = Array.from({ length: 40 }, () => delay(u));
        for (let i = 0; i < 1000; i++) if (u() < 0.5) commands.push(-1, delay(u)); else commands.push(delay(u), -1);
        compareWithList(commands, mode);
      });
    }
  }

  it('lets equal times out in the order of insertion', () => {
    const queue = new EventQueue();
    for (let i = 0; i < 5000; i++) queue.push(7, i);
    expect(Array.from({ length: 5000 }, () => queue.pop())).toEqual(Array.from({ length: 5000 }, (_, i) => i));
  });

  it('takes what was scheduled for an instant before what is added within it', () => {
    const queue = new EventQueue();
    queue.push(5, 1); queue.push(5, 2); queue.push(5, 3);
    expect(queue.pop()).toBe(1);
    queue.push(5, 4);
    queue.push(6, 6);
    expect([queue.pop(), queue.pop(), queue.pop(), queue.pop()]).toEqual([2, 3, 4, 6]);
  });

  it('shuffles ties from the seed and never the times', () => {
    const order = (seed: string): number[] => {
      const queue = new EventQueue(16, 'shuffle', seed);
      for (let i = 0; i < 300; i++) queue.push(Math.floor(i / 100), i);
      return Array.from({ length: 300 }, () => queue.pop());
    };
    const one = order('one');
    expect(one).toEqual(order('one'));
    expect(one).not.toEqual(order('two'));
    expect(one.map((payload) => Math.floor(payload / 100))).toEqual(Array.from({ length: 300 }, (_, i) => Math.floor(i / 100)));
    expect([...one].sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });

  it('lets every tie go first equally often when ties are shuffled', () => {
    const firsts = new Array<number>(8).fill(0);
    for (let run = 0; run < 4000; run++) {
      const queue = new EventQueue(16, 'shuffle', `run ${run}`);
      for (let i = 0; i < 8; i++) queue.push(1, i);
      firsts[queue.pop()]!++;
    }
    // Chi-square with 7 degrees of freedom: 24.3 is the 99.9 % point.
    expect(firsts.reduce((sum, n) => sum + (n - 500) ** 2 / 500, 0)).toBeLessThan(24.3);
  });

  it('grows past its first capacity with events in the lane and in the heap', () => {
    const queue = new EventQueue(1);
    for (let i = 0; i < 1000; i++) { queue.push(0, i); queue.push(1000 - i, 1000 + i); }
    const payloads = Array.from({ length: 2000 }, () => queue.pop());
    expect(payloads.slice(0, 1000)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(payloads.slice(1000)).toEqual(Array.from({ length: 1000 }, (_, i) => 1999 - i));
  });

  it.each<TieMode>(['fifo', 'lifo', 'shuffle'])('is empty after clear and works on (%s)', (mode) => {
    const queue = new EventQueue(4, mode, 's');
    for (let i = 0; i < 50; i++) queue.push(i % 7, i);
    queue.pop();
    queue.clear();
    expect(queue.size).toBe(0);
    expect(queue.peekUs()).toBe(Infinity);
    expect(queue.pop()).toBe(-1);
    queue.push(9, 1);
    queue.push(8, 2);
    expect([queue.pop(), queue.pop(), queue.pop()]).toEqual([2, 1, -1]);
  });

  it('tells the sequence of its first event, wherever that is', () => {
    const queue = new EventQueue();
    queue.push(3, 10);            // sequence 1
    const between = queue.nextKey();
    queue.push(3, 11);            // sequence 3
    expect(between).toBe(2);
    expect(queue.peekKey()).toBe(1);
    queue.pop();
    expect(queue.peekKey()).toBe(3);
    queue.push(3, 12);            // sequence 4, in the lane
    expect(queue.peekKey()).toBe(3);
    queue.pop();
    expect(queue.peekKey()).toBe(4);
  });
});
