// One request in a batch engine: what it asks for, and how far it has come.
import { ContentCursor, type Content, type ContentTable } from './content.ts';

export const REQUEST_WAITING = 0;
export const REQUEST_RUNNING = 1;
export const REQUEST_PREEMPTED = 2;
export const REQUEST_ENDED = 3;
export type RequestState = 0 | 1 | 2 | 3;

export interface RequestSpec {
  /** Breaks ties of the priority policy: text by code units, numbers by size. */
  readonly id: string | number;
  readonly content: Content;
  readonly outputTokens: number;
  /** Segment of the answer, for a later prompt that repeats it. */
  readonly outputSegment: number;
  /** Lower goes first; 0. */
  readonly priority?: number;
  /** Compared only. */
  readonly arrival?: number;
  /** The caller's own number for it. */
  readonly tag?: number;
}

export class BatchRequest {
  readonly id: string | number;
  readonly priority: number;
  readonly arrival: number;
  readonly tag: number;
  readonly promptTokens: number;
  /** Output tokens after which it ends, the length limit of the model included. */
  readonly mostOutput: number;
  state: RequestState = REQUEST_WAITING;
  /** No token since it was admitted last. */
  isCatchingUp = false;
  /** Output tokens delivered. */
  outputs = 0;
  /** Tokens whose step has been scheduled (R14). */
  computed = 0;
  /** Tokens sampled by steps whose result is not known yet: asynchronous scheduling only. */
  inFlight = 0;
  readonly blocks: number[] = [];
  /** Leading blocks that can be found. */
  published = 0;
  preemptions = 0;
  /** Prefix-cache hit of the first admission, in tokens; −1 before. */
  cachedTokens = -1;
  /** Last step that it was part of. */
  lastStep = 0;
  next: BatchRequest | null = null;
  previous: BatchRequest | null = null;
  readonly #cursor: ContentCursor;
  readonly #identities: number[] = [];

  constructor(spec: RequestSpec, table: ContentTable, maxModelLen: number) {
    this.id = spec.id;
    this.priority = spec.priority ?? 0;
    this.arrival = spec.arrival ?? 0;
    this.tag = spec.tag ?? -1;
    let tokens = 0;
    for (const [, n] of spec.content) tokens += n;
    this.promptTokens = tokens;
    this.mostOutput = Math.min(spec.outputTokens, maxModelLen - tokens);
    this.#cursor = new ContentCursor(table, spec.content, spec.outputSegment, spec.outputTokens);
  }

  /** Tokens that exist: prompt and delivered output (R1). */
  get known(): number { return this.promptTokens + this.outputs; }

  /** Identity of a full block of known tokens. */
  identity(block: number): number {
    while (this.#identities.length <= block) this.#identities.push(this.#cursor.next());
    return this.#identities[block];
  }

  /** Comes before another under the priority policy (R2). */
  precedes(other: BatchRequest): boolean {
    if (this.priority !== other.priority) return this.priority < other.priority;
    if (this.arrival !== other.arrival) return this.arrival < other.arrival;
    return this.id < other.id;
  }
}
