// What the prompts of a program repeat of its own earlier prompts and answers: what it would find in a cache that nobody else used.
import { STATE_DONE } from '../../src/programs/program-run.ts';
import type { Content } from '../engine/batch/content.ts';
import type { PromptSource } from '../engine/batch/prompts.ts';
import type { ProgramTable, RunningProgram } from './programs.ts';

interface Text { tokens: number; readonly after: Map<number, Text> }

/** Texts of one program as a tree. O(segments) a text. */
export class OwnHistory {
  readonly #root: Text = { tokens: 0, after: new Map() };

  /** Tokens that an earlier text began with, too; and keeps this one. Where two texts go on after parts of a segment that are not equally long, what follows is not compared. */
  repeated(text: Content): number {
    let at = this.#root, held = 0, isHeld = true;
    for (const [segment, tokens] of text) {
      let next = at.after.get(segment);
      if (next === undefined) at.after.set(segment, next = { tokens: 0, after: new Map() });
      if (isHeld) held += Math.min(tokens, next.tokens);
      if (next.tokens < tokens) isHeld = false;
      if (next.after.size === 0 && next.tokens < tokens) next.tokens = tokens;
      if (next.tokens !== tokens) break;
      at = next;
    }
    return held;
  }
}

interface Spoken { readonly prompts: (Content | undefined)[]; readonly answers: number[] }

/** Passes the questions of engines on, and keeps what programs of several calls were told. */
export class HeardPrompts implements PromptSource {
  readonly priority?: (call: number) => number;
  readonly #source: PromptSource;
  readonly #programs: ProgramTable;
  readonly #spoken = new WeakMap<RunningProgram, Spoken>();

  constructor(source: PromptSource, programs: ProgramTable) {
    this.#source = source;
    this.#programs = programs;
    if (source.priority !== undefined) this.priority = (call) => source.priority!(call);
  }

  content(call: number): Content {
    const content = this.#source.content(call), run = this.#programs.runOf(call);
    if (run !== undefined) this.#of(run).prompts[this.#programs.nodeOf(call)] = content;
    return content;
  }

  answer(call: number): number {
    const answer = this.#source.answer(call), run = this.#programs.runOf(call);
    if (run !== undefined) this.#of(run).answers[this.#programs.nodeOf(call)] = answer;
    return answer;
  }

  /**
   * Tokens of each call's prompt, by node, that calls of the program with lower numbers hold, prompts and answers: the same under every policy, and what an engine
   * finds of calls asked at once, too, since blocks can be hit as soon as they are planned. The last token of an answer is never computed.
   */
  heldAlone(run: RunningProgram): Float64Array {
    const held = new Float64Array(run.plan.length), spoken = this.#spoken.get(run), history = new OwnHistory();
    for (let node = 0; spoken !== undefined && node < held.length; node++) {
      const prompt = spoken.prompts[node], output = run.outputTokens[node]!;
      if (prompt === undefined || run.state[node] !== STATE_DONE) continue;
      held[node] = history.repeated(prompt);
      if (output > 1) history.repeated([...prompt, [spoken.answers[node]!, output - 1]]);
    }
    return held;
  }

  #of(run: RunningProgram): Spoken {
    let spoken = this.#spoken.get(run);
    if (spoken === undefined) this.#spoken.set(run, spoken = { prompts: [], answers: [] });
    return spoken;
  }
}
