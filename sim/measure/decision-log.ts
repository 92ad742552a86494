// Receipts of one replication as lines for people and programs: slots become names, microseconds become seconds.
import type { CallSlot, CallTable } from '../../src/dispatch/calls.ts';
import type { Receipt, ReceiptCandidate } from '../../src/observe/lifecycle.ts';
import type { DecisionCandidate, DecisionLine } from '../results.ts';

export interface DecisionLogOptions {
  readonly calls: CallTable;
  readonly replication: number;
  readonly agents: readonly { readonly name: string }[];
  /** The call's own id, as in the lines of --calls. */
  readonly nameOf: (call: CallSlot) => string;
  readonly line: (line: DecisionLine) => void;
  /** Of the replication; decides with the call which calls a sample keeps. */
  readonly seed: string;
  /** Share of the calls that are told of, above 0; 1: all. */
  readonly sample: number;
}

export class DecisionLog {
  readonly #options: DecisionLogOptions;
  readonly #salt: number;
  /** A call is kept where its hash is below this. */
  readonly #below: number;

  constructor(options: DecisionLogOptions) {
    this.#options = options;
    this.#salt = fnv1a(options.seed);
    this.#below = options.sample * 4294967296;
  }

  readonly take = (receipt: Receipt): void => {
    const { calls, sample, line } = this.#options, { call } = receipt;
    if (sample < 1 && !(hash(this.#salt, calls.program[call], calls.ordinal[call]) < this.#below)) return;
    line(this.#line(receipt));
  };

  #line({ atUs, kind, place, call, engine, chosen, waiting, candidates, ageUs, tied, reason }: Receipt): DecisionLine {
    const { replication, sample, nameOf } = this.#options;
    return {
      replication, time: atUs / 1e6, kind, place, ...this.#who(call), engine: engine < 0 ? null : engine,
      chosen: chosen < 0 ? null : kind === 'route' ? chosen : nameOf(chosen), waiting,
      candidates: candidates.map((one): DecisionCandidate => (kind === 'route' ? { engine: one.id, ...figures(one) } : { ...this.#who(one.id), waited: (atUs - this.#options.calls.arrivedUs[one.id]) / 1e6, ...figures(one) })),
      age: ageUs / 1e6, tie: tied, reason, ...(sample < 1 ? { sample } : {}),
    };
  }

  #who(call: CallSlot): { readonly call: string; readonly program: string; readonly ordinal: number; readonly agent: string } {
    const { calls, agents, nameOf } = this.#options;
    return { call: nameOf(call), program: String(calls.program[call]), ordinal: calls.ordinal[call], agent: agents[calls.agent[call]]?.name ?? '' };
  }
}

/** Figures that JSON cannot hold are left out: a load that nobody reports is no number. */
function figures({ score, terms }: ReceiptCandidate): { readonly score: number | null; readonly terms: Readonly<Record<string, number>> } {
  return { score: score !== null && Number.isFinite(score) ? score : null, terms: Object.values(terms).every(Number.isFinite) ? terms : Object.fromEntries(Object.entries(terms).filter(([, value]) => Number.isFinite(value))) };
}

/** FNV-1a, 32 bits. */
function fnv1a(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}

/** In [0, 2^32), and spread evenly for neighbouring programs. */
function hash(salt: number, program: number, ordinal: number): number {
  let h = Math.imul(salt ^ program, 0x9e3779b1) + Math.imul(ordinal, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}
