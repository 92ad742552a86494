// How the prompts of a program grow out of what was said before: the rules.

/** The system prompt and the new text alone; the same and the answers just got; all that was said on the way here. */
export const CONTEXT_NEW = 0;
export const CONTEXT_LAST = 1;
export const CONTEXT_FULL = 2;

export interface ProgramContext {
  /** CONTEXT_… by node. */
  readonly rule: Uint8Array;
  /** Tokens that the prompt of each node adds of its own. */
  readonly newTokens: Int32Array;
  /** The call whose conversation each node goes on with, which has ended well before it; −1: that of the calls right above it. Absent: all are so. */
  readonly history?: Int32Array | undefined;
  /** What every prompt of the program begins with: equal numbers are equal texts, in whatever program. Below SYSTEM_TEXTS. */
  readonly systemText: number;
  readonly systemTokens: number;
  /** Tokens of prompt and output that a place reads and writes in a second, where service is a matter of places. */
  readonly slotRates?: { readonly prefill: number; readonly decode: number } | undefined;
}

export const SYSTEM_TEXTS = 1 << 20;
