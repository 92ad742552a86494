// An engine that does what its script says, in virtual time: takes so long, answers this, fails with that. Notes what it was asked.
import { SchedlabError } from '../../src/errors.ts';
import type { Lease } from '../../src/dispatch/lease.ts';
import type { TestClock } from './test-clock.ts';

/** What happens to one call: it takes `takesMs`, then answers, or fails with an error or with this text. */
export interface Step<T = unknown> {
  readonly takesMs: number;
  readonly answer?: T;
  readonly fails?: string | Error;
}

/** Steps in the order of the calls, the last one again and again; or a function of the call's number, from 0, and of what was asked. */
export type EngineScript<T> = Step<T> | readonly Step<T>[] | ((ordinal: number, asked: unknown) => Step<T>);

export interface ServeOptions {
  /** What the caller asks; noted, and handed to a script that is a function. */
  readonly asked?: unknown;
  /** The lease under which the call runs: where the dispatcher takes it back, the call is cut short. Sets its `onAbort`. */
  readonly lease?: Pick<Lease, 'onAbort'>;
  readonly signal?: AbortSignal;
}

/** One call as the engine saw it, in ms of virtual time. `endMs` is NaN while it runs. */
export interface Served {
  readonly asked: unknown;
  readonly startMs: number;
  readonly endMs: number;
  readonly ended: 'running' | 'well' | 'failed' | 'aborted';
}

export class TestEngine<T = unknown> {
  /** Every call, in the order in which they came. */
  readonly calls: readonly Served[];
  readonly #calls: { -readonly [K in keyof Served]: Served[K] }[] = [];
  readonly #clock: TestClock;
  readonly #script: EngineScript<T>;
  #running = 0;
  #most = 0;

  constructor(clock: TestClock, script: EngineScript<T>) {
    if (Array.isArray(script) && script.length === 0) throw new SchedlabError('ERR_USAGE', 'the script of an engine has no step. Give it one, such as { takesMs: 10 }.');
    this.calls = this.#calls;
    this.#clock = clock;
    this.#script = script;
  }

  /** Calls that run now, and the most that ever ran at once: what a window has to bound. */
  get running(): number { return this.#running; }
  get mostAtOnce(): number { return this.#most; }

  /** Serves one call by its step. Rejects with the step's error, or with ERR_CANCELLED where it is cut short. */
  serve(options: ServeOptions = {}): Promise<T> {
    const { asked, lease, signal } = options, ordinal = this.#calls.length, step = this.#stepOf(ordinal, asked);
    const call = { asked, startMs: this.#clock.nowMs(), endMs: NaN, ended: 'running' as Served['ended'] };
    this.#calls.push(call);
    this.#most = Math.max(this.#most, ++this.#running);
    return new Promise<T>((resolve, reject) => {
      const end = (ended: Served['ended']): void => {
        this.#running--;
        call.endMs = this.#clock.nowMs();
        call.ended = ended;
        signal?.removeEventListener('abort', abort);
      };
      const timer = this.#clock.setTimeout(() => {
        end(step.fails === undefined ? 'well' : 'failed');
        if (step.fails === undefined) resolve(step.answer as T);
        else reject(step.fails instanceof Error ? step.fails : new Error(step.fails));
      }, step.takesMs);
      const abort = (): void => {
        if (call.ended !== 'running') return;
        this.#clock.clearTimeout(timer);
        end('aborted');
        reject(new SchedlabError('ERR_CANCELLED', `call ${ordinal} of the engine was cut short at ${call.endMs} ms.`, { ordinal }));
      };
      if (lease !== undefined) lease.onAbort = abort;
      if (signal?.aborted) abort(); else signal?.addEventListener('abort', abort, { once: true });
    });
  }

  #stepOf(ordinal: number, asked: unknown): Step<T> {
    const script = this.#script;
    const step = typeof script === 'function' ? script(ordinal, asked) : Array.isArray(script) ? (script as readonly Step<T>[])[Math.min(ordinal, script.length - 1)]! : script as Step<T>;
    if (!(step.takesMs >= 0 && step.takesMs < Infinity)) throw new SchedlabError('ERR_OPTION_RANGE', `takesMs of a step accepts a number from 0, received ${String(step.takesMs)} for call ${ordinal}.`, { ordinal });
    return step;
  }
}

/** An engine on this clock. `serve()` is what the body of `dispatcher.run` or `scheduler.acquire` calls. */
export function scriptedEngine<T = unknown>(clock: TestClock, script: EngineScript<T>): TestEngine<T> { return new TestEngine(clock, script); }
