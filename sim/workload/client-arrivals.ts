// Clients that each send calls at random from one instant on: who is served when all of them want more than there is.
import type { Distribution } from '../random/distributions.ts';
import { exponential } from '../random/distributions.ts';
import type { Streams } from '../random/streams.ts';
import type { ProgramDraft, Workload } from './workload.ts';

const US_PER_S = 1e6;

export interface Client { readonly fromS: number; readonly untilS: number; /** Calls a second. */ readonly rate: number }
export interface ClientArrivalsOptions {
  /** By agent, which is its class, too. */
  readonly clients: readonly Client[];
  /** Tokens, rounded to whole ones, at least 1. */
  readonly prompt: Distribution;
  readonly output: Distribution;
  /** Service of a call: so long for each output token, prompts at once. */
  readonly tokenUs: number;
}

/** Poisson arrivals of each client from a stream of its own, lengths of each call from its own child stream. O(clients) a call. */
export class ClientArrivals implements Workload {
  readonly #options: ClientArrivalsOptions;
  readonly #gaps;
  readonly #prompts;
  readonly #outputs;
  readonly #law = exponential(1);
  /** Next arrival and calls so far, by client. */
  readonly #nextS: number[];
  readonly #sent: number[];
  #made = 0;

  constructor(streams: Streams, options: ClientArrivalsOptions) {
    const { clients } = options;
    this.#options = options;
    this.#gaps = clients.map((_, c) => streams.stream(`arrivals/${c}`));
    this.#prompts = clients.map((_, c) => streams.stream(`prompts/${c}`));
    this.#outputs = clients.map((_, c) => streams.stream(`outputs/${c}`));
    this.#sent = clients.map(() => 0);
    this.#nextS = clients.map(({ fromS }, c) => this.#after(c, fromS));
  }

  next(draft: ProgramDraft): boolean {
    const next = this.#nextS, { clients, prompt, output, tokenUs } = this.#options;
    let c = 0;
    for (let other = 1; other < next.length; other++) if (next[other] < next[c]) c = other;
    if (next[c] >= clients[c].untilS) return false;
    const call = this.#sent[c]++, outputTokens = Math.max(1, Math.round(output.sample(this.#outputs[c].at(call))));
    draft.arrivalUs = Math.round(next[c] * US_PER_S);
    draft.program = this.#made++;
    draft.agent = c;
    draft.callClass = c;
    draft.length = 1;
    draft.promptTokens[0] = Math.max(1, Math.round(prompt.sample(this.#prompts[c].at(call))));
    draft.outputTokens[0] = outputTokens;
    draft.serviceUs[0] = outputTokens * tokenUs;
    draft.firstTokenUs[0] = 0;
    next[c] = this.#after(c, next[c]);
    return true;
  }

  #after(c: number, atS: number): number {
    const { rate, untilS } = this.#options.clients[c], atLater = atS + this.#law.sample(this.#gaps[c]) / rate;
    return atLater < untilS ? atLater : Infinity;
  }
}
