// The contents of a trace as segments: ids that always follow each other are one. Made once a trace, in typed arrays alone.
import type { Trace } from '../scenario.ts';

/** Row r begins with the segments segment[start[r] … start[r + 1]), each with its tokens. What is left of its prompt is its own. */
export interface TraceSegments {
  /** Numbers from 0; −1: content that no other call has. */
  readonly segment: Int32Array;
  readonly tokens: Int32Array;
  readonly start: Int32Array;
}

/** Content that no other call has. */
const OWN = -1;
/** What was seen beside a place: the one before it, something else or the beginning of a prompt; the one after it, something else. */
const AFTER_ONE = 1, AFTER_OTHER = 2, BEFORE_ONE = 4, BEFORE_OTHER = 8;

/** The ids that have tokens, by rows: row r owns places[from[r] … to[r]). Places are numbers from 0 to size − 1, or OWN. */
interface Rows {
  readonly places: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly size: number;
  /** Tokens of each; undefined: all of `blockTokens`, the last of a row being cut where its prompt ends. */
  readonly tokens: Int32Array | undefined;
  readonly blockTokens: number;
}

/** Numbers by id, for ids that stand anywhere: an open-addressing table that is at most half full. 16 to 32 bytes a different id. */
class Numbers {
  size = 0;
  #ids = new Int32Array(1024);
  #slots = new Int32Array(2048);

  of(id: number): number {
    for (let at = slotOf(id, this.#slots.length); ; at = (at + 1) & (this.#slots.length - 1)) {
      const held = this.#slots[at];
      if (held !== 0 && this.#ids[held - 1] === id) return held - 1;
      if (held !== 0) continue;
      if (this.size === this.#ids.length) { this.#grow(); return this.of(id); }
      this.#ids[this.size] = id;
      this.#slots[at] = ++this.size;
      return this.size - 1;
    }
  }

  #grow(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    this.#ids = twice(this.#ids);
    for (let number = 0; number < this.size; number++) {
      let at = slotOf(this.#ids[number], slots.length);
      while (slots[at] !== 0) at = (at + 1) & (slots.length - 1);
      slots[at] = number + 1;
    }
    this.#slots = slots;
  }
}

const slotOf = (id: number, slots: number): number => (Math.imul(id ^ (id >>> 15), 0x9e3779b1) >>> 4) & (slots - 1);

/** Ids as places: as they are where they were numbered from 0 in the order in which they come, as traces have them; else numbered so. */
function placed(blocks: Int32Array): { readonly places: Int32Array; readonly size: number } {
  let most = -1, least = 0, steps = 0, last = OWN;
  for (let k = 0; k < blocks.length; k++) {
    const id = blocks[k];
    if (id > most) most = id;
    if (id < least) least = id;
    if (id === last + 1) steps++;
    last = id;
  }
  if (least >= OWN && most <= 2 * blocks.length + 1024 && 2 * steps >= blocks.length) return { places: blocks, size: most + 1 };
  const numbers = new Numbers();
  return { places: blocks.map((id) => (id === OWN ? OWN : numbers.of(id))), size: numbers.size };
}

function rowsOf(trace: Trace): Rows {
  const { blocks = new Int32Array(0), blockStart, blockTokens = 0, segmentTokens, promptTokens, rows } = trace, from = new Int32Array(rows), to = new Int32Array(rows), { places, size } = placed(blocks);
  if (blockStart === undefined) return { places, from, to, size, tokens: undefined, blockTokens };
  if (segmentTokens === undefined) {
    for (let row = 0; row < rows; row++) {
      from[row] = blockStart[row];
      to[row] = Math.min(blockStart[row + 1], from[row] + (blockTokens > 0 ? Math.ceil(promptTokens[row] / blockTokens) : 0));
    }
    return { places, from, to, size, tokens: undefined, blockTokens };
  }
  const kept = new Int32Array(places.length), tokens = new Int32Array(places.length);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    let left = promptTokens[row];
    from[row] = count;
    for (let k = blockStart[row]; k < blockStart[row + 1]; k++) {
      const its = Math.min(left, segmentTokens[k]);
      if (its > 0) { kept[count] = places[k]; tokens[count++] = its; left -= its; }
    }
    to[row] = count;
  }
  return { places: kept, from, to, size, tokens, blockTokens };
}

/** What was seen beside each place. */
function sidesOf(rows: Rows): Uint8Array {
  const { places, from, to, size } = rows, sides = new Uint8Array(size);
  for (let row = 0; row < from.length; row++) addSides(sides, places, from[row], to[row]);
  if (rows.tokens !== undefined) partUneven(rows, rows.tokens, sides);
  return sides;
}

/** One row: a function of its own, so that it is compiled before the first trace ends. */
function addSides(sides: Uint8Array, places: Int32Array, from: number, to: number): void {
  let last = OWN, into = AFTER_OTHER;
  for (let k = from; k < to; k++) {
    const place = places[k], isNext = place === last + 1;
    if (last !== OWN) sides[last] |= into | (isNext ? BEFORE_ONE : BEFORE_OTHER);
    into = isNext && last !== OWN ? AFTER_ONE : AFTER_OTHER;
    last = place;
  }
  if (last !== OWN) sides[last] |= into;
}

/** Where tokens differ from row to row, nothing is joined to a place that was ever followed while it had fewer than its most. */
function partUneven({ places, from, to, size }: Rows, tokens: Int32Array, sides: Uint8Array): void {
  const most = new Int32Array(size);
  for (let row = 0; row < from.length; row++) for (let k = from[row]; k < to[row]; k++) if (places[k] !== OWN && tokens[k] > most[places[k]]) most[places[k]] = tokens[k];
  for (let row = 0; row < from.length; row++) for (let k = from[row]; k < to[row] - 1; k++) if (places[k] !== OWN && tokens[k] < most[places[k]]) sides[places[k]] |= BEFORE_OTHER;
}

/** The first index after `from` whose place does not go on from the one before it. */
function endOf(sides: Uint8Array, places: Int32Array, from: number, to: number): number {
  let k = from + 1;
  for (let last = places[from]; k < to; k++) {
    const place = places[k];
    if (place !== last + 1 || last === OWN || (sides[place] & (AFTER_ONE | AFTER_OTHER)) !== AFTER_ONE || (sides[last] & (BEFORE_ONE | BEFORE_OTHER)) !== BEFORE_ONE) break;
    last = place;
  }
  return k;
}

/** Two columns that double. */
class Segments {
  length = 0;
  #segment = new Int32Array(1024);
  #tokens = new Int32Array(1024);
  push(segment: number, tokens: number): void {
    if (this.length === this.#segment.length) { this.#segment = twice(this.#segment); this.#tokens = twice(this.#tokens); }
    this.#segment[this.length] = segment;
    this.#tokens[this.length++] = tokens;
  }
  finish(start: Int32Array): TraceSegments { return { segment: this.#segment.slice(0, this.length), tokens: this.#tokens.slice(0, this.length), start }; }
}

function twice(column: Int32Array): Int32Array<ArrayBuffer> { const out = new Int32Array(2 * column.length); out.set(column); return out; }

function make(trace: Trace, merge: boolean): TraceSegments {
  const rows = rowsOf(trace), { places, from, to, tokens, blockTokens } = rows, start = new Int32Array(trace.rows + 1), out = new Segments(), sides = merge ? sidesOf(rows) : new Uint8Array(rows.size);
  for (let row = 0; row < trace.rows; row++) {
    const end = to[row], cut = trace.promptTokens[row] - (end - from[row]) * blockTokens;
    for (let k = from[row], next = k; k < end; k = next) {
      next = endOf(sides, places, k, end);
      let sum = (next - k) * blockTokens + (next === end ? Math.min(0, cut) : 0);
      if (tokens !== undefined) { sum = 0; for (let i = k; i < next; i++) sum += tokens[i]; }
      out.push(places[k], sum);
    }
    start[row + 1] = out.length;
  }
  return out.finish(start);
}

const known = new WeakMap<Trace, TraceSegments>();

/**
 * The segments of a trace. An id is joined to the one with the number before it where it never stands without it and nothing else ever follows
 * that one: then both are the beginning and the rest of one content, and what two prompts share stays the same, token by token. `merge`
 * false: one segment an id, for comparison. O(ids); a byte a different id on the way where ids are numbered as they come.
 */
export function traceSegments(trace: Trace, { merge = true }: { readonly merge?: boolean } = {}): TraceSegments {
  if (!merge) return make(trace, false);
  let segments = known.get(trace);
  if (segments === undefined) known.set(trace, segments = make(trace, true));
  return segments;
}
