// LOCO behind the policy contract: each call is one task and one waiter of its agent.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { Admits, Answered, Policy, Tally } from '../policies/policy.ts';
import type { RandomSource } from '../random.ts';
import { CallChain } from './call-chain.ts';
import { OverloadGuard } from './guard.ts';
import { LocoState } from './state.ts';
import { AlphaTuner } from './tuner.ts';

export interface LocoPolicyOptions {
  readonly alpha: number;
  /** Ticks over which the guard looks back; 0: no guard. */
  readonly guardWindow: number;
  readonly autoTune: boolean;
  /** Draws among equal scores; null: the agent of the lowest number. */
  readonly draw: RandomSource | null;
  /** What ages are counted in: releases, or microseconds since arrival. */
  readonly ageUnit: 'ticks' | 'us';
}

/**
 * Order: the agent with the highest load score; of its calls the first to come among those that may go, whose own task leaves
 * with it. One release is one tick: the end of a running call, well, failed or cancelled. A call that goes without
 * having run takes its task along and is no tick.
 *
 * Ties: one number is drawn when the first question with a tie is asked, and stands until there is news. The answer is the
 * agent at that place among the tied ones in order of agent number, so that it depends on no internal order, nor on how often was asked.
 *
 * `walk` shows running calls before waiting ones, in the order in which they were granted: LOCO does not preempt. Waiting calls
 * follow in the order in which they would be granted if nothing else happened. A walk over k waiting calls costs k questions and 4k updates.
 * A decision is O(log² n) amortised, as `HullTree` says, once for each class that is open. With `autoTune` a release costs O(agents).
 */
export class LocoPolicy implements Policy {
  readonly state = new LocoState();
  readonly guard: OverloadGuard | undefined;
  readonly tuner: AlphaTuner | undefined;
  readonly #calls: CallView;
  readonly #running = new CallChain();
  readonly #draw: RandomSource | null;
  readonly #byClock: boolean;
  #alpha: number;
  /** Draws made since the last news: one for each place of the walk, the first shared with `first`. */
  readonly #drawn: number[] = [];
  #drawnCount = 0;
  #place = 0;
  readonly #drawAtPlace: RandomSource | null;
  /** Calls taken out for the length of a walk. */
  readonly #out: CallSlot[] = [];
  #answer: CallSlot = -1;
  #answeredFor: Admits | undefined;
  #answeredVersion = 0;
  #answeredUs = -1;
  /** Agents that stood equal at the top of the answer, and all that it was chosen from; 0: not asked since the last news. */
  #tied = 0;
  #among = 0;
  #lone = 0;
  #even = 0;
  #guardedChoices = 0;
  #grants = 0;
  #guarded = 0;
  #alphaSum = 0;

  constructor(calls: CallView, options: LocoPolicyOptions) {
    this.#calls = calls;
    this.#alpha = options.alpha;
    this.#draw = options.draw;
    this.#byClock = options.ageUnit === 'us';
    this.guard = options.guardWindow > 0 ? new OverloadGuard(options.guardWindow) : undefined;
    this.tuner = options.autoTune ? new AlphaTuner({ alpha: options.alpha }) : undefined;
    const draw = this.#draw;
    this.#drawAtPlace = draw === null ? null : () => {
      while (this.#drawnCount <= this.#place) this.#drawn[this.#drawnCount++] = draw();
      return this.#drawn[this.#place];
    };
  }

  get waiting(): number { return this.state.waiters.count; }

  /** Alpha in force for the next grant. */
  get alpha(): number { return this.guard === undefined ? this.#alpha : this.guard.limit(this.#alpha); }

  arrive(call: CallSlot, nowUs: number): void {
    this.#news(nowUs);
    const agent = this.#calls.agent[call], { state } = this;
    state.reserve(agent + 1);
    state.enqueue(call, agent, this.#calls.weight[call]);
    state.wait(call, agent, this.#calls.pin[call] + 1);
    this.guard?.arrived();
  }

  grant(call: CallSlot, nowUs: number): void {
    this.#news(nowUs);
    const alpha = this.alpha;
    this.#grants++;
    this.#alphaSum += alpha;
    if (alpha < this.#alpha) this.#guarded++;
    if (this.#among === 1) this.#lone++;
    else if (this.#among > 1 && this.#tied === this.#among) this.#even++;
    else if (this.#among > 1 && alpha < this.#alpha) this.#guardedChoices++;
    this.#among = 0;
    this.guard?.granted();
    this.state.leave(call);
    this.state.dequeue(call);
    this.#running.append(call);
  }

  /** The call waits again with the age that it had; being granted once more, it counts as an arrival once more. */
  preempt(call: CallSlot, nowUs: number): void {
    this.#news(nowUs);
    this.#running.remove(call);
    this.#putBack(call);
    this.guard?.arrived();
  }

  finish(call: CallSlot, _well: boolean, nowUs: number): void {
    this.#news(nowUs);
    this.#running.remove(call);
    this.#tick();
  }

  cancel(call: CallSlot, wasRunning: boolean, nowUs: number): void {
    if (wasRunning) { this.finish(call, false, nowUs); return; }
    this.#news(nowUs);
    this.state.leave(call);
    this.state.dequeue(call);
  }

  first(admits: Admits, nowUs: number): CallSlot {
    if (this.#answeredFor === admits && this.#answeredVersion === admits.version && (!this.#byClock || this.#answeredUs === nowUs)) return this.#answer;
    this.#answer = this.#choose(admits.open, nowUs, 0);
    this.#tied = this.state.tied;
    this.#among = this.state.among;
    this.#answeredFor = admits;
    this.#answeredVersion = admits.version;
    this.#answeredUs = nowUs;
    return this.#answer;
  }

  walk(visit: (call: CallSlot) => boolean, nowUs: number): void {
    for (let call = this.#running.first; call >= 0; call = this.#running.after(call)) if (!visit(call)) return;
    const out = this.#out, { state } = this;
    out.length = 0;
    try {
      for (;;) {
        const call = this.#choose(null, nowUs, out.length);
        if (call < 0 || !visit(call)) return;
        state.leave(call);
        state.dequeue(call);
        out.push(call);
      }
    } finally {
      while (out.length > 0) this.#putBack(out.pop() as CallSlot);
    }
  }

  explain(call: CallSlot, nowUs: number): Readonly<Record<string, number>> {
    if (this.#byClock) this.state.now = nowUs;
    const agent = this.#calls.agent[call], { alpha, state } = this;
    return { score: state.score(agent, alpha), backlog: state.backlog(agent), age: state.age(agent), alpha };
  }

  /** One call of each waiting agent, the highest score first; among equals the lowest number. O(agents × log agents). */
  candidates(admits: Admits, visit: (call: CallSlot) => boolean, nowUs: number): void {
    if (this.#byClock) this.state.now = nowUs;
    const { alpha, state } = this, found: { readonly call: CallSlot; readonly score: number }[] = [];
    for (let agent = 0; agent < state.agents; agent++) {
      const call = state.waiters.firstOf(agent, admits.open);
      if (call >= 0) found.push({ call, score: state.score(agent, alpha) });
    }
    found.sort((a, b) => b.score - a.score);
    for (const { call } of found) if (!visit(call)) return;
  }

  answered(): Answered {
    const { alpha } = this, tied = this.#tied, among = this.#among, guarded = alpha < this.#alpha ? `; the guard lowered alpha from ${this.#alpha} to ${Number(alpha.toPrecision(3))}` : '';
    const why = among === 1 ? 'the only agent that waits' : tied > 1 ? `drawn among ${tied} of ${among} waiting agents, equal in score` : `highest score of ${among} waiting agents`;
    return { tied, reason: tied > 1 && this.#draw === null ? `lowest number among ${tied} of ${among} waiting agents, equal in score${guarded}` : `${why}${guarded}` };
  }

  tally(): Tally { return { lone: this.#lone, even: this.#even, guarded: this.#guardedChoices }; }

  metrics(): Readonly<Record<string, number>> {
    return { 'guard.share': this.#grants === 0 ? 0 : this.#guarded / this.#grants, 'alpha.mean': this.#grants === 0 ? this.#alpha : this.#alphaSum / this.#grants };
  }

  /** The best waiting call of an open class after `ahead` grants made in thought. */
  #choose(open: Uint8Array | null, nowUs: number, ahead: number): CallSlot {
    if (this.#byClock) this.state.now = nowUs;
    this.#place = ahead;
    const alpha = this.guard === undefined ? this.#alpha : this.guard.limit(this.#alpha, ahead + 1);
    const agent = this.state.choose(alpha, open, this.#drawAtPlace);
    return agent < 0 ? -1 : this.state.waiters.firstOf(agent, open);
  }

  #putBack(call: CallSlot): void {
    const agent = this.#calls.agent[call];
    this.state.restoreTask(call, agent);
    this.state.restoreWaiter(call, agent, this.#calls.pin[call] + 1);
  }

  #tick(): void {
    const { state, tuner } = this;
    if (!this.#byClock) state.tick();
    this.guard?.tick();
    if (tuner !== undefined) this.#alpha = tuner.update(state.ageVariation(), state.tasks.totalBacklog);
  }

  #news(nowUs: number): void {
    if (this.#byClock) this.state.now = nowUs;
    this.#drawnCount = 0;
    this.#answeredFor = undefined;
  }
}
