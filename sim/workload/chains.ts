// Programs of several calls while they run: what is left of each, found by the slot of its call in flight.
import type { CallSlot } from '../../src/dispatch/calls.ts';
import type { ProgramDraft } from './workload.ts';

/** A running program: its calls in columns, and how far it has come. */
export interface Chain {
  readonly program: number; readonly agent: number; readonly callClass: number; readonly weight: number; readonly arrivalUs: number; readonly id: string; readonly ids: readonly string[]; readonly length: number;
  readonly thinkUs: Float64Array; readonly serviceUs: Float64Array; readonly firstTokenUs: Float64Array; readonly promptTokens: Int32Array; readonly outputTokens: Int32Array;
  readonly pin: Int32Array; readonly timeoutUs: Float64Array; readonly cancelUs: Float64Array;
  /** Ordinal of the call in flight or next. */
  at: number;
}

/** Copies a draft, which its workload will overwrite. */
export function chainOf(draft: ProgramDraft): Chain {
  const n = draft.length;
  return {
    program: draft.program, agent: draft.agent, callClass: draft.callClass, weight: draft.weight, arrivalUs: draft.arrivalUs, id: draft.id, ids: draft.ids, length: n,
    thinkUs: draft.thinkUs.slice(0, n), serviceUs: draft.serviceUs.slice(0, n), firstTokenUs: draft.firstTokenUs.slice(0, n),
    promptTokens: draft.promptTokens.slice(0, n), outputTokens: draft.outputTokens.slice(0, n), pin: draft.pin.slice(0, n),
    timeoutUs: draft.timeoutUs.slice(0, n), cancelUs: draft.cancelUs.slice(0, n), at: 0,
  };
}

/** The id of a call for files. */
export const idOf = (chain: Chain, ordinal: number): string => chain.ids[ordinal] ?? chain.id;

/** Time that the program takes with nobody else: its service and its thinking. */
export function aloneUs(chain: Chain): number {
  let sum = 0;
  for (let k = 0; k < chain.length; k++) sum += chain.serviceUs[k] + chain.thinkUs[k];
  return sum;
}

export function tokensOf(chain: Chain): number {
  let sum = 0;
  for (let k = 0; k < chain.length; k++) sum += chain.outputTokens[k];
  return sum;
}

/** Chains by the slot of their call in flight. */
export class ChainTable {
  readonly #byCall: (Chain | undefined)[] = [];
  open = 0;
  /** Programs whose first call has arrived and whose last has not ended, those that think included. */
  readonly begun = new Set<Chain>();
  /** A program of several calls was met. */
  wereUsed = false;
  set(call: CallSlot, chain: Chain): void {
    this.wereUsed = true;
    if (chain.at === 0) this.begun.add(chain);
    while (this.#byCall.length <= call) this.#byCall.push(undefined);
    this.#byCall[call] = chain;
    this.open++;
  }
  take(call: CallSlot): Chain | undefined {
    if (this.open === 0) return undefined;
    const chain = this.#byCall[call];
    if (chain !== undefined) { this.#byCall[call] = undefined; this.open--; }
    return chain;
  }
  peek(call: CallSlot): Chain | undefined { return this.open === 0 ? undefined : this.#byCall[call]; }
}
