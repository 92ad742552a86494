// Clients in a closed loop, whose requests share long prompts, but for a few that share nothing; and what their prompts are made of.
import type { CallView } from '../../src/dispatch/calls.ts';
import type { Content } from '../engine/batch/content.ts';
import { OwnSegments, type PromptSource } from '../engine/batch/prompts.ts';
import { exponential } from '../random/distributions.ts';
import type { Streams } from '../random/streams.ts';
import type { ProgramDraft, Workload } from './workload.ts';

const US_PER_S = 1e6;
/** Requests of a client are told apart below this. */
const REQUESTS_MAX = 1e6;

export interface HotColdOptions {
  readonly clients: number;
  /** Of all clients together. */
  readonly requests: number;
  /** Between an answer and the next request of its client, on average; the first request of each comes after such a time, too. */
  readonly thinkS: number;
  /** Share of requests that have nothing in common with any other. */
  readonly cold: number;
  /** Prompts that hot requests begin with; a client has one of them. */
  readonly groups: number;
  /** Tokens of every prompt, and how many of them a hot one has in common with the others of its group. */
  readonly prompt: number;
  readonly shared: number;
  readonly output: number;
}

export type RequestKind = 'hot' | 'cold';

/** Kind of a request, by its id. */
export const kindOf = (id: string): RequestKind => (id.endsWith('cold') ? 'cold' : 'hot');

/** Drawn from the child stream of the request, so that whoever asks, and whenever, is told the same. */
function drawKind(streams: Streams, client: number, request: number, cold: number): RequestKind {
  return streams.stream('kinds').at(client * REQUESTS_MAX + request).next() < cold ? 'cold' : 'hot';
}

/** A client is a program and an agent: a chain of its requests. O(requests) in all, nothing kept but the starts. */
export class HotCold implements Workload {
  readonly total: number;
  readonly #options: HotColdOptions;
  readonly #streams: Streams;
  readonly #law;
  /** Clients in order of their first request. */
  readonly #starts: readonly { readonly client: number; readonly atUs: number }[];
  #made = 0;

  constructor(streams: Streams, options: HotColdOptions) {
    const { clients, requests, thinkS } = options, draws = streams.stream('starts');
    this.#options = options;
    this.#streams = streams;
    this.#law = thinkS > 0 ? exponential(thinkS) : undefined;
    this.#starts = Array.from({ length: Math.min(clients, requests) }, (_, client) => ({ client, atUs: this.#drawUs(draws.at(client)) })).sort((a, b) => a.atUs - b.atUs || a.client - b.client);
    this.total = this.#starts.length;
  }

  next(draft: ProgramDraft): boolean {
    if (this.#made >= this.total) return false;
    const { clients, requests, cold, prompt, output } = this.#options, { client, atUs } = this.#starts[this.#made]!;
    const length = Math.floor(requests / clients) + (client < requests % clients ? 1 : 0), thinks = this.#streams.stream('thinks'), ids: string[] = [];
    draft.ensure(length);
    draft.program = this.#made++;
    draft.agent = client;
    draft.arrivalUs = atUs;
    draft.callClass = 0;
    draft.weight = 1;
    draft.length = length;
    for (let k = 0; k < length; k++) {
      ids.push(`${client}/${k} ${drawKind(this.#streams, client, k, cold)}`);
      draft.thinkUs[k] = k === 0 ? 0 : this.#drawUs(thinks.at(client * REQUESTS_MAX + k));
      draft.promptTokens[k] = prompt;
      draft.outputTokens[k] = output;
      draft.serviceUs[k] = draft.firstTokenUs[k] = NaN;
    }
    draft.ids = ids;
    draft.id = ids[0]!;
    return true;
  }

  #drawUs(u: { next(): number }): number { return this.#law === undefined ? 0 : Math.round(this.#law.sample(u) * US_PER_S); }
}

/** The prompt of the group, then what no other request has; of a cold request nothing but its own. */
export class HotColdPrompts implements PromptSource {
  readonly #calls: CallView;
  readonly #streams: Streams;
  readonly #options: HotColdOptions;
  readonly #own = new OwnSegments();

  constructor(calls: CallView, streams: Streams, options: HotColdOptions) { this.#calls = calls; this.#streams = streams; this.#options = options; }

  content(call: number): Content {
    const { prompt, shared, groups, cold } = this.#options, client = this.#calls.agent[call]!;
    if (shared === 0 || drawKind(this.#streams, client, this.#calls.ordinal[call]!, cold) === 'cold') return [[this.#own.take(), prompt]];
    const group = client % groups;
    return shared === prompt ? [[group, shared]] : [[group, shared], [this.#own.take(), prompt - shared]];
  }

  answer(): number { return this.#own.take(); }
}
