// How much of the whole each agent is meant to get: shares by agent, or as every call declares.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { ParamSpec } from '../options.ts';

/** A call that declares no weight, or none above 0, still gets something. */
const LEAST = 1e-6;
const LIST = /^\d+(?:\.\d+)?(?:\+\d+(?:\.\d+)?)*$/;

export const weightsParam: ParamSpec = {
  kind: 'text', default: 'equal', suggest: ['equal', 'call', '1+2+3+4'], check: wrongWeights,
  help: 'shares of the agents: equal; call: as each call declares; or 1+2+3: of agents 0, 1, 2, and again from the first',
};

function wrongWeights(text: string): string | undefined {
  if (text === 'equal' || text === 'call' || (LIST.test(text) && text.split('+').every((part) => Number(part) >= LEAST))) return undefined;
  return `accepts equal, call, or numbers from ${LEAST} joined by +, such as 1+2+3`;
}

export class AgentWeights {
  readonly #calls: CallView;
  /** Empty: as the call declares. */
  readonly #list: readonly number[];

  constructor(calls: CallView, text: string) { this.#calls = calls; this.#list = text === 'call' ? [] : text === 'equal' ? [1] : text.split('+').map(Number); }

  of(call: CallSlot): number {
    const list = this.#list;
    return list.length === 0 ? Math.max(LEAST, this.#calls.weight[call]) : list[this.#calls.agent[call] % list.length];
  }
}
