// What one engine step carries: the sums that cost models read. It knows nothing of requests or blocks.

/**
 * The work of one step. An engine owns one, calls `clear` before it forms a batch, tells what it scheduled, and hands
 * it to a cost model. Nothing is allocated once the arrays have grown to the largest number of chunks of a step.
 *
 * A sequence that gets exactly one new token is a decoder, whatever the token is: the attention kernel sees no
 * difference. A sequence that gets more is a prefill chunk. Several decoders may be told in one call, so that an engine
 * that keeps only their number and the sum of their context prices a step without a walk.
 *
 * All sums are sums of whole numbers: below 2^53 they do not depend on the order in which the batch was told, so two
 * engines that schedule the same sequences get the same price to the bit. Chunks are kept in the order told.
 */
export class StepLoad {
  /** Sequences with one new token. */
  decoders = 0;
  /** KV tokens that exist before the step, summed over the decoders. */
  decodeContext = 0;
  /** Prefill chunks, that is sequences with two new tokens or more. */
  chunks = 0;
  /** New tokens, summed over the chunks. */
  chunkTokens = 0;
  /** Σ new · (2 · context + new): twice the pairs (query, key) of causal attention; whole, unlike the pairs. */
  chunkWork2 = 0;
  /** Σ new · (2 · total + new), with the request's whole prompt in place of the context before the chunk. */
  promptWork2 = 0;
  /** Sequences that sample a token at the end of the step. */
  samplers = 0;
  /** New tokens of each chunk; the first `chunks` entries count. */
  newTokens = new Float64Array(16);
  /** KV tokens that exist before each chunk; the first `chunks` entries count. */
  context = new Float64Array(16);

  /** Tokens of the step. */
  get tokens(): number {
    return this.decoders + this.chunkTokens;
  }

  /** Sequences of the step. */
  get sequences(): number {
    return this.decoders + this.chunks;
  }

  clear(): void {
    this.decoders = 0;
    this.decodeContext = 0;
    this.chunks = 0;
    this.chunkTokens = 0;
    this.chunkWork2 = 0;
    this.promptWork2 = 0;
    this.samplers = 0;
  }

  /** `count` sequences with one new token each; `context` is the sum of their KV tokens before the step. */
  addDecoders(count: number, context: number): void {
    this.decoders += count;
    this.decodeContext += context;
  }

  /**
   * One sequence that gets `newTokens` tokens after `context` KV tokens; `prompt` is its whole prompt in tokens.
   * With one new token it is counted as a decoder.
   */
  addSequence(newTokens: number, context: number, prompt: number): void {
    if (newTokens === 1) {
      this.addDecoders(1, context);
      return;
    }
    const index = this.chunks++;
    if (index === this.newTokens.length) this.#grow();
    this.newTokens[index] = newTokens;
    this.context[index] = context;
    this.chunkTokens += newTokens;
    this.chunkWork2 += newTokens * (2 * context + newTokens);
    this.promptWork2 += newTokens * (2 * prompt + newTokens);
  }

  /** `count` sequences of the step sample a token at its end. */
  addSamplers(count: number): void {
    this.samplers += count;
  }

  #grow(): void {
    const newTokens = new Float64Array(this.newTokens.length * 2);
    const context = new Float64Array(this.newTokens.length * 2);
    newTokens.set(this.newTokens);
    context.set(this.context);
    this.newTokens = newTokens;
    this.context = context;
  }
}
