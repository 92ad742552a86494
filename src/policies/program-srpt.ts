// Shortest remaining program: the program that has least left to produce, over all its calls to come, goes first. A bound for schedulers of programs.
import type { CallSlot } from '../dispatch/calls.ts';
import { definePolicy, type Knowledge, type Policy, type PolicyContext } from './policy.ts';
import { RankedCalls } from './ranked-calls.ts';
import { RankedPolicy, SlotColumn, tokensServed } from './ranked-policy.ts';
import { known } from './sjf.ts';

interface Row { readonly present: Set<CallSlot>; /** Tokens that were produced here. */ done: number }

/**
 * Left of a program: its predicted total less what its calls have produced here. All its calls share the rank, so parallel ones run
 * together. O(log n) an event times the program's calls that are present; O(classes met) a question; a row a program, until `programEnd`.
 */
class ProgramSrpt extends RankedPolicy implements Policy {
  readonly #knowledge: Knowledge;
  readonly #rows = new Map<number, Row>();
  readonly #total = new SlotColumn();
  /** Tokens of a call that progress has told. */
  readonly #told = new SlotColumn();
  readonly needsAllProgress = true;
  protected readonly least = 'the program with the least left to produce';

  constructor({ calls, knowledge }: PolicyContext) { super(calls, new RankedCalls(calls, { keepsPlaces: true })); this.#knowledge = knowledge; }

  override arrive(call: CallSlot): void {
    const row = this.#row(call);
    this.#total.set(call, known(this.#knowledge.programTokens(call)));
    this.#told.set(call, 0);
    row.present.add(call);
    this.order.add(call, this.#left(call, row));
  }

  progress(call: CallSlot, tokens: number): void {
    this.#told.set(call, this.#told.get(call) + tokens);
    this.#serve(this.#row(call), tokens);
  }

  override finish(call: CallSlot, _well: boolean, nowUs: number): void {
    const row = this.#row(call), told = this.#told.get(call);
    this.#leave(call, row);
    this.#serve(row, tokensServed(this.calls, call, told, nowUs) - told);
  }

  override cancel(call: CallSlot): void { this.#leave(call, this.#row(call)); }
  programEnd(program: number): void { this.#rows.delete(program); }
  tag(call: CallSlot): number { return Math.round(this.order.majorOf(call)); }
  explain(call: CallSlot): Readonly<Record<string, number>> { const left = this.order.majorOf(call); return { score: 0 - left, left, total: this.#total.get(call) }; }

  #serve(row: Row, tokens: number): void {
    row.done += tokens;
    if (tokens > 0) for (const call of row.present) this.order.move(call, this.#left(call, row));
  }

  #leave(call: CallSlot, row: Row): void { this.order.remove(call); row.present.delete(call); }
  #left(call: CallSlot, row: Row): number { return Math.max(0, this.#total.get(call) - row.done); }

  #row(call: CallSlot): Row {
    const program = this.calls.program[call];
    let row = this.#rows.get(program);
    if (row === undefined) this.#rows.set(program, row = { present: new Set(), done: 0 });
    return row;
  }
}

export const programSrpt = definePolicy({
  name: 'program-srpt',
  title: 'the program with the least left to produce goes first, with all its calls',
  source: 'Schrage, 1968, over programs; the clairvoyant bound of Autellix, arXiv 2502.13965, Figure 18',
  params: {},
  knowledge: 'estimate',
  decision: 'O(log n)',
  tag: 'what its program has left to produce when it is sent, in tokens',
  create: (context) => new ProgramSrpt(context),
});
