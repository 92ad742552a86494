// How long a call takes on an idle engine that holds nothing but what its own program left there: what its response is divided by.
import type { CallOverhead, CostModel } from '../cost/cost-model.ts';
import { StepLoad } from '../cost/step-load.ts';
import type { BatchConfig } from './config.ts';

/** Contexts whose steps are priced together, when one of them is first asked for. */
const SPAN = 256;

/**
 * The time that an engine takes for one call and nothing else, to the microsecond: its chunks, then one step for each further token, and what the front end adds.
 * O(chunks + output ÷ 256) a call; a step of one decoder is priced once for each context. The last answer is kept, for loads of equal calls.
 */
export class AloneTime {
  readonly #config: BatchConfig;
  readonly #cost: CostModel;
  readonly #overhead: CallOverhead;
  readonly #load = new StepLoad();
  /** By span of contexts: µs of the steps before each context of it. */
  readonly #spans: (Float64Array | undefined)[] = [];
  #prompt = -1;
  #output = -1;
  #cached = -1;
  #us = 0;

  constructor(config: BatchConfig, cost: CostModel, overhead: CallOverhead) {
    this.#config = config;
    this.#cost = cost;
    this.#overhead = overhead;
  }

  /** For a call that the engine would take. `heldTokens`: of its prompt, those that are still there from before; whole blocks of them count, and the last token is computed in any case. */
  us(promptTokens: number, outputTokens: number, heldTokens = 0): number {
    const { blockSize, prefixCaching } = this.#config, cached = prefixCaching ? Math.floor(Math.max(0, Math.min(heldTokens, promptTokens - 1)) / blockSize) * blockSize : 0;
    if (promptTokens === this.#prompt && outputTokens === this.#output && cached === this.#cached) return this.#us;
    const { beforeUs, afterUs, perOutputTokenUs } = this.#overhead, outputs = Math.min(outputTokens, this.#config.maxModelLen - promptTokens);
    const engineUs = this.#prefill(promptTokens, cached) + this.#decode(promptTokens, promptTokens + outputs - 1);
    this.#prompt = promptTokens;
    this.#output = outputTokens;
    this.#cached = cached;
    return (this.#us = Math.round(Math.round(beforeUs) + engineUs + afterUs + perOutputTokenUs * outputs));
  }

  /** Steps that compute so many tokens of a prompt from nothing, in µs. */
  prefillUs(tokens: number): number { return this.#prefill(tokens, 0); }

  #prefill(prompt: number, cached: number): number {
    const { maxBatchedTokens, longPrefill, longPrefillAdaptive, rules } = this.#config;
    // Prompts in one piece have a budget that holds the longest of them.
    const isThrottled = longPrefill > 0 && !longPrefillAdaptive && !rules.loneUnthrottled, most = isThrottled ? Math.min(longPrefill, maxBatchedTokens) : maxBatchedTokens;
    let us = 0;
    for (let context = cached; context < prompt;) {
      const tokens = Math.min(most, prompt - context);
      this.#load.clear();
      this.#load.addSequence(tokens, context, prompt);
      context += tokens;
      if (context === prompt) this.#load.addSamplers(1);
      us += this.#price();
    }
    return us;
  }

  /** Steps of one decoder with contexts from `from` to before `to`. */
  #decode(from: number, to: number): number {
    let us = 0;
    for (let context = from; context < to;) {
      const span = Math.floor(context / SPAN), start = span * SPAN, end = Math.min(to, start + SPAN), sums = this.#spans[span] ??= this.#sums(start);
      us += sums[end - start] - sums[context - start];
      context = end;
    }
    return us;
  }

  #sums(start: number): Float64Array {
    const sums = new Float64Array(SPAN + 1);
    for (let i = 0; i < SPAN; i++) {
      this.#load.clear();
      this.#load.addDecoders(1, start + i);
      this.#load.addSamplers(1);
      sums[i + 1] = sums[i] + this.#price();
    }
    return sums;
  }

  /** As the engine rounds. */
  #price(): number { return Math.max(1, Math.round(this.#cost.stepUs(this.#load))); }
}
