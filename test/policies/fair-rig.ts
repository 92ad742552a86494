// Histories for policies that keep accounts of agents, and a bench on which a policy and a plain reference are told the same.
import fc from 'fast-check';
import { CallTable, type CallSlot } from '../../src/dispatch/calls.ts';
import { resolveOptions, type ParamValues } from '../../src/options.ts';
import { KNOWS_NOTHING, type Admits, type Policy } from '../../src/policies/policy.ts';
import { POLICIES } from '../../src/policies/registry.ts';

/** Histories a property; SCHEDLAB_FAIR=20000 for a campaign. */
export const RUNS = Number(process.env['SCHEDLAB_FAIR'] ?? 1000);

export type Step =
  | { readonly do: 'arrive'; readonly agent: number; readonly pin: number; readonly prompt: number; readonly output: number; readonly cached: number }
  | { readonly do: 'ask'; readonly open: number }
  | { readonly do: 'tell' | 'finish' | 'cancel' | 'preempt'; readonly which: number };

const which = fc.nat(9);
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('arrive' as const), agent: fc.nat(3), pin: fc.constantFrom(-1, -1, -1, 0, 1), prompt: fc.constantFrom(0, 10, 40, 100), output: fc.constantFrom(1, 5, 20, 100), cached: fc.constantFrom(0, 0, 10) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('ask' as const), open: fc.constantFrom(7, 7, 7, 7, 1, 2, 4, 6, 0) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('tell' as const, 'tell' as const, 'finish' as const, 'finish' as const, 'cancel' as const, 'preempt' as const), which }) },
), { maxLength: 60, size: 'max' });

/** A call as the reference knows it: `told` output so far, `hasRun` once granted. */
export interface PlainCall { readonly slot: CallSlot; readonly agent: number; readonly pin: number; readonly order: number; readonly arrivedUs: number; readonly prompt: number; readonly output: number; readonly cached: number; told: number; hasRun: boolean }

/** The rule written down as plainly as it can be, over lists. `pick` changes nothing. */
export interface Reference {
  arrive(call: PlainCall, waiting: readonly PlainCall[]): void;
  pick(waiting: readonly PlainCall[], nowUs: number): PlainCall | undefined;
  grant(call: PlainCall, left: readonly PlainCall[], nowUs: number): void;
  charge(agent: number, tokens: number, nowUs: number): void;
  /** A waiting call was withdrawn. */
  gone?(call: PlainCall, left: readonly PlainCall[], nowUs: number): void;
  copy(): Reference;
}

/** What a call has cost once it has ended, and while it runs: prompt tokens not found in a cache, and twice the output. */
const PROMPT = 1, OUTPUT = 2;

export const makePolicy = (name: string, given: Readonly<Record<string, number | string | boolean>> = {}, calls = new CallTable(), outputs?: (call: CallSlot) => number): { policy: Policy; calls: CallTable; options: ParamValues } => {
  const definition = POLICIES[name]!, options = resolveOptions(definition.params, given, name);
  return { policy: definition.create({ calls, random: () => 0, knowledge: outputs ? { ...KNOWS_NOTHING, level: 'oracle', outputTokens: outputs } : KNOWS_NOTHING, options }), calls, options };
};

/** Plays a history on both, and throws where `first` or the order of a whole walk differs. `gapUs`: from step to step. */
export function compare(policy: Policy, calls: CallTable, reference: Reference, history: readonly Step[], gapUs = 1000): void {
  const waiting: PlainCall[] = [], running: PlainCall[] = [];
  let nowUs = 0, order = 0;
  const take = (list: PlainCall[], call: PlainCall): void => { list.splice(list.indexOf(call), 1); };
  const chosen = (list: readonly PlainCall[], n: number): PlainCall | undefined => (list.length === 0 ? undefined : list[n % list.length]);
  for (const step of history) {
    nowUs += gapUs;
    if (step.do === 'arrive') {
      const slot = calls.allocate(order, 0, step.agent), call: PlainCall = { ...step, slot, order: order++, arrivedUs: nowUs, told: 0, hasRun: false };
      calls.pin[slot] = step.pin; calls.promptTokens[slot] = step.prompt; calls.arrivedUs[slot] = nowUs;
      policy.arrive(slot, nowUs);
      reference.arrive(call, waiting);
      waiting.push(call);
    } else if (step.do === 'ask') {
      const admits = { open: Uint8Array.of(step.open & 1, (step.open >> 1) & 1, (step.open >> 2) & 1), version: 0 } satisfies Admits;
      const open = waiting.filter(({ pin }) => admits.open[pin + 1] === 1), wanted = referencePick(reference, waiting, open, nowUs), got = policy.first(admits, nowUs);
      if (got !== (wanted?.slot ?? -1)) throw new Error(`first answers call ${waiting.find(({ slot }) => slot === got)?.order ?? -1}, the reference ${wanted?.order ?? -1}`);
      if (wanted === undefined) continue;
      take(waiting, wanted); running.push(wanted);
      policy.grant(wanted.slot, nowUs);
      reference.grant(wanted, waiting, nowUs);
      wanted.hasRun = true;
    } else if (step.do === 'cancel' && chosen([...waiting, ...running], step.which)) {
      const call = chosen([...waiting, ...running], step.which)!, runs = running.includes(call);
      take(runs ? running : waiting, call);
      policy.cancel(call.slot, runs, nowUs);
      if (!runs) reference.gone?.(call, waiting, nowUs);
      calls.release(call.slot);
    } else if (step.do !== 'cancel') {
      const call = chosen(running, step.which);
      if (call === undefined) continue;
      if (step.do === 'tell') { if (call.told < call.output) { const more = Math.min(3, call.output - call.told); call.told += more; policy.progress?.(call.slot, more, nowUs); reference.charge(call.agent, OUTPUT * more, nowUs); } } else if (step.do === 'preempt') {
        take(running, call);
        policy.preempt!(call.slot, nowUs);
        const at = waiting.findIndex((other) => other.order > call.order);
        waiting.splice(at < 0 ? waiting.length : at, 0, call);
      } else {
        take(running, call);
        calls.outputTokens[call.slot] = call.output; calls.cachedTokens[call.slot] = Math.min(call.cached, call.prompt);
        policy.finish(call.slot, true, nowUs);
        reference.charge(call.agent, OUTPUT * (call.output - call.told) - PROMPT * Math.min(call.cached, call.prompt), nowUs);
        calls.release(call.slot);
      }
    }
    inOrder(policy, reference, waiting, running, nowUs);
  }
}

const referencePick = (reference: Reference, waiting: readonly PlainCall[], open: readonly PlainCall[], nowUs: number): PlainCall | undefined => (open.length === 0 ? undefined : open.length === waiting.length ? reference.pick(waiting, nowUs) : reference.pick(waiting.map((call) => (open.includes(call) ? call : { ...call, pin: BLOCKED })), nowUs));
/** A pin that a reference leaves out of its choice, but not out of what it looks at. */
export const BLOCKED = 99;

/** A walk shows what runs, then what waits as it would be granted one after another. */
function inOrder(policy: Policy, reference: Reference, waiting: readonly PlainCall[], running: readonly PlainCall[], nowUs: number): void {
  const shown: CallSlot[] = [], alone = reference.copy(), left = [...waiting], wanted: CallSlot[] = [];
  policy.walk((call) => { shown.push(call); return true; }, nowUs);
  while (left.length > 0) {
    const next = alone.pick(left, nowUs)!;
    left.splice(left.indexOf(next), 1);
    alone.grant(next, left, nowUs);
    wanted.push(next.slot);
  }
  const waits = shown.slice(running.length);
  if (waits.join() !== wanted.join()) throw new Error(`walk shows ${waits.join()}, the reference ${wanted.join()}`);
}
