// Open load: arrivals at random of calls of one size or of sizes drawn from laws, with a prefix that all may share.
import type { CallView } from '../../src/dispatch/calls.ts';
import type { Content } from '../engine/batch/content.ts';
import { OwnSegments, type PromptSource } from '../engine/batch/prompts.ts';
import { exponential, type Distribution } from '../random/distributions.ts';
import type { Streams } from '../random/streams.ts';
import { slotFirstTokenUs, slotServiceUs } from './replay.ts';
import type { ProgramDraft, Workload } from './workload.ts';

const US_PER_S = 1e6;
const TOKENS_MAX = 1_000_000_000;
/** The segment that all prompts begin with. */
const SHARED = 0;

export interface OpenLoadOptions {
  readonly requests: number;
  /** Calls a second. */
  readonly rate: number;
  /** Law of the gaps between them, mean 1; exponential where it is left out. */
  readonly gap?: Distribution;
  /** Tokens of every prompt and output; or their laws, drawn for each call from its own child stream, rounded to whole tokens, at least 1. */
  readonly input: number | Distribution;
  readonly output: number | Distribution;
  /** Tokens a second on a slot; absent: engines price calls themselves. */
  readonly slotRates?: { readonly prefill: number; readonly decode: number };
  /** Agents that calls are given to by a hash of their number; 0: none. */
  readonly agents: number;
  /** Share of calls of class 0 of two; absent: there is one class. */
  readonly urgent?: number;
}

/** FNV-1a of a number's decimal digits, 32 bits: what `identity=hash:N` takes of an id. */
function hashOf(number: number): number {
  const digits = String(number);
  let hash = 0x811c9dc5;
  for (let i = 0; i < digits.length; i++) hash = Math.imul(hash ^ digits.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

type Children = ReturnType<Streams['stream']>;

function tokens(size: number | Distribution, children: Children, call: number): number {
  return typeof size === 'number' ? size : Math.min(TOKENS_MAX, Math.max(1, Math.round(size.sample(children.at(call)))));
}

/** O(1) a call, nothing kept. The first call arrives after a gap, as all do; times are whole microseconds. */
export class OpenLoad implements Workload {
  readonly total: number;
  readonly #options: OpenLoadOptions;
  readonly #gaps: Children;
  readonly #inputs: Children;
  readonly #outputs: Children;
  readonly #urgent: Children;
  readonly #law: Distribution;
  #atS = 0;
  #made = 0;

  constructor(streams: Streams, options: OpenLoadOptions) {
    this.#options = options;
    this.total = options.requests;
    this.#law = options.gap ?? exponential(1);
    this.#gaps = streams.stream('arrivals');
    this.#inputs = streams.stream('inputs');
    this.#outputs = streams.stream('outputs');
    this.#urgent = streams.stream('urgent');
  }

  next(draft: ProgramDraft): boolean {
    const { requests, rate, slotRates, agents, urgent } = this.#options, call = this.#made;
    if (call === requests) return false;
    this.#made++;
    this.#atS += this.#law.sample(this.#gaps) / rate;
    const input = tokens(this.#options.input, this.#inputs, call), output = tokens(this.#options.output, this.#outputs, call);
    draft.arrivalUs = Math.round(this.#atS * US_PER_S);
    draft.program = call;
    draft.agent = agents === 0 ? 0 : hashOf(call) % agents;
    draft.callClass = urgent === undefined || this.#urgent.at(call).next() < urgent ? 0 : 1;
    draft.length = 1;
    draft.promptTokens[0] = input;
    draft.outputTokens[0] = output;
    draft.serviceUs[0] = slotRates === undefined ? NaN : slotServiceUs(input, output, slotRates.prefill, slotRates.decode);
    draft.firstTokenUs[0] = slotRates === undefined ? NaN : slotFirstTokenUs(input, output, slotRates.prefill, slotRates.decode);
    return true;
  }
}

/** Prompts that begin with the same tokens and go on with their own; a prompt shorter than these is a beginning of them. Priority is the class: 0 goes first. */
export class SharedPrefixPrompts implements PromptSource {
  readonly #calls: CallView;
  readonly #shared: number;
  readonly #own = new OwnSegments();

  constructor(calls: CallView, shared: number) { this.#calls = calls; this.#shared = shared; }

  content(call: number): Content {
    const prompt = this.#calls.promptTokens[call], shared = Math.min(this.#shared, prompt);
    if (shared === 0) return [[this.#own.take(), prompt]];
    return shared === prompt ? [[SHARED, shared]] : [[SHARED, shared], [this.#own.take(), prompt - shared]];
  }

  answer(): number { return this.#own.take(); }

  priority(call: number): number { return this.#calls.callClass[call]; }
}
