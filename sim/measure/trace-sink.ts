// Where trace events go: as text, from an instant on, and no more of them than a viewer can open.

export interface TraceEvent { readonly ph: string; readonly ts: number; readonly name: string; readonly pid: number; readonly tid: number; readonly [more: string]: unknown }

export interface TraceSinkOptions {
  /** Told one event at a time, as JSON without a newline. */
  readonly write: (event: string) => void;
  /** What is over before this instant is left out; 0. */
  readonly fromUs?: number;
  /** Characters after which nothing more is drawn; Infinity. Names of tracks do not count. */
  readonly most?: number;
}

export class TraceSink {
  readonly #options: TraceSinkOptions;
  #size = 0;
  /** Latest instant that was told of, drawn or not. */
  latestUs = 0;
  /** Instant at which it was full; −1: it is not. */
  fullUs = -1;
  /** Groups of events that came later. */
  left = 0;

  constructor(options: TraceSinkOptions) { this.#options = options; }

  /** Nothing was drawn, though there was something. */
  get isEmpty(): boolean { return this.#size === 0; }
  get isFull(): boolean { return this.fullUs >= 0; }

  /** What is over by `endUs`, whole or not at all. */
  put(endUs: number, ...events: readonly TraceEvent[]): void {
    if (this.isFull) { this.left++; return; }
    this.last(endUs, ...events);
    if (this.#size > (this.#options.most ?? Infinity)) this.fullUs = endUs;
  }

  /** The same, also where the sink is full: what is open then is drawn as far as it went. */
  last(endUs: number, ...events: readonly TraceEvent[]): void {
    if (endUs > this.latestUs) this.latestUs = endUs;
    if (endUs < (this.#options.fromUs ?? 0)) return;
    for (const event of events) {
      const text = JSON.stringify(event);
      this.#size += text.length;
      this.#options.write(text);
    }
  }

  /** A name of a process or thread: always told. */
  name(what: string, pid: number, args: object, tid = 0): void { this.#options.write(JSON.stringify({ ph: 'M', ts: 0, name: what, pid, tid, args })); }
}
