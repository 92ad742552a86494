// The kernel: takes events in order, moves time, and says when an instant is dry. It knows no scheduler and no promise.
import { SchedlabError } from '../../src/errors.ts';
import { DeadlineHeap } from './deadline-heap.ts';
import { EventQueue } from './event-queue.ts';
import type { TieMode } from './event-queue.ts';

/** Events carry their kind in the low 4 bits of the payload and their subject above. */
const KIND_BITS = 4;
export const MOST_KINDS = 1 << KIND_BITS;
const KIND_MASK = MOST_KINDS - 1;
/** Subjects are non-negative integers below this. */
export const SUBJECT_LIMIT = 1 << (31 - KIND_BITS);
const LATEST_US = Number.MAX_SAFE_INTEGER;

export interface KernelOptions {
  readonly ties?: TieMode;
  /** Seed of mode `shuffle`. */
  readonly seed?: string;
  /** Most events, and most rounds, in one instant; 100,000. */
  readonly zenoLimit?: number;
  /** Events that the list holds before it grows. */
  readonly capacity?: number;
}

/**
 * A sequential discrete-event kernel. Time is integer microseconds; simultaneous events go in order of scheduling.
 * An instant ends when no event of its microsecond is left; if `dirty` is set then, `onDry` is called before time moves. Events that it
 * schedules at the same microsecond are the next round of the instant. Nothing is allocated per event.
 */
export class Kernel {
  /** Now, in integer microseconds. */
  nowUs = 0;
  /** Events taken since the start. */
  events = 0;
  /** Calls of `onDry` since the start. */
  rounds = 0;
  /** Somebody wants `onDry` at the end of this instant. */
  dirty = false;
  /** Called when the instant is dry and `dirty` was set (and has been cleared). */
  onDry: ((nowUs: number) => void) | null = null;
  /** A promise that production code awaits was settled: the async driver must let the promise queue run before the next event. */
  promisesDirty = false;
  /** `stop` was called since the last `run`. */
  stopped = false;
  readonly #queue: EventQueue;
  readonly #deadlines = new DeadlineHeap();
  readonly #handlers: ((subject: number) => void)[] = [];
  /** Kinds that have a handler. */
  #kinds = 0;
  readonly #zenoLimit: number;
  /** Value of `events` and of `rounds` when the present instant began. */
  #instantEvents = 0;
  #instantRounds = 0;

  constructor(options: KernelOptions = {}) {
    this.#queue = new EventQueue(options.capacity ?? 1024, options.ties ?? 'fifo', options.seed ?? '');
    this.#zenoLimit = options.zenoLimit ?? 100_000;
  }

  /** Events that are scheduled, deadlines included. */
  get pending(): number { return this.#queue.size + this.#deadlines.size; }

  /** Registers what handles one kind of event and returns the kind. At most 16. */
  handler(fn: (subject: number) => void): number {
    if (this.#handlers.length === MOST_KINDS) throw new SchedlabError('ERR_INVARIANT', `a kernel has at most ${MOST_KINDS} kinds of events; give several meanings to one kind by its subject`);
    this.#handlers.push(fn);
    return this.#kinds++;
  }

  /**
   * Schedules an event that is never cancelled. O(log n), O(1) at the present instant.
   * @param atUs integer microseconds, not before now
   * @param subject an integer in [0, 2^27)
   * @throws ERR_INVARIANT for a time in the past, a time or a subject that is not such a number, a kind without handler
   */
  schedule(atUs: number, kind: number, subject: number): void {
    if (!(atUs >= this.nowUs) || atUs > LATEST_US || Math.floor(atUs) !== atUs || (subject & (SUBJECT_LIMIT - 1)) !== subject || kind >>> 0 >= this.#kinds) this.#refuse(atUs, kind, subject);
    this.#queue.push(atUs, (subject << KIND_BITS) | kind);
  }

  /** Schedules an event that can be cancelled, and usually is. Returns its handle, a positive integer. */
  scheduleDeadline(atUs: number, kind: number, subject: number): number {
    if (!(atUs >= this.nowUs) || atUs > LATEST_US || Math.floor(atUs) !== atUs || (subject & (SUBJECT_LIMIT - 1)) !== subject || kind >>> 0 >= this.#kinds) this.#refuse(atUs, kind, subject);
    return this.#deadlines.push(atUs, this.#queue.nextKey(), (subject << KIND_BITS) | kind);
  }

  /** Takes a deadline out; false when it has come or was cancelled before. */
  cancelDeadline(handle: number): boolean { return this.#deadlines.remove(handle); }

  /** Time of the next event, Infinity when there is none. */
  nextUs(): number { return Math.min(this.#queue.peekUs(), this.#deadlines.topUs); }

  /** Ends `run` after the event in hand. */
  stop(): void { this.stopped = true; }

  /**
   * Takes events until none is left, one is later than `untilUs`, or `stop` was called. Events at exactly `untilUs` are taken.
   * With a finite `untilUs` the clock stands at its whole microsecond afterwards (unless stopped), and what is later stays scheduled.
   */
  run(untilUs = Infinity): void {
    const queue = this.#queue, deadlines = this.#deadlines, handlers = this.#handlers, limit = this.#zenoLimit;
    this.stopped = false;
    if (untilUs < this.nowUs) return;
    let zenoAt = this.#instantEvents + limit;
    while (!this.stopped) {
      let atUs = queue.peekUs();
      const deadlineUs = deadlines.topUs;
      const isDeadline = deadlineUs <= atUs && (deadlineUs < atUs || (deadlineUs !== Infinity && deadlines.peekSeq() < queue.peekKey()));
      if (isDeadline) atUs = deadlineUs;
      if (atUs !== this.nowUs) {
        if (this.dirty) { this.#dry(); continue; }
        if (atUs > untilUs || atUs === Infinity) break;
        this.nowUs = atUs;
        this.#instantEvents = this.events;
        this.#instantRounds = this.rounds;
        zenoAt = this.events + limit;
      }
      if (this.events++ >= zenoAt) this.#zeno('events');
      let payload: number;
      if (isDeadline) { payload = deadlines.pop(); queue.advanceTo(atUs); } else payload = queue.pop();
      handlers[payload & KIND_MASK]!(payload >> KIND_BITS);
    }
    if (!this.stopped && untilUs !== Infinity && untilUs > this.nowUs) this.#moveTo(Math.floor(untilUs));
  }

  /**
   * Takes one event, or runs `onDry` where the instant is dry, for drivers that have work of their own between events.
   * Returns false when no event up to `untilUs` is left.
   */
  step(untilUs = Infinity): boolean {
    if (untilUs < this.nowUs) return false;
    const atUs = this.nextUs();
    if (atUs !== this.nowUs) {
      if (this.dirty) { this.#dry(); return true; }
      if (atUs > untilUs || atUs === Infinity) return false;
      this.#moveTo(atUs);
    }
    if (this.events++ >= this.#instantEvents + this.#zenoLimit) this.#zeno('events');
    const payload = this.#take(atUs);
    this.#handlers[payload & KIND_MASK]!(payload >> KIND_BITS);
    return true;
  }

  /** Removes the first event, which is at `atUs`, and returns its payload. */
  #take(atUs: number): number {
    const queue = this.#queue, deadlines = this.#deadlines;
    if (deadlines.topUs !== atUs || (queue.peekUs() === atUs && queue.peekKey() < deadlines.peekSeq())) return queue.pop();
    queue.advanceTo(atUs);
    return deadlines.pop();
  }

  #moveTo(atUs: number): void {
    this.nowUs = atUs;
    this.#queue.advanceTo(atUs);
    this.#instantEvents = this.events;
    this.#instantRounds = this.rounds;
  }

  #dry(): void {
    this.dirty = false;
    if (++this.rounds - this.#instantRounds > this.#zenoLimit) this.#zeno('rounds');
    this.onDry?.(this.nowUs);
  }

  #refuse(atUs: number, kind: number, subject: number): never {
    const why = atUs < this.nowUs ? `it is ${this.nowUs - atUs} µs in the past` : kind >>> 0 >= this.#kinds ? 'the kind has no handler' : Number.isSafeInteger(atUs) ? `subject ${subject} is not an integer in [0, 2^27)` : 'times are whole microseconds, finite and below 2^53';
    throw new SchedlabError('ERR_INVARIANT', `cannot schedule an event of kind ${kind} at ${atUs} µs (now ${this.nowUs} µs): ${why}`, { atUs, nowUs: this.nowUs, kind, subject });
  }

  /** The next few events of the instant show who goes round in circles. */
  #zeno(what: 'events' | 'rounds'): never {
    const kinds = new Set<number>();
    for (let left = 32; left > 0 && this.nextUs() === this.nowUs; left--) kinds.add(this.#take(this.nowUs) & KIND_MASK);
    const named = [...kinds].sort((a, b) => a - b).map((kind) => `${kind} (${this.#handlers[kind]?.name || 'anonymous'})`);
    throw new SchedlabError('ERR_ZENO', `time does not move: more than ${this.#zenoLimit} ${what} at ${this.nowUs} µs; ${named.length > 0 ? `the next events are of kind ${named.join(', ')}` : 'no event is left, but every round asks for another'}. Something schedules at its own instant without end; give it a delay, or raise zenoLimit if the burst is meant`, { nowUs: this.nowUs, kinds: [...kinds] });
  }
}
