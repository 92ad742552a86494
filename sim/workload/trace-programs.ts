// The programs of a trace: calls that wait for each other, as chains, or as graphs of calls and tools where they branch, join, or begin at several places.
import { SchedlabError } from '../../src/errors.ts';
import { NODE_CALL, NODE_TOOL, NODES_MAX, planOf, type PlanNode, type ProgramPlan } from '../../src/programs/plan.ts';
import type { Trace } from '../scenario.ts';
import { rowId } from './identity.ts';
import { firstRows, waits } from './trace-groups.ts';

/** Programs in order of their first arrival, each with its nodes in order of rows; a tool that several calls may wait for is a node, too. */
export interface TracePrograms {
  readonly count: number;
  /** Nodes of program p: nodeRow[start[p]] … nodeRow[start[p + 1] − 1]; the row of a call, −1 for a tool. */
  readonly start: Int32Array;
  readonly nodeRow: Int32Array;
  /** 1: no chain. */
  readonly isGraph: Uint8Array;
  /** The row that began the program of each row. */
  readonly rootOf: Int32Array;
  /** What a reader of the results must know. */
  readonly assumptions: readonly string[];
}

function refuse(what: string, next: string): never { throw new SchedlabError('ERR_NOT_POSSIBLE', `the trace cannot be replayed: ${what}. ${next}`); }

/** Undefined where every call arrives by the clock and is a program of its own. Throws ERR_NOT_POSSIBLE for a program that has too many nodes. O(rows + parents). */
export function programsOf(trace: Trace): TracePrograms | undefined {
  const { afterUs, parents, parentStart, toolUs, rows } = trace;
  if (afterUs === undefined && parents === undefined && toolUs === undefined) return undefined;
  const rootOf = firstRows(trace) ?? Int32Array.from({ length: rows }, (_, row) => row), waitedFor = new Int32Array(rows), parentsOf = (row: number): ReadonlySet<number> => parentRows(trace, row);
  let clocked = 0, waiting = 0, unasked = 0, branching = 0;
  for (let row = 0; row < rows; row++) {
    if (waits(trace, row)) { waiting++; for (const parent of parentsOf(row)) waitedFor[parent]!++; }
    else if (parentStart !== undefined && parentStart[row + 1]! > parentStart[row]!) clocked++;
  }
  // Rows of each program, and whether it is a chain: one call that begins it, one parent a call, one call that waits for each.
  const programOf = new Int32Array(rows), size: number[] = [], isGraph: number[] = [];
  for (let row = 0; row < rows; row++) {
    const isRoot = rootOf[row] === row, program = programOf[row] = isRoot ? size.push(0) - 1 : programOf[rootOf[row]!]!;
    if (isRoot) isGraph.push(0);
    size[program]!++;
    if (waitedFor[row]! > 1 || (waits(trace, row) ? parentsOf(row).size > 1 : !isRoot)) isGraph[program] = 1;
  }
  for (let row = 0; row < rows; row++) {
    if (toolUs !== undefined && toolUs[row]! > 0) { if (waitedFor[row] === 0) unasked++; else if (isGraph[programOf[row]!] === 1) size[programOf[row]!]!++; }
  }
  const count = size.length, start = new Int32Array(count + 1);
  for (let program = 0; program < count; program++) { start[program + 1] = start[program]! + size[program]!; branching += isGraph[program]!; }
  const nodeRow = new Int32Array(start[count]!).fill(-1), at = start.slice();
  for (let row = 0; row < rows; row++) {
    const program = programOf[row]!;
    if (isGraph[program] === 1 && size[program]! > NODES_MAX) refuse(`the program of the call ${JSON.stringify(rowId(trace, rootOf[row]!))} has ${size[program]} calls and tools, and ${NODES_MAX} is the most`, 'Give some of its calls arrival times of their own.');
    nodeRow[at[program]!++] = row;
    if (isGraph[program] === 1 && toolUs !== undefined && toolUs[row]! > 0 && waitedFor[row]! > 0) at[program]!++;
  }
  const calls = (n: number): string => `${n} call${n === 1 ? '' : 's'}`;
  const assumptions = [
    ...(waiting > 0 ? [`${calls(waiting)} of ${rows} come after_s after their parents have ended and their tools have returned, whenever that is; speed changes arrivals alone`] : []),
    ...(branching > 0 ? [`${branching} ${branching === 1 ? 'program branches, joins or begins' : 'programs branch, join or begin'} at several places: each is over when the last of its calls is`] : []),
    ...(clocked > 0 ? [`${calls(clocked)} with parents arrive at their recorded times, whether these have ended or not`] : []),
    ...(unasked > 0 ? [`the tool after ${calls(unasked)} is not simulated: no call waits for it`] : []),
  ];
  return waiting === 0 && assumptions.length === 0 ? undefined : { count, start, nodeRow, isGraph: Uint8Array.from(isGraph), rootOf, assumptions };
}

/** Each of them once, whatever the trace says. */
function parentRows({ parents, parentStart }: Trace, row: number): ReadonlySet<number> { return new Set(parents!.subarray(parentStart![row], parentStart![row + 1])); }

/**
 * A program as calls and tools: a call waits for its parents, or for their tools where they have some, then for its own after_s; one that arrives by the clock
 * begins so long after the first. O(nodes + edges).
 */
export function graphOf(trace: Trace, { start, nodeRow }: TracePrograms, program: number, arrivalUs: (row: number) => number): ProgramPlan {
  const from = start[program]!, to = start[program + 1]!, doneAt = new Map<number, number>(), nodes: PlanNode[] = [], startUs = arrivalUs(nodeRow[from]!);
  for (let k = from; k < to; k++) {
    const row = nodeRow[k]!, isCall = row >= 0, node = k - from;
    if (!isCall) {
      nodes.push({ kind: NODE_TOOL, parents: [node - 1], toolUs: trace.toolUs![nodeRow[k - 1]!]! });
      doneAt.set(nodeRow[k - 1]!, node);
      continue;
    }
    doneAt.set(row, node);
    nodes.push(waits(trace, row)
      ? { kind: NODE_CALL, parents: [...parentRows(trace, row)].map((parent) => doneAt.get(parent)!).sort((a, b) => a - b), thinkUs: trace.afterUs![row]! }
      : { kind: NODE_CALL, parents: [], thinkUs: arrivalUs(row) - startUs });
  }
  return planOf(nodes);
}

/** Throws ERR_NOT_POSSIBLE where a column changes within a program: a program has one agent and one class. */
export function checkConstant(trace: Trace, { rootOf }: TracePrograms, what: string, value: (row: number) => unknown): void {
  for (let row = 0; row < trace.rows; row++) {
    if (value(row) === value(rootOf[row]!)) continue;
    refuse(`the calls ${JSON.stringify(rowId(trace, rootOf[row]!))} and ${JSON.stringify(rowId(trace, row))} of one program have different ${what}`, `A program has one of them: give its calls the same, or those of another ${what === 'agents' ? 'agent' : 'class'} arrival times of their own.`);
  }
}
