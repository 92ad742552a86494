// Builds a dispatcher from plain options: names or definitions of policy and balancer, windows, limits, a seed.
import { AdmissionGate } from '../addons/admission-gate.ts';
import type { AdmissionDefinition } from '../addons/admission.ts';
import type { BalancerDefinition } from '../balancers/balancer.ts';
import { leastLoaded } from '../balancers/least-loaded.ts';
import { type Clock, SystemClock } from '../clock.ts';
import { SchedlabError } from '../errors.ts';
import type { Lifecycle, ReceiptListener } from '../observe/lifecycle.ts';
import { resolveOptions, type ParamValues } from '../options.ts';
import { fcfs } from '../policies/fcfs.ts';
import { isKnown, knowledgeAsked, KNOWS_NOTHING, type Knowledge, type Policy, type PolicyDefinition } from '../policies/policy.ts';
import { seededRandom } from '../random.ts';
import { CallTable, type CallView } from './calls.ts';
import { DispatchCore } from './core.ts';
import { checkWindow } from './core-options.ts';
import { Dispatcher } from './dispatcher.ts';
import { type Forecast, Forecasts } from './forecasts.ts';

export interface DispatcherOptions {
  /** Default: the machine's monotonic clock. */
  readonly clock?: Clock;
  /** Calls in flight per engine, one number an engine; [1]. */
  readonly windows?: readonly number[];
  /** late (default): one queue, the engine is chosen at the grant; immediate: at arrival. */
  readonly dispatch?: 'late' | 'immediate';
  /** Default `fcfs`. */
  readonly policy?: PolicyDefinition;
  readonly policyOptions?: Readonly<Record<string, unknown>>;
  /** In place of `policy`: builds the policy of each queue. */
  readonly createPolicy?: (calls: CallView, engine: number) => Policy;
  /** Who may enter at all; where absent, everybody. Programs are those that calls name; say `programEnd` when one is over. */
  readonly admission?: AdmissionDefinition;
  readonly admissionOptions?: Readonly<Record<string, unknown>>;
  /** Tokens that the memory of all engines holds, for an admission that weighs programs against it. */
  readonly cacheTokens?: number;
  /** Default `least-loaded`. */
  readonly balancer?: BalancerDefinition;
  readonly balancerOptions?: Readonly<Record<string, unknown>>;
  /** Calls that may wait; Infinity. */
  readonly maxWaiters?: number;
  /** Seed of tie-breaks and sampling. */
  readonly seed?: string;
  /** What is known of calls before they have run: functions of the request, or a view of the call table. A policy that asks to know and is told nothing is refused. */
  readonly knowledge?: Forecast | Knowledge;
  readonly lifecycle?: Lifecycle;
  readonly receipts?: ReceiptListener;
  /** A session of which nothing was heard for so long is ended when the next one starts; 3,600,000, an hour. */
  readonly sessionIdleMs?: number;
  /** How often the balancer's view is refreshed, in ms; 0: always fresh. */
  readonly viewRefreshMs?: number;
}

/** A dispatcher in front of one engine or many. Throws a coded error for an option out of range. */
export function createDispatcher(options: DispatcherOptions = {}): Dispatcher {
  (options.windows ?? []).forEach(checkWindow);
  within('maxWaiters', options.maxWaiters ?? Infinity, Infinity);
  within('viewRefreshMs', options.viewRefreshMs ?? 0, 2 ** 40);
  const calls = new CallTable(), policy = options.policy ?? fcfs, balancer = options.balancer ?? leastLoaded, seed = options.seed ?? '1';
  const policyOptions = resolveOptions(policy.params, options.policyOptions ?? {}, `policy ${policy.name}`);
  const given = options.knowledge, forecasts = given === undefined || 'cachedTokens' in given ? undefined : new Forecasts(given);
  const knowledge = forecasts?.knowledge ?? (given as Knowledge | undefined) ?? KNOWS_NOTHING;
  if (options.createPolicy === undefined) { policy.check?.(policyOptions); refuseUnknown(policy, policyOptions, knowledge); }
  const createPolicy = options.createPolicy
    ?? ((view: CallView, engine: number): Policy => policy.create({ calls: view, random: seededRandom(`${seed}/policy/${engine}`), knowledge, options: policyOptions }));
  const gate = gateOf(options, calls);
  const core = new DispatchCore({
    calls,
    dispatch: options.dispatch ?? 'late',
    windows: options.windows ?? [1],
    maxWaiters: options.maxWaiters ?? Infinity,
    createPolicy: (engine) => { const made = createPolicy(calls, engine); return gate?.before(made) ?? made; },
    balancer: balancer.create({ calls, random: seededRandom(`${seed}/balancer`), options: resolveOptions(balancer.params, options.balancerOptions ?? {}, `balancer ${balancer.name}`) }),
    lifecycle: options.lifecycle ?? SILENT,
    ...(options.receipts ? { receipts: options.receipts } : {}),
    viewRefreshUs: Math.round((options.viewRefreshMs ?? 0) * 1000),
  });
  return new Dispatcher(core, options.clock ?? new SystemClock(), { forecasts, ...(options.sessionIdleMs === undefined ? {} : { sessionIdleMs: options.sessionIdleMs }) });
}

function refuseUnknown(policy: PolicyDefinition, options: ParamValues, { level }: Knowledge): void {
  const asked = knowledgeAsked(policy, options);
  if (!isKnown(asked, level)) throw new SchedlabError('ERR_KNOWLEDGE', `policy ${policy.name} asks to know "${asked}", and this dispatcher knows "${level}". Give it knowledge: { ${asked === 'oracle' ? "level: 'oracle', " : ''}outputTokens: (request) => … }, with what you foresee of each call, or choose a policy that needs less.`, { needed: asked, declared: level });
}

function gateOf({ admission, admissionOptions = {}, cacheTokens = NaN }: DispatcherOptions, calls: CallTable): AdmissionGate | undefined {
  if (admission === undefined) return undefined;
  const options = resolveOptions(admission.params, admissionOptions, `admission ${admission.name}`);
  admission.check?.(options);
  return new AdmissionGate(admission.create({ calls, capacityTokens: cacheTokens, options }), calls);
}

function within(name: string, value: number, most: number): void {
  if (!(value >= 0 && value <= most)) throw new SchedlabError('ERR_OPTION_RANGE', `${name} of a dispatcher accepts a number from 0${most === Infinity ? '' : ` to ${most}`}, received ${String(value)}.`, { name, value });
}

/** Nobody listens. */
export const SILENT: Lifecycle = { arrive() {}, grant() {}, schedule() {}, firstToken() {}, preempt() {}, finish() {}, drop() {} };
