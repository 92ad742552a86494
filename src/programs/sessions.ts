// Sessions of an application: one program each, from its explicit start to its explicit end, with tools between its calls. One that dies is reaped.
import type { Clock } from '../clock.ts';
import { checkBody, checkRequest, type AcquireRequest } from '../dispatch/request.ts';
import type { Lease } from '../dispatch/lease.ts';
import { SchedlabError } from '../errors.ts';

const US_PER_MS = 1000;
/** Programs of sessions are numbered from here; an application that numbers programs itself stays below. */
export const SESSION_PROGRAMS = 2 ** 29;

/** What sessions need of a dispatcher. */
export interface SessionHost {
  acquire(request: AcquireRequest): Promise<Lease>;
  run<T>(request: AcquireRequest, body: (lease: Lease) => Promise<T> | T): Promise<T>;
  programEnd(program: number): void;
  toolStart(program: number): void;
  toolEnd(program: number): void;
}

/** What every call of a session has in common. */
export interface SessionOptions { readonly agent?: number; readonly callClass?: number; readonly weight?: number }

export type SessionRequest = Omit<AcquireRequest, 'program'>;

/** O(1) an event. A session without a call and without a tool for `idleMs` is ended when the next one starts; policies then forget it. */
export class Sessions {
  /** Sessions that were ended because nothing was heard of them. */
  reaped = 0;
  readonly #host: SessionHost;
  readonly #clock: Clock;
  readonly #idleUs: number;
  /** Those that do nothing just now, longest first, with the time since when. */
  readonly #idle = new Map<Session, number>();
  #made = 0;
  #open = 0;

  constructor(host: SessionHost, clock: Clock, idleMs: number) {
    if (!(idleMs > 0)) throw new SchedlabError('ERR_OPTION_RANGE', `sessionIdleMs of a dispatcher accepts a number above 0, or Infinity, received ${String(idleMs)}.`, { value: idleMs });
    this.#host = host;
    this.#clock = clock;
    this.#idleUs = idleMs * US_PER_MS;
  }

  get open(): number { return this.#open; }

  /** Throws ERR_OPTION_RANGE for what no call could have. */
  start(options: SessionOptions): Session {
    const wrong = checkRequest(options);
    if (wrong !== undefined) throw wrong;
    this.reap();
    const session = new Session(this.#host, SESSION_PROGRAMS + (this.#made++ % SESSION_PROGRAMS), options, (isIdle) => { this.#turned(session, isIdle); });
    this.#open++;
    this.#turned(session, true);
    return session;
  }

  /** Ends what has been silent for too long; answers how many. O(sessions ended). */
  reap(): number {
    const sinceUs = this.#clock.now() - this.#idleUs;
    let count = 0;
    for (const [session, us] of this.#idle) {
      if (us > sinceUs) break;
      session.end();
      count++;
    }
    this.reaped += count;
    return count;
  }

  #turned(session: Session, isIdle: boolean): void {
    this.#idle.delete(session);
    if (session.isOver) this.#open--;
    else if (isIdle) this.#idle.set(session, this.#clock.now());
  }
}

/** One program: its calls, the tools between them, its end. */
export class Session {
  readonly program: number;
  isOver = false;
  readonly #host: SessionHost;
  readonly #options: SessionOptions;
  readonly #turned: (isIdle: boolean) => void;
  /** Calls that wait or hold a place, and tools that run. */
  #busy = 0;

  constructor(host: SessionHost, program: number, options: SessionOptions, turned: (isIdle: boolean) => void) {
    this.program = program;
    this.#host = host;
    this.#options = options;
    this.#turned = turned;
  }

  /** As `acquire` of the dispatcher, for a call of this program: calls are numbered in the order in which they are asked for, and each waits for the one before unless `parents` says otherwise. */
  async acquire(request: SessionRequest = {}): Promise<Lease> {
    this.#begin();
    try {
      const lease = await this.#host.acquire({ ...this.#options, ...request, program: this.program });
      lease.onEnd = () => { this.#ended(); };
      return lease;
    } catch (error) { this.#ended(); throw error; }
  }

  /** Acquires, calls `body`, and releases whatever happens; answers the body's result. */
  async run<T>(request: SessionRequest, body: (lease: Lease) => Promise<T> | T): Promise<T> {
    this.#begin();
    try { return await this.#host.run({ ...this.#options, ...request, program: this.program }, body); } finally { this.#ended(); }
  }

  /** Runs a tool, or waits for a human: policies hear that the program is outside the engines meanwhile. */
  async tool<T>(body: () => Promise<T> | T): Promise<T> {
    checkBody(body);
    this.#begin();
    this.#host.toolStart(this.program);
    try { return await body(); } finally {
      this.#host.toolEnd(this.program);
      this.#ended();
    }
  }

  /** The program is over: policies forget it. Calls that are under way end in their own time; ending twice is ending once. */
  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#turned(false);
    if (this.#busy === 0) this.#host.programEnd(this.program);
  }

  #begin(): void {
    if (this.isOver) throw new SchedlabError('ERR_NOT_POSSIBLE', 'this session has ended, so that no policy knows its program any more. Start another with openSession().', { program: this.program });
    if (this.#busy++ === 0) this.#turned(false);
  }

  #ended(): void {
    if (--this.#busy > 0) return;
    if (this.isOver) this.#host.programEnd(this.program);
    else this.#turned(true);
  }
}
