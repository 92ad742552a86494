// One request in a bulk engine: what is written of it changes when it is admitted, preempted or ends, never by the token.
import { ContentCursor, type ContentTable } from './content.ts';
import { REQUEST_WAITING, type RequestSpec, type RequestState } from './request.ts';

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
  /** Its last token is in flight: asynchronous scheduling only. */
  isOver = false;
  /** Leading blocks that can be found: held as pieces, each an extent that begins one and the last place of the piece. */
  published = 0;
  readonly extents: number[] = [];
  readonly ends: number[] = [];
  preemptions = 0;
  cachedTokens = -1;
  next: BulkRequest | null = null;
  previous: BulkRequest | null = null;
  /** Runs of identities, as far as they were asked for: node, first place, first block of the request, and blocks in all. */
  readonly #nodes: number[] = [];
  readonly #places: number[] = [];
  readonly #starts: number[] = [];
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
  }

  /** Tokens that exist while it does not decode. */
  get known(): number { return this.promptTokens + this.outputs; }

  /** What it was given since it began to decode, written down: the first token comes when the step that sampled it is processed. */
  deliver(processed: number): void { this.outputs = Math.max(this.outputs, this.base + processed - this.promptTokens); }

  /** The run that block `block` lies in, made known up to block `end` at least. Runs are numbered from 0. */
  runOf(block: number, end: number): number {
    while (this.#blocks <= end) {
      const walked = this.#cursor.walk(end + 1 - this.#blocks), node = this.#cursor.node < 0 ? this.#own : this.#cursor.node, at = this.#cursor.at, i = this.#nodes.length - 1;
      // A walk goes on where the one before stopped short.
      if (i < 0 || this.#nodes[i] !== node || this.#places[i] + (this.#blocks - this.#starts[i]) !== at) {
        this.#nodes.push(node);
        this.#places.push(at);
        this.#starts.push(this.#blocks);
      }
      this.#blocks += walked;
    }
    let run = this.#last;
    if (run >= this.#starts.length || this.#starts[run] > block) run = 0;
    while (run + 1 < this.#starts.length && this.#starts[run + 1] <= block) run++;
    return (this.#last = run);
  }

  node(run: number): number { return this.#nodes[run]; }
  /** Place in the node of a block of the run. */
  place(run: number, block: number): number { return this.#places[run] + block - this.#starts[run]; }
  /** The block after the run, of those that are known. */
  after(run: number): number { return run + 1 < this.#starts.length ? this.#starts[run + 1] : this.#blocks; }
}
