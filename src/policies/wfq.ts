// Weighted fair queueing by agent, self-clocked: calls go in the order in which an ideal server that divides itself by weight would end them.
import type { CallSlot } from '../dispatch/calls.ts';
import { weightsParam } from './agent-weights.ts';
import { FairPolicy } from './fair-policy.ts';
import { guessAsks, guessParams } from './length-guess.ts';
import { definePolicy } from './policy.ts';
import { meterParams } from './service-meter.ts';

/**
 * The next call of an agent would end at its agent's virtual time plus cost ÷ weight; the least such end goes first, equal ones: the longest wait.
 * Virtual time is the end of the call granted last, because a gate does not know how fast its engines are: an agent that begins to wait starts there,
 * or at its own last end where that is later. Cost is wp · prompt + wq · output, the output as `predict` says and put right in the agent's virtual time
 * when the call ends. With exact costs on one server of a constant rate, a call ends no later than the agent's guaranteed share of the server would end
 * it, plus the longest call of each other agent. O(log agents) an event, O(1) a question; times the eligibility classes where calls are pinned.
 * Source: self-clocked fair queueing (Golestani, INFOCOM 1994), of weighted fair queueing (Demers, Keshav and Shenker, SIGCOMM 1989).
 */
class WeightedFairQueueing extends FairPolicy {
  #virtual = 0;

  rank(_agent: number, account: number, call: CallSlot): number { return account + this.shareOf(call); }
  /** What a cache holds changes while a call waits, and its place may not. */
  protected override costOf(call: CallSlot): number { return this.meter.expected(call); }

  override grant(call: CallSlot, nowUs: number): void {
    this.#virtual = Math.max(this.#virtual, this.order.rankOf(call));
    super.grant(call, nowUs);
  }

  protected enter(agent: number): void { this.order.setAccount(agent, Math.max(this.order.account(agent), this.#virtual)); }

  tag(call: CallSlot): number { return Math.round(this.order.rankOf(call)); }

  explain(call: CallSlot): Readonly<Record<string, number>> {
    const starts = this.order.account(this.calls.agent[call]), ends = this.order.rankOf(call);
    return { score: 0 - ends, starts, ends };
  }
  protected reason(agents: number, tied: number): string { return tied === 1 ? `first to end on an ideal server, of ${agents} agents that wait` : `waits longest of ${tied} agents that an ideal server would end first`; }
}

export const wfq = definePolicy({
  name: 'wfq',
  title: 'calls in the order in which a server divided by weight would end them',
  source: 'self-clocked fair queueing, INFOCOM 1994',
  params: { ...meterParams, weights: weightsParam, ...guessParams('mean') },
  knowledge: 'none',
  decision: 'O(log n)',
  tag: 'the instant at which an ideal server would end it, in tokens of virtual time',
  asks: guessAsks,
  needsAgents: true,
  create: (context) => new WeightedFairQueueing(context),
});
