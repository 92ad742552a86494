// Virtual token counter: every agent has a counter of the tokens it was served, and the least served goes next. Fair in work, whatever a call costs.
import type { CallSlot } from '../dispatch/calls.ts';
import { weightsParam } from './agent-weights.ts';
import { FairPolicy } from './fair-policy.ts';
import { guessAsks, guessParams } from './length-guess.ts';
import { definePolicy, type PolicyContext } from './policy.ts';
import { meterParams } from './service-meter.ts';

/**
 * A grant adds wp for each prompt token that has to be computed, output adds wq a token, both divided by the agent's weight. The least counter
 * goes next with its oldest call; equal counters: the longest wait. An agent that comes back with nothing waiting is lifted to the least counter of
 * those that wait, or, where nobody does, to that of the last one to leave: what was not used is not saved up. A lift never lowers.
 * Two agents that both always wait differ by at most 2·max(wp·longest prompt, wq·tokens that fit an engine) over any interval, where nothing is
 * preempted and output is charged as it comes; a gate that hears of output only at the end is further off by what is in flight.
 * O(log agents) an event, O(1) a question; times the eligibility classes where calls are pinned.
 * Source: VTC, OSDI 2024 (arXiv 2401.00588), Algorithms 2 to 4; without the lift it is least counter first, of the same paper.
 */
class Vtc extends FairPolicy {
  readonly #lifts: boolean;
  /** The last agent to have had a waiting call when nobody has one any more. */
  #lastLeft = -1;

  constructor(context: PolicyContext) { super(context); this.#lifts = context.options['lift'] === true; }

  rank(_agent: number, account: number): number { return account; }

  protected enter(agent: number): void {
    if (!this.#lifts) return;
    const { order } = this, from = order.queues.waiting === 0 ? this.#lastLeft : order.lowest();
    if (from >= 0) order.setAccount(agent, Math.max(order.account(agent), order.account(from)));
  }

  protected override leave(agent: number): void { this.#lastLeft = agent; }

  tag(call: CallSlot): number { return Math.round(this.order.account(this.calls.agent[call])); }
  explain(call: CallSlot): Readonly<Record<string, number>> { const counter = this.order.account(this.calls.agent[call]); return { score: 0 - counter, counter }; }
  protected reason(agents: number, tied: number): string { return tied === 1 ? `least served of ${agents} agents that wait` : `waits longest of ${tied} agents that were served least`; }
}

export const vtc = definePolicy({
  name: 'vtc',
  title: 'the agent served fewest tokens goes next',
  source: 'VTC, OSDI 2024, arXiv 2401.00588; wp, wq and lift as published',
  params: {
    ...meterParams,
    lift: { kind: 'flag', default: true, help: 'an agent that was idle starts from the least counter that waits, not from its own' },
    weights: weightsParam,
    ...guessParams('none'),
  },
  knowledge: 'none',
  decision: 'O(log n)',
  tag: 'the counter of its agent when it is sent',
  asks: guessAsks,
  needsAgents: true,
  create: (context) => new Vtc(context),
});
