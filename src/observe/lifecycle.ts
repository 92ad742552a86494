// Lifecycle events: the one canonical stream that recorders, digests and traces read. Never kernel events or promise continuations.
import type { CallSlot } from '../dispatch/calls.ts';

/** Why a call ended without being served to its end. */
export const DROP_CANCELLED = 1;
export const DROP_EXPIRED = 2;
export const DROP_BACKPRESSURE = 3;
export const DROP_SHUTDOWN = 4;
export const DROP_UNROUTABLE = 5;
export const DROP_FAILED = 6;
export const DROP_NAMES = ['', 'cancelled', 'expired', 'backpressure', 'shutdown', 'unroutable', 'failed'] as const;

/** Called inside a flush, in decision order. Implementations must not call back into the core. */
export interface Lifecycle {
  arrive(call: CallSlot, nowUs: number): void;
  grant(call: CallSlot, engine: number, nowUs: number): void;
  /** Service began on the engine, where that is later than the grant. */
  schedule(call: CallSlot, engine: number, nowUs: number): void;
  firstToken(call: CallSlot, engine: number, nowUs: number): void;
  preempt(call: CallSlot, engine: number, nowUs: number): void;
  finish(call: CallSlot, engine: number, nowUs: number): void;
  /** `reason`: DROP_…; `wasRunning`: it held a place. */
  drop(call: CallSlot, reason: number, wasRunning: boolean, nowUs: number): void;
}

/** One who could have been chosen: a call's slot, or an engine's number where the decision is a route. */
export interface ReceiptCandidate {
  readonly id: number;
  /** By which the candidates were ordered, highest first; null where the rule has no number. */
  readonly score: number | null;
  /** What the rule looked at, by name. */
  readonly terms: Readonly<Record<string, number>>;
}

/** One decision, told only when somebody listens. Slots are those of this instant: whoever keeps a receipt resolves them at once. */
export interface Receipt {
  readonly atUs: number;
  /** grant: which call; route: on which engine; preempt: a running call loses its place; refuse: a call is sent away. */
  readonly kind: 'grant' | 'route' | 'preempt' | 'refuse';
  /** Who decided: the gate, or an engine that asks a policy itself. */
  readonly place: 'gate' | 'engine';
  readonly call: CallSlot;
  /** Engine that the call goes to, or has been on (preempt); −1: none. */
  readonly engine: number;
  /** `id` of the chosen candidate; −1: none. */
  readonly chosen: number;
  /** Calls that waited when the question was asked, the chosen one included. */
  readonly waiting: number;
  /** A few, the chosen one first. */
  readonly candidates: readonly ReceiptCandidate[];
  /** Age of what was known, in µs; 0 where the decision rests on the core's own counts. */
  readonly ageUs: number;
  /** Candidates that stood equal at the top, the chosen one included; null where the rule does not tell. */
  readonly tied: number | null;
  readonly reason: string;
}
export type ReceiptListener = (receipt: Receipt) => void;
