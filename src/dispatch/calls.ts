// The call table: one dense slot a call, attributes in typed columns. Text ids live in the shells and writers.

/** A call's dense slot, reused after the call ended. Outside the core a call is slot and generation: see `CallTable.handle`. */
export type CallSlot = number;

export const CALL_FREE = 0;
export const CALL_SUBMITTED = 1;
export const CALL_WAITING = 2;
export const CALL_RUNNING = 3;
export const CALL_ENDED = 4;

/** Calls of one program are ordered by their ordinal; this many fit into one program. */
export const ORDINALS_PER_PROGRAM = 1 << 20;

/** What a policy or a balancer may read of a call. No true output length here: that is the knowledge view's to tell. */
export interface CallView {
  /** Program number, given by the workload. */ readonly program: Int32Array;
  /** Place of the call within its program. */ readonly ordinal: Int32Array;
  /** program × 2^20 + ordinal: orders simultaneous events. */ readonly key: Float64Array;
  readonly agent: Int32Array;
  readonly callClass: Int32Array;
  /** Engine that alone may serve the call; −1: any. */ readonly pin: Int32Array;
  /** Declared weight, ≥ 0. */ readonly weight: Float64Array;
  readonly promptTokens: Int32Array;
  /** Sampling limit, 0: none. */ readonly maxTokens: Int32Array;
  readonly arrivedUs: Float64Array;
  readonly grantedUs: Float64Array;
  /** Engine the call was routed to or granted on; −1 before. */ readonly engine: Int32Array;
  /** CALL_WAITING, CALL_RUNNING, … */ readonly state: Uint8Array;
  /** Usage, known when the call has ended. */ readonly outputTokens: Int32Array;
  readonly cachedTokens: Int32Array;
  /** Ordinals of the calls of its program that the call waited for; empty: a root. Nothing where nobody said so: a chain, whose calls wait for the one before. */
  parentsOf(call: CallSlot): readonly number[] | undefined;
}

/** Parents of one call; `generation` tells whether the slot still holds that call. */
interface Parents { readonly generation: number; readonly ordinals: readonly number[] }

export class CallTable implements CallView {
  program: Int32Array; ordinal: Int32Array; key: Float64Array; agent: Int32Array; callClass: Int32Array; pin: Int32Array;
  weight: Float64Array; promptTokens: Int32Array; maxTokens: Int32Array; arrivedUs: Float64Array; grantedUs: Float64Array;
  engine: Int32Array; state: Uint8Array; outputTokens: Int32Array; cachedTokens: Int32Array;
  /** First service on an engine, and first token; −1 before. Written by engines. */
  scheduledUs: Float64Array; firstTokenUs: Float64Array; preemptions: Int32Array;
  /** How the call ended: 0 well, else a DROP_… reason; holds once `state` is CALL_ENDED. */
  outcome: Uint8Array;
  /** Instant at which a waiting call is refused; Infinity: never. */
  deadlineUs: Float64Array;
  /** Counts how often the slot was reused: a handle with another generation is stale. */
  generation: Int32Array;
  /** Slots in use. */
  open = 0;
  #free: Int32Array;
  #freeCount: number;
  /** By slot, for calls of DAGs alone. */
  readonly #parents: (Parents | undefined)[] = [];

  constructor(capacity = 64) {
    const n = Math.max(1, capacity);
    this.program = new Int32Array(n); this.ordinal = new Int32Array(n); this.key = new Float64Array(n); this.agent = new Int32Array(n);
    this.callClass = new Int32Array(n); this.pin = new Int32Array(n); this.weight = new Float64Array(n); this.promptTokens = new Int32Array(n);
    this.maxTokens = new Int32Array(n); this.arrivedUs = new Float64Array(n); this.grantedUs = new Float64Array(n); this.engine = new Int32Array(n);
    this.state = new Uint8Array(n); this.outputTokens = new Int32Array(n); this.cachedTokens = new Int32Array(n);
    this.scheduledUs = new Float64Array(n); this.firstTokenUs = new Float64Array(n); this.preemptions = new Int32Array(n);
    this.outcome = new Uint8Array(n); this.deadlineUs = new Float64Array(n); this.generation = new Int32Array(n);
    this.#free = new Int32Array(n);
    for (let i = 0; i < n; i++) this.#free[i] = n - 1 - i;
    this.#freeCount = n;
  }

  get capacity(): number { return this.state.length; }

  /** Opens a slot (last freed first, so that the hot slots stay in cache). The caller fills further columns before `submit`. O(1). */
  allocate(program: number, ordinal: number, agent: number): CallSlot {
    if (this.#freeCount === 0) this.#grow();
    const slot = this.#free[--this.#freeCount];
    this.open++;
    this.program[slot] = program;
    this.ordinal[slot] = ordinal;
    this.key[slot] = program * ORDINALS_PER_PROGRAM + ordinal;
    this.agent[slot] = agent;
    this.callClass[slot] = 0;
    this.pin[slot] = -1;
    this.weight[slot] = 1;
    this.promptTokens[slot] = 0;
    this.maxTokens[slot] = 0;
    this.engine[slot] = -1;
    this.grantedUs[slot] = -1;
    this.scheduledUs[slot] = -1;
    this.firstTokenUs[slot] = -1;
    this.preemptions[slot] = 0;
    this.outputTokens[slot] = 0;
    this.cachedTokens[slot] = 0;
    this.deadlineUs[slot] = Infinity;
    this.state[slot] = CALL_SUBMITTED;
    return slot;
  }

  /** Gives the slot back and makes every handle to it stale. O(1). */
  release(slot: CallSlot): void {
    this.state[slot] = CALL_FREE;
    // Handles must stay below 2^53; a slot's generation comes again after 2^27 calls.
    this.generation[slot] = (this.generation[slot] + 1) & 0x7ffffff;
    this.#free[this.#freeCount++] = slot;
    this.open--;
  }

  /** Slot and generation in one number, for shells that hand calls to strangers. */
  handle(slot: CallSlot): number { return this.generation[slot] * 0x4000000 + slot; }

  /** The slot of a handle, or −1 if the call has ended since. */
  resolve(handle: number): CallSlot {
    const slot = handle % 0x4000000;
    return this.generation[slot] === (handle - slot) / 0x4000000 ? slot : -1;
  }

  /** Says which calls of its program this one waited for. The caller keeps the list as it is. O(1). */
  setParents(slot: CallSlot, ordinals: readonly number[]): void {
    while (this.#parents.length <= slot) this.#parents.push(undefined);
    this.#parents[slot] = { generation: this.generation[slot], ordinals };
  }

  parentsOf(slot: CallSlot): readonly number[] | undefined {
    const parents = slot < this.#parents.length ? this.#parents[slot] : undefined;
    return parents !== undefined && parents.generation === this.generation[slot] ? parents.ordinals : undefined;
  }

  #grow(): void {
    const old = this.capacity, n = old * 2;
    const wide = <T extends Float64Array | Int32Array | Uint8Array>(from: T): T => {
      const to = new (from.constructor as new (n: number) => T)(n);
      to.set(from);
      return to;
    };
    this.program = wide(this.program); this.ordinal = wide(this.ordinal); this.key = wide(this.key); this.agent = wide(this.agent);
    this.callClass = wide(this.callClass); this.pin = wide(this.pin); this.weight = wide(this.weight); this.promptTokens = wide(this.promptTokens);
    this.maxTokens = wide(this.maxTokens); this.arrivedUs = wide(this.arrivedUs); this.grantedUs = wide(this.grantedUs); this.engine = wide(this.engine);
    this.state = wide(this.state); this.outputTokens = wide(this.outputTokens); this.cachedTokens = wide(this.cachedTokens);
    this.scheduledUs = wide(this.scheduledUs); this.firstTokenUs = wide(this.firstTokenUs); this.preemptions = wide(this.preemptions);
    this.outcome = wide(this.outcome); this.deadlineUs = wide(this.deadlineUs); this.generation = wide(this.generation);
    this.#free = new Int32Array(n);
    for (let i = n - 1; i >= old; i--) this.#free[this.#freeCount++] = i;
  }
}
