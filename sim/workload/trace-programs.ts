// The programs of a trace: which call goes on from which. Chains can be replayed; what branches or joins is refused by name.
import { SchedlabError } from '../../src/errors.ts';
import type { Trace } from '../scenario.ts';
import { rowId } from './identity.ts';

export interface TracePrograms {
  /** Rows that begin a program, in order of arrival: calls that arrive by the clock. */
  readonly roots: Int32Array;
  /** The row that waits for each row; −1: none. */
  readonly next: Int32Array;
  /** The row that began the program of each row. */
  readonly rootOf: Int32Array;
  /** What a reader of the results must know. */
  readonly assumptions: readonly string[];
}

const NEXT = 'Programs that are chains can be replayed: one parent a call, one waiting call a parent. Give the others arrival times of their own.';

function refuse(what: string): never { throw new SchedlabError('ERR_NOT_POSSIBLE', `the trace cannot be replayed yet: ${what}. ${NEXT}`); }

/** Undefined where every call arrives by the clock and is a program of its own. Throws ERR_NOT_POSSIBLE for programs that are no chains. O(rows). */
export function programsOf(trace: Trace): TracePrograms | undefined {
  const { afterUs, parents, parentStart, toolUs, rows } = trace, id = (row: number): string => JSON.stringify(rowId(trace, row));
  if (afterUs === undefined && parents === undefined && toolUs === undefined) return undefined;
  let clocked = 0, unasked = 0;
  for (let row = 0; parentStart !== undefined && row < rows; row++) if (parentStart[row + 1] > parentStart[row] && !(afterUs !== undefined && afterUs[row] >= 0)) clocked++;
  const next = new Int32Array(rows).fill(-1), rootOf = new Int32Array(rows), roots: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (afterUs === undefined || parents === undefined || parentStart === undefined || afterUs[row] < 0) { rootOf[row] = row; roots.push(row); continue; }
    const from = parentStart[row], parent = parents[from];
    if (parentStart[row + 1] - from > 1) refuse(`the call ${id(row)} waits for ${parentStart[row + 1] - from} parents, ${id(parent)} and ${id(parents[from + 1])} among them`);
    if (next[parent] >= 0) refuse(`the calls ${id(next[parent])} and ${id(row)} both wait for ${id(parent)}`);
    next[parent] = row;
    rootOf[row] = rootOf[parent];
  }
  for (let row = 0; toolUs !== undefined && row < rows; row++) if (toolUs[row] > 0 && next[row] < 0) unasked++;
  const chains = rows - roots.length, calls = (count: number): string => `${count} call${count === 1 ? '' : 's'}`;
  const assumptions = [
    ...(chains > 0 ? [`${calls(chains)} of ${rows} come after_s after their parent has ended and its tool has returned, whenever that is; speed changes arrivals alone`] : []),
    ...(clocked > 0 ? [`${calls(clocked)} with parents arrive at their recorded times, whether these have ended or not`] : []),
    ...(unasked > 0 ? [`the tool after ${calls(unasked)} is not simulated: no call waits for it`] : []),
  ];
  return chains === 0 && assumptions.length === 0 ? undefined : { roots: Int32Array.from(roots), next, rootOf, assumptions };
}

/** Throws ERR_NOT_POSSIBLE where a column changes within a program: a program has one agent and one class in this version. */
export function checkConstant(trace: Trace, { rootOf }: TracePrograms, what: string, value: (row: number) => unknown): void {
  for (let row = 0; row < trace.rows; row++) {
    if (value(row) !== value(rootOf[row])) refuse(`the calls ${JSON.stringify(rowId(trace, rootOf[row]))} and ${JSON.stringify(rowId(trace, row))} of one program have different ${what}`);
  }
}
