// First come, first served by program: the calls of the program that came first go first, whenever they come. Its later calls overtake younger programs.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import { definePolicy, type Policy } from './policy.ts';
import { RankedCalls } from './ranked-calls.ts';
import { RankedPolicy } from './ranked-policy.ts';

/** A program is as old as its first call that was seen here; its row goes with `programEnd`. O(log n) an event, O(classes met) a question. */
class ProgramFcfs extends RankedPolicy implements Policy {
  readonly #rows = new Map<number, { readonly cameUs: number; readonly key: number }>();
  protected readonly least = 'the oldest program';

  constructor(calls: CallView) { super(calls, new RankedCalls(calls)); }

  override arrive(call: CallSlot): void {
    const program = this.calls.program[call];
    let row = this.#rows.get(program);
    if (row === undefined) this.#rows.set(program, row = { cameUs: this.calls.arrivedUs[call], key: this.calls.key[call] });
    this.order.add(call, row.cameUs, row.key);
  }

  programEnd(program: number): void { this.#rows.delete(program); }
  tag(call: CallSlot): number { return this.order.majorOf(call); }
  explain(call: CallSlot): Readonly<Record<string, number>> { const came = this.order.majorOf(call); return { score: 0 - came, programArrivedS: came / 1e6 }; }
}

export const programFcfs = definePolicy({
  name: 'program-fcfs',
  title: 'the program that came first goes first, with all its calls',
  source: 'first come, first served over programs; the order of Continuum, arXiv 2511.02230',
  params: {},
  knowledge: 'none',
  decision: 'O(log n)',
  tag: 'the instant at which its program came, in µs',
  create: ({ calls }) => new ProgramFcfs(calls),
});
