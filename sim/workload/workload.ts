// What a workload hands to a world: programs in order of arrival, one at a time, so that millions need no memory.
import type { PlanGraph } from '../../src/programs/plan.ts';
import type { ProgramContext } from './context.ts';

/** Most calls of one program that a draft holds before it grows. */
const DRAFT_CALLS = 8;

/** One program, described in place: a chain of calls with waits between them, or a graph. Reused by the caller: copy what must stay. */
export class ProgramDraft {
  arrivalUs = 0;
  /** Number of the program, dense from 0 in order of arrival. */
  program = 0;
  agent = 0;
  callClass = 0;
  weight = 1;
  /** Calls in the chain, or nodes in the graph. */
  length = 1;
  /** Time in tools before each call, in µs; entry 0 counts from the arrival. */
  thinkUs = new Float64Array(DRAFT_CALLS);
  /** Service that each call needs alone on a slot, in µs, and the part of it until the first token. */
  serviceUs = new Float64Array(DRAFT_CALLS);
  firstTokenUs = new Float64Array(DRAFT_CALLS);
  promptTokens = new Int32Array(DRAFT_CALLS);
  outputTokens = new Int32Array(DRAFT_CALLS);
  /** Engine that alone may serve the call; −1: any. */
  pin = new Int32Array(DRAFT_CALLS).fill(-1);
  /** Longest wait before the call gives up, in µs; 0: for ever. */
  timeoutUs = new Float64Array(DRAFT_CALLS);
  /** The program withdraws the call this long after its arrival, in µs; 0: never. */
  cancelUs = new Float64Array(DRAFT_CALLS);
  /** Id of the call for files; empty: the program number. */
  id = '';
  /** Ids of the calls of a chain, where each has one of its own; a fresh list a program. */
  ids: readonly string[] = [];
  /** How its nodes hang together, where it is no chain: a fresh one a program. The columns above then have an entry a node. */
  graph: PlanGraph | undefined;
  /** How its prompts grow; absent: the column of prompts says it all. */
  context: ProgramContext | undefined;
  /** The client dies when this node would begin; −1: it lives. */
  abandonAt = -1;

  ensure(length: number): void {
    if (length <= this.thinkUs.length) return;
    const n = Math.max(length, this.thinkUs.length * 2);
    this.thinkUs = new Float64Array(n); this.serviceUs = new Float64Array(n); this.firstTokenUs = new Float64Array(n);
    this.promptTokens = new Int32Array(n); this.outputTokens = new Int32Array(n); this.pin = new Int32Array(n).fill(-1);
    this.timeoutUs = new Float64Array(n); this.cancelUs = new Float64Array(n);
  }
}

/** A program that is one call, asked for at once, and that nobody follows: its end is the call's. */
export const isSingle = (draft: ProgramDraft, workload: Workload): boolean => workload.follow === undefined && draft.length === 1 && draft.thinkUs[0] === 0 && draft.graph === undefined;

export interface Workload {
  /** Describes the next program by arrival time; false: there is none. Programs are numbered 0, 1, 2 … in this order. */
  next(draft: ProgramDraft): boolean;
  /**
   * Closed loops: a program was completed, and its sender begins the next one in the same instant. Describes it, with a number of its own, the lowest
   * that was never used; false: there is none. What it draws must not depend on when or in which order programs end.
   */
  follow?(ended: { readonly program: number; readonly agent: number }, nowUs: number, draft: ProgramDraft): boolean;
  /** Programs in all, where known; for progress. */
  readonly total?: number;
}

/** What an agent written as a plain async function is handed. Unchanged in virtual time and live. */
export interface AgentContext {
  readonly agent: number;
  readonly name: string;
  /** Seconds since the start of the run. */
  now(): number;
  /** One LLM call through the dispatcher; resolves with its usage when it ended, rejects with a SchedlabError when it was refused. */
  llm(request: { readonly promptTokens: number; readonly outputTokens: number; readonly weight?: number; readonly timeoutMs?: number; readonly signal?: AbortSignal }): Promise<{ readonly outputTokens: number; readonly engine: number; readonly waitMs: number }>;
  /** Time outside the engine: a tool, a human, a pause. */
  tool(durationMs: number): Promise<void>;
  /** Uniform in [0, 1): the agent's own stream. */
  random(): number;
}
export type AgentScript = (context: AgentContext) => Promise<void>;
