// Programs in real time: the workload's arrivals on the machine's clock, every call through the dispatcher to the live engine.
import type { SystemClock } from '../../src/clock.ts';
import type { Dispatcher } from '../../src/dispatch/dispatcher.ts';
import { quantilesOf } from '../measure/samples.ts';
import type { RunningProgram } from '../workload/programs.ts';
import { isSingle, ProgramDraft } from '../workload/workload.ts';
import type { LiveEngine } from './live-engine.ts';
import { ProgramBook } from './program-book.ts';
import { playCall, type ProgramCallParts } from './program-calls.ts';
import type { ShellPort } from './program-port.ts';
import { runScripts } from './scripts.ts';
import type { Stage } from './stage.ts';

export interface LiveProgramsParts { readonly stage: Stage; readonly clock: SystemClock; readonly dispatcher: Dispatcher; readonly engine: LiveEngine }

export class LivePrograms implements ShellPort {
  readonly ids: string[] = [];
  readonly #parts: LiveProgramsParts;
  readonly #book: ProgramBook;
  readonly #callParts: ProgramCallParts;
  readonly #lateUs: number[] = [];
  /** Programs of one call that run, and who waits until no program is left. */
  #singles = 0;
  #ended: (() => void) | undefined;
  #failure: unknown;

  constructor(parts: LiveProgramsParts) {
    this.#parts = parts;
    this.#book = new ProgramBook(parts.stage, this);
    const { dispatcher, stage, clock, engine } = parts, { endUs } = stage.model;
    this.#callParts = {
      dispatcher, clock, stage, book: this.#book, ids: this.ids,
      serve: async (lease) => { const served = await engine.serve(lease, clock.now()); return served.well ? served : undefined; },
    };
    dispatcher.isOpen = (nowUs) => nowUs < endUs;
    dispatcher.beforeRound = this.#settle;
    dispatcher.onRound = (nowUs) => { this.#book.callsEnded(dispatcher.core, nowUs); this.#book.roundEnded(dispatcher.core, nowUs); this.#lookIfEnded(); };
  }

  /** How late calls were handed in, 95th percentile, in µs. */
  get lateP95Us(): number { return this.#lateUs.length === 0 ? 0 : quantilesOf(Float64Array.from(this.#lateUs), [0.95])[0]; }

  /** Until every program ended or the window is over; answers the last instant. */
  async run(): Promise<number> {
    const { stage, clock } = this.#parts, { model } = stage;
    const work = Promise.all([this.#arrivals(), this.#scripts()]);
    if (model.endUs === Infinity) await work;
    else {
      let timer = 0;
      await Promise.race([work.then(() => this.#until(model.endUs)), new Promise<void>((resolve) => { timer = clock.setTimer(model.endUs - clock.now(), resolve); })]);
      clock.clearTimer(timer);
    }
    if (this.#failure !== undefined) throw this.#failure;
    return model.endUs === Infinity ? clock.now() : Math.max(model.endUs, stage.recorder.lastArrivalUs);
  }

  async #arrivals(): Promise<void> {
    const { stage, clock } = this.#parts, workload = this.#book.workload = stage.model.workload(stage.streams), draft = new ProgramDraft(), { runner } = this.#book;
    while (workload.next(draft)) {
      const run = this.#book.begin(draft), { arrivalUs } = run.plan;
      if (arrivalUs > clock.now()) await this.#until(arrivalUs);
      if (clock.now() >= stage.model.endUs) break;
      this.#lateUs.push(clock.now() - arrivalUs);
      if (isSingle(draft, workload)) this.#single(run);
      else runner.start(run);
    }
    await new Promise<void>((resolve) => { this.#ended = resolve; this.#lookIfEnded(); });
  }

  #single(run: RunningProgram): void {
    run.attempts[0] = 1;
    this.#singles++;
    void playCall(this.#callParts, run, 0, true).catch((error: unknown) => { this.#failure ??= error; }).finally(() => { this.#singles--; this.#lookIfEnded(); });
  }

  #lookIfEnded(): void {
    if (this.#ended !== undefined && (this.#failure !== undefined || (this.#singles + this.#book.runner.open === 0 && !this.#book.runner.isDirty))) this.#ended();
  }

  #scripts(): Promise<void> {
    const { stage, clock, dispatcher, engine } = this.#parts, scripts = stage.model.scripts ?? [];
    return runScripts({
      scripts, model: stage.model, clock, streams: stage.streams, work: stage.work, ends: stage.scriptEnds, open: stage.openScripts,
      acquire: (request) => dispatcher.acquire(request),
      serve: async (lease) => { const served = await engine.serve(lease, clock.now()); if (!served.well && lease.isHeld) lease.fail(); return served.well; },
      onFailure: (error) => { this.#failure ??= error; },
    });
  }

  // ---- what programs ask for

  onDirty(): void { this.#parts.clock.settle(this.#settle); }
  submit(run: RunningProgram, node: number): void { void playCall(this.#callParts, run, node, false).catch((error: unknown) => { this.#failure ??= error; this.#lookIfEnded(); }); }
  withdraw(run: RunningProgram, node: number): void { this.#parts.dispatcher.cancel(run.handle[node]!); }
  wait(run: RunningProgram, node: number, us: number): void { this.#parts.clock.setTimer(us, () => { this.#book.runner.timeOver(run, node); }); }

  readonly #settle = (): void => { this.#book.runner.settle(this.#parts.clock.now()); this.#lookIfEnded(); };

  #until(atUs: number): Promise<void> { return new Promise((resolve) => { this.#parts.clock.setTimer(atUs - this.#parts.clock.now(), resolve); }); }
}
