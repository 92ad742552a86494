// Open load: Poisson arrivals of calls that are all as long, with a prefix that all may share.
import type { CallView } from '../../src/dispatch/calls.ts';
import type { Content } from '../engine/batch/content.ts';
import { OwnSegments, type PromptSource } from '../engine/batch/prompts.ts';
import { exponential } from '../random/distributions.ts';
import type { Streams } from '../random/streams.ts';
import type { ProgramDraft, Workload } from './workload.ts';

const US_PER_S = 1e6;
/** The segment that all prompts begin with. */
const SHARED = 0;

export interface OpenLoadOptions {
  readonly requests: number;
  /** Calls a second. */
  readonly rate: number;
  readonly input: number;
  readonly output: number;
  /** Service on a slot and its part until the first token, in µs; NaN where an engine prices the call. */
  readonly serviceUs: number;
  readonly firstTokenUs: number;
  /** Agents that calls are given to by a hash of their number; 0: none. */
  readonly agents: number;
}

/** FNV-1a of a number's decimal digits, 32 bits: what `identity=hash:N` takes of an id. */
function hashOf(number: number): number {
  const digits = String(number);
  let hash = 0x811c9dc5;
  for (let i = 0; i < digits.length; i++) hash = Math.imul(hash ^ digits.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** O(1) a call, nothing kept. The first call arrives after a gap, as all do; times are whole microseconds. */
export class OpenLoad implements Workload {
  readonly total: number;
  readonly #options: OpenLoadOptions;
  readonly #gaps;
  readonly #law;
  #atS = 0;
  #made = 0;

  constructor(streams: Streams, options: OpenLoadOptions) {
    this.#options = options;
    this.total = options.requests;
    this.#law = exponential(1);
    this.#gaps = streams.stream('arrivals');
  }

  next(draft: ProgramDraft): boolean {
    const { requests, rate, input, output, serviceUs, firstTokenUs, agents } = this.#options, call = this.#made;
    if (call === requests) return false;
    this.#made++;
    this.#atS += this.#law.sample(this.#gaps) / rate;
    draft.arrivalUs = Math.round(this.#atS * US_PER_S);
    draft.program = call;
    draft.agent = agents === 0 ? 0 : hashOf(call) % agents;
    draft.callClass = 0;
    draft.length = 1;
    draft.promptTokens[0] = input;
    draft.outputTokens[0] = output;
    draft.serviceUs[0] = serviceUs;
    draft.firstTokenUs[0] = firstTokenUs;
    return true;
  }
}

/** Prompts that begin with the same tokens and go on with their own. */
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
}
