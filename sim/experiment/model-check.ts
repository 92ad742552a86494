// Models and workloads of users, held against what a world can play: refused with the field at fault, before a NaN travels on.
import { NODE_CALL, NODE_TOOL } from '../../src/programs/plan.ts';
import { SchedlabError } from '../../src/errors.ts';
import { refuseUntagged } from '../../src/policies/tagging.ts';
import type { Model } from '../scenario.ts';
import { ProgramDraft, type Workload } from '../workload/workload.ts';

type Rule = readonly [accepted: string, holds: (value: unknown) => boolean];

const whole = (from: number, open = false): Rule => [`a whole number from ${from}${open ? ', or Infinity' : ''}`, (value) => (Number.isSafeInteger(value) && (value as number) >= from) || (open && value === Infinity)];
const amount = (open = false): Rule => [`a number from 0${open ? ', or Infinity' : ''}`, (value) => typeof value === 'number' && value >= 0 && (value < Infinity || open)];
const above0: Rule = ['a number above 0', (value) => typeof value === 'number' && value > 0 && value < Infinity];
const finite: Rule = ['a number', (value) => Number.isFinite(value)];
const oneOf = (...values: readonly string[]): Rule => [values.join(', '), (value) => values.includes(value as string)];
const text: Rule = ['text', (value) => typeof value === 'string' && value !== ''];
const called: Rule = ['a function', (value) => typeof value === 'function'];
const listOf = ([accepted, holds]: Rule): Rule => [`a list, each of it ${accepted}`, (value) => Array.isArray(value) && value.every(holds)];
const table = (rules: Readonly<Record<string, Rule>>): Rule => [`a table of ${Object.keys(rules).join(', ')}`, (value) => typeof value === 'object' && value !== null && Object.entries(rules).every(([key, [, holds]]) => holds((value as Record<string, unknown>)[key]))];
const maybe = ([accepted, holds]: Rule): Rule => [accepted, (value) => value === undefined || holds(value)];

const SLOTS = table({ kind: oneOf('slots'), count: whole(1), slots: whole(1), discipline: oneOf('nonpreemptive', 'preempt-resume', 'ps') });
const BATCH = table({ kind: oneOf('batch'), count: whole(1), spec: table({ name: text, config: table({ blocks: whole(1), blockSize: whole(1) }), cost: table({ model: text }), overhead: table({ beforeUs: amount() }), notes: listOf(text) }) });

const MODEL: Readonly<Record<string, Rule>> = {
  engines: [`{ kind: 'slots', count, slots, discipline: nonpreemptive, preempt-resume or ps } or { kind: 'batch', count, spec }`, (value) => SLOTS[1](value) || BATCH[1](value)],
  dispatch: oneOf('late', 'immediate'), place: oneOf('gate', 'engine', 'tag'), window: whole(1, true), maxWaiters: whole(0, true),
  policy: table({ name: text, create: called }), policyOptions: table({}), balancer: table({ name: text, create: called }), balancerOptions: table({}),
  viewRefreshUs: maybe(whole(0)), endUs: whole(1, true), tickUs: whole(0), study: oneOf('terminating', 'steady'),
  agents: listOf(table({ name: text, class: text, weight: maybe(amount()) })), classes: listOf(['text without "]"', (value) => text[1](value) && !(value as string).includes(']')]),
  workload: called, scripts: maybe(listOf(called)), spike: maybe(table({ atUs: whole(0), class: text })),
  tools: maybe([`a list of pools, each { name, places }: text, and ${whole(1, true)[0]}`, listOf(table({ name: text, places: whole(1, true) }))[1]]),
  search: maybe(['{ low, high, steps, metric, target, at }: rates above 0, a whole number of halvings from 1, the name of a metric, a number, and the function that answers the model at a rate', table({ low: above0, high: above0, steps: whole(1), metric: text, target: finite, at: called })[1]]),
  pricePerHour: maybe(amount()), offeredLoad: maybe(amount(true)),
  knowledge: maybe(oneOf('none', 'estimate', 'oracle')), estimateError: maybe(amount()), assumptions: maybe(listOf(text)), prompts: maybe(called), headline: maybe(listOf(text)), notSimulated: maybe(listOf(text)), traced: maybe(['true or false', (value) => typeof value === 'boolean']),
};

function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? JSON.stringify(value) : String(value);
  try { return (JSON.stringify(value) ?? 'that').slice(0, 80); } catch { return 'that'; }
}

/** What `setup` of a user's scenario answered, checked field by field. Throws ERR_SCENARIO_FILE. O(agents). */
export function checkModel(value: unknown, scenario: string): Model {
  if (typeof value !== 'object' || value === null) throw new SchedlabError('ERR_SCENARIO_FILE', `setup of ${scenario} answers a model, received ${shown(value)}. Return one: { ...oneSlotPerTick(partners, ticks), classes, agents, workload }.`);
  const found = value as Readonly<Record<string, unknown>>;
  for (const [key, [accepted, holds]] of Object.entries(MODEL)) if (!holds(found[key])) throw new SchedlabError('ERR_SCENARIO_FILE', `${key} in the model of ${scenario} accepts ${accepted}, received ${shown(found[key])}. Correct it where setup returns it.`, { key });
  const model = value as Model;
  if (model.engines.kind === 'batch' && model.place === 'engine' && (model.dispatch !== 'immediate' || model.window !== Infinity)) throw new SchedlabError('ERR_SCENARIO_FILE', `place engine in the model of ${scenario} goes with dispatch immediate and window Infinity: calls go to their engine at arrival, and its policy says who runs.`, { key: 'place' });
  if (model.place === 'tag' && !(model.engines.kind === 'batch' && model.engines.spec.config.scheduling === 'priority')) throw new SchedlabError('ERR_SCENARIO_FILE', `place tag in the model of ${scenario} needs batch engines that order by priority: nothing else looks at a tag. Use them, or place gate.`, { key: 'place' });
  if (model.place === 'tag') refuseUntagged(model.policy, []);
  if (model.engines.kind === 'slots' && (model.place === 'engine') !== (model.engines.discipline === 'preempt-resume')) throw new SchedlabError('ERR_SCENARIO_FILE', `place ${model.place} and discipline ${model.engines.discipline} in the model of ${scenario} do not go together: a policy inside the engine is one that preempts. Use place engine with preempt-resume, or gate with another discipline.`);
  if (model.knowledge === 'estimate' && model.estimateError === undefined) throw new SchedlabError('ERR_SCENARIO_FILE', `knowledge estimate in the model of ${scenario} has no estimateError: the error that an estimate has is part of what is granted. Return estimateError, such as 0.3, beside it.`, { key: 'estimateError' });
  const { search } = model;
  return { ...model, ...(search === undefined ? {} : { search: { ...search, at: (rate) => checkModel(search.at(rate), scenario) } }), workload: (streams) => {
    let made: Workload;
    try { made = model.workload(streams); } catch (error) { throw ofWorkload(error, scenario); }
    return new CheckedWorkload(made, model, scenario);
  } };
}

/** Whatever a user's workload throws is the user's, also where it comes from a building block that was handed something else. */
function ofWorkload(error: unknown, scenario: string): unknown {
  if (!(error instanceof Error) || error instanceof SchedlabError) return error;
  const found = new SchedlabError('ERR_SCENARIO_FILE', `the workload of ${scenario} threw ${error.name}: ${error.message.replace(/\.$/, '')}. Correct it where the workload describes its programs.`, { cause: error });
  if (error.stack) found.stack = error.stack;
  return found;
}

const PROGRAM: Readonly<Partial<Record<keyof ProgramDraft, Rule>>> = { weight: amount(), length: whole(1) };
const CALL: Readonly<Partial<Record<keyof ProgramDraft, Rule>>> = { thinkUs: amount(), serviceUs: amount(), firstTokenUs: amount(), promptTokens: whole(0), outputTokens: whole(0), timeoutUs: amount(), cancelUs: amount() };

const SERVICE: ReadonlySet<string> = new Set(['serviceUs', 'firstTokenUs']);

const UNUSED = (used: ReadonlySet<number>): Rule => ['a whole number from 0 below 2147483648 that no program had', (value) => whole(0)[1](value) && (value as number) < 2 ** 31 && !used.has(value as number)];

/** A user's workload, each program of which is checked when it is described. */
class CheckedWorkload implements Workload {
  readonly #inner: Workload;
  readonly #model: Model;
  readonly #scenario: string;
  #made = 0;
  #lastUs = 0;
  readonly #used = new Set<number>();
  /** Here only where the workload has one: a loop that nobody closes is none. */
  readonly follow?: NonNullable<Workload['follow']>;
  readonly total?: number;

  constructor(inner: Workload, model: Model, scenario: string) {
    if (typeof inner?.next !== 'function') throw new SchedlabError('ERR_SCENARIO_FILE', `workload in the model of ${scenario} answers something with next(draft), received ${shown(inner)}. Return a TickArrivals, OpenArrivals, ReplayWorkload or your own.`);
    this.#inner = inner;
    this.#model = model;
    this.#scenario = scenario;
    for (const [key, [accepted, holds]] of [['total', whole(0, true)], ['follow', called]] as const) {
      const found = inner[key];
      if (found !== undefined && !holds(found)) throw new SchedlabError('ERR_SCENARIO_FILE', `${key} of the workload of ${scenario} accepts ${accepted}, received ${shown(found)}. Correct it, or leave it out.`, { key });
    }
    if (inner.total !== undefined) this.total = inner.total;
    if (inner.follow !== undefined) this.follow = (ended, nowUs, draft) => this.#follow(ended, nowUs, draft);
  }

  next(draft: ProgramDraft): boolean {
    try { if (!this.#inner.next(draft)) return false; } catch (error) { throw ofWorkload(error, this.#scenario); }
    this.#holdNumber(draft.program, this.follow === undefined ? [`${this.#made}: programs are numbered in order`, (value) => value === this.#made] : UNUSED(this.#used));
    this.#hold('arrivalUs', draft.arrivalUs, [`a number from ${this.#lastUs}: programs come in order of arrival`, (value) => amount()[1](value) && (value as number) >= this.#lastUs && (value as number) <= Number.MAX_SAFE_INTEGER]);
    this.#holdRest(draft);
    this.#lastUs = draft.arrivalUs;
    return true;
  }

  /** The next program of a sender whose last one was completed: what it describes is held against the same rules. */
  #follow(ended: { readonly program: number; readonly agent: number }, nowUs: number, draft: ProgramDraft): boolean {
    draft.arrivalUs = nowUs;
    try { if (this.#inner.follow!(ended, nowUs, draft) !== true) return false; } catch (error) { throw ofWorkload(error, this.#scenario); }
    this.#holdNumber(draft.program, UNUSED(this.#used));
    this.#hold('arrivalUs', draft.arrivalUs, [`${nowUs}: who follows begins in the instant in which the last one was completed`, (value) => value === nowUs]);
    this.#holdRest(draft);
    return true;
  }

  /** Numbers are told apart for as long as the run goes on, in closed loops only: without one they are counted. */
  #holdNumber(program: number, rule: Rule): void {
    this.#hold('program', program, rule);
    if (this.follow !== undefined) this.#used.add(program);
  }

  #holdRest(draft: ProgramDraft): void {
    const { agents, classes, engines, tools = [] } = this.#model;
    this.#hold('agent', draft.agent, agents.length > 0 ? [`the number of one of ${agents.length} agents, from 0`, (value) => whole(0)[1](value) && (value as number) < agents.length] : whole(0));
    this.#hold('callClass', draft.callClass, [`the number of one of ${Math.max(1, classes.length)} classes, from 0`, (value) => whole(0)[1](value) && (value as number) < Math.max(1, classes.length)]);
    for (const [key, rule] of Object.entries(PROGRAM)) this.#hold(key, draft[key as 'weight'], rule);
    const { graph, context } = draft;
    // Engines with tokens, and builders that know the rates of places, work out the service of a call.
    const isWorkedOut = engines.kind === 'batch' || context?.slotRates !== undefined;
    for (let k = 0; k < draft.length; k++) {
      if (graph?.kind[k] === NODE_TOOL) this.#hold(`pool of node ${k}`, graph.pool[k], [tools.length === 0 ? '−1, because tools of the model names no pool' : `−1 or the place of one of ${tools.length} pools among tools of the model, from 0`, (value) => whole(-1)[1](value) && (value as number) < tools.length]);
      if (graph !== undefined && graph.kind[k] !== NODE_CALL) continue;
      for (const [key, rule] of Object.entries(CALL)) if (!(isWorkedOut && SERVICE.has(key) && Number.isNaN(draft[key as 'serviceUs'][k]))) this.#hold(`${key}[${k}]`, (draft[key as 'thinkUs'])[k], rule);
      this.#hold(`pin[${k}]`, draft.pin[k], [`−1 or the number of one of ${engines.count} engines`, (value) => Number.isInteger(value) && (value as number) >= -1 && (value as number) < engines.count]);
    }
    this.#made++;
  }

  #hold(key: string, value: unknown, [accepted, holds]: Rule): void {
    if (!holds(value)) throw new SchedlabError('ERR_SCENARIO_FILE', `${key} of program ${this.#made} in the workload of ${this.#scenario} accepts ${accepted}, received ${shown(value)}. Correct it where the workload describes its programs.`, { key });
  }
}
