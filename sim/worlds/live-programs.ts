// Programs in real time: the workload's arrivals on the machine's clock, every call through the dispatcher to the live engine.
import type { SystemClock } from '../../src/clock.ts';
import type { Dispatcher } from '../../src/dispatch/dispatcher.ts';
import { SchedlabError } from '../../src/errors.ts';
import { quantilesOf } from '../measure/samples.ts';
import { chainOf, idOf, type Chain } from '../workload/chains.ts';
import { ProgramDraft } from '../workload/workload.ts';
import type { LiveEngine } from './live-engine.ts';
import { ProgramBook } from './program-book.ts';
import { runScripts } from './scripts.ts';
import type { Stage } from './stage.ts';

const US_PER_MS = 1000;

export interface LiveProgramsParts { readonly stage: Stage; readonly clock: SystemClock; readonly dispatcher: Dispatcher; readonly engine: LiveEngine }

export class LivePrograms {
  readonly ids: string[] = [];
  readonly #parts: LiveProgramsParts;
  readonly #book: ProgramBook;
  readonly #lateUs: number[] = [];
  #failure: unknown;

  constructor(parts: LiveProgramsParts) {
    this.#parts = parts;
    this.#book = new ProgramBook(parts.stage);
    const { dispatcher, stage } = parts, { endUs } = stage.model;
    dispatcher.isOpen = (nowUs) => nowUs < endUs;
    dispatcher.onRound = (nowUs) => { this.#book.roundEnded(dispatcher.core, nowUs); };
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
    const { stage, clock } = this.#parts, workload = stage.model.workload(stage.streams), draft = new ProgramDraft(), running: Promise<void>[] = [];
    while (workload.next(draft)) {
      const chain = chainOf(draft);
      if (chain.arrivalUs > clock.now()) await this.#until(chain.arrivalUs);
      if (clock.now() >= stage.model.endUs) break;
      this.#lateUs.push(clock.now() - chain.arrivalUs);
      running.push(this.#program(chain).catch((error: unknown) => { this.#failure ??= error; }));
    }
    await Promise.all(running);
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

  async #program(chain: Chain): Promise<void> {
    const { dispatcher, engine, clock, stage } = this.#parts;
    for (let k = 0; k < chain.length; k++) {
      chain.at = k;
      if (chain.thinkUs[k] > 0) await this.#until(clock.now() + chain.thinkUs[k]);
      const controller = chain.cancelUs[k] > 0 ? new AbortController() : undefined;
      const timer = controller ? clock.setTimer(chain.cancelUs[k], () => { controller.abort(); }) : 0;
      try {
        const lease = await dispatcher.acquire({
          program: chain.program, ordinal: k, agent: chain.agent, callClass: chain.callClass, weight: chain.weight, promptTokens: chain.promptTokens[k],
          ...(chain.timeoutUs[k] > 0 ? { timeoutMs: chain.timeoutUs[k] / US_PER_MS } : {}), ...(controller ? { signal: controller.signal } : {}),
          onSubmit: (call) => {
            stage.work.set(call, chain.serviceUs[k], chain.firstTokenUs[k], chain.outputTokens[k]);
            this.ids[call] = idOf(chain, k);
            if (chain.length > 1) this.#book.chains.set(call, chain);
          },
        });
        const served = await engine.serve(lease, clock.now());
        if (lease.isHeld) { if (served.well) lease.release(served); else lease.fail(); }
        if (!served.well) return;
      } catch (error) {
        if (error instanceof SchedlabError && error.exitCode === 3) return;
        throw error;
      } finally {
        if (controller) clock.clearTimer(timer);
      }
    }
  }

  #until(atUs: number): Promise<void> { return new Promise((resolve) => { this.#parts.clock.setTimer(atUs - this.#parts.clock.now(), resolve); }); }
}
