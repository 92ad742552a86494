// The stage of one replication: calls, engines, policies and recorder, set up from a model. The shells play on it.
import { CallTable, type CallSlot } from '../../src/dispatch/calls.ts';
import { DispatchCore } from '../../src/dispatch/core.ts';
import type { CoreOptions } from '../../src/dispatch/core-options.ts';
import type { EngineEvents } from '../../src/engines/engine.ts';
import type { ReceiptListener } from '../../src/observe/lifecycle.ts';
import { fcfs } from '../../src/policies/fcfs.ts';
import { KNOWS_NOTHING, type Policy } from '../../src/policies/policy.ts';
import { tagging } from '../../src/policies/tagging.ts';
import { seededRandom } from '../../src/random.ts';
import { cacheTokens } from '../addons.ts';
import { AloneTime } from '../engine/batch/alone-time.ts';
import { BatchEngine } from '../engine/batch/batch-engine.ts';
import { CacheView } from '../engine/batch/cache-view.ts';
import { CallSplits, WatchedSplits } from '../engine/batch/call-split.ts';
import { usableBlocks } from '../engine/batch/config.ts';
import { ContentTable } from '../engine/batch/content.ts';
import type { StepRecord } from '../engine/batch/step-record.ts';
import { RememberedPrompts, UnsharedPrompts } from '../engine/batch/prompts.ts';
import { createCostModel } from '../engine/cost/registry.ts';
import { PreemptingEngine } from '../engine/preempting-engine.ts';
import { SharingEngine } from '../engine/sharing-engine.ts';
import { SlotEngine, type SimulatedEngine } from '../engine/slot-engine.ts';
import { TOKEN_US, Work } from '../engine/work.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { DecisionTrail } from '../measure/decision-trail.ts';
import { EngineSeries } from '../measure/engine-series.ts';
import { ProgramSketches } from '../measure/program-pictures.ts';
import { Recorder, type CallListener, type RecorderOptions } from '../measure/recorder.ts';
import { WatchedRecorder, type Watcher } from '../measure/watched-recorder.ts';
import { HeardPrompts } from '../workload/own-history.ts';
import { Streams } from '../random/streams.ts';
import type { BatchPool, Model } from '../scenario.ts';
import { knowledgeOf } from './knowledge.ts';
import { ProgramTable } from '../workload/programs.ts';
import { StageAddons } from './stage-addons.ts';
import type { ScriptEnd, ScriptLife } from './script-life.ts';

/** Calls in flight that a replication begins with room for. */
const SLOTS = 1024;

export interface StageOptions {
  readonly seed: string;
  readonly listener?: CallListener;
  /** Keep the course of the queue, and of batch engines. */
  readonly withSeries?: boolean;
  readonly receipts?: ReceiptListener;
  /** Keep what was decided, one by one. */
  readonly withTrail?: boolean;
  /** Makes who is told of every lifecycle event. */
  readonly watch?: (calls: CallTable) => Watcher;
}

export class Stage {
  readonly model: Model;
  readonly streams: Streams;
  readonly calls = new CallTable(SLOTS);
  readonly work = new Work();
  readonly programs = new ProgramTable();
  readonly recorder: Recorder;
  readonly watcher: Watcher | undefined;
  readonly engines: SimulatedEngine[] = [];
  readonly addons: StageAddons;
  /** Policies of this replication, wherever they sit. */
  readonly policies: Policy[] = [];
  /** Agents written as functions that have ended. */
  readonly scriptEnds: ScriptEnd[] = [];
  /** Those that have not, with their classes. */
  readonly openScripts = new Map<ScriptLife, number>();
  readonly seed: string;
  readonly trail: DecisionTrail | undefined;
  /** Of batch engines: where the time of calls goes, and how the engines fare. */
  splits: CallSplits | undefined;
  engineSeries: EngineSeries | undefined;
  /** What a call would take on a batch engine of its own. */
  alone: AloneTime | undefined;
  /** What programs of several calls asked there, where prompts share anything. */
  heard: HeardPrompts | undefined;
  /** Programs one by one, where pictures of the replication are wanted. */
  readonly pictures: ProgramSketches | undefined;
  /** What batch engines hold of prompts. */
  caches: CacheView | undefined;
  /** Calls of programs that ended because an engine refused one. */
  unasked = 0;
  readonly #withSeries: boolean;
  readonly #receipts: ReceiptListener | undefined;
  #core: DispatchCore | undefined;
  #refusals = 0;
  #refusal: string | undefined;
  /** By slot: what the policy said of the call when it was sent, where it acts by tags. */
  readonly #tags: number[] = [];
  #answers = 0;
  #cut = 0;

  constructor(model: Model, options: StageOptions) {
    this.model = model;
    this.seed = options.seed;
    this.streams = new Streams(options.seed);
    this.addons = new StageAddons(model, this.calls);
    this.#receipts = options.receipts;
    this.#withSeries = options.withSeries ?? false;
    this.pictures = this.#withSeries ? new ProgramSketches() : undefined;
    const { engines } = model, { count } = engines;
    this.trail = options.withTrail ? new DecisionTrail({
      calls: this.calls, engines: count, gateDecides: model.place === 'gate' || count > 1, ...(model.dispatch === 'immediate' && model.place === 'gate' ? { queues: this.policies } : {}),
    }) : undefined;
    const recorded: RecorderOptions = {
      calls: this.calls, classes: model.classes.length, places: engines.kind === 'slots' && this.isGated ? count * engines.slots : Infinity,
      withOldest: options.withSeries ?? false, ...(options.listener ? { listener: options.listener } : {}), ...(this.trail ? { trail: this.trail } : {}),
      ...(engines.kind === 'batch' || engines.discipline === 'nonpreemptive' ? {} : { serviceUs: (call: number) => this.work.serviceUs[call] }),
    };
    this.watcher = options.watch?.(this.calls);
    this.recorder = this.watcher === undefined ? new Recorder(recorded) : new WatchedRecorder(recorded, this.watcher);
  }

  /** True where the gate holds every queue, so that a granted call is served at once. */
  get isGated(): boolean {
    const { place, window, engines } = this.model;
    return engines.kind === 'slots' && place === 'gate' && window <= engines.slots && engines.discipline === 'nonpreemptive';
  }

  /** An engine refused a call at its door, which ends its program. */
  refused(call: CallSlot, reason: string): void {
    const run = this.programs.runOf(call);
    if (run !== undefined) run.wasRefused = true;
    this.#refusal ??= reason;
    this.#refusals++;
  }

  /** An engine answered a call with so many tokens: fewer than were asked for where the model's length was reached. */
  answered(call: CallSlot, outputTokens: number): void {
    this.#answers++;
    if (outputTokens < this.work.outputTokens[call]) this.#cut++;
  }

  /** What was refused and what was cut, in words for the notes of the result. */
  engineNotes(): readonly string[] {
    const { engines } = this.model, notes: string[] = [];
    if (this.#refusal !== undefined) notes.push(`${countOf(this.#refusals, 'call')} refused by the engine, the first because ${this.#refusal.replace(/^http-400: /, '')}; they count as failed`);
    if (this.unasked > 0) notes.push(`${countOf(this.unasked, 'call')} never asked: a refused call ends its session`);
    if (this.#cut > 0 && engines.kind === 'batch') notes.push(`${this.#cut} of ${this.#answers} answers were cut where prompt and output reach ${engines.spec.config.maxModelLen} tokens, as the server's length limit does`);
    return notes;
  }

  /** Builds the engines; `kind` is the kernel's event kind for them. */
  buildEngines(kernel: Kernel, kind: number, events: EngineEvents): void {
    if (this.model.engines.kind === 'batch') { this.#buildBatchEngines(this.model.engines, kernel, kind, events); return; }
    const { count, slots, discipline } = this.model.engines;
    for (let number = 0; number < count; number++) {
      const parts = { number, slots, kernel, kind, calls: this.calls, work: this.work, events, queues: !this.isGated };
      if (discipline === 'ps') this.engines.push(new SharingEngine(parts));
      else if (discipline === 'preempt-resume') this.engines.push(new PreemptingEngine({ ...parts, policy: this.#createPolicy(number), tokenUs: TOKEN_US, ...(this.trail ? { trail: this.trail } : {}), ...(this.#receipts ? { receipts: this.#receipts } : {}) }));
      else this.engines.push(new SlotEngine(parts));
    }
  }

  /** One table of contents serves all engines, so that equal prompts are equal everywhere. */
  #buildBatchEngines({ count, spec, swapUsPerToken }: BatchPool, kernel: Kernel, kind: number, events: EngineEvents): void {
    const { calls, work, model } = this, content = new ContentTable(spec.config.blockSize), told = model.prompts?.(calls, this.programs, this.streams);
    this.heard = told && new HeardPrompts(told, this.programs);
    const prompts = new RememberedPrompts(this.heard ?? new UnsharedPrompts(calls), calls, model.place === 'tag' ? (call) => this.#tags[call] : undefined), engines: BatchEngine[] = [];
    this.caches = new CacheView(calls, prompts, engines);
    const { watcher } = this, splits = this.splits = watcher?.part ? new WatchedSplits(calls, (call, part, nowUs) => { watcher.part!(call, part, nowUs); }) : new CallSplits(calls);
    const observer = this.engineSeries = this.#withSeries ? new EngineSeries({ engines: count, usableBlocks: usableBlocks(spec.config), windowUs: model.endUs }) : undefined;
    const cost = createCostModel(spec.cost);
    const alone = this.alone = new AloneTime(spec.config, cost, spec.overhead);
    const shared = { kernel, kind, calls, work, events, config: spec.config, content, prompts, cost, overhead: spec.overhead, splits, observer, trail: model.place === 'gate' ? undefined : this.trail, endUs: model.endUs, ...(watcher?.step ? { onStep: (record: Readonly<StepRecord>) => { watcher.step!(record); } } : {}) };
    const keeps = model.addons?.retention, capacityTokens = cacheTokens(model.engines);
    for (let number = 0; number < count; number++) {
      const engine = new BatchEngine({ ...shared, number, ordered: model.place === 'engine' ? { policy: this.#createPolicy(number), swapUsPerToken, receipts: this.#receipts } : undefined, ...(keeps ? { retention: keeps.definition.create({ capacityTokens, options: keeps.options }), reloadUs: (tokens: number) => alone.prefillUs(tokens) } : {}) });
      engines.push(engine);
      this.addons.add(engine.retainer);
    }
    this.engines.push(...engines);
  }

  /** What the core and the promise dispatcher are both made from. */
  coreOptions(): CoreOptions {
    const { model } = this;
    const inEngine = model.place === 'engine';
    return {
      calls: this.calls,
      dispatch: model.dispatch,
      windows: new Array<number>(model.engines.count).fill(inEngine ? Infinity : model.window),
      maxWaiters: model.maxWaiters,
      // A policy that acts inside the engine leaves the gate open: calls pass it in order of arrival.
      createPolicy: (engine) => this.addons.before(inEngine ? fcfs.create({ calls: this.calls, random: () => 0, knowledge: KNOWS_NOTHING, options: {} }) : this.#createPolicy(engine)),
      balancer: model.balancer.create({ calls: this.calls, random: seededRandom(`${this.seed}/balancer`), options: model.balancerOptions }),
      lifecycle: this.addons.hearing(this.recorder),
      viewRefreshUs: model.viewRefreshUs ?? 0,
      ...(this.#receipts ? { receipts: inEngine ? passingOn(this.#receipts) : this.#receipts } : {}),
    };
  }

  buildCore(): DispatchCore { return (this.#core = new DispatchCore(this.coreOptions())); }

  /** Questions to the balancer so far. */
  get picks(): number { return this.#core?.board.picks ?? 0; }
  /** A policy left a place idle while a call waited that it could serve. */
  get wasIdle(): boolean { return this.#core?.idleness.found ?? false; }

  #createPolicy(engine: number): Policy {
    const { model } = this;
    const policy = model.policy.create({ calls: this.calls, random: seededRandom(`${this.seed}/policy/${engine}`), knowledge: knowledgeOf(model, this), options: model.policyOptions });
    this.policies.push(policy);
    return model.place === 'tag' ? tagging(policy, model.policy.name, (call, tag) => { this.#tags[call] = tag; }) : policy;
  }
}

const countOf = (n: number, what: string): string => `${n} ${what}${n === 1 ? ' was' : 's were'}`;

/** A gate that only passes calls on decides nothing by its grants. */
const passingOn = (listener: ReceiptListener): ReceiptListener => (receipt) => { if (receipt.kind !== 'grant') listener(receipt); };
