// What an application foresees of its calls, asked once as a call comes and kept beside the call table for policies that want to know.
import { type Knowledge, type KnowledgeLevel, KNOWS_NOTHING } from '../policies/policy.ts';
import type { CallSlot } from './calls.ts';
import type { AcquireRequest } from './request.ts';

/** Functions of a request. NaN: nothing is foreseen of this call. */
export interface Forecast {
  /** `estimate` where they may be wrong, which is the default; `oracle` where they never are. */
  readonly level?: Exclude<KnowledgeLevel, 'none'>;
  /** Output tokens of the call. */
  outputTokens(request: AcquireRequest): number;
  /** Output tokens of all calls of its program, from the first to the last. */
  programTokens?(request: AcquireRequest): number;
  /** µs that the tool takes which the program has just begun. */
  toolUs?(program: number): number;
}

/** Columns by slot. O(1) a call. */
export class Forecasts {
  readonly knowledge: Knowledge;
  readonly #forecast: Forecast;
  readonly #output: number[] = [];
  readonly #program: number[] = [];

  constructor(forecast: Forecast) {
    this.#forecast = forecast;
    this.knowledge = { ...KNOWS_NOTHING, level: forecast.level ?? 'estimate', outputTokens: (call) => this.#output[call] ?? NaN, programTokens: (call) => this.#program[call] ?? NaN, toolUs: (program) => Number(forecast.toolUs?.(program) ?? NaN) };
  }

  /** The call of a slot is about to arrive. Throws what the functions throw. */
  ask(call: CallSlot, request: AcquireRequest): void {
    while (this.#output.length <= call) { this.#output.push(NaN); this.#program.push(NaN); }
    this.#output[call] = Number(this.#forecast.outputTokens(request));
    this.#program[call] = Number(this.#forecast.programTokens?.(request) ?? NaN);
  }
}
