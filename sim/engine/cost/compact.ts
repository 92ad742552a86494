// Step time as a dozen numbers: dense layers, head, all-reduce, attention and host, each a straight line.
import { finite, type CostModel } from './cost-model.ts';
import type { StepLoad } from './step-load.ts';

/** A line: what it costs at all, and what each unit adds. */
export type Line = readonly [fixed: number, each: number];

export interface CompactCost {
  readonly model: 'compact';
  /** Dense layers while reading the weights takes longest: µs, µs a token. */
  readonly denseMemory: Line;
  /** Dense layers while computing takes longest: µs, µs a token. The dearer of the two counts. */
  readonly denseCompute: Line;
  /** Output head and sampler: µs, µs a sequence that samples. */
  readonly head: Line;
  /** All-reduce between the GPUs of one engine: µs, µs a token. */
  readonly allReduce: Line;
  /** Attention of decodes: µs where there is one, ns a token of context. */
  readonly decode: Line;
  /** What a token of decode context costs in a step with a prefill chunk, as a multiple of what it costs without; from 1. */
  readonly mixedFactor: number;
  /** Attention of prefills: µs where there is one, ps a pair of (query token, context token). */
  readonly prefill: Line;
  /** What the host adds: µs a step, µs a sequence. */
  readonly host: Line;
}

const NS = 1e-3, PS = 1e-6;

/**
 * max of the dense lines + head + all-reduce + decode attention + prefill attention + host. Monotone where no slope is
 * negative: every part is. O(1).
 */
export class CompactModel implements CostModel {
  readonly name = 'compact';
  readonly #c: CompactCost;

  /** @throws ERR_OPTION_RANGE for a negative number (the fixed part of denseCompute aside) or a mixed factor below 1 */
  constructor(cost: CompactCost) {
    for (const name of ['denseMemory', 'head', 'allReduce', 'decode', 'prefill', 'host'] as const) cost[name].forEach((value) => finite(name, value));
    finite('denseCompute', cost.denseCompute[1]);
    finite('mixedFactor', cost.mixedFactor, 1);
    this.#c = cost;
  }

  stepUs(load: StepLoad): number {
    const c = this.#c, tokens = load.decoders + load.chunkTokens;
    let us = Math.max(c.denseMemory[0] + c.denseMemory[1] * tokens, c.denseCompute[0] + c.denseCompute[1] * tokens);
    us += c.head[0] + c.head[1] * load.samplers + c.allReduce[0] + c.allReduce[1] * tokens;
    if (load.decoders > 0) us += c.decode[0] + c.decode[1] * NS * load.decodeContext * (load.chunks > 0 ? c.mixedFactor : 1);
    if (load.chunks > 0) us += c.prefill[0] + c.prefill[1] * PS * 0.5 * load.chunkWork2;
    return us + c.host[0] + c.host[1] * (load.decoders + load.chunks);
  }
}
