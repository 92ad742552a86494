// Deficit round robin over agents: a turn lasts until the agent has used its quantum of tokens, whatever its calls cost.
import type { CallSlot } from '../dispatch/calls.ts';
import { weightsParam } from './agent-weights.ts';
import { FairPolicy } from './fair-policy.ts';
import { guessAsks, guessParams } from './length-guess.ts';
import { definePolicy, type PolicyContext } from './policy.ts';
import { meterParams } from './service-meter.ts';

/**
 * In every round each agent that waits may send calls while it has some of its quantum left; what a call costs beyond it is a debt to the rounds
 * that follow (the surplus form, because the cost of a call is known only when it has ended). Agents have their turns in the order in which they began
 * to wait. Idle agents keep neither quantum nor, once the rounds that it would have cost are over, debt.
 * An account counts tokens, a round is a whole quantum of it, so that rounds nobody can use are skipped at once and a turn that an engine without room
 * holds up is kept. O(log agents) an event, O(1) a question; times the eligibility classes where calls are pinned.
 * Source: deficit round robin (Shreedhar and Varghese, SIGCOMM 1995) in its surplus form; the quantum is llm-d's.
 */
class DeficitRoundRobin extends FairPolicy {
  readonly #quantum: number;
  /** By agent: its turn among those of one round. */
  readonly #turns: number[] = [];
  #lastTurn = 0;
  #lastLeft = -1;

  constructor(context: PolicyContext) { super(context); this.#quantum = context.options['quantum'] as number; }

  rank(_agent: number, account: number): number { return Math.floor(account / this.#quantum); }
  override isFirst(a: CallSlot, b: CallSlot): boolean {
    const { agent } = this.calls;
    return agent[a] === agent[b] ? super.isFirst(a, b) : this.#turns[agent[a]] < this.#turns[agent[b]];
  }

  protected enter(agent: number): void {
    const { order } = this, from = order.queues.waiting === 0 ? this.#lastLeft : order.lowest();
    while (this.#turns.length <= agent) this.#turns.push(0);
    this.#turns[agent] = ++this.#lastTurn;
    if (from < 0) return;
    const round = this.rank(from, order.account(from));
    if (this.rank(agent, order.account(agent)) < round) order.setAccount(agent, round * this.#quantum);
  }

  protected override leave(agent: number): void { this.#lastLeft = agent; }

  explain(call: CallSlot): Readonly<Record<string, number>> {
    const agent = this.calls.agent[call], account = this.order.account(agent), round = this.rank(agent, account);
    return { score: 0 - round, round, left: (round + 1) * this.#quantum - account };
  }
  protected reason(agents: number, tied: number): string { return tied === 1 ? `the only one of ${agents} agents with quantum left in this round` : `its agent's turn, of ${tied} agents with quantum left in this round`; }
}

export const drr = definePolicy({
  name: 'drr',
  title: 'agents take turns, each until it has used a quantum of tokens',
  source: 'deficit round robin, SIGCOMM 1995; quantum of llm-d',
  params: {
    quantum: { kind: 'number', default: 1000, min: 1e-3, max: 1e12, unit: 'tokens', help: 'weighted tokens of a turn' },
    ...meterParams,
    weights: weightsParam,
    ...guessParams('none'),
  },
  knowledge: 'none',
  decision: 'O(log n)',
  asks: guessAsks,
  needsAgents: true,
  create: (context) => new DeficitRoundRobin(context),
});
