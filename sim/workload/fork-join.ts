// Programs in phases, arriving at random: forks of parallel calls that meet after each phase, and chains of one call a phase. Lengths in steps of a batch.
import { lognormal, type Distribution } from '../random/distributions.ts';
import type { Streams, Uniform } from '../random/streams.ts';
import { ProgramBuilder } from './program-builder.ts';
import type { ProgramDraft, Workload } from './workload.ts';

export interface ForkJoinOptions {
  readonly programs: number;
  /** Steps of all places together that arrive in a step. */
  readonly workPerStep: number;
  readonly stepUs: number;
  /** Phases of a program, on average, and the σ of their logarithm; 0: all programs have as many. */
  readonly phases: number;
  readonly sigma: number;
  /** Calls of a phase of a fork, and their steps on average; calls of a phase that the next one waits for, of which the others are withdrawn. */
  readonly width: number;
  readonly forkSteps: number;
  readonly join: number;
  /** Steps of a phase of a chain, on average, and the share of programs that are chains. */
  readonly chainSteps: number;
  readonly chains: number;
}

export const FORK = 0;
export const CHAIN = 1;

/**
 * Poisson arrivals; classes, phases and lengths of each program from its own child streams. Lengths are geometric, so that what a call still needs does not
 * depend on what it has had. Class and agent of a program: FORK or CHAIN. O(calls) a program, nothing kept.
 */
export class ForkJoin implements Workload {
  readonly total: number;
  readonly #options: ForkJoinOptions;
  readonly #phases: Distribution | undefined;
  /** Steps between arrivals, on average. */
  readonly #gap: number;
  readonly #arrivals;
  readonly #kinds;
  readonly #counts;
  readonly #lengths;
  readonly #builder = new ProgramBuilder();
  #atSteps = 0;
  #made = 0;

  constructor(streams: Streams, options: ForkJoinOptions) {
    const { programs, workPerStep, phases, sigma, width, forkSteps, chainSteps, chains } = options;
    this.#options = options;
    this.total = programs;
    this.#phases = sigma > 0 ? lognormal(phases, Math.expm1(sigma * sigma)) : undefined;
    this.#gap = (phases * ((1 - chains) * width * forkSteps + chains * chainSteps)) / workPerStep;
    this.#arrivals = streams.stream('arrivals');
    this.#kinds = streams.stream('kinds');
    this.#counts = streams.stream('phases');
    this.#lengths = streams.stream('lengths');
  }

  next(draft: ProgramDraft): boolean {
    const { programs, phases, width, forkSteps, join, chainSteps, chains, stepUs } = this.#options;
    if (this.#made === programs) return false;
    const program = this.#made++;
    // One source that nobody can reorder.
    this.#atSteps -= this.#gap * Math.log(1 - this.#arrivals.next());
    const isChain = this.#kinds.at(program).next() < chains, count = Math.max(1, Math.round(this.#phases?.sample(this.#counts.at(program)) ?? phases));
    const u = this.#lengths.at(program), calls = isChain ? 1 : width, mean = isChain ? chainSteps : forkSteps;
    let before: readonly number[] = [];
    for (let phase = 0; phase < count; phase++) {
      before = Array.from({ length: calls }, () => {
        const steps = geometric(u, mean);
        return this.#builder.call({ prompt: 0, output: steps, context: 'new', serviceUs: steps * stepUs, after: before, need: before.length > join ? join : 'all' });
      });
    }
    // Nothing comes after the last phase that could say that it has enough.
    if (before.length > join) this.#builder.join({ after: before, need: join });
    this.#builder.into(draft);
    draft.program = program;
    draft.arrivalUs = Math.ceil(this.#atSteps) * stepUs;
    draft.callClass = draft.agent = isChain ? CHAIN : FORK;
    draft.id = '';
    draft.ids = [];
    return true;
  }
}

/** Whole steps from 1 with this mean, by inversion; one draw. */
function geometric(u: Uniform, mean: number): number {
  const x = u.next();
  return mean <= 1 ? 1 : Math.max(1, Math.ceil(Math.log(1 - x) / Math.log(1 - 1 / mean)));
}
