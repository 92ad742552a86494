// A policy and a naive twin that keeps all calls in one list and sorts it anew for every question: told the same, they must answer the same.
import fc from 'fast-check';
import { expect } from 'vitest';
import { CALL_RUNNING, CALL_WAITING, CallTable, type CallSlot } from '../../../src/dispatch/calls.ts';
import { resolveOptions, type ParamValues } from '../../../src/options.ts';
import type { Policy } from '../../../src/policies/policy.ts';
import { POLICIES } from '../../../src/policies/registry.ts';
import { seededRandom } from '../../../src/random.ts';

/** Histories a property; more by SCHEDLAB_RUNS=100000. */
export const RUNS = Number(process.env['SCHEDLAB_RUNS'] ?? 1000);

/** A call as the twin knows it. */
export interface One {
  readonly slot: CallSlot; readonly key: number; readonly program: number; readonly arrivedUs: number; readonly pin: number; readonly callClass: number; readonly weight: number; readonly prompt: number; readonly cached: number;
  /** Truth of the oracle: of the call, and of its program. */ readonly out: number; readonly total: number;
  runs: boolean; /** Tokens that progress told. */ had: number; sinceUs: number; grantedUs: number;
}

/** The rule in its plainest words. Numbers compare from left to right, least first; arrival and key decide the rest. */
export interface Twin {
  rank(one: One, nowUs: number): readonly number[];
  arrive?(one: One, nowUs: number): void;
  progress?(one: One, tokens: number, nowUs: number): void;
  finish?(one: One, tokens: number, nowUs: number): void;
  /** Before each question. */
  ask?(all: readonly One[], nowUs: number): void;
}

export type Step = { readonly gapUs: number } & (
  | { readonly do: 'arrive'; readonly pin: number; readonly prompt: number; readonly cached: number; readonly out: number; readonly callClass: number; readonly weight: number; readonly continues: boolean }
  | { readonly do: 'grant'; readonly open: number }
  | { readonly do: 'progress' | 'finish' | 'preempt' | 'cancel'; readonly which: number; readonly tokens: number }
);

const gapUs = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 2_000_000 }));
const on = (what: 'progress' | 'finish' | 'preempt' | 'cancel'): fc.Arbitrary<Step> => fc.record({ do: fc.constant(what), gapUs, which: fc.nat(20), tokens: fc.integer({ min: 1, max: 12 }) });
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('arrive' as const), gapUs, pin: fc.constantFrom(-1, -1, -1, 0, 1), prompt: fc.nat(20), cached: fc.nat(9), out: fc.nat(20), callClass: fc.nat(2), weight: fc.nat(3), continues: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('grant' as const), gapUs, open: fc.nat(7) }) },
  { weight: 4, arbitrary: on('progress') }, { weight: 2, arbitrary: on('finish') }, { weight: 3, arbitrary: on('preempt') }, { weight: 1, arbitrary: on('cancel') },
), { maxLength: 50, size: 'max' });

export interface Told { readonly name: string; readonly options: ParamValues; readonly policy: Policy; readonly calls: CallTable; readonly all: One[] }

export function create(name: string, given: Readonly<Record<string, unknown>>): Told {
  const calls = new CallTable(2), definition = POLICIES[name]!, options = resolveOptions(definition.params, given, name), all: One[] = [], find = (call: CallSlot): One => all.find(({ slot }) => slot === call) ?? latest!;
  let latest: One | undefined;
  const policy = definition.create({
    calls, random: seededRandom(name), options,
    knowledge: { level: 'oracle', outputTokens: (call) => find(call).out, programTokens: (call) => find(call).total, toolUs: () => NaN, cachedTokens: (call) => Math.min(calls.promptTokens[call]!, find(call).cached), cachedAgeUs: () => 0 },
  });
  const push = all.push.bind(all);
  all.push = (one: One) => { latest = one; return push(one); };
  return { name, options, policy, calls, all };
}

const compare = (a: readonly number[], b: readonly number[]): number => { for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1; return 0; };

/** As `toEqual`, which costs much where nothing differs. */
function same(got: readonly number[], wanted: readonly number[]): void { if (got.length !== wanted.length || got.some((value, i) => value !== wanted[i])) expect(got).toEqual(wanted); }

/** Plays a history to both, and compares walk and answer after every step. */
export function holds(name: string, given: Readonly<Record<string, unknown>>, makeTwin: (options: ParamValues) => Twin, history: readonly Step[]): void {
  const { policy, calls, all, options } = create(name, given), twin = makeTwin(options);
  const programs: { number: number; next: number; total: number; isIdle: boolean }[] = [];
  let nowUs = 0, version = 0;
  const gone = (one: One, ends: boolean): void => {
    all.splice(all.indexOf(one), 1);
    const program = programs[one.program]!;
    program.isIdle = !ends;
    if (ends) policy.programEnd?.(one.program, nowUs);
    calls.release(one.slot);
  };
  for (const step of history) {
    nowUs += step.gapUs;
    if (step.do === 'arrive') {
      let program = step.continues ? programs.find(({ isIdle }) => isIdle) : undefined;
      if (program === undefined) programs.push(program = { number: programs.length, next: 0, total: 10 + 7 * (step.out % 5), isIdle: false });
      // Within an instant calls arrive in the order of their keys.
      const slot = calls.allocate(program.number, program.next++, 0), key = calls.key[slot]!;
      if (all.some((other) => other.arrivedUs === nowUs && other.key > key)) nowUs++;
      program.isIdle = false;
      calls.pin[slot] = step.pin; calls.callClass[slot] = step.callClass; calls.weight[slot] = step.weight; calls.promptTokens[slot] = step.prompt; calls.arrivedUs[slot] = nowUs; calls.state[slot] = CALL_WAITING;
      const one: One = { slot, key, program: program.number, arrivedUs: nowUs, pin: step.pin, callClass: step.callClass, weight: step.weight, prompt: step.prompt, cached: Math.min(step.prompt, step.cached), out: step.out, total: program.total, runs: false, had: 0, sinceUs: nowUs, grantedUs: -1 };
      all.push(one);
      twin.arrive?.(one, nowUs);
      policy.arrive(slot, nowUs);
    } else if (step.do === 'grant') {
      const open = Uint8Array.of(step.open > 0 ? 1 : 0, step.open & 1, (step.open >> 1) & 1);
      twin.ask?.(all, nowUs);
      const may = sorted().filter((one) => !one.runs && open[one.pin + 1] === 1), call = policy.first({ open, version: ++version }, nowUs);
      same([call], [may[0]?.slot ?? -1]);
      if (call >= 0) {
        const answer = policy.answered?.(nowUs), tied = may.filter((one) => compare(twin.rank(one, nowUs), twin.rank(may[0]!, nowUs)) === 0).length;
        if (answer !== undefined) same([answer.tied], [tied]);
        const one = may[0]!;
        one.runs = true; one.grantedUs = nowUs;
        calls.state[call] = CALL_RUNNING; calls.grantedUs[call] = nowUs; calls.engine[call] = 0;
        policy.grant(call, nowUs);
      }
    } else {
      const from = all.filter((one) => one.runs || step.do === 'cancel'), one = from[step.which % Math.max(1, from.length)];
      if (one === undefined) continue;
      switch (step.do) {
        case 'progress': one.had += step.tokens; twin.progress?.(one, step.tokens, nowUs); policy.progress?.(one.slot, step.tokens, nowUs); break;
        case 'preempt': one.runs = false; one.sinceUs = nowUs; calls.state[one.slot] = CALL_WAITING; policy.preempt!(one.slot, nowUs); break;
        case 'finish': {
          const tokens = one.had + step.tokens;
          calls.outputTokens[one.slot] = tokens;
          policy.finish(one.slot, true, nowUs);
          twin.finish?.(one, tokens, nowUs);
          gone(one, step.tokens > 6);
          break;
        }
        case 'cancel': policy.cancel(one.slot, one.runs, nowUs); gone(one, true);
      }
    }
    twin.ask?.(all, nowUs);
    const shown: CallSlot[] = [];
    policy.walk((call) => { shown.push(call); return true; }, nowUs);
    same(shown, sorted().map(({ slot }) => slot));
    same([policy.waiting], [all.filter((one) => !one.runs).length]);
  }

  function sorted(): One[] { return all.map((one) => ({ one, rank: [...twin.rank(one, nowUs), one.arrivedUs, one.key] })).sort((a, b) => compare(a.rank, b.rank)).map(({ one }) => one); }
}
