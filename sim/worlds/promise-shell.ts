// The promise shell in virtual time: programs are async functions, the dispatcher is the one that applications use. Slower, and equal in its digests.
import type { CallSlot } from '../../src/dispatch/calls.ts';
import { OP_GRANT } from '../../src/dispatch/commands.ts';
import { Dispatcher } from '../../src/dispatch/dispatcher.ts';
import type { Lease } from '../../src/dispatch/lease.ts';
import type { EngineEvents } from '../../src/engines/engine.ts';
import { SchedlabError } from '../../src/errors.ts';
import { haveNews } from '../engine/slot-engine.ts';
import type { TieMode } from '../kernel/event-queue.ts';
import { Kernel } from '../kernel/kernel.ts';
import { runAsync } from '../kernel/quiesce.ts';
import { VirtualClock } from '../kernel/virtual-clock.ts';
import type { RunningProgram } from '../workload/programs.ts';
import { isSingle, ProgramDraft, type Workload } from '../workload/workload.ts';
import { ProgramBook } from './program-book.ts';
import { isRefusal, playCall, type ProgramCallParts } from './program-calls.ts';
import type { ShellPort } from './program-port.ts';
import { runScripts } from './scripts.ts';
import type { Stage } from './stage.ts';

/** What the parity test turns: none of it may change a digest. */
export interface Perturbation {
  /** Extra turns of the promise queue at the n-th step. */
  readonly extraMicrotasks?: (step: number) => number;
  /** Programs of one instant are started last first. */
  readonly reversed?: boolean;
  readonly ties?: TieMode;
  /** Hop after every event, dirty or not. */
  readonly debug?: boolean;
}

export class PromiseShell implements EngineEvents, ShellPort {
  readonly kernel: Kernel;
  readonly clock: VirtualClock;
  readonly dispatcher: Dispatcher;
  readonly ids: string[] | undefined;
  readonly #stage: Stage;
  readonly #programs: ProgramBook;
  readonly #workload: Workload;
  readonly #draft = new ProgramDraft();
  readonly #perturb: Perturbation;
  readonly #arrivalKind: number;
  readonly #endUs: number;
  readonly #enginesDecide: boolean;
  readonly #serving: ((isServed: boolean) => void)[] = [];
  /** Calls on their way to an engine that has an order of its own, and the place of each grant among all. */
  readonly #coming: CallSlot[] = [];
  readonly #grantNumber: number[] = [];
  #grants = 0;
  /** Calls that programs have just asked for. */
  readonly #asked: { readonly run: RunningProgram; readonly node: number }[] = [];
  readonly #callParts: ProgramCallParts;
  readonly #settleEngines = (): void => this.#decideEngines();
  #hasDraft: boolean;
  #enginesSettling = false;
  /** An engine refused a call, and the dispatcher has not heard of it. */
  #hasRefused = false;
  #flushedIn = -1;
  #steps = 0;
  #failure: unknown;
  #starting: Lease | undefined;

  constructor(stage: Stage, options: { readonly perturb?: Perturbation; readonly withIds?: boolean } = {}) {
    this.#stage = stage;
    this.#perturb = options.perturb ?? {};
    this.kernel = new Kernel({ ties: this.#perturb.ties ?? 'fifo', seed: `${stage.seed}/ties` });
    this.clock = new VirtualClock(this.kernel);
    this.ids = options.withIds ? [] : undefined;
    this.#arrivalKind = this.kernel.handler(() => this.#arrive());
    stage.buildEngines(this.kernel, this.kernel.handler(stage.model.engines.kind === 'batch' ? (engine) => this.#stepped(engine) : (call) => this.#engineEvent(call)), this);
    this.#programs = new ProgramBook(stage, this);
    this.dispatcher = new Dispatcher(stage.buildCore(), this.clock);
    this.#endUs = stage.model.endUs;
    this.#enginesDecide = !stage.isGated;
    // The recorder settles none.
    this.dispatcher.listenersSettle = false;
    this.dispatcher.isOpen = (nowUs) => nowUs < this.#endUs;
    this.dispatcher.beforeRound = this.#settlePrograms;
    this.dispatcher.onRound = (nowUs) => {
      this.#flushedIn = this.kernel.rounds;
      this.#programs.callsEnded(this.dispatcher.core, nowUs);
      this.#programs.roundEnded(this.dispatcher.core, nowUs);
      if (this.#enginesDecide) this.#numberGrants();
    };
    this.#callParts = {
      dispatcher: this.dispatcher, clock: this.clock, stage, book: this.#programs, ids: this.ids, dawdle: this.#perturb.extraMicrotasks && (() => this.#dawdle()),
      serve: async (lease) => (await this.#serve(lease) ? { outputTokens: stage.calls.outputTokens[lease.call]!, cachedTokens: stage.calls.cachedTokens[lease.call]! } : undefined),
    };
    this.#workload = this.#programs.workload = stage.model.workload(stage.streams);
    this.#hasDraft = this.#workload.next(this.#draft);
    if (this.#hasDraft) this.kernel.schedule(this.#draft.arrivalUs, this.#arrivalKind, 0);
  }

  /** Runs to the end of the window, or until every call has ended; answers its last instant. */
  async run(): Promise<number> {
    const { model } = this.#stage, scripts = model.scripts ?? [];
    await runAsync(this.kernel, this.clock, {
      untilUs: this.#endUs, debug: this.#perturb.debug ?? false,
      ...(scripts.length > 0 ? { start: () => { void runScripts({ scripts, model, clock: this.clock, streams: this.#stage.streams, acquire: (r) => this.dispatcher.acquire(r), serve: (lease) => this.#serve(lease), work: this.#stage.work, ends: this.#stage.scriptEnds, open: this.#stage.openScripts, onFailure: (error) => { this.#fail(error); } }); } } : {}),
    });
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#endUs !== Infinity) return this.#endUs;
    const { waiting, running } = this.dispatcher;
    if (waiting > 0 || running > 0) throw new SchedlabError('ERR_STALLED', `the run stands still at ${this.kernel.nowUs / 1e6} s with ${waiting} calls waiting and ${running} running, and no event to come. Does the policy answer every waiting call, and does every program end its leases?`, { waiting, running });
    return this.#stage.recorder.present.lastUs;
  }

  #fail(error: unknown): void { this.#failure ??= error; this.kernel.stop(); }

  // ---- programs

  #arrive(): void {
    const draft = this.#draft, nowUs = this.kernel.nowUs, started: RunningProgram[] = [], singles: RunningProgram[] = [], { runner } = this.#programs;
    do {
      if (this.#isPlain(draft)) void this.#plain(draft);
      else if (isSingle(draft, this.#workload)) singles.push(this.#programs.begin(draft));
      else started.push(this.#programs.begin(draft));
      this.#hasDraft = this.#workload.next(draft);
    } while (this.#hasDraft && draft.arrivalUs === nowUs);
    if (this.#perturb.reversed) { started.reverse(); singles.reverse(); }
    for (const run of singles) { run.attempts[0] = 1; this.#play(run, 0, true); }
    for (const run of started) runner.start(run);
    if (singles.length > 0) this.kernel.promisesDirty = true;
    if (this.#hasDraft) this.kernel.schedule(draft.arrivalUs, this.#arrivalKind, 0);
  }

  /** One call that anybody may serve, that waits as long as it must, and that nobody turns. */
  #isPlain(draft: ProgramDraft): boolean {
    return isSingle(draft, this.#workload) && draft.timeoutUs[0] === 0 && draft.cancelUs[0] === 0 && draft.pin[0] < 0
      && this.#perturb.extraMicrotasks === undefined && !this.#perturb.reversed;
  }

  /** A plain program: two promises, no closure. Asks before its first await, so the draft is read in time, and nothing of it waits for a hop. */
  async #plain(draft: ProgramDraft): Promise<void> {
    try {
      const request = this.#request;
      request.program = draft.program;
      request.agent = draft.agent;
      request.callClass = draft.callClass;
      request.weight = draft.weight;
      request.promptTokens = draft.promptTokens[0];
      const lease = await this.dispatcher.acquire(request);
      this.#starting = lease;
      if (!await new Promise<boolean>(this.#start)) { lease.fail(); return; }
      const usage = this.#usage;
      usage.outputTokens = this.#stage.calls.outputTokens[lease.call];
      usage.cachedTokens = this.#stage.calls.cachedTokens[lease.call];
      lease.release(usage);
    } catch (error) { this.#onRefusal(error); }
  }

  /** What a plain program asks for, and what it used: read at once by those who are handed them, so one of each is enough. */
  readonly #request = { program: 0, ordinal: 0, agent: 0, callClass: 0, weight: 1, promptTokens: 0, onSubmit: (call: CallSlot): void => { this.#takePlain(call); } };
  readonly #usage = { outputTokens: 0, cachedTokens: 0 };

  /** One executor for all plain calls: a closure a call is dear. */
  readonly #start = (resolve: (isServed: boolean) => void): void => {
    const lease = this.#starting!;
    this.#serving[lease.call] = resolve;
    this.#toEngine(lease);
  };

  /** What the engine needs of the plain program that is asking just now. */
  #takePlain(call: CallSlot): void {
    const draft = this.#draft;
    this.#stage.work.set(call, draft.serviceUs[0], draft.firstTokenUs[0], draft.outputTokens[0]);
    if (this.ids) this.ids[call] = draft.id;
  }

  /** A program whose call was refused is over; anything else is a fault of the run. */
  #onRefusal(error: unknown): void { if (!isRefusal(error)) this.#fail(error); }

  readonly #onFailure = (error: unknown): void => { this.#fail(error); };

  #play(run: RunningProgram, node: number, isWhole: boolean): void { void playCall(this.#callParts, run, node, isWhole).then(undefined, this.#onFailure); }

  // ---- what programs of several calls ask for

  onDirty(): void { this.clock.settle(this.#settlePrograms); }

  submit(run: RunningProgram, node: number): void { this.#asked.push({ run, node }); }
  withdraw(run: RunningProgram, node: number): void { this.dispatcher.cancel(run.handle[node]!); }
  wait(run: RunningProgram, node: number, us: number): void { void this.clock.sleep(us).then(() => { this.#programs.runner.timeOver(run, node); }); }

  /** Whatever programs ask for in an instant is asked for before the dispatcher decides, in whatever order. */
  readonly #settlePrograms = (): void => {
    // What was granted has reached its engine before it can be withdrawn.
    this.#submitComing();
    this.#programs.runner.settle(this.kernel.nowUs);
    if (this.#perturb.reversed) this.#asked.reverse();
    for (const { run, node } of this.#asked.splice(0)) this.#play(run, node, false);
  };

  /** Resolves true when the engine has finished the call, false when its place was taken back. */
  #serve(lease: Lease): Promise<boolean> {
    const { call, engine } = lease;
    if (lease.isAborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#serving[call] = resolve;
      lease.onAbort = () => { this.#stage.engines[engine].abort(call, this.kernel.nowUs); this.#engineNews(); resolve(false); };
      this.#toEngine(lease);
    });
  }

  #toEngine({ call, engine }: Lease): void {
    if (!this.#enginesDecide) { this.#stage.engines[engine].submit(call, this.kernel.nowUs); return; }
    this.#coming.push(call);
    this.#engineNews();
  }

  /** Programs go on in whatever order their promises do; engines get calls in the order of the grants. */
  #numberGrants(): void {
    this.#submitComing();
    const { op, call, count } = this.dispatcher.core.commands;
    for (let i = 0; i < count; i++) if (op[i] === OP_GRANT) this.#grantNumber[call[i]] = this.#grants++;
  }

  #submitComing(): void {
    const coming = this.#coming, { engines, calls } = this.#stage;
    coming.sort((a, b) => this.#grantNumber[a] - this.#grantNumber[b]);
    for (const call of coming) engines[calls.engine[call]].submit(call, this.kernel.nowUs);
    coming.length = 0;
  }

  async #dawdle(): Promise<void> {
    for (let n = this.#perturb.extraMicrotasks!(this.#steps++); n > 0; n--) await null;
  }

  // ---- engines

  #engineEvent(call: CallSlot): void {
    const engine = this.#stage.calls.engine[call];
    if (engine >= 0) this.#stage.engines[engine].onEvent(call, this.kernel.nowUs);
    this.#engineNews();
  }

  #stepped(engine: number): void { if (this.#stage.engines[engine].stepped!(this.kernel.nowUs)) this.#engineNews(); }

  #engineNews(): void {
    if (!this.#enginesDecide || this.#enginesSettling) return;
    this.#enginesSettling = true;
    this.clock.settle(this.#settleEngines);
  }

  /** After the dispatcher's round and what it set going, never in the same round. */
  #decideEngines(): void {
    if (this.dispatcher.isSettling || this.#programs.runner.isDirty || this.#flushedIn === this.kernel.rounds) { this.clock.settle(this.#settleEngines); return; }
    this.#enginesSettling = false;
    this.#submitComing();
    // What was refused at the door leaves the dispatcher before engines decide.
    if (this.#hasRefused) { this.#hasRefused = false; this.#engineNews(); return; }
    if (this.kernel.nowUs < this.#endUs && haveNews(this.#stage.engines)) for (const engine of this.#stage.engines) engine.decide?.(this.kernel.nowUs);
  }

  finished(_engine: number, call: CallSlot, _atUs: number, outputTokens: number, cachedTokens: number): void {
    this.#stage.answered(call, outputTokens);
    this.#stage.calls.outputTokens[call] = outputTokens;
    this.#stage.calls.cachedTokens[call] = cachedTokens;
    this.kernel.promisesDirty = true;
    this.#serving[call](true);
  }

  failed(_engine: number, call: CallSlot, _atUs: number, reason: string): void {
    this.#stage.refused(call, reason);
    this.#hasRefused = true;
    this.kernel.promisesDirty = true;
    this.#serving[call](false);
  }

  scheduled(engine: number, call: CallSlot, atUs: number): void { this.#stage.recorder.schedule(call, engine, atUs); this.#stage.addons.scheduled(engine, call, atUs); }
  preempted(engine: number, call: CallSlot, atUs: number): void { this.#stage.recorder.preempt(call, engine, atUs); }
  resumed(engine: number, call: CallSlot, atUs: number): void { this.#stage.watcher?.resume(call, engine, atUs); }
  tokens(engine: number, call: CallSlot, total: number, atUs: number): void { if (total === 1) this.#stage.recorder.firstToken(call, engine, atUs); }
}
