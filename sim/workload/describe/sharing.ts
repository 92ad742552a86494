// How much prompts have in common: the longest beginning of each that a call before it had too, as a cache without limits would find it.
import type { SharingFacts } from '../../trace-results.ts';
import { sizes } from '../traces/builder.ts';
import type { RowSource, TraceRow } from '../traces/sink.ts';

/** Beginnings that are remembered; about 1 GiB. */
const BEGINNINGS_MAX = 1 << 24;
/** Most beginnings that one set of this language holds. */
const SET_MAX = 1 << 23;
const CURVE_POINTS = 120;

/** Mixes a number into a hash of 32 bits (the finaliser of MurmurHash3, Appleby). */
function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ value, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

export class SharingBuilder {
  readonly #source: RowSource;
  readonly #seen: Set<number>[] = [new Set()];
  readonly #upTo: number[] = [];
  readonly #shares: number[] = [];
  #stride = 1;
  #remembered = 0;
  #rows = 0;
  #blocks = 0;
  #shared = 0;
  #prompts = 0;
  #sharing = 0;

  constructor(source: RowSource) { this.#source = source; }

  add({ blocks = [], blockTokens, promptTokens }: TraceRow): void {
    const lengths = blockTokens ?? sizes(blocks.length, promptTokens, this.#source.blockTokens);
    let high = 0x9e3779b9, low = 0x7f4a7c15, shared = 0, isShared = true;
    for (let k = 0; k < blocks.length; k++) {
      // What no other call has ends what can be shared.
      if (blocks[k] === -1) break;
      high = mix(mix(high, blocks[k]), lengths[k]);
      low = mix(mix(low, lengths[k] ^ 0x51ed270b), blocks[k]);
      // 52 bits of the beginning up to here: among ten million beginnings two meet by chance in one trace of a hundred.
      const beginning = (high >>> 0) * 1048576 + ((low >>> 0) & 0xfffff);
      if (isShared && this.#has(beginning)) shared += lengths[k];
      else { isShared = false; this.#remember(beginning); }
    }
    this.#blocks += blocks.length;
    this.#prompts += promptTokens;
    this.#shared += shared;
    if (shared > 0) this.#sharing++;
    if (++this.#rows % this.#stride === 0) this.#mark();
  }

  #has(beginning: number): boolean { return this.#seen.some((set) => set.has(beginning)); }

  #remember(beginning: number): void {
    if (this.#remembered >= BEGINNINGS_MAX) return;
    let set = this.#seen[this.#seen.length - 1];
    if (set.size >= SET_MAX) { set = new Set(); this.#seen.push(set); }
    if (this.#seen.length > 1 && this.#has(beginning)) return;
    const before = set.size;
    set.add(beginning);
    this.#remembered += set.size - before;
  }

  /** One point more of the share so far; every other is dropped where there are too many. */
  #mark(): void {
    this.#upTo.push(this.#rows);
    this.#shares.push(this.#prompts === 0 ? 0 : this.#shared / this.#prompts);
    if (this.#upTo.length < 2 * CURVE_POINTS) return;
    for (const list of [this.#upTo, this.#shares]) { for (let i = 0; i < CURVE_POINTS; i++) list[i] = list[2 * i + 1]; list.length = CURVE_POINTS; }
    this.#stride *= 2;
  }

  /** Null where no call named a content. */
  facts(): SharingFacts | null {
    if (this.#blocks === 0) return null;
    const upTo = [...this.#upTo], share = [...this.#shares], now = this.#prompts === 0 ? 0 : this.#shared / this.#prompts;
    if (upTo[upTo.length - 1] !== this.#rows) { upTo.push(this.#rows); share.push(now); }
    return {
      blockTokens: this.#source.blockTokens > 0 ? this.#source.blockTokens : null, blocks: this.#blocks, distinctBlocks: this.#remembered, promptTokens: this.#prompts, sharedTokens: this.#shared,
      share: now, calls: this.#sharing / this.#rows, overCalls: { upTo, share }, isBound: this.#remembered >= BEGINNINGS_MAX,
    };
  }
}
