// Arrivals by the tick: how many calls each agent adds at each tick, every (agent, tick) from its own child stream.
import { SchedlabError } from '../../src/errors.ts';
import type { Streams, Uniform } from '../random/streams.ts';
import type { ProgramDraft, Workload } from './workload.ts';

export interface TickAgent {
  readonly callClass: number;
  readonly weight: number;
  /** Calls that arrive at a tick, a whole number; draws from `u` as often as it likes. */
  arrivals(tick: number, u: Uniform): number;
}

export interface TickArrivalsOptions {
  readonly ticks: number;
  readonly tickUs: number;
  readonly agents: readonly TickAgent[];
}

/** Each call is a program of its own and takes one tick of service. At a tick, agents come in order. O(agents) a tick. Throws ERR_OPTION_RANGE where `arrivals` answers no whole number. */
export class TickArrivals implements Workload {
  readonly #options: TickArrivalsOptions;
  readonly #draws;
  #tick = 0;
  #agent = -1;
  #left = 0;
  #made = 0;

  constructor(streams: Streams, options: TickArrivalsOptions) {
    this.#options = options;
    this.#draws = streams.stream('arrivals');
  }

  next(draft: ProgramDraft): boolean {
    const { ticks, tickUs, agents } = this.#options;
    while (this.#left === 0) {
      if (++this.#agent === agents.length) { this.#agent = 0; this.#tick++; }
      if (this.#tick >= ticks || agents.length === 0) return false;
      const calls = agents[this.#agent].arrivals(this.#tick, this.#draws.at(this.#agent * ticks + this.#tick));
      if (!(Number.isSafeInteger(calls) && calls >= 0)) throw new SchedlabError('ERR_OPTION_RANGE', `arrivals of agent ${this.#agent} at tick ${this.#tick} accepts a whole number from 0, received ${String(calls)}.`, { agent: this.#agent, tick: this.#tick });
      this.#left = calls;
    }
    this.#left--;
    const agent = agents[this.#agent];
    draft.program = this.#made++;
    draft.arrivalUs = this.#tick * tickUs;
    draft.agent = this.#agent;
    draft.callClass = agent.callClass;
    draft.weight = agent.weight;
    draft.length = 1;
    draft.serviceUs[0] = tickUs;
    return true;
  }
}
