// A lease: the right to use an engine's place, to be given back exactly once.
import { SchedlabError } from '../errors.ts';
import type { CallSlot } from './calls.ts';

/** What a call used, told at its end. */
export interface Usage { readonly outputTokens?: number; readonly cachedTokens?: number }

/** What a lease needs of its dispatcher. */
export interface LeaseOwner {
  leaseEnded(lease: Lease, well: boolean, outputTokens: number, cachedTokens: number): void;
}

const HELD = 0, RELEASED = 1, ABORTED = 2;

export class Lease {
  /** Slot of the call; valid until the lease ends. */
  readonly call: CallSlot;
  readonly engine: number;
  /** How long the call waited, in ms. */
  readonly waitMs: number;
  /** Called when the dispatcher takes the place back because the call was cancelled: stop the work at once. */
  onAbort: (() => void) | undefined;
  /** Called once, when the lease has ended in whatever way. */
  onEnd: (() => void) | undefined;
  readonly #owner: LeaseOwner;
  #state = HELD;

  constructor(owner: LeaseOwner, call: CallSlot, engine: number, waitMs: number) {
    this.#owner = owner;
    this.call = call;
    this.engine = engine;
    this.waitMs = waitMs;
  }

  get isHeld(): boolean { return this.#state === HELD; }
  /** True once the call was cancelled while it held the place; the place is gone, and ending the lease does nothing. */
  get isAborted(): boolean { return this.#state === ABORTED; }

  /** Gives the place back: the call ended well. Throws ERR_LEASE_RELEASED_TWICE for a lease that has ended already. */
  release(usage?: Usage): void { this.#end(true, usage); }
  /** Gives the place back: the call failed. */
  fail(usage?: Usage): void { this.#end(false, usage); }

  /** For the dispatcher: the place was taken back. */
  abort(): void {
    if (this.#state !== HELD) return;
    this.#state = ABORTED;
    try { this.onAbort?.(); } finally { this.onEnd?.(); }
  }

  #end(well: boolean, usage: Usage | undefined): void {
    if (this.#state === ABORTED) return;
    if (this.#state === RELEASED) throw new SchedlabError('ERR_LEASE_RELEASED_TWICE', 'a lease was released twice: its place may belong to another call by now. Release once, in a finally block, or use run(), which does it for you.');
    this.#state = RELEASED;
    this.#owner.leaseEnded(this, well, usage?.outputTokens ?? 0, usage?.cachedTokens ?? 0);
    this.onEnd?.();
  }
}
