// Trails as bytes, and laid side by side. Orders of arrival are runs of equal steps and take a few bytes; any other takes one or two a decision.

/** Decisions in order: the program that was chosen, and what else tells the decision (0 for all where absent). */
export interface Trail { readonly program: Int32Array; readonly rest: Int32Array | undefined }

/**
 * First a byte, 1 where `rest` follows, and the number of decisions. Then steps from program to program, and the rests, each as numbers of
 * seven bits a byte, low first: a value plus one, or 0 and how often the last value comes again.
 */
export function encodeTrail(program: Int32Array, rest: Int32Array | undefined): Uint8Array {
  const out = new Writer(program.length);
  out.number(rest === undefined ? 0 : 1);
  out.number(program.length);
  let before = 0;
  for (let i = 0; i < program.length; i++) {
    const step = program[i] - before;
    before = program[i];
    // Zigzag, by arithmetic: steps may take 33 bits.
    out.value(step < 0 ? -2 * step - 1 : 2 * step);
  }
  out.endRun();
  if (rest !== undefined) {
    for (let i = 0; i < rest.length; i++) out.value(rest[i] >>> 0);
    out.endRun();
  }
  return out.bytes();
}

/** The trail of these bytes; undefined where they are none. */
export function decodeTrail(bytes: Uint8Array): Trail | undefined {
  const from = new Reader(bytes), hasRest = from.number(), count = from.number();
  if ((hasRest !== 0 && hasRest !== 1) || !(count <= 2 ** 26)) return undefined;
  const program = new Int32Array(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const zigzag = from.value();
    at += zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
    program[i] = at;
  }
  if (!from.endRun()) return undefined;
  if (hasRest === 0) return from.isAtEnd ? { program, rest: undefined } : undefined;
  const rest = new Int32Array(count);
  for (let i = 0; i < count; i++) rest[i] = from.value();
  return from.endRun() && from.isAtEnd ? { program, rest } : undefined;
}

/** Positions at which two trails differ, those that only one of them has included, and the first of them (−1: none). O(decisions). */
export function differenceOf(a: Trail, b: Trail): { readonly compared: number; readonly differ: number; readonly first: number } {
  const both = Math.min(a.program.length, b.program.length), compared = Math.max(a.program.length, b.program.length);
  let differ = 0, first = -1;
  for (let i = 0; i < both; i++) {
    if (a.program[i] === b.program[i] && (a.rest === undefined ? 0 : a.rest[i]) === (b.rest === undefined ? 0 : b.rest[i])) continue;
    differ++;
    if (first < 0) first = i;
  }
  if (compared > both && first < 0) first = both;
  return { compared, differ: differ + compared - both, first };
}

/** Numbers of seven bits a byte; runs of equal values as one value and a count. */
class Writer {
  #out: Uint8Array<ArrayBuffer>;
  #end = 0;
  #last = -1;
  #run = 0;
  constructor(room: number) { this.#out = new Uint8Array(room + 64); }

  number(n: number): void {
    if (this.#end + 8 > this.#out.length) { const wide = new Uint8Array(this.#out.length * 2); wide.set(this.#out); this.#out = wide; }
    while (n >= 128) { this.#out[this.#end++] = (n % 128) + 128; n = Math.floor(n / 128); }
    this.#out[this.#end++] = n;
  }

  value(n: number): void {
    if (n === this.#last) { this.#run++; return; }
    this.#flush();
    this.#last = n;
    this.number(n + 1);
  }

  endRun(): void { this.#flush(); this.#last = -1; }
  bytes(): Uint8Array { return this.#out.slice(0, this.#end); }

  #flush(): void {
    if (this.#run > 0) { this.number(0); this.number(this.#run); }
    this.#run = 0;
  }
}

/** Reads what Writer wrote. Past the end every number is NaN. */
class Reader {
  readonly #from: Uint8Array;
  #at = 0;
  #last = -1;
  #run = 0;
  constructor(from: Uint8Array) { this.#from = from; }

  get isAtEnd(): boolean { return this.#at === this.#from.length; }

  number(): number {
    let n = 0, place = 1;
    for (;;) {
      if (this.#at >= this.#from.length) return NaN;
      const byte = this.#from[this.#at++];
      n += (byte % 128) * place;
      if (byte < 128) return n;
      place *= 128;
    }
  }

  value(): number {
    if (this.#run > 0) { this.#run--; return this.#last; }
    const token = this.number();
    if (token !== 0) return (this.#last = token - 1);
    this.#run = this.number() - 1;
    return this.#run >= 0 ? this.#last : NaN;
  }

  /** False where a value is repeated beyond the end. */
  endRun(): boolean { const isSound = this.#run === 0 && !Number.isNaN(this.#last); this.#last = -1; return isSound; }
}
