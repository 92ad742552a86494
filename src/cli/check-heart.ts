// What a check is doing, in memory that another thread reads: a method that never comes back cannot say so itself.

const BEAT = 0, INSIDE = 1, WHAT = 2, LINES = 3, HEAD = 16, MOST_WHAT = 1024, MOST_LINES = 1 << 16;

export const heartBytes = (): SharedArrayBuffer => new SharedArrayBuffer(HEAD + MOST_WHAT + MOST_LINES);

/** Where a check stands: how often it was heard of, whether it is in code of the user's, what that is, and the history up to there. */
export interface Pulse { readonly beat: number; readonly isInside: boolean; what(): string; lines(): readonly string[] }

export class Heart {
  readonly #state: Int32Array;
  readonly #what: Buffer;
  readonly #lines: Buffer;
  #of: readonly string[] = [];
  #told = 0;
  #end = 0;
  constructor(shared: SharedArrayBuffer) {
    this.#state = new Int32Array(shared, 0, HEAD / 4);
    this.#what = Buffer.from(shared, HEAD, MOST_WHAT);
    this.#lines = Buffer.from(shared, HEAD + MOST_WHAT, MOST_LINES);
  }
  /** Code of the user's is entered. `lines` is a list that grows: what stands in it already is not written twice. */
  readonly enters = (what: string, lines: readonly string[]): void => {
    if (lines !== this.#of || lines.length < this.#told) { this.#of = lines; this.#told = 0; this.#end = 0; }
    while (this.#told < lines.length) this.#end += this.#lines.write(`${lines[this.#told++]}\n`, this.#end);
    this.#state[LINES] = this.#end;
    this.#state[WHAT] = this.#what.write(what);
    this.#state[INSIDE] = 1;
    Atomics.add(this.#state, BEAT, 1);
  };
  readonly leaves = (): void => {
    this.#state[INSIDE] = 0;
    Atomics.add(this.#state, BEAT, 1);
  };
  pulse(): Pulse {
    const beat = Atomics.load(this.#state, BEAT);
    return {
      beat, isInside: this.#state[INSIDE] === 1,
      what: () => this.#what.toString('utf8', 0, this.#state[WHAT]),
      lines: () => this.#lines.toString('utf8', 0, this.#state[LINES]).split('\n').filter((line) => line !== ''),
    };
  }
}
