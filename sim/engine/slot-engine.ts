// The slot engine: c places, each serves one call to its end, then the next of its own first-come queue. Queueing mode: theory is exact here.
import type { CallSlot, CallTable } from '../../src/dispatch/calls.ts';
import type { Engine, EngineEvents, EngineSignals } from '../../src/engines/engine.ts';
import { CallList } from '../../src/policies/call-list.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { tokensBy, type Work } from './work.ts';

/** What a slot engine is built from. `kind` is the kernel's event kind whose subject is a call that may have finished. */
export interface SlotEngineParts {
  readonly number: number;
  readonly slots: number;
  readonly kernel: Kernel;
  readonly kind: number;
  readonly calls: CallTable;
  readonly work: Work;
  readonly events: EngineEvents;
  /** True where more calls may come than there are places: all of them queue, and the queue is asked once a round. */
  readonly queues?: boolean;
}

/** A simulated engine: the port, and the handler of its own kernel events. */
export interface SimulatedEngine extends Engine {
  onEvent(subject: number, nowUs: number): void;
  /** Engines that go step by step: their events have the engine's number as subject. True: `decide` must be asked at the end of the instant. */
  stepped?(nowUs: number): boolean;
  /** Places in use. */
  readonly busy: number;
  /** Tokens that a call which is about to be withdrawn has produced here. Changes nothing. */
  producedTokens?(call: CallSlot, nowUs: number): number;
  /** Where a call may lose its place: µs for which it has been served until now, or until its end. */
  servedUs?(call: CallSlot, nowUs: number): number;
  /** `decide` would decide something. Absent: it may always. */
  readonly hasNews?: boolean;
}

/** Engines are asked together or not at all: whether one was asked in an instant must not depend on the shell. */
export function haveNews(engines: readonly SimulatedEngine[]): boolean {
  for (let e = 0; e < engines.length; e++) if (engines[e].hasNews !== false) return true;
  return false;
}

/** Non-preemptive, first come first served. O(1) an event beside the kernel's own queue; nothing is allocated per call. */
export class SlotEngine implements SimulatedEngine {
  busy = 0;
  readonly #number: number;
  readonly #slots: number;
  readonly #kernel: Kernel;
  readonly #kind: number;
  readonly #calls: CallTable;
  readonly #work: Work;
  readonly #events: EngineEvents;
  readonly #queues: boolean;
  readonly #queue = new CallList();
  /** Instant at which the call in a slot finishes; −1: it is not being served. An event of any other instant is stale. */
  #dueUs = new Float64Array(64).fill(-1);

  constructor(parts: SlotEngineParts) {
    this.#number = parts.number;
    this.#slots = parts.slots;
    this.#kernel = parts.kernel;
    this.#kind = parts.kind;
    this.#calls = parts.calls;
    this.#work = parts.work;
    this.#events = parts.events;
    this.#queues = parts.queues ?? false;
  }

  submit(call: CallSlot, nowUs: number): void {
    if (this.#queues) this.#queue.append(call);
    else this.#start(call, nowUs);
  }

  abort(call: CallSlot): void {
    if (call < this.#dueUs.length && this.#dueUs[call] >= 0) { this.#dueUs[call] = -1; this.busy--; }
    else this.#queue.remove(call);
  }

  decide(nowUs: number): void {
    while (this.#queue.size > 0 && this.busy < this.#slots) {
      const call = this.#queue.head;
      this.#queue.remove(call);
      this.#start(call, nowUs);
      this.#events.scheduled(this.#number, call, nowUs);
    }
  }

  onEvent(call: CallSlot, nowUs: number): void {
    if (this.#dueUs[call] !== nowUs) return;
    this.#dueUs[call] = -1;
    this.busy--;
    this.#events.finished(this.#number, call, nowUs, this.#work.outputTokens[call], 0);
  }

  producedTokens(call: CallSlot, nowUs: number): number { return call < this.#dueUs.length && this.#dueUs[call] >= 0 ? tokensBy(this.#work, call, nowUs - this.#calls.scheduledUs[call]) : 0; }

  signals(): EngineSignals { return { atUs: this.#kernel.nowUs, running: this.busy, waiting: this.#queue.size, kvUse: NaN }; }

  #start(call: CallSlot, nowUs: number): void {
    const work = this.#work, calls = this.#calls;
    if (call >= this.#dueUs.length) this.#grow(call);
    this.busy++;
    const dueUs = nowUs + work.serviceUs[call];
    this.#dueUs[call] = dueUs;
    calls.scheduledUs[call] = nowUs;
    if (work.outputTokens[call] > 0) calls.firstTokenUs[call] = nowUs + work.firstTokenUs[call];
    this.#kernel.schedule(dueUs, this.#kind, call);
  }

  #grow(call: CallSlot): void {
    const wide = new Float64Array(Math.max(this.#dueUs.length * 2, call + 1)).fill(-1);
    wide.set(this.#dueUs);
    this.#dueUs = wide;
  }
}
