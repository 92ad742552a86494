// What `engine=` names in a scenario: slots, a preset, or the words that a server is started with; and the parameters that go with it.
import { SchedlabError } from '../src/errors.ts';
import type { ParamTable, ParamValues } from '../src/options.ts';
import type { PolicyDefinition } from '../src/policies/policy.ts';
import { POLICIES } from '../src/policies/registry.ts';
import { refuseUntagged } from '../src/policies/tagging.ts';
import { addonsParam } from './chosen-addons.ts';
import { batchConfig, type BatchConfig } from './engine/batch/config.ts';
import { ruleSet, type RuleSetName } from './engine/batch/rules.ts';
import { constantSpec } from './engine/presets/constant-engine.ts';
import { limitsSentence, poolSentence, refuseShortPool, schedulingSentence, specOf, type EngineLimits, type EngineSpec } from './engine/presets/engine-spec.ts';
import { presetNamed } from './engine/presets/registry.ts';
import { parseSlots } from './models.ts';
import type { BatchPool, Model, Setup, SlotPool } from './scenario.ts';

const AUTO = 'auto';
const limit = (help: string, min: number) => ({ kind: 'numberOrWord', default: AUTO, min, max: 2 ** 30, integer: true, words: [AUTO], help: `${help}; auto: the engine's own` }) as const;

/** Parameters of scenarios whose engines may be synthetic ones. */
export const engineParams = {
  engine: { kind: 'text', default: 'slots:8', help: 'what each engine is: slots:N, a preset (see `schedlab list engines`), vllm:FILE, a vllm serve command, or constant:stepMs=N' },
  blocks: limit('KV blocks of a batch engine, the null block included', 2),
  maxSeqs: limit('sequences that it runs at once', 1),
  maxBatchedTokens: limit('tokens that it computes in a step', 1),
  scheduling: { kind: 'choice', default: AUTO, values: [AUTO, 'fcfs', 'priority'], help: 'order inside it; auto: its own, fcfs' },
  asynchronous: { kind: 'choice', default: AUTO, values: [AUTO, 'on', 'off'], help: 'plan a step before the result of the last; auto: as its step times were fitted' },
  rules: { kind: 'choice', default: AUTO, values: [AUTO, 'vllm-0.32', 'vllm-0.19'], help: 'engine version whose scheduler it follows; auto: the preset says' },
  without: { kind: 'text', default: 'none', help: 'rules of its scheduler left out, by number: R8, or R7a+R8', check: wrongRules },
  preemption: { kind: 'choice', default: 'recompute', values: ['recompute', 'swap'], help: 'place=engine: a preempted call computes its tokens anew, or its KV cache is copied to the host and back' },
  swapGBps: { kind: 'number', default: 25, min: 1e-3, max: 1e6, unit: 'GB/s', help: 'preemption=swap: rate of these copies, for which the next step waits; host memory has no end' },
  prefillRate: { kind: 'number', default: 8000, min: 0.001, max: 1e9, unit: 'tokens/s', help: 'prompt tokens that a place of slots:N reads' },
  decodeRate: { kind: 'number', default: 50, min: 0.001, max: 1e9, unit: 'tokens/s', help: 'output tokens that a place of slots:N writes' },
} as const satisfies ParamTable;

/** How calls come to these engines: the queue in front of them and its limits. */
export const gateParams = {
  dispatch: { kind: 'choice', default: 'late', values: ['late', 'immediate'], help: 'late: one queue, the engine is chosen at the grant; immediate: at arrival, each engine has its queue' },
  place: { kind: 'choice', default: 'gate', values: ['gate', 'engine', 'tag'], help: 'where the policy acts: in front of an engine; inside it, filling its places or its batch; or by a number that each call is sent with (tag: batch engines)' },
  window: { kind: 'numberOrWord', default: AUTO, min: 1, integer: true, words: [AUTO, 'none'], help: 'calls in flight per engine; auto: its places, and no limit for batch engines' },
  maxWaiters: { kind: 'numberOrWord', default: 'none', min: 0, integer: true, words: ['none'], help: 'calls that may wait before one is refused' },
  addons: addonsParam,
} as const satisfies ParamTable;

const RATES = ['prefillRate', 'decodeRate'] as const;
const SWAP = ['preemption', 'swapGBps'] as const;
const LIMITS = ['blocks', 'maxSeqs', 'maxBatchedTokens', 'scheduling', 'asynchronous', 'rules'] as const;

const rulesOf = (text: string): readonly string[] => (text === 'none' ? [] : text.split('+'));

function wrongRules(text: string): string | undefined {
  try { ruleSet('vllm-0.32', rulesOf(text)); return undefined; } catch (error) { return error instanceof Error ? error.message : String(error); }
}

/** What engines decide of a model. */
export type EngineParts = Pick<Model, 'engines' | 'dispatch' | 'place' | 'window' | 'maxWaiters' | 'headline' | 'notSimulated'> & { readonly assumptions: readonly string[] };

/**
 * The engines that the parameters ask for, and where the policy stands before them.
 * @throws ERR_ENGINE_UNKNOWN for a name; ERR_OPTION_RANGE, ERR_OPTION_CONFLICT for limits that it cannot have; ERR_NOT_POSSIBLE for a policy in an engine that orders calls itself
 */
export function engineParts({ params, policy, engines: read = {} }: Pick<Setup, 'params' | 'engines'> & Partial<Pick<Setup, 'policy'>>): EngineParts {
  const text = params['engine'] as string;
  if (/^slots\b/.test(text)) return slotParts(params, parseSlots(text));
  if (params['place'] === 'engine') return orderedParts(params, specNamed(text, params, read));
  refuseSwap(params, 'vLLM computes anew what it preempts');
  return params['place'] === 'tag' ? tagParts(params, policy, read) : batchParts(params, specNamed(text, params, read));
}

function slotParts(params: ParamValues, slots: number): EngineParts {
  for (const name of [...LIMITS, 'without'] as const) refuseSet(params, name, 'slots have neither steps nor blocks', 'Leave it away, or name a preset as engine=NAME.');
  refuseSwap(params, 'slots lose nothing when they are preempted');
  if (params['place'] === 'tag') throw new SchedlabError('ERR_NOT_POSSIBLE', 'place=tag needs an engine that orders by priority tags; slots have none. Use place=gate or place=engine.', { key: 'place' });
  const inEngine = params['place'] === 'engine', window = params['window'] ?? AUTO, count = params['engines'] as number;
  return {
    engines: { kind: 'slots', count, slots, discipline: inEngine ? 'preempt-resume' : 'nonpreemptive' } satisfies SlotPool,
    // A policy inside the engine leaves no queue in front of it: calls go to their engine at arrival.
    dispatch: inEngine ? 'immediate' : dispatchOf(params), place: inEngine ? 'engine' : 'gate',
    window: inEngine || window === 'none' ? Infinity : window === AUTO ? slots : (window as number),
    maxWaiters: waitersOf(params),
    assumptions: [`service of a call: prompt ÷ ${params['prefillRate']} + output ÷ ${params['decodeRate']} tokens/s, whatever else runs`],
  };
}

function batchParts(params: ParamValues, spec: EngineSpec): EngineParts {
  for (const name of RATES) refuseSet(params, name, `${spec.name} prices its steps itself`, 'Leave it away; it is for engine=slots:N.');
  const window = params['window'] ?? AUTO;
  return {
    engines: { kind: 'batch', count: params['engines'] as number, spec } satisfies BatchPool,
    dispatch: dispatchOf(params), place: 'gate', window: window === AUTO || window === 'none' ? Infinity : (window as number),
    maxWaiters: waitersOf(params),
    headline: ['ttft.mean', 'ttft.p95', 'tpot.mean', 'e2e.mean', 'e2e.p95', 'hit_share', 'preemptions'],
    notSimulated: ['network, beyond the time in front of the engine', 'transfer of KV blocks between engines'],
    assumptions: [...spec.notes, ...(spec.badge === undefined || spec.notes.some((note) => note.includes(spec.badge!)) ? [] : [`${spec.badge}: ${spec.name}`])],
  };
}

/** The policy inside each engine, filling its batch: no queue in front of it, calls go to their engine at arrival. */
function orderedParts(params: ParamValues, spec: EngineSpec): EngineParts {
  const why = 'the policy orders what the engine holds';
  refuseSet(params, 'scheduling', why, 'Leave it away, or use place=tag.');
  refuseSet(params, 'without', why, 'Leave it away: it is about rules of vLLM\'s own order.');
  if ((params['window'] ?? AUTO) !== AUTO && params['window'] !== 'none') throw new SchedlabError('ERR_OPTION_CONFLICT', `window=${String(params['window'])} has no meaning with place=engine: calls go to their engine at arrival, and its policy says who runs. Leave it away, or use place=gate.`, { key: 'window' });
  const parts = batchParts({ ...params, dispatch: 'immediate', window: AUTO }, { ...spec, config: batchConfig({ ...spec.config, scheduling: 'fcfs' }) });
  const gbps = params['swapGBps'] as number | undefined, swaps = params['preemption'] === 'swap', bytes = spec.kvBytesPerToken;
  if (!swaps) refuseSet(params, 'swapGBps', 'nothing is copied with preemption=recompute', 'Leave it away, or set preemption=swap.');
  if (swaps && bytes === undefined) throw new SchedlabError('ERR_NOT_POSSIBLE', `preemption=swap is not possible with engine=${params['engine'] as string}: nothing is known of its model, and so not how large its KV cache is. Name a preset (schedlab list engines), or leave preemption away.`, { key: 'preemption' });
  const how = swaps ? `copies its KV cache to the host and back, ${bytes} bytes a token at ${gbps} GB/s, while the next step waits; host memory has no end` : 'computes its tokens anew, but for those still cached';
  return {
    ...parts, place: 'engine', engines: { ...parts.engines as BatchPool, ...(swaps ? { swapUsPerToken: bytes! / (gbps! * 1000) } : {}) },
    assumptions: [...parts.assumptions, `unlike vLLM, the policy says who runs: between steps a call that it puts first takes seat and blocks of those behind it, and blocks that were freed for a prompt are kept for it; a preempted call ${how}`],
  };
}

/** The policy in front of the engines, telling each call's rank as a number; the engines order what they hold by it. */
function tagParts(params: ParamValues, policy: PolicyDefinition | undefined, read: Readonly<Record<string, EngineSpec>>): EngineParts {
  if (policy !== undefined) refuseUntagged(policy, Object.values(POLICIES).filter(({ tag }) => tag !== undefined).map(({ name }) => name));
  if (params['scheduling'] === 'fcfs') throw new SchedlabError('ERR_OPTION_CONFLICT', 'place=tag and scheduling=fcfs do not go together: an engine that goes by arrival looks at no tag. Leave scheduling away.', { key: 'scheduling' });
  const parts = batchParts(params, specNamed(params['engine'] as string, { ...params, scheduling: 'priority' }, read));
  return { ...parts, place: 'tag', assumptions: [...parts.assumptions, `each call is sent with a number that never changes, lower first, by which the engine orders what waits in it and whom it preempts when blocks run out${policy?.tag === undefined ? '' : `: ${policy.tag}`}; priorities of the workload are not used`] };
}

// A scenario may leave these parameters away.
function dispatchOf(params: ParamValues): 'late' | 'immediate' { return (params['dispatch'] ?? 'late') as 'late' | 'immediate'; }
function waitersOf(params: ParamValues): number { const { maxWaiters = 'none' } = params; return maxWaiters === 'none' ? Infinity : (maxWaiters as number); }

function refuseSwap(params: ParamValues, why: string): void { for (const name of SWAP) if (params[name] !== undefined) refuseSet(params, name, why, 'It goes with place=engine on a batch engine.'); }

/** What would not count is refused: a setting that changes nothing looks like one that does. */
function refuseSet(params: ParamValues, name: keyof typeof engineParams, why: string, next: string): void {
  if (params[name] === engineParams[name].default) return;
  throw new SchedlabError('ERR_OPTION_CONFLICT', `${name}=${String(params[name])} has no meaning with engine=${params['engine'] as string}: ${why}. ${next}`, { key: name });
}

function specNamed(text: string, params: ParamValues, read: Readonly<Record<string, EngineSpec>>): EngineSpec {
  const given: EngineLimits = Object.fromEntries(LIMITS.flatMap((name) => (params[name] === undefined || params[name] === AUTO ? [] : [[name, name === 'asynchronous' ? params[name] === 'on' : params[name]]])));
  const without = rulesOf((params['without'] as string | undefined) ?? 'none');
  if (/^constant\b/.test(text)) return lessRules(constantSpec(text, given), without);
  if (!text.startsWith('vllm:')) return lessRules(specOf(presetNamed(text), given), without);
  if (!Object.hasOwn(read, text)) throw new SchedlabError('ERR_NOT_POSSIBLE', `engine=${text} is read from a file, which the command line does: schedlab run SCENARIO engine=${text}. In code, name a preset.`, { engine: text });
  return lessRules(limited(read[text], given, text.slice('vllm:'.length)), without);
}

/** What is given beside a file goes before what the file says. */
function limited(spec: EngineSpec, given: EngineLimits, path: string): EngineSpec {
  const names = Object.keys(given) as (keyof EngineLimits)[];
  if (names.length === 0) return spec;
  const { rules = spec.rules, ...rest } = given, config: BatchConfig = batchConfig({ ...spec.config, ...rest, activeSeqs: rest.maxSeqs ?? spec.config.activeSeqs, rules: ruleSet(rules) });
  refuseShortPool(config, path);
  const blocksFrom = given.blocks === undefined ? spec.blocksFrom : 'given';
  // Every sentence tells the values that hold, once.
  const said = (of: BatchConfig, by: string, from: string): readonly string[] => [limitsSentence(of, by), poolSentence(of, from), schedulingSentence(of, spec.timedAsynchronously)];
  const before = said(spec.config, spec.rules, spec.blocksFrom), now = said(config, rules, blocksFrom);
  return {
    ...spec, config, rules, blocksFrom,
    notes: [
      ...spec.notes.map((note) => now[before.indexOf(note)] ?? note),
      `keys that hold against what the file says: ${names.map((name) => `${name}=${name === 'asynchronous' ? given[name] ? 'on' : 'off' : given[name]}`).join(' ')}`,
    ],
  };
}

function lessRules(spec: EngineSpec, without: readonly string[]): EngineSpec {
  if (without.length === 0) return spec;
  return { ...spec, config: batchConfig({ ...spec.config, rules: ruleSet(spec.rules satisfies RuleSetName, without) }), notes: [...spec.notes, `rules left out, unlike any real engine: ${without.join(', ')}`] };
}
