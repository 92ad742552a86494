// Adds up what programs of a shape are made of.
import { ProgramSource } from '../../../sim/workload/program-load.ts';
import type { ProgramMix } from '../../../sim/workload/shapes/registry.ts';
import { ProgramDraft } from '../../../sim/workload/workload.ts';
import { Streams } from '../../../sim/random/streams.ts';
import { NODE_CALL, NODE_TOOL } from '../../../src/programs/plan.ts';
import { RunningProgram, workOf } from '../../../sim/workload/programs.ts';
import { promptTokensOf } from '../../../sim/workload/program-prompts.ts';

export interface ShapeTally { readonly calls: readonly number[]; readonly prefill: readonly number[]; readonly decode: readonly number[]; readonly tools: readonly number[]; readonly prompts: readonly number[]; readonly longest: number }

/** By program: calls, tokens that they add and answer, tools, tokens of whole prompts; and the longest prompt with its answer. */
export function tallyOf(mix: ProgramMix, programs: number, { contextTokens = 131_072, seed = 'shapes', wholePrompts = false } = {}): ShapeTally {
  const source = new ProgramSource(new Streams(seed), { mix, contextTokens, pauses: 1 }), draft = new ProgramDraft();
  const calls: number[] = [], prefill: number[] = [], decode: number[] = [], tools: number[] = [], prompts: number[] = [];
  let longest = 0;
  for (let p = 0; p < programs; p++) {
    source.write(p, draft);
    let n = 0, added = 0, answered = 0, used = 0, whole = 0;
    const run = wholePrompts ? new RunningProgram(workOf(draft)) : undefined;
    for (let i = 0; i < draft.length; i++) {
      const kind = draft.graph!.kind[i]!;
      if (kind === NODE_TOOL) used++;
      if (kind !== NODE_CALL) continue;
      n++;
      added += draft.context!.newTokens[i]!;
      answered += draft.outputTokens[i]!;
      if (run === undefined) continue;
      const tokens = run.promptTokens[i] = promptTokensOf(run, draft.context!, i);
      whole += tokens;
      longest = Math.max(longest, tokens + draft.outputTokens[i]!);
    }
    calls.push(n); prefill.push(added); decode.push(answered); tools.push(used); prompts.push(whole);
  }
  return { calls, prefill, decode, tools, prompts, longest };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Mean of the values, and its standard error. */
export function meanOf(values: readonly number[]): { readonly mean: number; readonly error: number } {
  const mean = sum(values) / values.length;
  return { mean, error: Math.sqrt(sum(values.map((x) => (x - mean) * (x - mean))) / (values.length - 1) / values.length) };
}

/** Ratio of two sums over programs, and its standard error by the delta method: what a call gets on average. */
export function ratioOf(over: readonly number[], under: readonly number[]): { readonly mean: number; readonly error: number } {
  const mean = sum(over) / sum(under);
  return { mean, error: meanOf(over.map((x, i) => x - mean * under[i]!)).error / (sum(under) / under.length) };
}

