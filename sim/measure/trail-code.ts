// Trails as bytes, and laid side by side. Orders of arrival are runs of equal steps and take a few bytes; any other takes one or two a decision.

/** Decisions in order: the program that was chosen, and what else tells the decision (0 for all where absent). */
export interface Trail { readonly program: Int32Array; readonly rest: Int32Array | undefined }

/**
 * Writes a trail as it comes. The bytes: 1 where a `rest` follows, else 0; the number of decisions; the steps from program to program; the rests.
 * Numbers have seven bits a byte, low first; a list holds each value plus one, or 0 and how often the last value comes again.
 */
export class TrailWriter {
  count = 0;
  #program = 0;
  #hasRest = false;
  readonly #steps = new Runs();
  readonly #rests = new Runs();

  /** Nanoseconds: a step or rest like the last one is counted, not stored. */
  add(program: number, rest: number): void {
    this.count++;
    this.#steps.put(program - this.#program);
    this.#program = program;
    this.#rests.put(rest);
    if (rest !== 0) this.#hasRest = true;
  }

  /** The whole so far; more may be added afterwards. */
  bytes(): Uint8Array {
    const head = new Bytes();
    head.number(this.#hasRest ? 1 : 0);
    head.number(this.count);
    const parts = [head.taken(), this.#steps.bytes(), ...(this.#hasRest ? [this.#rests.bytes()] : [])], whole = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
    let at = 0;
    for (const part of parts) { whole.set(part, at); at += part.length; }
    return whole;
  }
}

/** The trail of these bytes; undefined where they are none. */
export function decodeTrail(bytes: Uint8Array): Trail | undefined {
  const from = new Reader(bytes), hasRest = from.number(), count = from.number();
  if ((hasRest !== 0 && hasRest !== 1) || !(count <= 2 ** 26)) return undefined;
  const program = new Int32Array(count);
  let at = 0;
  for (let i = 0; i < count; i++) program[i] = at += from.value();
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

/** Bytes that grow. */
class Bytes {
  #out = new Uint8Array(64);
  #end = 0;

  number(n: number): void {
    if (this.#end + 8 > this.#out.length) { const wide = new Uint8Array(this.#out.length * 2); wide.set(this.#out); this.#out = wide; }
    while (n >= 128) { this.#out[this.#end++] = (n % 128) + 128; n = Math.floor(n / 128); }
    this.#out[this.#end++] = n;
  }

  taken(): Uint8Array { return this.#out.slice(0, this.#end); }
  copy(): Bytes { const same = new Bytes(); same.#out = this.#out.slice(); same.#end = this.#end; return same; }
}

/** Whole numbers between ±2^33, equal neighbours as one and a count. */
class Runs {
  #bytes = new Bytes();
  /** What comes again where nothing has come yet: the reader begins with it too. */
  #last = 0;
  #run = 0;

  put(value: number): void { if (value === this.#last) this.#run++; else this.#turn(value); }

  bytes(): Uint8Array {
    const whole = this.#bytes.copy();
    endRun(whole, this.#run);
    return whole.taken();
  }

  #turn(value: number): void {
    endRun(this.#bytes, this.#run);
    this.#run = 0;
    this.#last = value;
    // Zigzag, by arithmetic: steps may take 33 bits.
    this.#bytes.number((value < 0 ? -2 * value - 1 : 2 * value) + 1);
  }
}

function endRun(bytes: Bytes, run: number): void { if (run > 0) { bytes.number(0); bytes.number(run); } }

/** Reads what was written. Past the end every number is NaN. */
class Reader {
  readonly #from: Uint8Array;
  #at = 0;
  #last = 0;
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
    const token = this.number(), zigzag = token - 1;
    if (token !== 0) return (this.#last = zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2);
    this.#run = this.number() - 1;
    return this.#run >= 0 ? this.#last : NaN;
  }

  /** False where a value is repeated beyond the end. */
  endRun(): boolean { const isSound = this.#run === 0 && !Number.isNaN(this.#last); this.#last = 0; return isSound; }
}
