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
