// The contract of retention: how long does the prefix of a program stay in the cache while a tool of it runs? A pure state machine, one an engine.
import type { ParamTable, ParamValues } from '../options.ts';

/** What is known when a tool starts. */
export interface ToolStart {
  /** Number of the tool; −1: not known. */
  readonly tool: number;
  /** Tokens of the program that the cache still holds. */
  readonly tokens: number;
  /** Time to compute them again, in µs. */
  readonly reloadUs: number;
  /** When the program began, in µs: the latest gives way first. */
  readonly programUs: number;
}

/**
 * Told what the programs of one engine do, with the time in µs, which never decreases. It keeps the list of pins, whoever holds the blocks
 * keeps those: after every tell, `due` is asked until it has no answer. It never sees a clock, an engine or a block.
 */
export interface Retention {
  /** The program's next call waits, wherever: its tool is over. A pin never expires from here to `schedule`. */
  arrive(program: number, nowUs: number): void;
  /** That call is served; it waited so long. `isFollowUp`: the program had calls before. Its pin is due, because the call holds the blocks itself. */
  schedule(program: number, waitUs: number, isFollowUp: boolean, nowUs: number): void;
  /** A call has ended and a tool runs. Answers whether the blocks stay. */
  toolStart(program: number, known: ToolStart, nowUs: number): boolean;
  /** Nothing more comes of the program; it made so many calls. */
  programEnd(program: number, calls: number, nowUs: number): void;
  /** A program whose blocks are not to stay any longer, or −1. Told once a pin. */
  due(nowUs: number): number;
  /** Memory is short: the program that gives way first, or −1 where nothing is pinned. Its pin is gone. */
  giveWay(nowUs: number): number;
  /** Tokens pinned now. */
  readonly pinnedTokens: number;
  metrics(): Readonly<Record<string, number>>;
}

export interface RetentionContext {
  /** Tokens that the engine's cache holds. */
  readonly capacityTokens: number;
  readonly options: ParamValues;
}

/** One file exports one of these; the registry lists it. */
export interface RetentionDefinition {
  readonly kind: 'retention';
  readonly name: string;
  /** One line: whose prefix stays. */
  readonly title: string;
  readonly source: string;
  readonly params: ParamTable;
  /** Throws a coded error for options that do not go together; asked before anything runs. */
  check?(options: ParamValues): void;
  create(context: RetentionContext): Retention;
}

/** Typed identity, so that an add-on's file reads as a declaration. */
export function defineRetention(definition: RetentionDefinition): RetentionDefinition { return definition; }
