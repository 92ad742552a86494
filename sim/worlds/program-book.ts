// Which programs are under way, and which ended with a round: the same book for both shells, read in the core's own order.
import { CALL_RUNNING, CALL_WAITING } from '../../src/dispatch/calls.ts';
import type { DispatchCore } from '../../src/dispatch/core.ts';
import type { Policy } from '../../src/policies/policy.ts';
import { aloneUs, type ChainTable, tokensOf } from '../workload/chains.ts';
import type { Stage } from './stage.ts';

export class ProgramBook {
  /** Programs of several calls, by the slot of a call in flight. */
  readonly chains: ChainTable;
  readonly #stage: Stage;
  /** All programs so far have one call each. */
  #areSingle = true;
  /** Policies that keep rows of programs, wherever they sit; known once all are built. */
  #forgetting: Policy[] | undefined;
  /** Agents written as functions are programs whose end only they know: a call of theirs ends none. */
  readonly #callsAreParts: boolean;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.chains = stage.chains;
    this.#callsAreParts = (stage.model.scripts?.length ?? 0) > 0;
  }

  /** Programs whose last call was served, or that lost a call, end here. Call after each flush, before slots are reused. */
  roundEnded(core: DispatchCore, nowUs: number): void {
    if (core.endedCount === 0 && !(this.#areSingle && this.chains.wereUsed)) return;
    const { calls, recorder, work, alone } = this.#stage, forgetting = this.#forgetting ??= this.#stage.policies.filter((policy) => policy.programEnd !== undefined);
    for (let i = 0; i < core.endedCount; i++) {
      const call = core.ended[i], chain = this.chains.take(call), well = calls.outcome[call] === 0;
      if (chain === undefined) {
        if (this.#callsAreParts) continue;
        if (well && alone !== undefined) work.serviceUs[call] = alone.us(calls.promptTokens[call], work.outputTokens[call]);
        if (well) recorder.wholeCall(call, nowUs, work, this.#areSingle);
        else recorder.programLost(calls.callClass[call]);
        if (forgetting.length > 0) this.#forget(calls.program[call], nowUs);
      } else if (!well || calls.ordinal[call] === chain.length - 1) {
        if (well && alone !== undefined) for (let k = 0; k < chain.length; k++) chain.serviceUs[k] = alone.us(chain.promptTokens[k], chain.outputTokens[k]);
        if (well) recorder.programEnd(chain.callClass, nowUs - chain.arrivalUs, aloneUs(chain), tokensOf(chain), chain.agent);
        else recorder.programLost(chain.callClass);
        this.chains.begun.delete(chain);
        this.#forget(chain.program, nowUs);
      }
    }
    // No chain can have ended in the round in which the first one began.
    if (this.#areSingle && this.chains.wereUsed) { this.#areSingle = false; recorder.programsDiffer(); }
  }

  #forget(program: number, nowUs: number): void { for (const policy of this.#forgetting!) policy.programEnd!(program, nowUs); }
}

/** Tells the recorder of every program that is open when the window ends. Call before the recorder is closed. */
export function tellOpenPrograms({ calls, chains, recorder, model, openScripts }: Stage, endUs: number): void {
  for (const chain of chains.begun) recorder.programOpen(chain.callClass, endUs - chain.arrivalUs);
  for (const [life, callClass] of openScripts) if (life.firstUs >= 0) recorder.programOpen(callClass, endUs - life.firstUs);
  if ((model.scripts?.length ?? 0) > 0) return;
  for (let c = 0; c < calls.capacity; c++)
    if ((calls.state[c] === CALL_WAITING || calls.state[c] === CALL_RUNNING) && chains.peek(c) === undefined) recorder.programOpen(calls.callClass[c], endUs - calls.arrivedUs[c]);
}
