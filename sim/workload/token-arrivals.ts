// Open arrivals with tokens: gaps and lengths drawn from laws, one call a program, every call's lengths from its own child stream.
import type { Distribution } from '../random/distributions.ts';
import type { Streams } from '../random/streams.ts';
import { slotFirstTokenUs, slotServiceUs } from './replay.ts';
import type { ProgramDraft, Workload } from './workload.ts';

const US_PER_S = 1e6;
const TOKENS_MAX = 0x7fffffff;

export interface TokenArrivalsOptions {
  readonly calls: number;
  /** Seconds from one arrival to the next. */
  readonly gap: Distribution;
  /** Tokens; rounded to whole ones. */
  readonly prompt: Distribution;
  readonly output: Distribution;
  /** Tokens a second on one slot. */
  readonly prefillRate: number;
  readonly decodeRate: number;
  /** Engines price calls themselves: what a slot would need is NaN, and no length is 0, which no engine takes. */
  readonly isPriced?: boolean;
  /** Agents that send the calls, each as often as another; 1. */
  readonly agents?: number;
}

const tokens = (drawn: number): number => Math.min(TOKENS_MAX, Math.round(drawn));

/** O(1) a call, nothing kept. The first call arrives at 0; times are whole microseconds. */
export class TokenArrivals implements Workload {
  readonly total: number;
  readonly #options: TokenArrivalsOptions;
  readonly #gaps;
  readonly #prompts;
  readonly #outputs;
  readonly #agents;
  #atS = 0;
  #made = 0;

  constructor(streams: Streams, options: TokenArrivalsOptions) {
    this.#options = options;
    this.total = options.calls;
    this.#gaps = streams.stream('arrivals');
    this.#prompts = streams.stream('prompts');
    this.#outputs = streams.stream('outputs');
    this.#agents = streams.stream('agents');
  }

  next(draft: ProgramDraft): boolean {
    const { calls, gap, prompt, output, prefillRate, decodeRate, agents = 1, isPriced = false } = this.#options, call = this.#made, least = isPriced ? 1 : 0;
    if (call === calls) return false;
    this.#made++;
    if (call > 0) this.#atS += gap.sample(this.#gaps);
    const promptTokens = Math.max(least, tokens(prompt.sample(this.#prompts.at(call)))), outputTokens = Math.max(least, tokens(output.sample(this.#outputs.at(call))));
    draft.arrivalUs = Math.round(this.#atS * US_PER_S);
    draft.program = call;
    draft.agent = agents === 1 ? 0 : Math.floor(this.#agents.at(call).next() * agents);
    draft.callClass = 0;
    draft.length = 1;
    draft.promptTokens[0] = promptTokens;
    draft.outputTokens[0] = outputTokens;
    draft.serviceUs[0] = isPriced ? NaN : slotServiceUs(promptTokens, outputTokens, prefillRate, decodeRate);
    draft.firstTokenUs[0] = isPriced ? NaN : slotFirstTokenUs(promptTokens, outputTokens, prefillRate, decodeRate);
    return true;
  }
}
