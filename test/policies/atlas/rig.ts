// Histories of programs told to ATLAS and to its naive twin, step by step; and how both are compared.
import fc from 'fast-check';
import { expect } from 'vitest';
import { CALL_RUNNING, CALL_WAITING, CallTable, type CallSlot } from '../../../src/dispatch/calls.ts';
import { AtlasPolicy, type AtlasOptions } from '../../../src/policies/atlas-policy.ts';
import { NaiveAtlas, type NaiveCall } from './naive-atlas.ts';

/** Histories a property; more by SCHEDLAB_RUNS=100000. */
export const RUNS = Number(process.env['SCHEDLAB_RUNS'] ?? 1000);

export type Step = { readonly gapUs: number } & (
  | { readonly do: 'arrive'; readonly program: number; readonly pin: number; readonly prompt: number; readonly parents: readonly number[] | undefined }
  | { readonly do: 'grant'; readonly open: number }
  | { readonly do: 'progress' | 'stop' | 'finish' | 'cancel'; readonly which: number; readonly tokens: number; readonly cached: number }
  | { readonly do: 'programEnd'; readonly program: number }
);

const gapUs = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 5, arbitrary: fc.integer({ min: 1, max: 5 }) }, { weight: 1, arbitrary: fc.integer({ min: 6, max: 45 }) });
const which = fc.nat(20), program = fc.nat(4);
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('arrive' as const), gapUs, program, pin: fc.constantFrom(-1, -1, -1, 0, 1), prompt: fc.nat(20), parents: fc.option(fc.array(fc.nat(4), { maxLength: 3 }), { nil: undefined }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('grant' as const), gapUs, open: fc.nat(3) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('progress' as const, 'stop' as const), gapUs, which, tokens: fc.integer({ min: 1, max: 7 }), cached: fc.constant(0) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('finish' as const, 'finish' as const, 'cancel' as const), gapUs, which, tokens: fc.nat(9), cached: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('programEnd' as const), gapUs, program }) },
), { maxLength: 40, size: 'max' });

/** Bounds and quanta of a few units, so that short histories reach them. Seconds end between microseconds, also in sums of four, so that no rounding decides. */
export const options: fc.Arbitrary<AtlasOptions> = fc.record({
  mode: fc.constantFrom('scalar', 'parents', 'sum'), unit: fc.constantFrom('decode', 'decode', 'weighted', 'wall', 'kv'), outputWeight: fc.constantFrom(1, 2, 0.5),
  widths: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 4 }), quanta: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 4, maxLength: 4 }), beta: fc.constantFrom(0, 0.5, 1, 3), idleLimitUs: fc.constantFrom(Infinity, 40),
}).map(({ widths, quanta, ...rest }) => {
  const scale = rest.unit === 'wall' || rest.unit === 'kv' ? 1e-6 : 1, part = rest.unit === 'wall' ? 0.3e-6 : 0, bounds = [0];
  for (const width of widths) bounds.push(bounds.at(-1)! + width * scale);
  return { ...rest, levels: { bounds: Float64Array.from(bounds, (bound) => bound + (bound > 0 ? part : 0)), quanta: Float64Array.from(bounds, (_, i) => (i === bounds.length - 1 ? Infinity : quanta[i]! * (rest.unit === 'wall' ? 1e-6 : 1) + part)) } };
});

function same(got: readonly unknown[], wanted: readonly unknown[]): void { if (got.length !== wanted.length || got.some((value, i) => value !== wanted[i])) expect(got).toEqual(wanted); }

/** Tells both the same, and compares order, answer, levels, budgets and service after every step. `watch` sees both afterwards. */
export function holds(asked: AtlasOptions, history: readonly Step[], watch: (policy: AtlasPolicy, naive: NaiveAtlas, nowUs: number) => void = () => {}): void {
  const calls = new CallTable(2), policy = new AtlasPolicy(calls, asked), naive = new NaiveAtlas(asked), slotOf = new Map<NaiveCall, CallSlot>(), ordinals = [0, 0, 0, 0, 0];
  let nowUs = 0, names = 0, version = 0;
  const all = Uint8Array.of(1, 1, 1), walk = (): CallSlot[] => { const seen: CallSlot[] = []; policy.walk((call) => { seen.push(call); return true; }, nowUs); return seen; };
  for (const step of history) {
    nowUs += step.gapUs;
    switch (step.do) {
      case 'arrive': {
        const slot = calls.allocate(step.program, ordinals[step.program]!++, 0), ordinal = calls.ordinal[slot]!, parents = step.parents?.map((back) => ordinal - 1 - back).filter((one) => one >= 0);
        calls.pin[slot] = step.pin; calls.promptTokens[slot] = step.prompt; calls.arrivedUs[slot] = nowUs; calls.state[slot] = CALL_WAITING;
        if (parents !== undefined) calls.setParents(slot, parents);
        policy.arrive(slot, nowUs);
        slotOf.set(naive.arrive({ program: step.program, name: names++, ordinal, parents, prompt: step.prompt, pin: step.pin }, nowUs), slot);
        break;
      }
      case 'grant': {
        const open = Uint8Array.of(1, step.open & 1, step.open >> 1), call = policy.first({ open, version: ++version }, nowUs);
        const best = naive.order(nowUs).find((one) => one.state === 'waits' && open[one.pin + 1] === 1);
        same([call], [best === undefined ? -1 : slotOf.get(best)!]);
        if (best === undefined) break;
        calls.state[call] = CALL_RUNNING; calls.engine[call] = 0; calls.grantedUs[call] = nowUs;
        policy.grant(call, nowUs);
        naive.grant(best, nowUs);
        break;
      }
      case 'programEnd': policy.programEnd(step.program, nowUs); naive.settle(nowUs); naive.programEnd(step.program); ordinals[step.program] = 0; break;
      default: {
        const from = naive.present.filter((one) => one.state === 'runs' || step.do === 'cancel'), one = from[step.which % Math.max(1, from.length)];
        if (one === undefined) break;
        const slot = slotOf.get(one)!;
        if (step.do === 'progress') { policy.progress(slot, step.tokens, nowUs); naive.progress(one, step.tokens, nowUs); break; }
        if (step.do === 'stop') { walk(); policy.preempt(slot, nowUs); naive.preempt(one, nowUs); calls.state[slot] = CALL_WAITING; break; }
        const wasRunning = one.state === 'runs', output = wasRunning && step.do === 'finish' ? one.produced + step.tokens : 0, cached = Math.min(step.cached, one.prompt);
        calls.outputTokens[slot] = output;
        calls.cachedTokens[slot] = cached;
        if (step.do === 'finish') policy.finish(slot, true, nowUs);
        else policy.cancel(slot, wasRunning, nowUs);
        naive.end(one, cached, output, nowUs);
        calls.release(slot);
      }
    }
    const order = naive.order(nowUs);
    same(walk(), order.map((one) => slotOf.get(one)!));
    same([policy.first({ open: all, version: ++version }, nowUs), policy.waiting], [slotOf.get(order.find(({ state }) => state === 'waits')!) ?? -1, order.filter(({ state }) => state === 'waits').length]);
    for (const one of order) {
      const slot = slotOf.get(one)!, { level, service } = policy.explain(slot, nowUs);
      same([level], [one.level]);
      if (asked.unit !== 'wall' && one.state === 'runs') same([policy.budget(slot)], [naive.budget(one)]);
      if (Math.abs(service! - one.inherited) > 1e-9) expect(service).toBe(one.inherited);
    }
    if (!(policy.nextChangeUs(nowUs) > nowUs)) expect(policy.nextChangeUs(nowUs)).toBeGreaterThan(nowUs);
    watch(policy, naive, nowUs);
  }
}
