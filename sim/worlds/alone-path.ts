// How long a program takes with nobody else: its longest way through calls, tools and pauses, on places that are always free. `held`: tokens of each
// call's prompt that the program itself has left in a cache by then.
import { NEED_ALL, NEED_SETTLED, NODE_CALL, NODE_TOOL } from '../../src/programs/plan.ts';
import { STATE_DONE } from '../../src/programs/program-run.ts';
import type { AloneTime } from '../engine/batch/alone-time.ts';
import type { RunningProgram } from '../workload/programs.ts';

/** Time of a node by itself, in µs: what it thinks, and its service or its tool. */
export function ownUs(run: RunningProgram, node: number, alone: AloneTime | undefined, held?: ArrayLike<number>): number {
  const { plan } = run, kind = plan.graph === undefined ? NODE_CALL : plan.graph.kind[node];
  if (kind === NODE_TOOL) return plan.thinkUs[node]! + plan.graph!.toolUs[node]!;
  if (kind !== NODE_CALL) return plan.thinkUs[node]!;
  return plan.thinkUs[node]! + (alone === undefined ? run.serviceUs[node]! : alone.us(run.promptTokens[node]!, run.outputTokens[node]!, held?.[node]));
}

/** When each node that ended well would have ended alone, in µs from the start; where k parents were needed, after the k-th of those that came. O(nodes + edges). */
export function aloneEndsUs(run: RunningProgram, alone: AloneTime | undefined, held?: ArrayLike<number>): Float64Array {
  const { plan } = run, { graph } = plan, ends = new Float64Array(plan.length);
  for (let node = 0; node < plan.length; node++) {
    if (run.state[node] !== STATE_DONE) continue;
    let from = node > 0 && graph === undefined ? ends[node - 1]! : 0;
    if (graph !== undefined) {
      const need = graph.need[node]!, came = graph.parents[node]!.filter((parent) => run.state[parent] === STATE_DONE).map((parent) => ends[parent]!).sort((a, b) => a - b);
      if (came.length > 0) from = need === NEED_ALL || need === NEED_SETTLED ? came[came.length - 1]! : came[Math.min(need, came.length) - 1]!;
    }
    ends[node] = from + ownUs(run, node, alone, held);
  }
  return ends;
}
