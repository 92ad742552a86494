// What policies with an account for each agent share: they are told of calls, charge accounts, and answer by the order that their rule makes.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import { AgentWeights } from './agent-weights.ts';
import { CallList } from './call-list.ts';
import { FairOrder, type FairRule } from './fair-order.ts';
import { LengthGuess } from './length-guess.ts';
import type { Admits, Answered, Policy, PolicyContext } from './policy.ts';
import { ServiceMeter } from './service-meter.ts';

/**
 * Nothing that runs is taken back: a walk shows running calls first, then the waiting ones as they would be granted one after another.
 * O(log agents) an event and O(1) a question where nothing is pinned; times the eligibility classes where calls are.
 */
export abstract class FairPolicy implements Policy, FairRule {
  readonly needsAllProgress = true;
  protected readonly calls: CallView;
  protected readonly order: FairOrder;
  protected readonly meter: ServiceMeter;
  readonly #weights: AgentWeights;
  readonly #guess: LengthGuess;
  readonly #running = new CallList();
  #answer = -1;

  constructor({ calls, knowledge, options }: PolicyContext) {
    this.calls = calls;
    this.#weights = new AgentWeights(calls, options['weights'] as string);
    this.#guess = new LengthGuess(calls, knowledge, options);
    this.meter = new ServiceMeter({ calls, knowledge, options, guess: this.#guess });
    this.order = new FairOrder(calls, this);
  }

  /** An agent that had no waiting call is about to have one. */
  protected abstract enter(agent: number): void;
  /** The agent's last waiting call is gone, granted or not. */
  protected leave?(agent: number): void;
  abstract rank(agent: number, account: number, call: CallSlot): number;
  after(_agent: number, account: number, call: CallSlot): number { return account + this.shareOf(call); }
  isFirst(a: CallSlot, b: CallSlot): boolean { return this.order.queues.isOlder(a, b); }
  abstract explain(call: CallSlot): Readonly<Record<string, number>>;
  /** Why the answer goes first, of so many agents, so many of them equal with it. */
  protected abstract reason(agents: number, tied: number): string;

  /** What a grant of the call costs, and what that adds to its agent's account. */
  protected costOf(call: CallSlot): number { return this.meter.atGrant(call); }
  protected shareOf(call: CallSlot): number { return this.costOf(call) / this.#weights.of(call); }

  get waiting(): number { return this.order.queues.waiting; }

  arrive(call: CallSlot): void {
    const agent = this.calls.agent[call];
    this.meter.arrive(call);
    if (this.order.queues.size(agent) === 0) this.enter(agent);
    this.order.insert(call);
  }

  grant(call: CallSlot, nowUs: number): void {
    const agent = this.calls.agent[call], after = this.after(agent, this.order.account(agent), call);
    this.#answer = -1;
    this.meter.grant(call, this.costOf(call), nowUs);
    this.order.take(call, after);
    this.#left(agent);
    this.#running.append(call);
  }

  progress(call: CallSlot, tokens: number): void { this.#charge(call, this.meter.progress(call, tokens)); }

  preempt(call: CallSlot, nowUs: number): void {
    this.#running.remove(call);
    this.meter.preempt(call, nowUs);
    this.order.insert(call);
  }

  finish(call: CallSlot, well: boolean, nowUs: number): void {
    this.#running.remove(call);
    this.#charge(call, this.meter.finish(call, well, nowUs));
    if (this.#guess.learns) this.order.refresh(this.calls.agent[call]);
  }

  cancel(call: CallSlot, wasRunning: boolean): void {
    this.#charge(call, this.meter.cancel(call));
    if (wasRunning) { this.#running.remove(call); return; }
    this.order.remove(call);
    this.#left(this.calls.agent[call]);
  }

  first(admits: Admits): CallSlot { return (this.#answer = this.order.first(admits)); }

  walk(visit: (call: CallSlot) => boolean): void {
    for (let call = this.#running.head; call >= 0; call = this.#running.after(call)) if (!visit(call)) return;
    this.order.walk(visit);
  }

  answered(): Answered {
    const { agents } = this.order.queues, tied = this.#answer < 0 ? 1 : Math.max(1, this.order.tiedAt(this.order.rankOf(this.#answer)));
    return { tied, reason: agents === 1 ? 'the only agent that waits' : this.reason(agents, tied) };
  }

  #charge(call: CallSlot, cost: number): void {
    const agent = this.calls.agent[call];
    if (cost !== 0) this.order.setAccount(agent, this.order.account(agent) + cost / this.#weights.of(call));
  }

  #left(agent: number): void { if (this.order.queues.size(agent) === 0) this.leave?.(agent); }
}
