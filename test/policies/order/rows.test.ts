// What each policy that orders calls by one rule promises: limits in which it is another, bounds on waiting, and what leaves it unmoved.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALL_WAITING, type CallSlot } from '../../../src/dispatch/calls.ts';
import { GittinsIndex } from '../../../src/policies/gittins-index.ts';
import { create, RUNS, type One } from './rig.ts';
import { jobs, MS, programsOf, serve, type Job } from './server.ts';
import { bruteGittins } from './twins.ts';

const quick = { numRuns: RUNS }, played = { numRuns: Math.ceil(RUNS / 10) };
const OPEN = { open: new Uint8Array(3).fill(1), version: 0 };

/** A gate with one place that serves what a policy grants; calls come with a prompt, and are told apart by their numbers. */
class Gate {
  readonly told;
  nowUs = 0;
  #made = 0;
  constructor(name: string, options: Readonly<Record<string, unknown>> = {}) { this.told = create(name, options); }

  arrive({ prompt = 0, cached = 0, out = 0 }: { prompt?: number; cached?: number; out?: number } = {}): number {
    const { calls, policy, all } = this.told, slot = calls.allocate(this.#made++, 0, 0);
    calls.promptTokens[slot] = prompt; calls.arrivedUs[slot] = this.nowUs; calls.state[slot] = CALL_WAITING;
    all.push({ slot, key: calls.key[slot]!, program: calls.program[slot]!, arrivedUs: this.nowUs, pin: -1, callClass: 0, weight: 1, prompt, cached, out, total: out, runs: false, had: 0, sinceUs: this.nowUs, grantedUs: -1 } satisfies One);
    policy.arrive(slot, this.nowUs);
    return calls.program[slot]!;
  }

  /** Grants the first and serves it to its end; answers its number. */
  serve(tookUs = MS): number {
    const { calls, policy, all } = this.told, call: CallSlot = policy.first(OPEN, this.nowUs), number = calls.program[call]!;
    policy.grant(call, this.nowUs);
    calls.grantedUs[call] = this.nowUs;
    this.nowUs += tookUs;
    calls.outputTokens[call] = all.find(({ slot }) => slot === call)!.out;
    policy.finish(call, true, this.nowUs);
    all.splice(all.findIndex(({ slot }) => slot === call), 1);
    calls.release(call);
    return number;
  }
}

interface Arrival { readonly gapMs: number; readonly prompt: number; readonly out: number }
const arrivals = fc.array(fc.record({ gapMs: fc.nat(4), prompt: fc.integer({ min: 1, max: 30 }), out: fc.integer({ min: 1, max: 30 }) }), { minLength: 2, maxLength: 20 });

/** The order in which a gate of one place serves arrivals, each for as long as its tokens say. */
function orderOf(name: string, options: Readonly<Record<string, unknown>>, list: readonly Arrival[], unitUs = MS): number[] {
  const gate = new Gate(name, options), order: number[] = [];
  let next = 0, atUs = 0;
  const times = list.map(({ gapMs }) => (atUs += gapMs * unitUs));
  while (order.length < list.length) {
    if (gate.told.policy.waiting === 0 && times[next]! > gate.nowUs) gate.nowUs = times[next]!;
    const now = gate.nowUs;
    for (; next < list.length && times[next]! <= now; next++) { gate.nowUs = times[next]!; gate.arrive(list[next]); }
    gate.nowUs = now;
    order.push(gate.serve(unitUs * 3));
  }
  return order;
}

describe('hrrn', () => {
  it('serves in order of arrival where all estimates are equal', () => {
    fc.assert(fc.property(arrivals, fc.integer({ min: 1, max: 9 }), fc.constantFrom('tokens', 'seconds'), (list, prompt, age) => {
      const order = orderOf('hrrn', { age }, list.map((one) => ({ ...one, prompt })));
      expect(order).toEqual(list.map((_, i) => i));
    }), quick);
  });
  it('tells ratios of at least 1', () => {
    fc.assert(fc.property(arrivals, fc.constantFrom('tokens', 'seconds'), (list, age) => {
      const gate = new Gate('hrrn', { age });
      for (const one of list) {
        gate.nowUs += one.gapMs * MS;
        gate.arrive(one);
        if (one.out > 15) gate.serve();
        for (const { slot } of gate.told.all) expect(gate.told.policy.explain!(slot, gate.nowUs)['score']).toBeGreaterThanOrEqual(1);
      }
    }), quick);
  });
  it('serves any call in the end, while shorter ones come one for each that is served', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 10 }), fc.constantFrom('tokens', 'seconds'), (long, short, age) => {
      const gate = new Gate('hrrn', { age }), fixed = gate.arrive({ prompt: long });
      // A rival is as old as one service at most: its ratio stays below 2 in tokens, and below 1 + service time in ms.
      const most = age === 'tokens' ? long / short + 2 : (long / short) + long / short + 3;
      let grants = 0;
      do { gate.arrive({ prompt: short }); grants++; } while (gate.serve(short * MS) !== fixed && grants <= 10_000);
      expect(grants).toBeLessThanOrEqual(Math.ceil(most) + 1);
    }), quick);
  });
  it('decides the same where all sizes are larger by one factor, aged in tokens; and where all times and sizes are, aged in time', () => {
    fc.assert(fc.property(arrivals, fc.constantFrom(2, 4, 16), (list, factor) => {
      const large = list.map((one) => ({ ...one, prompt: factor * one.prompt, out: factor * one.out }));
      expect(orderOf('hrrn', {}, large)).toEqual(orderOf('hrrn', {}, list));
      expect(orderOf('hrrn', { age: 'seconds' }, large, factor * MS)).toEqual(orderOf('hrrn', { age: 'seconds' }, list));
    }), quick);
  });
  it('aged in tokens, does not notice that an engine pauses; aged in time it may', () => {
    let noticed = 0;
    fc.assert(fc.property(arrivals, fc.array(fc.nat(1000), { minLength: 20, maxLength: 20 }), (list, pauses) => {
      const orders = ['tokens', 'seconds'].map((age) => [0, 1].map((isPaused) => {
        const gate = new Gate('hrrn', { age });
        const half = list.length >> 1, order: number[] = [];
        for (const one of list.slice(0, half)) gate.arrive(one);
        list.forEach((_, i) => { if (half + i < list.length) gate.arrive(list[half + i]); order.push(gate.serve()); gate.nowUs += isPaused * pauses[i]! * MS; });
        return order.join();
      }));
      expect(orders[0]![0]).toBe(orders[0]![1]);
      if (orders[1]![0] !== orders[1]![1]) noticed++;
    }), quick);
    expect(noticed).toBeGreaterThan(0);
  });
});

describe('mlfq', () => {
  it('is fcfs where the top level has no end', async () => {
    await fc.assert(fc.asyncProperty(jobs, async (list) => {
      expect((await serve(programsOf(list), 'mlfq', { quanta: 'inf' })).ends).toEqual((await serve(programsOf(list), 'fcfs')).ends);
    }), played);
  });
  it('is round robin with one level and a quantum of one token', async () => {
    await fc.assert(fc.asyncProperty(jobs, async (list) => {
      expect((await serve(programsOf(list), 'mlfq', { quanta: '1', starvation: 0 })).ends).toEqual(roundRobin(list));
    }), played);
  });
  it('brings a call that waits back on top after the time of starvation, and never without it', async () => {
    // One long call, and a short one every 2 ms that fills the top level for good.
    const flood = programsOf([{ gapMs: 0, sizeMs: 20 }, ...Array.from({ length: 300 }, () => ({ gapMs: 2, sizeMs: 2 }))]), quanta = '2/inf';
    const never = await serve(flood, 'mlfq', { quanta, starvation: 0 }), often = await serve(flood, 'mlfq', { quanta, starvation: 0.02 });
    expect(never.ends.get(0)).toBe(620 * MS);
    // Ten turns of 2 ms on top. Each comes after a wait of 20 ms and what stands on top by then: the call that runs, and 2 ms for every turn before.
    const turns = Array.from({ length: 9 }, (_, k) => 20 + 2 + 2 * (k + 1));
    expect(often.ends.get(0)).toBeLessThanOrEqual((2 + turns.reduce((sum, ms) => sum + ms, 0)) * MS);
  });
  it.each([['1/2/inf', [13, 13, 7, 12]], ['2/1/inf', [12, 13, 5, 13]]] as const)('with quanta %s ends the four programs of the toy at %j', async (quanta, wanted) => {
    const toy = [[4, 3, 1, 1], [3, 3, 4], [1, 2], [4]].map((calls) => ({ arrivalUs: 0, calls: calls.map((size) => ({ serviceUs: size * MS, outputTokens: size })) }));
    const { ends } = await serve(toy, 'mlfq', { quanta, starvation: 0 }, 2);
    expect(wanted.map((_, p) => ends.get(p)! / MS)).toEqual(wanted);
  });
});

/** Turns of a millisecond; who used one up stands before who arrives then. */
function roundRobin(list: readonly Job[]): Map<number, number> {
  const ends = new Map<number, number>(), left = list.map(({ sizeMs }) => sizeMs), queue: number[] = [];
  let next = 0, cameMs = list[0]!.gapMs, nowMs = 0;
  while (ends.size < list.length) {
    for (; next < list.length && cameMs <= nowMs; cameMs += list[++next]?.gapMs ?? 0) queue.push(next);
    nowMs++;
    const turn = queue.shift();
    if (turn === undefined) continue;
    if (--left[turn]! === 0) ends.set(turn, nowMs * MS); else queue.push(turn);
  }
  return ends;
}

describe('gittins', () => {
  it('has the index that the definition has, at every age', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 25 }), fc.nat(32), (samples, age) => {
      expect(new GittinsIndex(samples).at(age)).toBeCloseTo(bruteGittins(samples, age), 10);
    }), quick);
  });
  it('serves who had least where going on makes it likelier to go on: sizes of a falling hazard', () => {
    const table = new GittinsIndex([...new Array<number>(32).fill(1), ...new Array<number>(8).fill(2), ...new Array<number>(2).fill(6), 40]), at = [0, 1, 2, 6].map((age) => table.at(age));
    expect(at).toEqual([...at].sort((a, b) => b - a));
    expect(new Set(at).size).toBe(at.length);
  });
  it('is fcfs where every size is the same', async () => {
    await fc.assert(fc.asyncProperty(jobs, fc.integer({ min: 9, max: 20 }), async (list, mean) => {
      expect((await serve(programsOf(list), 'gittins', { sizes: 'deterministic', mean })).ends).toEqual((await serve(programsOf(list), 'fcfs')).ends);
    }), played);
  });
  it('learns sizes from calls that end: two sizes, of which the short one is likely, and who has passed it steps back', async () => {
    const warm = Array.from({ length: 120 }, (_, i) => ({ gapMs: 30, sizeMs: i % 10 === 0 ? 20 : 1 })), late = [...warm, { gapMs: 30, sizeMs: 20 }, { gapMs: 5, sizeMs: 1 }];
    const learnt = await serve(programsOf(late), 'gittins', {}), fcfs = await serve(programsOf(late), 'fcfs'), startMs = 121 * 30;
    expect([learnt.ends.get(121)! / MS - startMs, fcfs.ends.get(121)! / MS - startMs]).toEqual([6, 21]);
  });
});

describe('lpm', () => {
  it('lets a cold call wait for as long as warm ones come, and no longer than ageing says with ageing', () => {
    for (const [ageing, least, most] of [[0, 200, 200], [1000, 10, 14]] as const) {
      const gate = new Gate('lpm', { ageing }), cold = gate.arrive({ prompt: 10 });
      let grants = 0;
      do { gate.arrive({ prompt: 10, cached: 10 }); grants++; } while (gate.serve() !== cold && grants < 200);
      expect([ageing, grants >= least && grants <= most]).toEqual([ageing, true]);
    }
  });
  it('is fcfs while more wait than it matches', () => {
    fc.assert(fc.property(arrivals, (list) => {
      const gate = new Gate('lpm', { matchLimit: 0 });
      for (const one of list) { gate.nowUs += one.gapMs * MS; gate.arrive({ ...one, cached: one.prompt }); }
      expect(list.map(() => gate.serve())).toEqual(list.map((_, i) => i));
    }), quick);
  });
});

describe('priority', () => {
  it('serves a call of the last class after its ageing, however many urgent ones come', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), (ageing) => {
      const gate = new Gate('priority', { ageing: ageing / 1000, by: 'class' }), { calls, policy } = gate.told;
      const slot = calls.allocate(9999, 0, 0);
      calls.callClass[slot] = 1; calls.arrivedUs[slot] = 0;
      policy.arrive(slot, 0);
      let grants = 0;
      for (gate.arrive(); policy.first(OPEN, gate.nowUs) !== slot && grants < 1000; grants++) { gate.serve(); gate.arrive(); }
      expect(grants).toBeLessThanOrEqual(ageing + 2);
    }), quick);
  });
});

describe('budgets', () => {
  it.each([['gittins', { sizes: 'exponential', mean: 3 }], ['mlfq', { base: 0.3 }], ['atlas', { base: 1.7 }]] as const)('of %s are whole tokens: an engine tells no parts of one, and would be asked again and again', (name, options) => {
    const gate = new Gate(name, options), { policy } = gate.told;
    gate.arrive();
    const call = policy.first(OPEN, 0);
    policy.grant(call, 0);
    for (let k = 0; k < 20; k++, policy.progress!(call, 1, k)) expect(Math.min(1e9, policy.budget!(call)) % 1).toBe(0);
  });
});

describe('program-fcfs', () => {
  it('ends programs of equal calls in the order in which they came, on one server', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.record({ gapMs: fc.nat(4), calls: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }) }), { minLength: 1, maxLength: 8 }), async (list) => {
      let atMs = 0;
      const programs = list.map(({ gapMs, calls }) => ({ arrivalUs: (atMs += gapMs) * MS, calls: calls.map((sizeMs) => ({ serviceUs: sizeMs * MS, outputTokens: sizeMs })) }));
      const ends = [...(await serve(programs, 'program-fcfs')).ends].sort(([a], [b]) => a - b).map(([, end]) => end);
      expect(ends).toEqual([...ends].sort((a, b) => a - b));
    }), played);
  });
});

describe('program-srpt', () => {
  it('is srpt where every program is one call, and ends a short program before a long one whatever their calls', async () => {
    await fc.assert(fc.asyncProperty(jobs, async (list) => {
      expect((await serve(programsOf(list), 'program-srpt')).ends).toEqual((await serve(programsOf(list), 'srpt')).ends);
    }), played);
    const call = (size: number) => ({ serviceUs: size * MS, outputTokens: size });
    const { ends } = await serve([{ arrivalUs: 0, calls: [call(1), call(9)] }, { arrivalUs: 0, calls: [call(4)] }], 'program-srpt');
    expect([ends.get(0), ends.get(1)]).toEqual([14 * MS, 4 * MS]);
    expect((await serve([{ arrivalUs: 0, calls: [call(1), call(9)] }, { arrivalUs: 0, calls: [call(4)] }], 'srpt')).ends.get(1)).toBe(5 * MS);
  });
});
