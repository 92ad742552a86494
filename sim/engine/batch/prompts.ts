// What the prompt of a call is made of, for engines with a cache. Content only, never text.
import type { CallSlot, CallTable } from '../../../src/dispatch/calls.ts';
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

/** A source that answers the same when asked again: what was drawn for a look at a cache is what the engine takes. Calls that nobody looks at are not remembered. */
export class RememberedPrompts implements PromptSource {
  readonly priority?: (call: CallSlot) => number;
  readonly #calls: CallTable;
  readonly #source: PromptSource;
  /** By slot, with the generation of the call: content, and the segment of its answer. */
  readonly #known: ({ readonly generation: number; readonly content: Content; readonly answer: number } | undefined)[] = [];

  /** `priority` goes before the source's own. */
  constructor(source: PromptSource, calls: CallTable, priority?: (call: CallSlot) => number) {
    this.#source = source;
    this.#calls = calls;
    if (priority !== undefined) this.priority = priority;
    else if (source.priority !== undefined) this.priority = (call) => source.priority!(call);
  }

  content(call: CallSlot): Content { return this.#of(call)?.content ?? this.#source.content(call); }
  answer(call: CallSlot): number { return this.#of(call)?.answer ?? this.#source.answer(call); }

  /** Content that `content` will answer, too. */
  remember(call: CallSlot): { readonly content: Content; readonly answer: number } {
    while (this.#known.length <= call) this.#known.push(undefined);
    return this.#of(call) ?? (this.#known[call] = { generation: this.#calls.generation[call], content: this.#source.content(call), answer: this.#source.answer(call) });
  }

  #of(call: CallSlot) {
    const known = this.#known[call];
    return known !== undefined && known.generation === this.#calls.generation[call] ? known : undefined;
  }
}
