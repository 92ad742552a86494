// The policy contract: a pure state machine that keeps all calls it was told of in the order in which they deserve service.
// It never sees a clock, an engine or the world, and cannot tell whether it sits at a gate, inside an engine or behind a tag.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { ParamTable, ParamValues } from '../options.ts';
import type { RandomSource } from '../random.ts';

/**
 * Which calls may go now. Calls fall into eligibility classes: class 0 may go anywhere, class e + 1 only on engine e
 * (the pinned ones). `open[k]` is 1 where a call of class k has room. A policy keeps one order per class that it has met
 * and compares the heads of the open ones, so that a question is sub-linear where calls are pinned.
 */
export interface Admits {
  readonly open: Uint8Array;
  /** Changes whenever `open` does. */
  readonly version: number;
}

/** What may be known beyond the call's own columns, as the scenario declares it. */
export type KnowledgeLevel = 'none' | 'estimate' | 'oracle';

export interface Knowledge {
  readonly level: KnowledgeLevel;
  /** Output tokens to come in all: true under `oracle`, with its declared error under `estimate`; NaN under `none`. */
  outputTokens(call: CallSlot): number;
  /** Output tokens of all calls of the call's program, from the first to the last, those that are over included; NaN under `none`. */
  programTokens(call: CallSlot): number;
  /** µs that the tool, or the pause, which the program has begun takes in all, from its `toolStart` to its `toolEnd` but for the wait for a place; of several the one begun last. NaN under `none`, and where none was begun. */
  toolUs(program: number): number;
  /** Prompt tokens of the call that the engine holds already, as far as known (engine −1: the most that any holds); and how old that knowledge is, in µs. */
  cachedTokens(call: CallSlot, engine: number): number;
  cachedAgeUs(engine: number): number;
}

/**
 * Told of every change, asked for the order. All times are integer microseconds and never decrease.
 * Asking twice without news changes nothing: an answer with its tie draw stands until there is news.
 */
export interface Policy {
  /** A call waits from now on. */
  arrive(call: CallSlot, nowUs: number): void;
  /** A waiting call starts to be served. */
  grant(call: CallSlot, nowUs: number): void;
  /** A running call has produced `tokens` more since the last report; reported in walk order, where it reached its budget, finished or stopped running. */
  progress?(call: CallSlot, tokens: number, nowUs: number): void;
  /** A running call lost its place and waits again (place `engine` only). Several of one instant may be told in any order; their order among each other does not depend on it. */
  preempt?(call: CallSlot, nowUs: number): void;
  /** A running call ended, well or failed; its usage stands in the call's columns. */
  finish(call: CallSlot, well: boolean, nowUs: number): void;
  /** A call is gone without having ended: cancelled, expired or refused. */
  cancel(call: CallSlot, wasRunning: boolean, nowUs: number): void;
  toolStart?(program: number, nowUs: number): void;
  toolEnd?(program: number, nowUs: number): void;
  programEnd?(program: number, nowUs: number): void;

  /** The waiting call that deserves service most among those admitted, or −1. Exact. */
  first(admits: Admits, nowUs: number): CallSlot;
  /** All calls, waiting and running, best first, until `visit` answers false. For engines that fill a batch. */
  walk(visit: (call: CallSlot) => boolean, nowUs: number): void;
  /** Tokens that a running call may produce until its rank may change by itself; Infinity: never. May be too early, never too late. */
  budget?(call: CallSlot): number;
  /** When the order may change by time alone, for the whole policy; Infinity: never. */
  nextChangeUs?(nowUs: number): number;
  /** The rank of a waiting call as a whole number, least first, for servers that order what they hold by a number that each request is sent with and that never changes. Asked once, right before the grant. */
  tag?(call: CallSlot, nowUs: number): number;
  /** True where progress of all running calls is needed before each question. */
  readonly needsAllProgress?: boolean;
  /** Calls that wait; for assertions. */
  readonly waiting: number;
  /** Calls that it was told of and keeps back until their program is let in: an empty answer is right while there are any. */
  readonly held?: number;
  /** When it must be reviewed although nothing happened, because calls that are held may go on then; Infinity: never. */
  readonly wakeUs?: number;
  /** Decides who is held, once the news of a round are in and before it is asked. */
  review?(nowUs: number): void;
  /** For receipts: terms behind the present rank of a call. One named `score` orders the calls, highest first. Like all that receipts ask, it draws nothing and changes nothing. */
  explain?(call: CallSlot, nowUs: number): Readonly<Record<string, number>>;
  /** For receipts: the calls that the last question chose among, best first, until `visit` answers false. Where absent, the waiting calls of `walk`. */
  candidates?(admits: Admits, visit: (call: CallSlot) => boolean, nowUs: number): void;
  /** For receipts: what stood behind the last answer of `first`, asked between the answer and the grant. */
  answered?(nowUs: number): Answered;
  /** For comparisons of runs: how many grants left the rule no choice. */
  tally?(): Tally;
  /** Figures of the policy itself for the run's metrics, such as how often a guard decided. */
  metrics?(): Readonly<Record<string, number>>;
}

/** What a policy says of an answer. */
export interface Answered {
  /** Candidates that stood equal at the top, the chosen one included; 1: no tie. */
  readonly tied: number;
  /** Why, in a few words. */
  readonly reason: string;
}

/** Grants by what decided them, from the start of the run. A candidate is whoever the rule compares: an agent, or a call. */
export interface Tally {
  /** One candidate only. */
  readonly lone: number;
  /** Several candidates, and all of them with the same score. */
  readonly even: number;
  /** Several candidates whose scores differed, while a guard had changed the setting that was asked for. */
  readonly guarded: number;
}

export interface PolicyContext {
  readonly calls: CallView;
  readonly random: RandomSource;
  readonly knowledge: Knowledge;
  readonly options: ParamValues;
}

/**
 * Cost of a decision by n calls that wait: an arrival, a question, a grant and an end together, amortised, for few eligibility classes.
 * `O(agents)`: every question looks at each agent that waits.
 */
export type DecisionCost = 'O(1)' | 'O(log n)' | 'O(log² n)' | 'O(agents)' | 'O(n)';

/** One file exports one of these; the registry lists it. */
export interface PolicyDefinition {
  readonly name: string;
  /** One line: who goes next. */
  readonly title: string;
  /** Paper, product or standard that the rule comes from. */
  readonly source: string;
  readonly params: ParamTable;
  /** What the policy asks to know; asking for more than the scenario declares is an error. */
  readonly knowledge: KnowledgeLevel;
  /** The same where options decide it; where absent, `knowledge`. */
  asks?(options: ParamValues): KnowledgeLevel;
  /** What its `tag` is, in a few words. Absent: no number that is set in advance says its order, and it has no `tag`. */
  readonly tag?: string;
  /** True where the rule is about agents: a workload without agents is refused. */
  readonly needsAgents?: boolean;
  /** What a decision costs; `npm run bench -- decisions` holds policies against it. */
  readonly decision?: DecisionCost;
  /** Throws a coded error for options that do not go together; asked before anything runs. */
  check?(options: ParamValues): void;
  create(context: PolicyContext): Policy;
}

/** Typed identity, so that a policy file reads as a declaration. */
export function definePolicy(definition: PolicyDefinition): PolicyDefinition { return definition; }

/** What a policy with these options asks to know. */
export function knowledgeAsked(definition: PolicyDefinition, options: ParamValues): KnowledgeLevel { return definition.asks?.(options) ?? definition.knowledge; }

const LEVELS: readonly KnowledgeLevel[] = ['none', 'estimate', 'oracle'];

/** Whether as much is declared as is asked for. */
export function isKnown(asked: KnowledgeLevel, declared: KnowledgeLevel): boolean { return LEVELS.indexOf(asked) <= LEVELS.indexOf(declared); }

/** Nothing is known beyond the call itself. */
export const KNOWS_NOTHING: Knowledge = {
  level: 'none',
  outputTokens: () => NaN,
  programTokens: () => NaN,
  toolUs: () => NaN,
  cachedTokens: () => 0,
  cachedAgeUs: () => Infinity,
};
