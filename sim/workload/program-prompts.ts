// Prompts of programs: their lengths and contents, grown out of what was said before.
import type { CallSlot } from '../../src/dispatch/calls.ts';
import { STATE_DONE } from '../../src/programs/program-run.ts';
import { FIRST_OWN, type Content } from '../engine/batch/content.ts';
import { OwnSegments, type PromptSource } from '../engine/batch/prompts.ts';
import { CONTEXT_FULL, CONTEXT_NEW, SYSTEM_TEXTS, type ProgramContext } from './context.ts';
import type { ProgramTable, RunningProgram } from './programs.ts';

/** Calls whose answers are in sight of a call: those right above it that ended well, or where the run has not come there yet, all of them. */
function answersFor(run: RunningProgram, node: number): readonly number[] {
  const { graph, context } = run.plan, history = context?.history?.[node] ?? -1;
  if (history >= 0) return [history];
  if (graph === undefined) return node === 0 ? [] : [node - 1];
  const above = graph.callParents[node]!, well = above.filter((parent) => run.state[parent] === STATE_DONE);
  return well.length > 0 ? well : above;
}

/**
 * Tokens of the prompt of a call that is about to be asked for. Of several calls above it, the first one's whole history counts under CONTEXT_FULL, and of the
 * others their answers. O(calls above).
 */
export function promptTokensOf(run: RunningProgram, context: ProgramContext, node: number): number {
  const above = context.rule[node] === CONTEXT_NEW ? [] : answersFor(run, node), isFull = context.rule[node] === CONTEXT_FULL && above.length > 0;
  let tokens = context.newTokens[node]! + (isFull ? run.promptTokens[above[0]!]! : context.systemTokens);
  for (const parent of above) tokens += run.outputTokens[parent]!;
  return tokens;
}

/** Contents of programs: what they share is what their prompts really have in common. O(segments) a question, the same answer however often it is asked. */
export class ProgramPrompts implements PromptSource {
  readonly #programs: ProgramTable;
  readonly #own = new OwnSegments();
  readonly #contents = new WeakMap<RunningProgram, { readonly base: number; readonly prompts: (Content | undefined)[] }>();
  /** Segments of texts of programs: two a node, new text and answer. */
  #next = SYSTEM_TEXTS;

  constructor(programs: ProgramTable) { this.#programs = programs; }

  content(call: CallSlot): Content {
    const run = this.#programs.runOf(call)!, node = this.#programs.nodeOf(call), texts = this.#textsOf(run);
    return texts.prompts[node] ??= this.#prompt(run, node, texts.base, texts.prompts);
  }

  answer(call: CallSlot): number {
    const run = this.#programs.runOf(call);
    return run === undefined ? this.#own.take() : this.#textsOf(run).base + 2 * this.#programs.nodeOf(call) + 1;
  }

  #prompt(run: RunningProgram, node: number, base: number, prompts: readonly (Content | undefined)[]): Content {
    const context = run.plan.context!, rule = context.rule[node], content: (readonly [number, number])[] = [];
    const above = rule === CONTEXT_NEW ? [] : answersFor(run, node), before = rule === CONTEXT_FULL && above.length > 0 ? prompts[above[0]!] : undefined;
    const add = (segment: number, tokens: number): void => { if (tokens > 0) content.push([segment, tokens]); };
    if (before !== undefined) content.push(...before);
    else add(context.systemText, context.systemTokens);
    for (const parent of above) add(base + 2 * parent + 1, run.outputTokens[parent]!);
    add(base + 2 * node, context.newTokens[node]!);
    return content;
  }

  #textsOf(run: RunningProgram): { readonly base: number; readonly prompts: (Content | undefined)[] } {
    let texts = this.#contents.get(run);
    if (texts === undefined) {
      const length = 2 * run.plan.length;
      // Far more texts than a run has blocks; numbers come again rather than run into those of single calls.
      if (this.#next + length >= FIRST_OWN) this.#next = SYSTEM_TEXTS;
      this.#contents.set(run, texts = { base: this.#next, prompts: [] });
      this.#next += length;
    }
    return texts;
  }
}
