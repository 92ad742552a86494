// One request in a bulk engine: what is written of it changes when it is admitted, preempted or ends, never by the token.
import { ContentCursor, FIRST_OWN, type ContentTable } from './content.ts';
import { REQUEST_WAITING, type RequestSpec, type RequestState } from './request.ts';

/** Numbers of a run, and what stands where behind its node. */
const RUN = 3, PLACE = 1, START = 2;

export class BulkRequest {
  readonly id: string | number;
  readonly tag: number;
  readonly promptTokens: number;
  readonly mostOutput: number;
  state: RequestState = REQUEST_WAITING;
  /** Output tokens delivered; while it decodes, as of the step in which it began to. */
  outputs = 0;
  /** Tokens scheduled; while it decodes, counted by the decoders. */
  computed = 0;
  /** Tokens sampled are `base` + steps planned, once it decodes. */
  base = 0;
  isDecoding = false;
  /** What it generates is content that other prompts may hold. */
  readonly sharesOutput: boolean;
  /** Its last token is in flight: asynchronous scheduling only. */
  isOver = false;
  /** Leading blocks that can be found: held as pieces, each two numbers: an extent that begins one, and the last place of the piece. */
  published = 0;
  readonly pieces: number[] = [];
  preemptions = 0;
  cachedTokens = -1;
  next: BulkRequest | null = null;
  previous: BulkRequest | null = null;
  /** Runs of identities, as far as they were asked for, each three numbers: node, first place, first block of the request. One list, because requests are many. */
  readonly #runs: number[] = [];
  #blocks = 0;
  readonly #cursor: ContentCursor;
  readonly #own: number;
  #last = 0;

  /** `own`: node of the content that nobody else has, a number below 0 that no other request was given. */
  constructor(spec: RequestSpec, table: ContentTable, maxModelLen: number, own: number) {
    this.id = spec.id;
    this.tag = spec.tag ?? -1;
    let tokens = 0;
    for (const [, n] of spec.content) tokens += n;
    this.promptTokens = tokens;
    this.mostOutput = Math.min(spec.outputTokens, maxModelLen - tokens);
    this.#cursor = new ContentCursor(table, spec.content, spec.outputSegment, spec.outputTokens);
    this.#own = own;
    this.sharesOutput = spec.outputSegment < FIRST_OWN;
  }

  /** Tokens that exist while it does not decode. */
  get known(): number { return this.promptTokens + this.outputs; }

  /** What it was given since it began to decode, written down: the first token comes when the step that sampled it is processed. */
  deliver(processed: number): void { this.outputs = this.deliveredBy(processed); }
  /** The same, not written down. */
  deliveredBy(processed: number): number { return Math.max(this.outputs, this.base + processed - this.promptTokens); }

  /** The run that block `block` lies in, made known up to block `end` at least. */
  runOf(block: number, end: number): number {
    const runs = this.#runs;
    while (this.#blocks <= end) {
      const walked = this.#cursor.walk(end + 1 - this.#blocks), node = this.#cursor.node < 0 ? this.#own : this.#cursor.node, at = this.#cursor.at, i = runs.length - RUN;
      // A walk goes on where the one before stopped short.
      if (i < 0 || runs[i] !== node || runs[i + PLACE] + (this.#blocks - runs[i + START]) !== at) runs.push(node, at, this.#blocks);
      this.#blocks += walked;
    }
    let run = this.#last;
    if (run >= runs.length || runs[run + START] > block) run = 0;
    while (run + RUN < runs.length && runs[run + RUN + START] <= block) run += RUN;
    return (this.#last = run);
  }

  node(run: number): number { return this.#runs[run]; }
  /** Place in the node of a block of the run. */
  place(run: number, block: number): number { return this.#runs[run + PLACE] + block - this.#runs[run + START]; }
  /** The block after the run, of those that are known. */
  after(run: number): number { return run + RUN < this.#runs.length ? this.#runs[run + RUN + START] : this.#blocks; }
}
