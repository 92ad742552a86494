// What ATLAS promises, promise by promise: what is inherited, where a call stands, when it goes down and up, what is forgotten.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALL_WAITING, CallTable, type CallSlot } from '../../../src/dispatch/calls.ts';
import { resolveOptions } from '../../../src/options.ts';
import { ANSWER_LATE } from '../../../src/programs/answers.ts';
import { AtlasPolicy, atlasOptions } from '../../../src/policies/atlas-policy.ts';
import { atlas } from '../../../src/policies/atlas.ts';
import { levelOf } from '../../../src/policies/levels.ts';
import { KNOWS_NOTHING, type Admits, type Policy } from '../../../src/policies/policy.ts';
import { POLICIES } from '../../../src/policies/registry.ts';
import { holds, options, RUNS, steps } from './rig.ts';

const OPEN: Admits = { open: new Uint8Array(4).fill(1), version: 0 };
const optionsOf = (given: Readonly<Record<string, unknown>>) => atlasOptions(resolveOptions(atlas.params, given, 'atlas'));
const atlasOn = (calls: CallTable, given: Readonly<Record<string, unknown>>): AtlasPolicy => new AtlasPolicy(calls, optionsOf(given));

/** A call of a program, told to a policy. */
function arrive(policy: Policy, calls: CallTable, program: number, ordinal: number, nowUs: number, parents?: readonly number[]): CallSlot {
  const call = calls.allocate(program, ordinal, 0);
  calls.arrivedUs[call] = nowUs;
  calls.state[call] = CALL_WAITING;
  if (parents !== undefined) calls.setParents(call, parents);
  policy.arrive(call, nowUs);
  return call;
}

/** Serves a waiting call at once. */
function serve(policy: Policy, calls: CallTable, call: CallSlot, tokens: number, nowUs: number): void {
  policy.grant(call, nowUs);
  calls.outputTokens[call] = tokens;
  policy.finish(call, true, nowUs);
}

/** Programs of stages: each stage some calls that wait for all of the one before. Tokens of each call. */
const stages = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });

describe('what a call inherits', () => {
  it('by the scalar rule never falls while its program lives, nor does the sum', () => {
    const most = new Map<object, readonly [number, number]>();
    fc.assert(fc.property(options, steps, (asked, history) => {
      holds(asked, history, ({ table: { rows } }, naive) => {
        for (const session of naive.sessions) {
          const row = session.isOpen ? rows.find(session.program) : -1, [critical, service] = most.get(session) ?? [0, 0];
          if (row < 0) continue;
          if (rows.critical[row]! < critical || rows.service[row]! < service) throw new Error(`service fell: ${rows.critical[row]} after ${critical}, ${rows.service[row]} after ${service} in all`);
          most.set(session, [rows.critical[row]!, rows.service[row]!]);
        }
      });
      most.clear();
    }), { numRuns: RUNS });
  });

  it('is the same by scalar and by parents on programs whose branches all join before the next call, and on chains the sum as well', () => {
    fc.assert(fc.property(stages, (program) => {
      const inherited = ['scalar', 'parents', 'sum'].map((mode) => {
        const calls = new CallTable(), policy = atlasOn(calls, { mode }), seen: number[] = [];
        let ordinal = 0, before: number[] = [];
        for (const stage of program) {
          const slots = stage.map((_, k) => arrive(policy, calls, 0, ordinal + k, ordinal, before));
          seen.push(...slots.map((call) => policy.table.inherited[call]!));
          stage.forEach((tokens, k) => { serve(policy, calls, slots[k]!, tokens, ordinal); });
          before = slots.map((call) => calls.ordinal[call]!);
          ordinal += stage.length;
        }
        return seen;
      });
      expect(inherited[1]).toEqual(inherited[0]);
      if (program.every(({ length }) => length === 1)) expect(inherited[2]).toEqual(inherited[0]);
    }), { numRuns: RUNS });
  });

  it('is never less by scalar than by parents, and more where a short branch comes after a long sibling', () => {
    let differ = 0;
    // A tree: every call has one parent among those before it, and comes once that one has ended; they end in the order in which they came.
    fc.assert(fc.property(fc.array(fc.record({ tokens: fc.integer({ min: 1, max: 9 }), back: fc.nat(5) }), { minLength: 1, maxLength: 12 }), (tree) => {
      const inherited = ['scalar', 'parents'].map((mode) => {
        const calls = new CallTable(), policy = atlasOn(calls, { mode });
        return tree.map(({ tokens, back }, k) => {
          const call = arrive(policy, calls, 0, k, k, k === 0 ? [] : [Math.max(0, k - 1 - back)]), got = policy.table.inherited[call]!;
          serve(policy, calls, call, tokens, k);
          return got;
        });
      });
      inherited[0]!.forEach((scalar, k) => { if (scalar < inherited[1]![k]!) throw new Error(`call ${k}: ${scalar} by scalar, ${inherited[1]![k]} by parents`); });
      if (JSON.stringify(inherited[0]) !== JSON.stringify(inherited[1])) differ++;
    }), { numRuns: RUNS });
    expect(differ).toBeGreaterThan(RUNS / 10);
  });

  it('puts it into a level that rises with the service attained', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0.001, max: 50, noNaN: true }), { maxLength: 10 }), fc.double({ min: 0, max: 500, noNaN: true }), fc.double({ min: 0, max: 500, noNaN: true }), (widths, a, b) => {
      const bounds = [0];
      for (const width of widths) bounds.push(bounds.at(-1)! + width);
      const list = Float64Array.from(bounds), [low, high] = [levelOf(list, Math.min(a, b)), levelOf(list, Math.max(a, b))];
      if (low > high || bounds[low]! > Math.min(a, b) || !(Math.min(a, b) < (bounds[low + 1] ?? Infinity))) throw new Error(`levels ${low} and ${high} of ${a} and ${b} in ${bounds.join(', ')}`);
    }), { numRuns: RUNS });
  });
});

describe('the level of a call', () => {
  it('is that of what it inherits when it comes, and without promotion never a better one', () => {
    fc.assert(fc.property(options, steps, (asked, history) => {
      holds({ ...asked, beta: 0 }, history, (_, naive) => {
        for (const call of naive.present) if (call.level < levelOf(asked.levels.bounds, call.inherited)) throw new Error(`level ${call.level} for ${call.inherited}`);
      });
    }), { numRuns: RUNS });
  });

  it('falls by one exactly when the tokens produced in it reach its quantum, whatever the prompt', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }), fc.nat(1000), fc.constantFrom('decode', 'weighted', 'kv'), (quanta, prompt, meter) => {
      const calls = new CallTable(), policy = atlasOn(calls, { quanta: [...quanta, 'inf'].join('/'), meter, beta: 0 }), call = calls.allocate(0, 0, 0), falls: number[] = [];
      calls.promptTokens[call] = prompt;
      policy.arrive(call, 0);
      policy.grant(call, 0);
      for (let tokens = 1, level = 0; tokens <= 60; tokens++) {
        policy.progress(call, 1, tokens);
        if (policy.levelOf(call) !== level) { falls.push(tokens); expect(policy.levelOf(call)).toBe(++level); }
      }
      let sum = 0;
      expect(falls).toEqual(quanta.map((quantum) => (sum += quantum)));
    }), { numRuns: RUNS });
  });

  it('of a running call that used up its quantum is the tail of the next, behind those that wait there; a call that is stopped keeps its place', () => {
    const calls = new CallTable(), policy = atlasOn(calls, { bounds: '0/4/8', quanta: '4/4/inf', beta: 0 }), names: string[] = [];
    const order = (): string => { const seen: string[] = []; policy.walk((call) => { seen.push(names[call]!); return true; }, 100); return seen.join(' '); };
    const told = (name: string, program: number, ordinal: number, nowUs: number): CallSlot => { const call = arrive(policy, calls, program, ordinal, nowUs); names[call] = name; return call; };
    const first = told('first', 0, 0, 0);
    serve(policy, calls, first, 5, 1);
    const a = told('a', 1, 0, 2), b = told('b', 2, 0, 3);
    told('waits', 0, 1, 4);
    expect(order()).toBe('a b waits');
    policy.grant(a, 5); policy.grant(b, 5);
    policy.progress(a, 4, 6);
    expect(order()).toBe('b waits a');
    policy.progress(b, 3, 6);
    policy.preempt(b, 7);
    told('c', 3, 0, 8);
    expect(order()).toBe('b c waits a');
  });
});

describe('bisimulation', () => {
  it('with one level and no promotion every program is served first come, first served: as fcfs', () => {
    fc.assert(fc.property(fc.array(fc.record({ do: fc.constantFrom('arrive', 'arrive', 'grant', 'finish', 'preempt', 'cancel'), program: fc.nat(3), which: fc.nat(9), tokens: fc.integer({ min: 1, max: 2000 }) }), { maxLength: 60 }), (history) => {
      const calls = new CallTable(), policies = [atlasOn(calls, { levels: 1, beta: 0 }), POLICIES['fcfs']!.create({ calls, random: () => 0, knowledge: KNOWS_NOTHING, options: {} })], running: CallSlot[] = [], ordinals = [0, 0, 0, 0];
      history.forEach((step, k) => {
        const nowUs = k + 1, on = running[step.which % Math.max(1, running.length)];
        if (step.do === 'arrive') {
          const call = calls.allocate(step.program, ordinals[step.program]!++, 0);
          calls.arrivedUs[call] = nowUs;
          for (const policy of policies) policy.arrive(call, nowUs);
        } else if (step.do === 'grant') {
          const [call, other] = policies.map((policy) => policy.first(OPEN, nowUs));
          expect(call).toBe(other);
          if (call! >= 0) { running.push(call!); for (const policy of policies) policy.grant(call!, nowUs); }
        } else if (on !== undefined) {
          running.splice(running.indexOf(on), 1);
          for (const policy of policies) { policy.progress?.(on, step.tokens, nowUs); if (step.do === 'preempt') policy.preempt!(on, nowUs); else if (step.do === 'finish') policy.finish(on, true, nowUs); else policy.cancel(on, true, nowUs); }
          if (step.do !== 'preempt') calls.release(on);
        }
      });
    }), { numRuns: RUNS });
  });

  it('with programs of one call, which inherit nothing, it is mlfq with the same quanta', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }), fc.array(fc.record({ do: fc.constantFrom('arrive', 'arrive', 'fill', 'fill', 'finish'), tokens: fc.integer({ min: 1, max: 4 }), places: fc.integer({ min: 1, max: 3 }) }), { maxLength: 60 }), (list, history) => {
      const calls = new CallTable(), quanta = [...list, 'inf'].join('/'), mlfq = POLICIES['mlfq']!;
      const policies: readonly Policy[] = [atlasOn(calls, { quanta, beta: 0 }), mlfq.create({ calls, random: () => 0, knowledge: KNOWS_NOTHING, options: resolveOptions(mlfq.params, { quanta, starvation: 0 }, 'mlfq') })];
      let running: CallSlot[] = [];
      history.forEach((step, k) => {
        const nowUs = 10 * (k + 1);
        // What was produced since is told before anything else of the instant, in walk order.
        if (step.do !== 'arrive') for (const call of running) { const tokens = Math.min(step.tokens, policies[0]!.budget!(call)); for (const policy of policies) policy.progress!(call, tokens, nowUs); }
        if (step.do === 'arrive') {
          const call = calls.allocate(k, 0, 0);
          calls.arrivedUs[call] = nowUs;
          for (const policy of policies) policy.arrive(call, nowUs);
        } else if (step.do === 'finish') {
          const call = running.shift();
          if (call === undefined) return;
          for (const policy of policies) policy.finish(call, true, nowUs);
        } else {
          const [mine, theirs] = policies.map((policy) => { const seen: CallSlot[] = []; policy.walk((call) => { seen.push(call); return true; }, nowUs); return seen; });
          expect(mine).toEqual(theirs);
          const chosen = mine!.slice(0, step.places);
          for (const policy of policies) {
            for (const call of running) if (!chosen.includes(call)) policy.preempt!(call, nowUs);
            for (const call of chosen) if (!running.includes(call)) policy.grant(call, nowUs);
          }
          running = chosen;
        }
      });
    }), { numRuns: RUNS });
  });
});

describe('promotion', () => {
  it('leaves nobody waiting below the first level whose program has waited beta times what it was served', () => {
    fc.assert(fc.property(options, fc.constantFrom(0.5, 1, 3), steps, (asked, beta, history) => {
      holds({ ...asked, beta }, history, (_, naive) => {
        for (const call of naive.present) if (call.state === 'waits' && call.session.isOpen && call.level > 0 && naive.excess(call) >= 0) throw new Error(`waits ${naive.excess(call)} µs too long in level ${call.level}`);
      });
    }), { numRuns: RUNS });
  });

  it('takes siblings of one ratio at the same instant, and wakes the engine for it', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 1, max: 50 }), fc.constantFrom(1, 2, 8), (width, servedUs, beta) => {
      const calls = new CallTable(), policy = atlasOn(calls, { bounds: '0/1', quanta: '100/inf', beta }), root = arrive(policy, calls, 0, 0, 0, []);
      policy.grant(root, 0);
      calls.outputTokens[root] = 5;
      policy.finish(root, true, servedUs);
      const siblings = Array.from({ length: width }, (_, k) => arrive(policy, calls, 0, k + 1, servedUs, [0])), dueUs = servedUs + beta * servedUs;
      expect(policy.nextChangeUs(servedUs)).toBe(dueUs);
      const levels = (nowUs: number): number[] => { policy.first(OPEN, nowUs); return siblings.map((call) => policy.levelOf(call)); };
      expect(new Set(levels(dueUs - 1))).toEqual(new Set([1]));
      expect(new Set(levels(dueUs))).toEqual(new Set([0]));
    }), { numRuns: RUNS });
  });

  it('takes back the wait of the call alone: its program stays as it was', () => {
    const calls = new CallTable(), policy = atlasOn(calls, { bounds: '0/1', quanta: '1/inf', beta: 1 });
    const root = arrive(policy, calls, 0, 0, 0);
    policy.grant(root, 7);
    calls.outputTokens[root] = 3;
    policy.finish(root, true, 17);
    const { rows } = policy.table, row = rows.find(0), call = arrive(policy, calls, 0, 1, 17);
    // It crosses at 20, and nobody asks before 25.
    policy.first(OPEN, 25);
    expect(policy.levelOf(call)).toBe(0);
    expect([rows.waitUs[row], rows.runUs[row], rows.critical[row]]).toEqual([7, 10, 3]);
    policy.grant(call, 26);
    policy.progress(call, 1, 27);
    policy.preempt(call, 27);
    expect(policy.levelOf(call)).toBe(1);
    // W 7 + 6, T 10 + 1: the three microseconds that it waited before the promotion count no more.
    expect(policy.explain(call, 27)['waitRatio']).toBe(13 / 11);
  });
});

describe('a session that is over', () => {
  it('frees its row, and what ends late is charged to nobody', () => {
    const calls = new CallTable(), policy = atlasOn(calls, {}), late = arrive(policy, calls, 0, 0, 0), { table } = policy;
    policy.grant(late, 1);
    policy.programEnd(0, 2);
    expect(table.rows.open).toBe(0);
    const next = arrive(policy, calls, 1, 0, 3);
    expect(table.row[next]).toBe(table.row[late]);
    calls.outputTokens[late] = 5000;
    policy.finish(late, true, 4);
    expect(table.answered[ANSWER_LATE]).toBe(1);
    expect([table.rows.service[table.row[next]!], policy.levelOf(arrive(policy, calls, 1, 1, 5)), policy.waiting]).toEqual([0, 0, 2]);
  });

  it('or was silent for an hour starts anew when it comes back', () => {
    const calls = new CallTable(), policy = atlasOn(calls, {}), hourUs = 3600e6;
    for (const [nowUs, expected] of [[0, 0], [hourUs - 1, 600], [2 * hourUs - 1, 0]] as const) {
      const call = arrive(policy, calls, 0, 0, nowUs);
      expect(policy.table.inherited[call]).toBe(expected);
      serve(policy, calls, call, 600, nowUs);
    }
  });
});
