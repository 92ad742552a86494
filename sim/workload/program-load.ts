// Programs that arrive at random, of one shape or of several: every attribute of a program from its own child streams, so that all policies meet the same programs.
import { exponential } from '../random/distributions.ts';
import type { Stream, Streams } from '../random/streams.ts';
import { ProgramBuilder } from './program-builder.ts';
import type { ProgramMix } from './shapes/registry.ts';
import type { ShapeLimits } from './shapes/shape.ts';
import type { ProgramDraft, Workload } from './workload.ts';

const US_PER_S = 1e6;

export interface ProgramSourceOptions extends ShapeLimits {
  readonly mix: ProgramMix;
  /** Tokens a second on a slot; absent: engines price calls themselves. */
  readonly slotRates?: { readonly prefill: number; readonly decode: number } | undefined;
}

/** Writes programs by their number, in any order: the same number is the same program. O(calls) a program, nothing kept. */
export class ProgramSource {
  readonly #options: ProgramSourceOptions;
  readonly #builder = new ProgramBuilder();
  readonly #kinds: Stream;
  readonly #forms: Stream;
  readonly #prompts: Stream;
  readonly #outputs: Stream;
  readonly #waits: Stream;

  constructor(streams: Streams, options: ProgramSourceOptions) {
    this.#options = options;
    this.#kinds = streams.stream('programs/kinds');
    this.#forms = streams.stream('programs/forms');
    this.#prompts = streams.stream('programs/prompts');
    this.#outputs = streams.stream('programs/outputs');
    this.#waits = streams.stream('programs/waits');
  }

  /** Sets nodes, sizes and class; number, arrival and agent are for the caller to set. The class is the place of the shape in its mixture. */
  write(entity: number, draft: ProgramDraft): void {
    const { mix: { shapes }, slotRates } = this.#options, kind = shapes.length === 1 ? 0 : Math.floor(this.#kinds.at(entity).next() * shapes.length);
    const parts = shapes[kind]!.write(this.#builder, { form: this.#forms.at(entity), prompts: this.#prompts.at(entity), outputs: this.#outputs.at(entity), waits: this.#waits.at(entity) }, this.#options);
    this.#builder.into(draft, { ...parts, slotRates });
    draft.callClass = kind;
    draft.weight = 1;
  }
}

export interface ProgramLoadOptions extends ProgramSourceOptions {
  readonly programs: number;
  /** Programs a second. */
  readonly rate: number;
  /** Who sends them: each program is one of these agents', each as likely as another. */
  readonly agents: number;
}

/** Poisson arrivals, the first after a gap, as all are. Times are whole microseconds. */
export class ProgramLoad implements Workload {
  readonly total: number;
  readonly #options: ProgramLoadOptions;
  readonly #source: ProgramSource;
  readonly #gaps: Stream;
  readonly #agents: Stream;
  readonly #law = exponential(1);
  #atS = 0;
  #made = 0;

  constructor(streams: Streams, options: ProgramLoadOptions) {
    this.#options = options;
    this.total = options.programs;
    this.#source = new ProgramSource(streams, options);
    this.#gaps = streams.stream('arrivals');
    this.#agents = streams.stream('agents');
  }

  next(draft: ProgramDraft): boolean {
    const { programs, rate, agents } = this.#options, program = this.#made;
    if (program === programs) return false;
    this.#made++;
    this.#atS += this.#law.sample(this.#gaps) / rate;
    this.#source.write(program, draft);
    draft.arrivalUs = Math.round(this.#atS * US_PER_S);
    draft.program = program;
    draft.agent = agents === 1 ? 0 : Math.floor(this.#agents.at(program).next() * agents);
    return true;
  }
}

/** Programs that one agent may go through in a run: numbers of its programs, that all policies see the same, lie this far apart. */
const MOST_PROGRAMS = 1 << 20;

export interface ProgramFleetOptions extends ProgramSourceOptions {
  readonly agents: number;
  /** Agents begin at random within so many seconds, each as likely at any instant. */
  readonly startS: number;
}

/**
 * A closed loop: each agent begins its next program in the instant in which its last one was completed, so that load yields where engines are slow.
 * The k-th program of an agent is the same under every policy. Without an end: for a window.
 */
export class ProgramFleet implements Workload {
  readonly #source: ProgramSource;
  readonly #starts: readonly { readonly agent: number; readonly atUs: number }[];
  /** Programs of each agent so far. */
  readonly #done: Int32Array;
  #begun = 0;
  #made: number;

  constructor(streams: Streams, options: ProgramFleetOptions) {
    const { agents, startS } = options, draws = streams.stream('starts');
    this.#source = new ProgramSource(streams, options);
    this.#starts = Array.from({ length: agents }, (_, agent) => ({ agent, atUs: Math.round(draws.at(agent).next() * startS * US_PER_S) })).sort((a, b) => a.atUs - b.atUs || a.agent - b.agent);
    this.#done = new Int32Array(agents);
    this.#made = agents;
  }

  next(draft: ProgramDraft): boolean {
    const start = this.#starts[this.#begun];
    if (start === undefined) return false;
    this.#write(start.agent, this.#begun++, draft);
    draft.arrivalUs = start.atUs;
    return true;
  }

  follow({ agent }: { readonly agent: number }, nowUs: number, draft: ProgramDraft): boolean {
    this.#write(agent, this.#made++, draft);
    draft.arrivalUs = nowUs;
    return true;
  }

  #write(agent: number, program: number, draft: ProgramDraft): void {
    this.#source.write(agent * MOST_PROGRAMS + this.#done[agent]!++, draft);
    draft.program = program;
    draft.agent = agent;
  }
}
