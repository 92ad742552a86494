// What a call has cost so far: prompt tokens computed when it is granted, output tokens as they are told of, all put right when it ends.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { ParamTable, ParamValues } from '../options.ts';
import type { LengthGuess } from './length-guess.ts';
import type { Knowledge } from './policy.ts';

/** A call without tokens costs by the time that it was served: a millisecond counts as an output token. */
const US_PER_TOKEN = 1000;

export const meterParams = {
  wp: { kind: 'number', default: 1, min: 0, max: 1e6, help: 'cost of a prompt token that has to be computed; those found in a cache are free' },
  wq: { kind: 'number', default: 2, min: 0, max: 1e6, help: 'cost of an output token' },
} as const satisfies ParamTable;

interface MeterParts { readonly calls: CallView; readonly knowledge: Knowledge; readonly options: ParamValues; readonly guess?: LengthGuess }

/**
 * Every answer is what is to be added to the account of the call's agent, so that the sum over a call is its cost. O(1); one row a slot.
 * What is found in a cache is taken from the knowledge view at the grant, and from the usage at the end. A call that was preempted and
 * runs again is not charged for its prompt twice: what an engine computes again is no service to the agent.
 */
export class ServiceMeter {
  readonly #calls: CallView;
  readonly #knowledge: Knowledge;
  readonly #guess: LengthGuess | undefined;
  readonly #wp: number;
  readonly #wq: number;
  /** By slot: what has been charged (NaN: it never ran), output told of and guessed, and time served in earlier runs and since when. */
  #charged = new Float64Array(64);
  #told = new Float64Array(64);
  #guessed = new Float64Array(64);
  #ranUs = new Float64Array(64);
  #sinceUs = new Float64Array(64);

  constructor({ calls, knowledge, options, guess }: MeterParts) {
    this.#calls = calls;
    this.#knowledge = knowledge;
    this.#guess = guess;
    this.#wp = options['wp'] as number;
    this.#wq = options['wq'] as number;
  }

  arrive(call: CallSlot): void {
    if (call >= this.#charged.length) this.#grow(call);
    this.#charged[call] = NaN;
    this.#told[call] = 0;
    this.#guessed[call] = 0;
    this.#ranUs[call] = 0;
  }

  hasRun(call: CallSlot): boolean { return !Number.isNaN(this.#charged[call]); }

  /** What a grant would charge now; 0 where the call has run before. */
  atGrant(call: CallSlot): number {
    const engine = this.#calls.engine[call];
    return this.#startOf(call, engine < 0 ? 0 : this.#knowledge.cachedTokens(call, engine));
  }

  /** The same with nothing found in a cache, which does not change while a call waits. */
  expected(call: CallSlot): number { return this.#startOf(call, 0); }

  /** `charged`: what the grant was charged with, one of the two above. */
  grant(call: CallSlot, charged: number, nowUs: number): void {
    this.#sinceUs[call] = nowUs;
    if (this.hasRun(call)) return;
    this.#guessed[call] = this.#guess?.of(call) ?? 0;
    this.#charged[call] = charged;
  }

  /** Output beyond what was guessed costs as it comes. */
  progress(call: CallSlot, tokens: number): number {
    const before = Math.max(this.#guessed[call], this.#told[call]);
    this.#told[call] += tokens;
    const cost = this.#wq * (Math.max(this.#guessed[call], this.#told[call]) - before);
    this.#charged[call] += cost;
    return cost;
  }

  preempt(call: CallSlot, nowUs: number): void { this.#ranUs[call] += nowUs - this.#sinceUs[call]; }

  finish(call: CallSlot, well: boolean, nowUs: number): number {
    const output = this.#outputOf(call, well, nowUs), cost = this.#wp * this.#computed(call, this.#calls.cachedTokens[call]) + this.#wq * output;
    if (well) this.#guess?.learn(this.#calls.agent[call], output);
    return cost - this.#charged[call];
  }

  /** A call that was cancelled has cost what it got; nothing, where it never ran. */
  cancel(call: CallSlot): number { return this.hasRun(call) ? this.#wq * (this.#told[call] - Math.max(this.#guessed[call], this.#told[call])) : 0; }

  #startOf(call: CallSlot, cached: number): number { return this.hasRun(call) ? 0 : this.#wp * this.#computed(call, cached) + this.#wq * (this.#guess?.of(call) ?? 0); }
  #computed(call: CallSlot, cached: number): number { return Math.max(0, this.#calls.promptTokens[call] - cached); }

  /** Usage where there is any, else the time served; of a call that failed, at least what was told. */
  #outputOf(call: CallSlot, well: boolean, nowUs: number): number {
    const { outputTokens, promptTokens } = this.#calls, tokens = outputTokens[call], told = this.#told[call];
    if (tokens > 0 || promptTokens[call] > 0) return well ? tokens : Math.max(tokens, told);
    return Math.max(told, Math.floor((this.#ranUs[call] + nowUs - this.#sinceUs[call]) / US_PER_TOKEN));
  }

  #grow(call: CallSlot): void {
    const n = Math.max(this.#charged.length * 2, call + 1);
    const wide = (from: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => { const to = new Float64Array(n); to.set(from); return to; };
    this.#charged = wide(this.#charged); this.#told = wide(this.#told); this.#guessed = wide(this.#guessed); this.#ranUs = wide(this.#ranUs); this.#sinceUs = wide(this.#sinceUs);
  }
}
