// Replays a request trace: one program of one call a row, in order of arrival, with the service that a slot needs for it.
import { SchedlabError } from '../../src/errors.ts';
import type { Trace } from '../scenario.ts';
import { assignAgents, classNamed, rowId, traceClasses, type AgentAssignment } from './identity.ts';
import type { ProgramDraft, Workload } from './workload.ts';

const MICRO = 1e6;

export interface ReplayOptions {
  readonly trace: Trace;
  /** Whose calls they are; `assignAgents(trace, 'none')` where this is left out. */
  readonly assignment?: AgentAssignment;
  /** Tokens a second on one slot. */
  readonly prefillRate: number;
  readonly decodeRate: number;
  /** Divides arrival times: 2 replays twice as fast. Default 1. */
  readonly speed?: number;
}

/** Service of a call alone on a slot, in integer µs, at least 1: prompt ÷ prefillRate + output ÷ decodeRate seconds. */
export function slotServiceUs(promptTokens: number, outputTokens: number, prefillRate: number, decodeRate: number): number {
  return Math.max(1, Math.round((promptTokens / prefillRate + outputTokens / decodeRate) * MICRO));
}

/** The part of it until the first token: prompt ÷ prefillRate + 1 ÷ decodeRate seconds, never more than the service. */
export function slotFirstTokenUs(promptTokens: number, outputTokens: number, prefillRate: number, decodeRate: number): number {
  return Math.min(slotServiceUs(promptTokens, outputTokens, prefillRate, decodeRate), slotServiceUs(promptTokens, 1, prefillRate, decodeRate));
}

/**
 * Throws ERR_OPTION_RANGE where a rate or the speed is no positive number, or where the replay would not end within exact
 * microseconds even if every call waited for all others. O(rows).
 */
export function checkReplay({ trace, prefillRate, decodeRate, speed = 1 }: ReplayOptions): void {
  for (const [name, value] of Object.entries({ prefillRate, decodeRate, speed })) {
    if (!(value > 0 && value < Infinity)) throw new SchedlabError('ERR_OPTION_RANGE', `${name} of a trace replay accepts a number above 0, received ${JSON.stringify(value)}.`, { name, value });
  }
  let prompts = 0, outputs = 0;
  for (let row = 0; row < trace.rows; row++) { prompts += trace.promptTokens[row]; outputs += trace.outputTokens[row]; }
  const lastUs = trace.rows === 0 ? 0 : trace.arrivalUs[trace.rows - 1] / speed;
  const workUs = (prompts / prefillRate + outputs / decodeRate) * MICRO + trace.rows;
  if (lastUs + workUs <= Number.MAX_SAFE_INTEGER) return;
  throw new SchedlabError('ERR_OPTION_RANGE', `the replay would last longer than microseconds can count: arrivals end after ${lastUs / MICRO} s and the calls need ${workUs / MICRO} s of service. Raise speed, prefillRate or decodeRate.`, { lastUs, workUs });
}

/** Throws what `checkReplay` throws. */
export class ReplayWorkload implements Workload {
  readonly total: number;
  readonly #trace: Trace;
  readonly #agentOf: Int32Array;
  readonly #classOf: Int32Array | undefined;
  readonly #prefillRate: number;
  readonly #decodeRate: number;
  readonly #speed: number;
  #row = 0;

  constructor(options: ReplayOptions) {
    const { trace, prefillRate, decodeRate, speed = 1 } = options;
    checkReplay(options);
    this.total = trace.rows;
    this.#trace = trace;
    this.#agentOf = (options.assignment ?? assignAgents(trace, 'none')).agentOf;
    this.#prefillRate = prefillRate;
    this.#decodeRate = decodeRate;
    this.#speed = speed;
    const numbers = new Map(traceClasses(trace).map((name, number) => [name, number]));
    if (numbers.size > 0) this.#classOf = Int32Array.from(trace.fields.class, (name) => numbers.get(classNamed(name)) ?? 0);
  }

  next(draft: ProgramDraft): boolean {
    const row = this.#row;
    if (row >= this.total) return false;
    this.#row++;
    const prompt = this.#trace.promptTokens[row], output = this.#trace.outputTokens[row];
    draft.ensure(1);
    draft.arrivalUs = Math.round(this.#trace.arrivalUs[row] / this.#speed);
    draft.program = row;
    draft.agent = this.#agentOf[row];
    draft.callClass = this.#classOf?.[row] ?? 0;
    draft.weight = 1;
    draft.length = 1;
    draft.thinkUs[0] = 0;
    draft.serviceUs[0] = slotServiceUs(prompt, output, this.#prefillRate, this.#decodeRate);
    draft.firstTokenUs[0] = slotFirstTokenUs(prompt, output, this.#prefillRate, this.#decodeRate);
    draft.promptTokens[0] = prompt;
    draft.outputTokens[0] = output;
    draft.pin[0] = -1;
    draft.timeoutUs[0] = 0;
    draft.cancelUs[0] = 0;
    draft.id = rowId(this.#trace, row);
    return true;
  }
}
