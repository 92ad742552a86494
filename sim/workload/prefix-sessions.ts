// Sessions that share prefixes: users ask, wait for the answer, and ask again some time after it, under system prompts that groups of them share.
import type { CallView } from '../../src/dispatch/calls.ts';
import type { Content } from '../engine/batch/content.ts';
import { OwnSegments, type PromptSource } from '../engine/batch/prompts.ts';
import { exponential } from '../random/distributions.ts';
import type { Streams } from '../random/streams.ts';
import type { ProgramDraft, Workload } from './workload.ts';

const US_PER_S = 1e6;

export interface PrefixSessionsOptions {
  readonly requests: number;
  /** Requests a second of all sessions together, if answers came at once. */
  readonly rate: number;
  readonly groups: number;
  readonly usersPerGroup: number;
  /** Tokens: what a group shares, what a request adds, what is answered. */
  readonly systemPrompt: number;
  readonly question: number;
  readonly output: number;
}

/**
 * With N sessions, each begins after an exponential time of mean N ÷ rate and asks again N ÷ rate seconds after each answer, so that load yields where
 * answers are slow. Requests are dealt out evenly, the first sessions having one more. A session is a program and an agent; its group is agent ÷ usersPerGroup.
 */
export class PrefixSessions implements Workload {
  readonly total: number;
  readonly #options: PrefixSessionsOptions;
  /** Sessions in order of their start. */
  readonly #starts: readonly { readonly session: number; readonly atUs: number }[];
  #made = 0;

  constructor(streams: Streams, options: PrefixSessionsOptions) {
    const { requests, rate, groups, usersPerGroup } = options, sessions = groups * usersPerGroup, gap = exponential(sessions / rate), draws = streams.stream('starts');
    this.#options = options;
    this.#starts = Array.from({ length: Math.min(sessions, requests) }, (_, session) => ({ session, atUs: Math.round(gap.sample(draws.at(session)) * US_PER_S) })).sort((a, b) => a.atUs - b.atUs || a.session - b.session);
    this.total = this.#starts.length;
  }

  next(draft: ProgramDraft): boolean {
    if (this.#made >= this.total) return false;
    const { requests, rate, groups, usersPerGroup, systemPrompt, question, output } = this.#options, sessions = groups * usersPerGroup;
    const { session, atUs } = this.#starts[this.#made], rounds = Math.floor(requests / sessions) + (session < requests % sessions ? 1 : 0), gapUs = Math.round((sessions / rate) * US_PER_S);
    draft.ensure(rounds);
    draft.program = this.#made++;
    draft.arrivalUs = atUs;
    draft.agent = session;
    draft.callClass = 0;
    draft.weight = 1;
    draft.length = rounds;
    for (let k = 0; k < rounds; k++) {
      draft.thinkUs[k] = k === 0 ? 0 : gapUs;
      draft.promptTokens[k] = systemPrompt + question;
      draft.outputTokens[k] = output;
      draft.serviceUs[k] = draft.firstTokenUs[k] = NaN;
      draft.pin[k] = -1;
      draft.timeoutUs[k] = draft.cancelUs[k] = 0;
    }
    return true;
  }
}

/** The system prompt of the group, then what no other request has. */
export class PrefixSessionPrompts implements PromptSource {
  readonly #calls: CallView;
  readonly #options: PrefixSessionsOptions;
  readonly #own = new OwnSegments();

  constructor(calls: CallView, options: PrefixSessionsOptions) { this.#calls = calls; this.#options = options; }

  content(call: number): Content {
    const { systemPrompt, question, usersPerGroup } = this.#options;
    return [[Math.floor(this.#calls.agent[call] / usersPerGroup), systemPrompt], [this.#own.take(), question]];
  }

  answer(): number { return this.#own.take(); }
}
