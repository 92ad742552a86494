// What the prompt of a call is made of, for engines with a cache. Content only, never text.
import type { CallSlot } from '../../../src/dispatch/calls.ts';
import { FIRST_OWN, type Content } from './content.ts';

/** Asked once a call, when it reaches its engine. */
export interface PromptSource {
  /** The prompt as segments; their tokens sum up to the call's `promptTokens`. */
  content(call: CallSlot): Content;
  /** Segment of the call's answer: its own, unless a later prompt repeats it. */
  answer(call: CallSlot): number;
  /** Lower goes first, where the engine schedules by priority. */
  priority?(call: CallSlot): number;
}

/** Gives out segments that no other call has. */
export class OwnSegments {
  #next = FIRST_OWN;
  take(): number { return this.#next++; }
}

/** Calls whose prompts share nothing. */
export class UnsharedPrompts implements PromptSource {
  readonly #promptTokens: { readonly promptTokens: Int32Array };
  readonly #own = new OwnSegments();
  constructor(calls: { readonly promptTokens: Int32Array }) { this.#promptTokens = calls; }
  content(call: CallSlot): Content { return [[this.#own.take(), this.#promptTokens.promptTokens[call]]]; }
  answer(): number { return this.#own.take(); }
}
