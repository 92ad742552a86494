// The path of a program that has completed: the way that is longest when it runs alone, and where its time really went along it.
import { NEED_ALL, NEED_SETTLED } from '../../src/programs/plan.ts';
import { STATE_DONE } from '../../src/programs/program-run.ts';
import { assert } from '../../src/errors.ts';
import { AT_SIBLINGS, PATH_LENGTH } from '../measure/path-parts.ts';
import type { RunningProgram } from '../workload/programs.ts';
import { settleTool } from './node-times.ts';

export interface ProgramPath {
  /** Its nodes, first to last. */
  readonly nodes: readonly number[];
  /** Whole µs by part; they add up to the time from the program's start to its end. */
  readonly us: Float64Array;
}

/**
 * From the node that would end last alone, back through the parent that each waits for alone: of all that it needs the last to end, of the first k the k-th. A parent that was
 * lost, withdrawn, or came too late to decide is replaced by the one that really decided. `endsUs`: when each node ends alone. O(nodes + edges of the path).
 * Throws ERR_INVARIANT where the parts do not add up.
 */
export function pathOf(run: RunningProgram, endsUs: Float64Array): ProgramPath {
  const us = new Float64Array(PATH_LENGTH), nodes: number[] = [];
  let node = lastOf(run, endsUs), waitedForUs = run.outcomeUs;
  while (node >= 0) {
    us[AT_SIBLINGS]! += waitedForUs - run.endUs[node]!;
    if (!run.isCall(node)) settleTool(run, node);
    for (let part = 0; part < PATH_LENGTH; part++) us[part]! += run.partUs[node * PATH_LENGTH + part]!;
    nodes.push(node);
    waitedForUs = run.metUs[node]!;
    node = parentOf(run, node, endsUs);
  }
  us[AT_SIBLINGS]! += waitedForUs - run.startUs;
  let sumUs = 0, least = 0;
  for (const part of us) { sumUs += part; least = Math.min(least, part); }
  assert(sumUs === run.outcomeUs - run.startUs && least >= 0, 'the parts of the path of a program are its response', { program: run.program, sumUs, responseUs: run.outcomeUs - run.startUs, least });
  return { nodes: nodes.reverse(), us };
}

/** Of equals the one that really ended last. */
function lastOf(run: RunningProgram, endsUs: Float64Array): number {
  let last = -1;
  for (let node = 0; node < run.plan.length; node++)
    if (run.state[node] === STATE_DONE && (last < 0 || endsUs[node]! > endsUs[last]! || (endsUs[node] === endsUs[last] && run.endUs[node]! > run.endUs[last]!))) last = node;
  return last;
}

/** −1: it began with the program. */
function parentOf(run: RunningProgram, node: number, endsUs: Float64Array): number {
  const { graph } = run.plan;
  if (graph === undefined) return node - 1;
  const need = graph.need[node]!, came = graph.parents[node]!.filter((parent) => run.state[parent] === STATE_DONE);
  if (came.length === 0) return -1;
  // Of those that end alike alone, the one that really came last is waited for.
  came.sort((a, b) => endsUs[a]! - endsUs[b]! || run.endUs[a]! - run.endUs[b]! || a - b);
  const decides = came[need === NEED_ALL || need === NEED_SETTLED ? came.length - 1 : Math.min(need, came.length) - 1]!, metUs = run.metUs[node]!;
  if (run.endUs[decides]! <= metUs) return decides;
  return came.filter((parent) => run.endUs[parent]! <= metUs).reduce((late, parent) => (run.endUs[parent]! > run.endUs[late]! ? parent : late));
}
