// The promise shell: what applications use. Drives the core; holds promises, timers and abort signals, and decides nothing itself.
import type { Clock, TimerId } from '../clock.ts';
import { SchedlabError } from '../errors.ts';
import { DROP_BACKPRESSURE, DROP_CANCELLED, DROP_EXPIRED, DROP_SHUTDOWN } from '../observe/lifecycle.ts';
import { CALL_RUNNING, CALL_SUBMITTED, CALL_WAITING, type CallSlot } from './calls.ts';
import { OP_GRANT, OP_REJECT } from './commands.ts';
import type { DispatchCore } from './core.ts';
import type { Forecasts } from './forecasts.ts';
import { Lease, type LeaseOwner } from './lease.ts';
import { Sessions, type Session, type SessionOptions } from '../programs/sessions.ts';
import { type AcquireRequest, checkBody, checkRequest, OWN_PROGRAMS, wholeUs } from './request.ts';

const US_PER_MS = 1000;
/** An hour. */
const SESSION_IDLE_MS = 3_600_000;

export interface DispatcherParts { readonly forecasts?: Forecasts | undefined; readonly sessionIdleMs?: number }

export type { AcquireRequest };

export interface ShutdownResult { readonly cancelledWaiters: number; readonly activeHolders: number }

/**
 * Every input settles at the end of the present instant (live: a microtask later), so the inputs of one turn are decided together.
 * A grant costs one promise and one lease.
 */
export class Dispatcher implements LeaseOwner {
  readonly core: DispatchCore;
  /** Called after each flush and before anyone is told, while the calls that ended are still readable in `core.ended`. */
  onRound: ((nowUs: number) => void) | undefined;
  /** Called before each flush: what is asked for or withdrawn in it belongs to the round. */
  beforeRound: ((nowUs: number) => void) | undefined;
  /** False where whoever listens to the lifecycle settles no promise when a call ends: such a round then tells nobody anything. */
  listenersSettle = true;
  readonly sessions: Sessions;
  readonly #clock: Clock;
  /** Programs that end with this round. */
  readonly #ending: number[] = [];
  readonly #forecasts: Forecasts | undefined;
  readonly #grant: ((lease: Lease) => void)[] = [];
  readonly #refuse: ((error: unknown) => void)[] = [];
  readonly #leases: (Lease | undefined)[] = [];
  readonly #ordinals = new Map<number, number>();
  readonly #settled = (): boolean => this.#round();
  #ownPrograms = 0;
  #asking: CallSlot = -1;
  /** One executor for all promises: a closure a call is dear. */
  readonly #ask = (resolve: (lease: Lease) => void, reject: (error: unknown) => void): void => { this.#grant[this.#asking] = resolve; this.#refuse[this.#asking] = reject; };
  /** By slot: takes the listener off the signal of a call. */
  readonly #unlisten: ((() => void) | undefined)[] = [];
  #listening = 0;
  #isSettling = false;
  #wake: TimerId | undefined;
  #wakeUs = Infinity;
  #drained: (() => void)[] = [];

  constructor(core: DispatchCore, clock: Clock, { forecasts, sessionIdleMs = SESSION_IDLE_MS }: DispatcherParts = {}) {
    this.core = core;
    this.#clock = clock;
    this.#forecasts = forecasts;
    this.sessions = new Sessions(this, clock, sessionIdleMs);
  }

  get waiting(): number { return this.core.waiting; }
  get running(): number { return this.core.running; }
  /** True while inputs wait for the end of the instant. */
  get isSettling(): boolean { return this.#isSettling; }

  /**
   * Waits for a place. Rejects with ERR_BACKPRESSURE, ERR_TIMEOUT, ERR_CANCELLED, ERR_SHUTDOWN or ERR_UNROUTABLE, or ERR_OPTION_RANGE
   * for a request that makes no sense; then nothing is held.
   * Release the lease exactly once, or use `run`.
   */
  acquire(request: AcquireRequest = {}): Promise<Lease> {
    const { core } = this, { calls } = core, { signal } = request;
    if (signal?.aborted) return Promise.reject(refusal(DROP_CANCELLED));
    const wrong = checkRequest(request);
    if (wrong !== undefined) return Promise.reject(wrong);
    const { timeoutMs } = request, program = request.program ?? OWN_PROGRAMS + (this.#ownPrograms++ % OWN_PROGRAMS), nowUs = this.#clock.now();
    const call = calls.allocate(program, request.ordinal ?? (request.program === undefined ? 0 : this.#nextOrdinal(program)), request.agent ?? 0);
    if (request.weight !== undefined) calls.weight[call] = request.weight;
    if (request.callClass !== undefined) calls.callClass[call] = request.callClass;
    if (request.promptTokens !== undefined) calls.promptTokens[call] = request.promptTokens;
    if (request.maxTokens !== undefined) calls.maxTokens[call] = request.maxTokens;
    if (request.engine !== undefined) calls.pin[call] = request.engine;
    if (request.parents !== undefined) calls.setParents(call, request.parents);
    if (timeoutMs !== undefined) calls.deadlineUs[call] = nowUs + wholeUs(timeoutMs);
    if (request.onSubmit !== undefined || this.#forecasts !== undefined) {
      try { this.#forecasts?.ask(call, request); request.onSubmit?.(call, calls.handle(call)); } catch (error) { calls.release(call); throw error; }
    }
    core.submit(call, nowUs);
    this.#settleSoon();
    this.#asking = call;
    const granted = new Promise<Lease>(this.#ask);
    if (signal !== undefined) this.#listen(call, signal);
    return granted;
  }

  /** Acquires, calls `body`, and releases whatever happens; answers the body's result. A body that throws ends the call as failed. */
  async run<T>(request: AcquireRequest, body: (lease: Lease) => Promise<T> | T): Promise<T> {
    checkBody(body);
    const lease = await this.acquire(request);
    try {
      const result = await body(lease);
      if (lease.isHeld) lease.release();
      return result;
    } catch (error) {
      if (lease.isHeld) lease.fail();
      throw error;
    }
  }

  /** Withdraws a call by its handle while it waits or runs; answers whether there was something to withdraw. The handle of a call that has ended is stale: a no-op. */
  cancel(handle: number): boolean {
    const call = this.core.calls.resolve(handle), state = call < 0 ? -1 : this.core.calls.state[call];
    if (state !== CALL_SUBMITTED && state !== CALL_WAITING && state !== CALL_RUNNING) return false;
    this.core.cancel(call);
    this.#settleSoon();
    return true;
  }

  /** A new engine joins; answers its number. */
  addEngine(window: number): number { return this.#changed(this.core.addEngine(window, this.#clock.now())); }
  /** The engine takes no more calls; those that run on it go on. */
  engineDown(engine: number): void { this.#changed(this.core.engineDown(engine, this.#clock.now())); }
  engineUp(engine: number): void { this.#changed(this.core.engineUp(engine, this.#clock.now())); }
  setWindow(engine: number, window: number): void { this.#changed(this.core.setWindow(engine, window)); }

  /** Refuses what waits and what comes, and waits until every place is given back, or `timeoutMs` has passed. */
  async shutdown(timeoutMs = 30_000): Promise<ShutdownResult> {
    if (!(timeoutMs >= 0)) throw new SchedlabError('ERR_OPTION_RANGE', `timeoutMs accepts a number from 0, received ${timeoutMs}.`);
    this.core.close(this.#clock.now());
    const { op, engine, count } = this.core.commands;
    let cancelledWaiters = 0;
    for (let i = 0; i < count; i++) if (op[i] === OP_REJECT && engine[i] === DROP_SHUTDOWN) cancelledWaiters++;
    this.#carryOut();
    if (this.core.running > 0) {
      let timer: TimerId | undefined;
      await new Promise<void>((resolve) => { this.#drained.push(resolve); if (timeoutMs !== Infinity) timer = this.#clock.setTimer(wholeUs(timeoutMs), resolve); });
      if (timer !== undefined) this.#clock.clearTimer(timer);
    }
    return { cancelledWaiters, activeHolders: this.core.running };
  }

  leaseEnded(lease: Lease, well: boolean, outputTokens: number, cachedTokens: number): void {
    this.#leases[lease.call] = undefined;
    this.#forgetSignal(lease.call);
    if (well) this.core.complete(lease.call, outputTokens, cachedTokens);
    else this.core.fail(lease.call);
    this.#settleSoon();
  }

  /** The listener outlives the grant, so that a running call can be withdrawn too; it goes with the call, so that one signal may serve many. */
  #listen(call: CallSlot, signal: AbortSignal): void {
    const handle = this.core.calls.handle(call), onAbort = (): void => { this.cancel(handle); };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#unlisten[call] = () => { signal.removeEventListener('abort', onAbort); };
    this.#listening++;
  }

  #forgetSignal(call: CallSlot): void {
    if (this.#listening === 0) return;
    const unlisten = this.#unlisten[call];
    if (unlisten === undefined) return;
    this.#unlisten[call] = undefined;
    this.#listening--;
    unlisten();
  }

  #nextOrdinal(program: number): number {
    const ordinal = this.#ordinals.get(program) ?? 0;
    this.#ordinals.set(program, ordinal + 1);
    return ordinal;
  }

  /** A program is over: its ordinals are forgotten, and policies drop its row once they have heard of what has just ended. */
  programEnd(program: number): void {
    this.#ordinals.delete(program);
    if (this.#isSettling) this.#ending.push(program);
    else this.core.programEnd(program, this.#clock.now());
  }

  /** A program is outside the engines from now on, with a tool or a human; and back again. */
  toolStart(program: number): void { for (const policy of this.core.policies) policy.toolStart?.(program, this.#clock.now()); }
  toolEnd(program: number): void { for (const policy of this.core.policies) policy.toolEnd?.(program, this.#clock.now()); }

  /** Starts a session: a program whose calls, tools and end are told through it. */
  openSession(options: SessionOptions = {}): Session { return this.sessions.start(options); }

  #changed<T>(value: T): T { this.#settleSoon(); return value; }

  #settleSoon(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    this.#clock.settle(this.#settled);
  }

  /** Answers whether anybody was told anything. */
  #round(): boolean {
    const nowUs = this.#clock.now();
    this.beforeRound?.(nowUs);
    this.#isSettling = false;
    this.core.flush(nowUs, this.isOpen?.(nowUs) ?? true);
    return this.#carryOut();
  }

  /** False from the instant on at which nothing more may be granted: the end of a window. */
  isOpen: ((nowUs: number) => boolean) | undefined;

  #carryOut(): boolean {
    const { core } = this, { op, call, engine, count } = core.commands, nowUs = this.#clock.now();
    this.onRound?.(nowUs);
    if (this.#ending.length > 0) for (const program of this.#ending.splice(0)) core.programEnd(program, nowUs);
    if (this.#ownPrograms > 0) this.#endOwnPrograms(nowUs);
    let aborted: Lease[] | undefined;
    for (let i = 0; i < count; i++) {
      const slot = call[i];
      if (op[i] === OP_GRANT) {
        const lease = new Lease(this, slot, engine[i], (core.calls.grantedUs[slot] - core.calls.arrivedUs[slot]) / US_PER_MS);
        this.#leases[slot] = lease;
        this.#grant[slot](lease);
        continue;
      }
      this.#forgetSignal(slot);
      if (op[i] === OP_REJECT) { this.#refuse[slot](refusal(engine[i])); continue; }
      const lease = this.#leases[slot];
      this.#leases[slot] = undefined;
      if (lease !== undefined) (aborted ??= []).push(lease);
    }
    if (core.running === 0 && core.closed) for (const resolve of this.#drained.splice(0)) resolve();
    this.#armWake(nowUs);
    if (aborted !== undefined) abortAll(aborted);
    return count > 0 || (this.listenersSettle && core.endedCount > 0) || core.closed;
  }

  /** A call without a program is one of its own, over when the call is. */
  #endOwnPrograms(nowUs: number): void {
    const { core } = this, { program } = core.calls;
    for (let i = 0; i < core.endedCount; i++) if (program[core.ended[i]] >= OWN_PROGRAMS) core.programEnd(program[core.ended[i]], nowUs);
  }

  #armWake(nowUs: number): void {
    const { wakeUs } = this.core;
    if (wakeUs === this.#wakeUs) return;
    if (this.#wake !== undefined) this.#clock.clearTimer(this.#wake);
    this.#wake = undefined;
    this.#wakeUs = wakeUs;
    if (wakeUs !== Infinity) this.#wake = this.#clock.setTimer(wakeUs - nowUs, () => { this.#wake = undefined; this.#wakeUs = Infinity; this.#settleSoon(); });
  }
}

/** Runs strangers' code, after everything else is in order: what one throws must not keep the others from being told. */
function abortAll(leases: readonly Lease[]): void {
  const thrown: unknown[] = [];
  for (const lease of leases) try { lease.abort(); } catch (error) { thrown.push(error); }
  if (thrown.length > 0) throw thrown[0];
}

/** The error for a refused call, by the reason of its end. */
export function refusal(reason: number): SchedlabError {
  switch (reason) {
    case DROP_BACKPRESSURE: return new SchedlabError('ERR_BACKPRESSURE', 'refused: as many calls wait as may wait. Try again later, or raise maxWaiters.');
    case DROP_EXPIRED: return new SchedlabError('ERR_TIMEOUT', 'refused: no place became free within timeoutMs.');
    case DROP_SHUTDOWN: return new SchedlabError('ERR_SHUTDOWN', 'refused: the dispatcher is shutting down.');
    case DROP_CANCELLED: return new SchedlabError('ERR_CANCELLED', 'the call was withdrawn before it was served.');
    default: return new SchedlabError('ERR_UNROUTABLE', 'refused: the engine that alone may serve this call does not take calls.');
  }
}
