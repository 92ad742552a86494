// What is thought of a call's output before it is there: nothing, the mean of what its agent got so far, or what the scenario tells.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { ParamTable, ParamValues } from '../options.ts';
import type { Knowledge, KnowledgeLevel } from './policy.ts';

export type GuessSource = 'none' | 'mean' | 'told';

/** Parameters of a policy that charges guesses; `fallback` is its own default. */
export const guessParams = (fallback: GuessSource) => ({
  predict: { kind: 'choice', default: fallback, values: ['none', 'mean', 'told'], help: 'output charged before it is there, put right at the end: none; mean: of the agent\'s calls so far; told: as the scenario knows it' },
  expect: { kind: 'number', default: 256, min: 0, max: 1e9, unit: 'tokens', help: 'output expected where predict knows nothing yet; ours' },
} as const satisfies ParamTable);

/** What a policy with these parameters asks to know. */
export function guessAsks(options: ParamValues): KnowledgeLevel { return options['predict'] === 'told' ? 'estimate' : 'none'; }

/** O(1). Keeps a sum and a count an agent. */
export class LengthGuess {
  readonly #calls: CallView;
  readonly #knowledge: Knowledge;
  readonly #source: GuessSource;
  readonly #expect: number;
  readonly #sums: number[] = [];
  readonly #counts: number[] = [];

  constructor(calls: CallView, knowledge: Knowledge, options: ParamValues) {
    this.#calls = calls;
    this.#knowledge = knowledge;
    this.#source = options['predict'] as GuessSource;
    this.#expect = options['expect'] as number;
  }

  /** True where a call that ends changes what is thought of its agent's next. */
  get learns(): boolean { return this.#source === 'mean'; }

  /** Tokens, 0 or more. */
  of(call: CallSlot): number {
    if (this.#source === 'none') return 0;
    if (this.#source === 'told') { const told = this.#knowledge.outputTokens(call); return Number.isNaN(told) ? this.#expect : told; }
    const agent = this.#calls.agent[call], count = this.#counts[agent] ?? 0;
    return count === 0 ? this.#expect : this.#sums[agent] / count;
  }

  /** A call of the agent had this much output in the end. */
  learn(agent: number, tokens: number): void {
    if (this.#source !== 'mean') return;
    while (this.#sums.length <= agent) { this.#sums.push(0); this.#counts.push(0); }
    this.#sums[agent] += tokens;
    this.#counts[agent]++;
  }
}
