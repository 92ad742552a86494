// Open arrivals for queueing studies: independent gaps and services, one call a program, every entity from its own child stream.
import type { Distribution } from '../random/distributions.ts';
import type { Streams } from '../random/streams.ts';
import type { ProgramDraft, Workload } from './workload.ts';

const US_PER_S = 1e6;

export interface OpenArrivalsOptions {
  readonly calls: number;
  /** Mean gap between arrivals, in seconds, and the law of the gaps (mean 1). */
  readonly gapS: number;
  readonly gap: Distribution;
  /** Law of the service time in seconds. */
  readonly service: Distribution;
  /** Agents that send the calls, each as often as another; 1. */
  readonly agents?: number;
}

/** O(1) a call, nothing kept. Times are rounded to whole microseconds; service is at least one. */
export class OpenArrivals implements Workload {
  readonly total: number;
  readonly #options: OpenArrivalsOptions;
  readonly #arrivals;
  readonly #services;
  readonly #agents;
  #atS = 0;
  #made = 0;

  constructor(streams: Streams, options: OpenArrivalsOptions) {
    this.#options = options;
    this.total = options.calls;
    this.#arrivals = streams.stream('arrivals');
    this.#services = streams.stream('service');
    this.#agents = streams.stream('agents');
  }

  next(draft: ProgramDraft): boolean {
    const { calls, gapS, gap, service, agents = 1 } = this.#options;
    if (this.#made === calls) return false;
    // The arrival stream belongs to one source that nobody can reorder: a plain sequence serves, and is cheaper than children.
    this.#atS += gap.sample(this.#arrivals) * gapS;
    draft.program = this.#made++;
    draft.arrivalUs = Math.round(this.#atS * US_PER_S);
    draft.serviceUs[0] = Math.max(1, Math.round(service.sample(this.#services) * US_PER_S));
    draft.firstTokenUs[0] = 0;
    draft.length = 1;
    draft.callClass = 0;
    draft.agent = agents === 1 ? 0 : Math.floor(this.#agents.next() * agents);
    return true;
  }
}
