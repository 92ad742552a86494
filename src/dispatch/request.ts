// What a call that asks for a place says of itself, and what is wrong with it.
import { SchedlabError } from '../errors.ts';
import type { CallSlot } from './calls.ts';

/** One call that asks for a place. */
export interface AcquireRequest {
  /** Number of the agent over whom fairness is meant, dense from 0; 0. */
  readonly agent?: number;
  /** Number of the program that the call belongs to, below 2^30, and its place in it; a program of its own where absent. */
  readonly program?: number;
  readonly ordinal?: number;
  /** Ordinals of the calls of its program that it waited for; none where it starts a branch. Absent: the call before. */
  readonly parents?: readonly number[];
  readonly callClass?: number;
  /** Declared weight, ≥ 0; 1. */
  readonly weight?: number;
  readonly promptTokens?: number;
  readonly maxTokens?: number;
  /** The engine that alone may serve it. */
  readonly engine?: number;
  /** Longest wait for a place, in ms; afterwards ERR_TIMEOUT. With 0 the call is served in this instant or refused. */
  readonly timeoutMs?: number;
  /** Withdraws the call, waiting or running. */
  readonly signal?: AbortSignal;
  /** Told at once the slot, for worlds that keep columns of their own beside the call table, and the handle that `cancel` takes. */
  readonly onSubmit?: (call: CallSlot, handle: number) => void;
}

/** Programs that belong to one call only are numbered from here. */
export const OWN_PROGRAMS = 2 ** 30;
const AGENTS = 2 ** 24, WHOLE = 2 ** 31;

/** The error for a request that makes no sense, or nothing. */
export function checkRequest(r: AcquireRequest): SchedlabError | undefined {
  if (r.weight !== undefined && !(r.weight >= 0 && r.weight < Infinity)) return refuse('weight', 'a number from 0', r.weight);
  if (r.timeoutMs !== undefined && !(r.timeoutMs >= 0)) return refuse('timeoutMs', 'a number from 0', r.timeoutMs);
  if (r.parents !== undefined) for (const parent of r.parents) { const wrong = parent === r.ordinal ? refuse('parents', 'ordinals of other calls', parent) : whole('parents', parent, WHOLE); if (wrong !== undefined) return wrong; }
  return whole('agent', r.agent, AGENTS) ?? whole('program', r.program, OWN_PROGRAMS) ?? whole('ordinal', r.ordinal, WHOLE) ?? whole('callClass', r.callClass, WHOLE)
    ?? whole('engine', r.engine, WHOLE) ?? whole('promptTokens', r.promptTokens, WHOLE) ?? whole('maxTokens', r.maxTokens, WHOLE);
}

/** Throws ERR_OPTION_TYPE before anything is held. */
export function checkBody(body: unknown): void {
  if (typeof body !== 'function') throw new SchedlabError('ERR_OPTION_TYPE', `what runs while the place is held is a function, received ${typeof body}. Give it as the last argument.`, { received: typeof body });
}

function whole(name: string, value: number | undefined, below: number): SchedlabError | undefined {
  // The usual small whole number is told by its bits.
  return value === undefined || (((value | 0) === value) && value >= 0 && value < below) || (value >= 0 && value < below && Math.floor(value) === value) ? undefined : refuse(name, `a whole number from 0 and below ${below}`, value);
}

function refuse(name: string, accepted: string, value: unknown): SchedlabError {
  return new SchedlabError('ERR_OPTION_RANGE', `${name} of a call accepts ${accepted}, received ${String(value)}.`, { name, value });
}

/** Milliseconds as whole microseconds, rounded up; a whole number that went through milliseconds stays what it was. Beyond 2^52: for ever. */
export function wholeUs(ms: number): number {
  const us = ms * 1000, near = Math.round(us);
  if (us > 2 ** 52) return Infinity;
  return Math.abs(us - near) <= near * 2 ** -50 ? near : Math.ceil(us);
}
