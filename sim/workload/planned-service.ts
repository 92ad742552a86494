// What the calls of a program will need of a slot when all goes as planned: what an oracle knows before they are asked for.
import { promptTokensOf } from './program-prompts.ts';
import { RunningProgram, type ProgramWork } from './programs.ts';
import { slotServiceUs } from './replay.ts';

const PLANNED = new WeakMap<ProgramWork, Float64Array>();

/** µs by node, prompts grown out of planned answers; as it stands in the work where no rates of a slot make it. O(nodes + edges) the first time, then O(1). */
export function plannedServiceUs(work: ProgramWork): Float64Array {
  const { context } = work, rates = context?.slotRates;
  if (context === undefined || rates === undefined) return work.serviceUs;
  let planned = PLANNED.get(work);
  if (planned === undefined) {
    PLANNED.set(work, planned = new Float64Array(work.length));
    // Of a program that nobody has begun no call is lost, and all stand after those that they go on from.
    const run = new RunningProgram(work);
    for (let node = 0; node < work.length; node++) {
      if (!run.isCall(node)) continue;
      run.promptTokens[node] = promptTokensOf(run, context, node);
      const own = work.serviceUs[node]!;
      planned[node] = Number.isNaN(own) ? slotServiceUs(run.promptTokens[node]!, run.outputTokens[node]!, rates.prefill, rates.decode) : own;
    }
  }
  return planned;
}
