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

/** One decision, told only when somebody listens. */
export interface Receipt {
  readonly atUs: number;
  readonly kind: 'grant' | 'route' | 'preempt' | 'refuse';
  readonly call: CallSlot;
  /** Engine chosen, or −1. */
  readonly chosen: number;
  readonly candidates: readonly { readonly id: number; readonly terms: Readonly<Record<string, number>> }[];
  /** Age of what was known, in µs; 0 where the decision rests on the core's own counts. */
  readonly ageUs: number;
  readonly reason: string;
}
export type ReceiptListener = (receipt: Receipt) => void;
