// What a program shape is: moments with their source, and how one program is written down from draws of its own.
import type { ToolPool } from '../../../src/programs/tools.ts';
import type { Distribution } from '../../random/distributions.ts';
import type { Uniform } from '../../random/xoshiro.ts';
import type { ProgramBuilder, ProgramParts } from '../program-builder.ts';

/** Means over many programs, where the model has room for the longest. */
export interface ShapeMoments {
  /** Calls of a program, and the most that one can have. */
  readonly calls: number;
  readonly mostCalls: number;
  /** Tokens that a call adds to what is in its prompt already, and that it answers. */
  readonly prefill: number;
  readonly decode: number;
}

/** One program's randomness, each purpose from a stream of its own, so that a change of one law moves nothing else. */
export interface ShapeDraws {
  /** How many calls, and how they hang together. */
  readonly form: Uniform;
  readonly prompts: Uniform;
  readonly outputs: Uniform;
  /** Tools and thinking. */
  readonly waits: Uniform;
}

export interface ShapeLimits {
  /** Tokens that a prompt and its answer may have together: what would grow past it ends before. */
  readonly contextTokens: number;
  /** Factor on the times of tools and people; 0: none passes. */
  readonly pauses: number;
}

export interface ProgramShape {
  readonly name: string;
  /** One line: what kind of program it is. */
  readonly title: string;
  readonly moments: ShapeMoments;
  /** Where the moments come from; and what is our own choice. */
  readonly source: string;
  readonly ours: string;
  /** Tools that all programs of a run share; `pool` of a tool is the place in this list. */
  readonly tools?: readonly ToolPool[];
  /** Writes one program down. Draws from `draws` alone. */
  write(builder: ProgramBuilder, draws: ShapeDraws, limits: ShapeLimits): ProgramParts;
}

const US_PER_S = 1e6;

/** Whole µs of a pause, drawn also where none passes, so that streams stay aligned. */
export function pauseUs(law: Distribution, u: Uniform, { pauses }: ShapeLimits): number { return Math.round(law.sample(u) * pauses * US_PER_S); }

/** A call that goes on with `context` tokens: its sizes, and whether they fit. The first call of a conversation always does, shortened where it must be. */
export function sized(context: number, prompt: number, output: number, { contextTokens }: ShapeLimits): { readonly fits: boolean; readonly prompt: number; readonly output: number } {
  const room = contextTokens - context;
  if (prompt + output <= room) return { fits: true, prompt, output };
  const short = Math.max(1, Math.min(output, room - 1));
  return { fits: false, prompt: Math.max(1, Math.min(prompt, room - short)), output: short };
}
