// The contents of a trace as segments: ids that always follow each other are one. Made once a trace, in typed arrays alone.
import type { Trace } from '../scenario.ts';

/** Row r begins with the segments segment[start[r] … start[r + 1]), each with its tokens. What is left of its prompt is its own. */
export interface TraceSegments {
  /** Numbers from 0; −1: content that no other call has. */
  readonly segment: Int32Array;
  readonly tokens: Int32Array;
  readonly start: Int32Array;
}

const NONE = -1, SEVERAL = -2;
const OWN = -1;

/** Ids as numbers from 0, close together: as they are where that is so, else by an open-addressing table, at most half full. */
interface Places { readonly size: number; of(id: number): number }

/** Named contents (−2, −3, …) come after the numbered ones. */
function placesOf(blocks: Int32Array): Places {
  let most = -1, least = 0;
  for (let k = 0; k < blocks.length; k++) { const id = blocks[k]; if (id > most) most = id; else if (id < least) least = id; }
  const named = Math.max(0, -1 - least), numbered = most + 1;
  if (numbered <= 2 * blocks.length + 1024) return { size: numbered + named, of: (id) => (id >= 0 ? id : numbered - 2 - id) };
  let slots = 1024;
  while (slots < 2 * blocks.length) slots *= 2;
  const ids = new Int32Array(slots), places = new Int32Array(slots).fill(NONE), mask = slots - 1;
  let size = 0;
  const find = (id: number): number => {
    let at = Math.imul(id ^ (id >>> 15), 0x9e3779b1) >>> 7 & mask;
    while (places[at] >= 0 && ids[at] !== id) at = (at + 1) & mask;
    return at;
  };
  for (let k = 0; k < blocks.length; k++) {
    if (blocks[k] === OWN) continue;
    const at = find(blocks[k]);
    if (places[at] < 0) { ids[at] = blocks[k]; places[at] = size++; }
  }
  return { size, of: (id) => places[find(id)] };
}

/** Tokens of content k of a row that has `left` to give; those without tokens are passed over. */
const tokensAt = ({ segmentTokens, blockTokens = 0 }: Trace, k: number, left: number): number => Math.min(left, segmentTokens === undefined ? blockTokens : segmentTokens[k]);

/** For each id the one that it always follows, and 1 where the two are one segment. */
function joins(trace: Trace, places: Places): Uint8Array {
  const { blocks, blockStart, promptTokens, rows } = trace, { size } = places, before = new Int32Array(size).fill(NONE), after = new Int32Array(size).fill(NONE);
  // Where tokens differ from row to row, an id that something follows must have had all of its tokens, in every such row as many.
  const most = trace.segmentTokens === undefined ? undefined : new Int32Array(size), inner = most && new Int32Array(size).fill(NONE);
  for (let row = 0; row < rows; row++) {
    let left = promptTokens[row], last = NONE, lastTokens = 0;
    for (let k = blockStart![row]; k < blockStart![row + 1] && left > 0; k++) {
      const tokens = tokensAt(trace, k, left), id = blocks![k], place = id === OWN ? SEVERAL : places.of(id);
      if (tokens === 0) continue;
      left -= tokens;
      if (last >= 0) {
        after[last] = after[last] === NONE || after[last] === place ? place : SEVERAL;
        if (inner !== undefined) inner[last] = inner[last] === NONE || inner[last] === lastTokens ? lastTokens : SEVERAL;
      }
      if (place >= 0) {
        before[place] = last >= 0 && (before[place] === NONE || before[place] === last) ? last : SEVERAL;
        if (most !== undefined && tokens > most[place]) most[place] = tokens;
      }
      last = place;
      lastTokens = tokens;
    }
  }
  const joined = new Uint8Array(size);
  for (let place = 0; place < size; place++) {
    const from = before[place];
    if (from >= 0 && after[from] === place && (inner === undefined || inner[from] === most![from])) joined[place] = 1;
  }
  return joined;
}

/** A column that ends up as long as what it holds. */
function pairs(): { push(segment: number, tokens: number): void; readonly length: number; segment(): Int32Array; tokens(): Int32Array } {
  let segment = new Int32Array(1024), tokens = new Int32Array(1024), length = 0;
  const wide = (from: Int32Array): Int32Array<ArrayBuffer> => { const to = new Int32Array(2 * from.length); to.set(from); return to; };
  return {
    get length() { return length; },
    push(one, its) { if (length === segment.length) { segment = wide(segment); tokens = wide(tokens); } segment[length] = one; tokens[length++] = its; },
    segment: () => segment.slice(0, length), tokens: () => tokens.slice(0, length),
  };
}

function make(trace: Trace, merge: boolean): TraceSegments {
  const { blocks, blockStart, promptTokens, rows } = trace, start = new Int32Array(rows + 1), out = pairs();
  if (blocks === undefined || blockStart === undefined) return { segment: new Int32Array(0), tokens: new Int32Array(0), start };
  const places = placesOf(blocks), joined = merge ? joins(trace, places) : new Uint8Array(places.size);
  for (let row = 0; row < rows; row++) {
    let left = promptTokens[row], open = OWN, sum = 0;
    for (let k = blockStart[row]; k < blockStart[row + 1] && left > 0; k++) {
      const tokens = tokensAt(trace, k, left), place = blocks[k] === OWN ? OWN : places.of(blocks[k]);
      if (tokens === 0) continue;
      left -= tokens;
      if (place >= 0 && joined[place] === 1) { sum += tokens; continue; }
      if (sum > 0) out.push(open, sum);
      open = place;
      sum = tokens;
    }
    if (sum > 0) out.push(open, sum);
    start[row + 1] = out.length;
  }
  return { segment: out.segment(), tokens: out.tokens(), start };
}

const known = new WeakMap<Trace, TraceSegments>();

/**
 * The segments of a trace. An id is joined to the one before it where it never stands without it, and nothing else ever follows that one:
 * then both are the beginning and the rest of one content, and what two prompts share stays the same, token by token. `merge` false: one
 * segment an id, for comparison. O(ids); memory of the ids once more where they are close together, three times where they are not.
 */
export function traceSegments(trace: Trace, { merge = true }: { readonly merge?: boolean } = {}): TraceSegments {
  if (!merge) return make(trace, false);
  let segments = known.get(trace);
  if (segments === undefined) known.set(trace, segments = make(trace, true));
  return segments;
}
