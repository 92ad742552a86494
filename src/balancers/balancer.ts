// The balancer contract: on which engine a call goes. Sees engines only through a load view that owns the age of every signal.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { ParamTable, ParamValues } from '../options.ts';
import type { Answered } from '../policies/policy.ts';
import type { RandomSource } from '../random.ts';

/** What is believed of the engines. Every value may be old: `ageUs` says how old. */
export interface LoadView {
  /** Calls on the engine or queued for it, as last seen. */
  inFlight(engine: number): number;
  /** Calls being served, as last seen. */
  running(engine: number): number;
  /** Calls queued at the engine, as last seen. */
  waiting(engine: number): number;
  /** Share of the KV cache in use, 0 to 1; NaN where nobody reports it. */
  kvUse(engine: number): number;
  /** Age of what is known of the engine, in µs. */
  ageUs(engine: number): number;
}

export interface Balancer {
  /** Chooses one of `candidates[0 … count)`, engine numbers in ascending order, count ≥ 1. */
  pick(call: CallSlot, candidates: Int32Array, count: number, view: LoadView, nowUs: number): number;
  routed?(call: CallSlot, engine: number, nowUs: number): void;
  finished?(call: CallSlot, engine: number, nowUs: number): void;
  engineUp?(engine: number, nowUs: number): void;
  engineDown?(engine: number, nowUs: number): void;
  blocksStored?(engine: number, blocks: readonly number[], nowUs: number): void;
  blocksRemoved?(engine: number, blocks: readonly number[], nowUs: number): void;
  /** For receipts: what the last choice looked at of an engine. A term named `score` orders the engines, highest first. Draws nothing and changes nothing. */
  explain?(call: CallSlot, engine: number, view: LoadView): Readonly<Record<string, number>>;
  /** For receipts: what stood behind the last choice. */
  answered?(): Answered;
}

export interface BalancerContext {
  readonly calls: CallView;
  readonly random: RandomSource;
  readonly options: ParamValues;
}

export interface BalancerDefinition {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly params: ParamTable;
  create(context: BalancerContext): Balancer;
}

export function defineBalancer(definition: BalancerDefinition): BalancerDefinition { return definition; }
