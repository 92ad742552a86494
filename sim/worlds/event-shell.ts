// The event shell: drives the dispatcher core with kernel events. Commands become engine calls at once; no promise on the path.
import { CALL_RUNNING, CALL_WAITING, type CallSlot, type CallTable } from '../../src/dispatch/calls.ts';
import { OP_ABORT, OP_GRANT } from '../../src/dispatch/commands.ts';
import type { DispatchCore } from '../../src/dispatch/core.ts';
import type { EngineEvents } from '../../src/engines/engine.ts';
import { SchedlabError } from '../../src/errors.ts';
import { haveNews, type SimulatedEngine } from '../engine/slot-engine.ts';
import type { Work } from '../engine/work.ts';
import { Kernel } from '../kernel/kernel.ts';
import type { TieMode } from '../kernel/event-queue.ts';
import { idOf, type RunningProgram } from '../workload/programs.ts';
import { isSingle, ProgramDraft, type Workload } from '../workload/workload.ts';
import { ProgramBook } from './program-book.ts';
import type { ShellPort } from './program-port.ts';
import type { Stage } from './stage.ts';

/** Some ten milliseconds. */
const ROUNDS_A_BREATH = 8192;

export class EventShell implements EngineEvents, ShellPort {
  readonly kernel: Kernel;
  readonly core: DispatchCore;
  readonly #stage: Stage;
  readonly #calls: CallTable;
  readonly #engines: readonly SimulatedEngine[];
  readonly #work: Work;
  readonly #workload: Workload;
  readonly #draft = new ProgramDraft();
  readonly #programs: ProgramBook;
  readonly #endUs: number;
  readonly #arrivalKind: number;
  readonly #passedKind: number;
  readonly #cancelKind: number;
  readonly #wakeKind: number;
  /** True where engines hold queues or orders of their own and are asked once a round. */
  readonly #enginesDecide: boolean;
  #enginesHaveNews = false;
  #hasDraft: boolean;
  /** Programs for whose nodes time passes. */
  readonly #passing: ({ readonly run: RunningProgram; readonly node: number } | undefined)[] = [];
  readonly #freePassing: number[] = [];
  #cancelAtUs = new Float64Array(64).fill(-1);
  /** Some program has withdrawn a call. */
  #withdraws = false;
  #armedUs = Infinity;
  #wakeHandle = 0;
  /** Below 0 nobody waits for breath. */
  #roundsToBreath = -1;
  /** Names of calls by slot, kept only where somebody asks for them. */
  readonly ids: string[] | undefined;

  constructor(stage: Stage, options: { readonly ties?: TieMode; readonly withIds?: boolean } = {}) {
    this.#stage = stage;
    this.#calls = stage.calls;
    this.#engines = stage.engines;
    this.#work = stage.work;
    this.#programs = new ProgramBook(stage, this);
    this.kernel = new Kernel({ ties: options.ties ?? 'fifo', seed: `${stage.seed}/ties` });
    this.ids = options.withIds ? [] : undefined;
    const kernel = this.kernel;
    this.#arrivalKind = kernel.handler(() => this.#arrive());
    const engineKind = kernel.handler(stage.model.engines.kind === 'batch' ? (engine) => this.#stepped(engine) : (call) => this.#engineEvent(call));
    this.#passedKind = kernel.handler((subject) => this.#passed(subject));
    this.#cancelKind = kernel.handler((call) => this.#cancelDue(call));
    this.#wakeKind = kernel.handler(() => { this.#armedUs = Infinity; kernel.dirty = true; });
    kernel.onDry = (nowUs) => this.#round(nowUs);
    stage.buildEngines(kernel, engineKind, this);
    this.core = stage.buildCore();
    this.#endUs = stage.model.endUs;
    this.#enginesDecide = !stage.isGated;
    this.#workload = this.#programs.workload = stage.model.workload(stage.streams);
    this.#hasDraft = this.#workload.next(this.#draft);
    if (this.#hasDraft) kernel.schedule(this.#draft.arrivalUs, this.#arrivalKind, 0);
  }

  /** Runs to the end of the window, or until every call has ended; answers its last instant. */
  run(): number {
    this.kernel.run(this.#endUs);
    return this.#ended();
  }

  /** The same, with a breath every few thousand rounds. Changes no result. */
  async runBreathing(breathe: () => Promise<void>): Promise<number> {
    do {
      this.#roundsToBreath = ROUNDS_A_BREATH;
      this.kernel.run(this.#endUs);
      if (!this.kernel.stopped) return this.#ended();
      await breathe();
    } while (true);
  }

  #ended(): number {
    if (this.#endUs !== Infinity) return this.#endUs;
    if (this.core.waiting > 0 || this.core.running > 0) {
      throw new SchedlabError('ERR_STALLED', `the run stands still at ${this.kernel.nowUs / 1e6} s with ${this.core.waiting} calls waiting and ${this.core.running} running, and no event to come. Does the policy answer every waiting call, and is each pinned call's engine up?`, { waiting: this.core.waiting });
    }
    // Not the kernel's last event: withdrawals of calls that have ended since are still to come.
    return this.#stage.recorder.present.lastUs;
  }

  // ---- kernel events

  #arrive(): void {
    const draft = this.#draft, nowUs = this.kernel.nowUs;
    do {
      if (isSingle(draft, this.#workload)) this.#submitSingle(draft, nowUs);
      else this.#programs.runner.start(this.#programs.begin(draft));
      this.#hasDraft = this.#workload.next(draft);
    } while (this.#hasDraft && draft.arrivalUs === nowUs);
    if (this.#hasDraft) this.kernel.schedule(draft.arrivalUs, this.#arrivalKind, 0);
  }

  #submitSingle(draft: ProgramDraft, nowUs: number): void {
    const calls = this.#calls, call = calls.allocate(draft.program, 0, draft.agent);
    calls.callClass[call] = draft.callClass;
    calls.weight[call] = draft.weight;
    calls.promptTokens[call] = draft.promptTokens[0];
    calls.pin[call] = draft.pin[0];
    this.#work.set(call, draft.serviceUs[0], draft.firstTokenUs[0], draft.outputTokens[0]);
    if (this.ids) this.ids[call] = draft.id;
    if (draft.timeoutUs[0] > 0) calls.deadlineUs[call] = nowUs + draft.timeoutUs[0];
    if (this.#withdraws || draft.cancelUs[0] > 0) this.#armCancel(call, draft.cancelUs[0] > 0 ? nowUs + draft.cancelUs[0] : -1);
    this.core.submit(call, nowUs);
    this.kernel.dirty = true;
  }

  // ---- what programs of several calls ask for

  onDirty(): void { this.kernel.dirty = true; }

  submit(run: RunningProgram, node: number, nowUs: number): void {
    const calls = this.#calls, { plan } = run, call = calls.allocate(run.program, run.ordinal(node), plan.agent), parents = run.parentOrdinals(node);
    calls.callClass[call] = plan.callClass;
    calls.weight[call] = plan.weight;
    calls.promptTokens[call] = run.promptTokens[node]!;
    calls.pin[call] = plan.pin[node]!;
    if (parents !== undefined) calls.setParents(call, parents);
    this.#work.set(call, run.serviceUs[node]!, plan.firstTokenUs[node]!, plan.outputTokens[node]!);
    if (this.ids) this.ids[call] = idOf(plan, node);
    if (plan.timeoutUs[node]! > 0) calls.deadlineUs[call] = nowUs + plan.timeoutUs[node]!;
    if (this.#withdraws || plan.cancelUs[node]! > 0) this.#armCancel(call, plan.cancelUs[node]! > 0 ? nowUs + plan.cancelUs[node]! : -1);
    run.call[node] = call;
    this.#programs.table.set(call, run, node);
    this.core.submit(call, nowUs);
  }

  withdraw(run: RunningProgram, node: number): void { this.core.cancel(run.call[node]!); }

  wait(run: RunningProgram, node: number, us: number, nowUs: number): void {
    const at = this.#freePassing.pop() ?? this.#passing.length;
    this.#passing[at] = { run, node };
    this.kernel.schedule(nowUs + us, this.#passedKind, at);
  }

  #passed(at: number): void {
    const { run, node } = this.#passing[at]!;
    this.#passing[at] = undefined;
    this.#freePassing.push(at);
    this.#programs.runner.timeOver(run, node);
  }

  /** −1: never; said for every call once one has been withdrawn, because the slot may have had a call with another fate. */
  #armCancel(call: CallSlot, atUs: number): void {
    this.#withdraws = true;
    if (atUs < 0) { if (call < this.#cancelAtUs.length) this.#cancelAtUs[call] = -1; return; }
    if (call >= this.#cancelAtUs.length) { const wide = new Float64Array(Math.max(this.#cancelAtUs.length * 2, call + 1)).fill(-1); wide.set(this.#cancelAtUs); this.#cancelAtUs = wide; }
    this.#cancelAtUs[call] = atUs;
    this.kernel.schedule(atUs, this.#cancelKind, call);
  }

  /** Stale where the slot has been given to a call that is to be withdrawn at another instant, or never. */
  #cancelDue(call: CallSlot): void {
    if (this.#cancelAtUs[call] !== this.kernel.nowUs) return;
    this.#cancelAtUs[call] = -1;
    const state = this.#calls.state[call];
    if (state !== CALL_WAITING && state !== CALL_RUNNING) return;
    this.core.cancel(call);
    this.kernel.dirty = true;
  }

  #engineEvent(call: CallSlot): void {
    const engine = this.#calls.engine[call];
    if (engine >= 0) this.#engines[engine].onEvent(call, this.kernel.nowUs);
    if (this.#enginesDecide) { this.#enginesHaveNews = true; this.kernel.dirty = true; }
  }

  #stepped(engine: number): void {
    if (this.#engines[engine].stepped!(this.kernel.nowUs)) { this.#enginesHaveNews = true; this.kernel.dirty = true; }
  }

  // ---- what engines report

  finished(_engine: number, call: CallSlot, _atUs: number, outputTokens: number, cachedTokens: number): void {
    this.#stage.answered(call, outputTokens);
    this.core.complete(call, outputTokens, cachedTokens);
    this.kernel.dirty = true;
    // Completing cannot lose against anything of the same instant, so the program may go on before the verdict.
    this.#programs.served(call, outputTokens);
  }

  failed(_engine: number, call: CallSlot, _atUs: number, reason: string): void { this.#stage.refused(call, reason); this.core.fail(call); this.kernel.dirty = true; }
  scheduled(engine: number, call: CallSlot, atUs: number): void { this.#stage.recorder.schedule(call, engine, atUs); this.#stage.addons.scheduled(engine, call, atUs); }
  preempted(engine: number, call: CallSlot, atUs: number): void { this.#stage.recorder.preempt(call, engine, atUs); }
  resumed(engine: number, call: CallSlot, atUs: number): void { this.#stage.watcher?.resume(call, engine, atUs); }
  tokens(engine: number, call: CallSlot, total: number, atUs: number): void { if (total === 1) this.#stage.recorder.firstToken(call, engine, atUs); }

  // ---- the round

  #round(nowUs: number): void {
    const core = this.core, isOver = nowUs >= this.#endUs;
    if (--this.#roundsToBreath === 0) this.kernel.stop();
    this.#programs.runner.settle(nowUs);
    if (core.dirty || core.wakeUs <= nowUs) {
      const commands = core.flush(nowUs, !isOver);
      this.#programs.callsEnded(core, nowUs);
      if (commands > 0) this.#carryOut(nowUs);
      this.#programs.roundEnded(core, nowUs);
      if (core.wakeUs !== this.#armedUs) this.#armWake(nowUs);
      if (this.#enginesHaveNews) this.kernel.dirty = true;
    } else if (this.#enginesHaveNews) {
      this.#enginesHaveNews = false;
      if (!isOver && haveNews(this.#engines)) for (const engine of this.#engines) engine.decide?.(nowUs);
    }
  }

  #carryOut(nowUs: number): void {
    const { op, call, engine, count } = this.core.commands, engines = this.#engines;
    for (let i = 0; i < count; i++) {
      if (op[i] === OP_GRANT) engines[engine[i]].submit(call[i], nowUs);
      else if (op[i] === OP_ABORT) engines[engine[i]].abort(call[i], nowUs);
    }
    if (this.#enginesDecide && haveNews(engines)) this.#enginesHaveNews = true;
  }

  #armWake(nowUs: number): void {
    const wakeUs = this.core.wakeUs;
    if (this.#armedUs !== Infinity) this.kernel.cancelDeadline(this.#wakeHandle);
    this.#armedUs = wakeUs;
    if (wakeUs !== Infinity) this.#wakeHandle = this.kernel.scheduleDeadline(Math.max(nowUs, wakeUs), this.#wakeKind, 0);
  }
}
