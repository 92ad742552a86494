// Step time from kernels measured one by one: what was measured is looked up, what lies between is interpolated.
import { finite, type CostModel } from './cost-model.ts';
import { Grid, type GridData } from './grid.ts';
import type { StepLoad } from './step-load.ts';

/** What joins the GPUs of one engine. A ring: 2 (tp − 1) hops an all-reduce, each with a share 1 / tp of the bytes. */
export interface Link {
  readonly tp: number;
  readonly allReduces: number;
  readonly bytesPerToken: number;
  readonly hopUs: number;
  readonly gigabytesPerS: number;
}

/** All values in µs for a whole step, that is over all layers. */
export interface TableCost {
  readonly model: 'table';
  /** Dense layers against tokens of the step. */
  readonly dense: GridData;
  /** Output head and sampler against sequences that sample. */
  readonly head: GridData;
  /** Attention of one chunk against (its new tokens, its context). */
  readonly prefill: GridData;
  /** Attention of decodes alone against (their number, the sum of their contexts). */
  readonly decode: GridData;
  /** What decodes add to a step with a chunk, against (new tokens of all chunks, number of decodes, sum of their contexts). */
  readonly mixed: GridData;
  /** `measured`: as in `mixed`; a number: that many times the decodes alone, and `mixed` is not read. */
  readonly mixedFactor: 'measured' | number;
  /** New tokens from which on a chunk alone fills the GPU: shorter ones share it with others. */
  readonly fullChunk: number;
  readonly link?: Link;
  /** What the host adds: µs a step, µs a sequence. */
  readonly host: readonly [stepUs: number, sequenceUs: number];
}

/** O(log points + chunks). Monotone where the tables are: `Grid` keeps what they are. */
export class TableModel implements CostModel {
  readonly name = 'table';
  readonly #dense: Grid;
  readonly #head: Grid;
  readonly #prefill: Grid;
  readonly #decode: Grid;
  readonly #mixed: Grid;
  readonly #launchUs: number;
  readonly #c: TableCost;
  readonly #linkFixedUs: number;
  readonly #linkTokenUs: number;

  /** @throws ERR_OPTION_RANGE for a table that is none, or a number that is negative */
  constructor(cost: TableCost) {
    this.#c = cost;
    this.#dense = new Grid(cost.dense, 'dense');
    this.#head = new Grid(cost.head, 'head');
    this.#prefill = new Grid(cost.prefill, 'prefill');
    this.#decode = new Grid(cost.decode, 'decode');
    this.#mixed = new Grid(cost.mixed, 'mixed');
    if (cost.mixedFactor !== 'measured') finite('mixedFactor', cost.mixedFactor, 1);
    finite('fullChunk', cost.fullChunk, 1);
    cost.host.forEach((value) => finite('host', value));
    this.#launchUs = this.#prefill.at(0, 0);
    const link = cost.link, hops = link === undefined ? 0 : link.allReduces * 2 * (link.tp - 1);
    this.#linkFixedUs = link === undefined ? 0 : hops * finite('hopUs', link.hopUs);
    this.#linkTokenUs = link === undefined ? 0 : hops * link.bytesPerToken / link.tp / (finite('gigabytesPerS', link.gigabytesPerS, 1e-9) * 1e3);
  }

  stepUs(load: StepLoad): number {
    const tokens = load.decoders + load.chunkTokens, host = this.#c.host;
    return this.#dense.at(tokens) + this.#head.at(load.samplers) + this.#attention(load)
      + this.#linkFixedUs + this.#linkTokenUs * tokens + host[0] + host[1] * (load.decoders + load.chunks);
  }

  #attention(load: StepLoad): number {
    const alone = load.decoders > 0 ? this.#decode.at(load.decoders, load.decodeContext) : 0;
    if (load.chunks === 0) return alone;
    let longest = 0, work = 0;
    for (let i = 0; i < load.chunks; i++) {
      const one = this.#prefill.at(load.newTokens[i], load.context[i]);
      longest = Math.max(longest, one);
      work += (one - this.#launchUs) * Math.min(1, load.newTokens[i] / this.#c.fullChunk);
    }
    const prefill = Math.max(longest, this.#launchUs + work);
    if (load.decoders === 0) return prefill;
    if (this.#c.mixedFactor !== 'measured') return prefill + this.#c.mixedFactor * alone;
    // A chunk hides some of what decodes cost alone, but never makes the step shorter than they are.
    return Math.max(alone, prefill + this.#mixed.at(load.chunkTokens, load.decoders, load.decodeContext));
  }
}
