// Replays a request trace: programs in order of arrival, one call each, a chain or a graph, with the service that a slot needs for every call.
import { SchedlabError } from '../../src/errors.ts';
import type { Trace } from '../scenario.ts';
import { assignAgents, classNamed, rowId, traceClasses, type AgentAssignment } from './identity.ts';
import { checkConstant, graphOf, programsOf, type TracePrograms } from './trace-programs.ts';
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
  /** Engines price calls themselves: what a slot would need is NaN. */
  readonly isPriced?: boolean;
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
 * microseconds even if every call waited for all others; ERR_NOT_POSSIBLE where a program changes its agent or class, or has too many calls.
 * Answers what a reader of the results must know of the programs. O(rows).
 */
export function checkReplay({ trace, assignment, prefillRate, decodeRate, speed = 1 }: ReplayOptions): readonly string[] {
  for (const [name, value] of Object.entries({ prefillRate, decodeRate, speed })) {
    if (!(value > 0 && value < Infinity)) throw new SchedlabError('ERR_OPTION_RANGE', `${name} of a trace replay accepts a number above 0, received ${JSON.stringify(value)}.`, { name, value });
  }
  let prompts = 0, outputs = 0;
  for (let row = 0; row < trace.rows; row++) { prompts += trace.promptTokens[row]; outputs += trace.outputTokens[row]; }
  const programs = programsOf(trace);
  if (programs !== undefined) {
    if (assignment !== undefined) checkConstant(trace, programs, 'agents', (row) => assignment.agentOf[row]);
    if (Object.hasOwn(trace.fields, 'class')) checkConstant(trace, programs, 'classes', (row) => trace.fields.class[row]);
  }
  const lastUs = trace.rows === 0 ? 0 : trace.arrivalUs[trace.rows - 1] / speed;
  const workUs = (prompts / prefillRate + outputs / decodeRate) * MICRO + trace.rows + sumOf(trace.toolUs) + sumOf(trace.afterUs);
  if (lastUs + workUs <= Number.MAX_SAFE_INTEGER) return programs?.assumptions ?? [openLoop(trace)];
  throw new SchedlabError('ERR_OPTION_RANGE', `the replay would last longer than microseconds can count: arrivals end after ${lastUs / MICRO} s and the calls need ${workUs / MICRO} s of service. Raise speed, prefillRate or decodeRate.`, { lastUs, workUs });
}

/** Without programs nothing waits for an answer. */
const openLoop = ({ fields }: Trace): string => `open loop: arrivals as recorded, whatever the answers take; this trace ${Object.hasOwn(fields, 'session') ? 'tells sessions, and not' : 'does not tell'} who waits for whom`;

const sumOf = (column: Float64Array | undefined): number => column?.reduce((sum, us) => sum + Math.max(0, us), 0) ?? 0;

/** Throws what `checkReplay` throws. */
export class ReplayWorkload implements Workload {
  readonly total: number;
  readonly #trace: Trace;
  readonly #agentOf: Int32Array;
  readonly #classOf: Int32Array | undefined;
  readonly #prefillRate: number;
  readonly #decodeRate: number;
  readonly #speed: number;
  readonly #isPriced: boolean;
  readonly #programs: TracePrograms | undefined;
  #made = 0;

  constructor(options: ReplayOptions) {
    const { trace, prefillRate, decodeRate, speed = 1 } = options;
    checkReplay(options);
    this.#trace = trace;
    this.#programs = programsOf(trace);
    this.total = this.#programs?.count ?? trace.rows;
    this.#agentOf = (options.assignment ?? assignAgents(trace, 'none')).agentOf;
    this.#prefillRate = prefillRate;
    this.#decodeRate = decodeRate;
    this.#speed = speed;
    this.#isPriced = options.isPriced ?? false;
    const numbers = new Map(traceClasses(trace).map((name, number) => [name, number]));
    if (numbers.size > 0) this.#classOf = Int32Array.from(trace.fields.class, (name) => numbers.get(classNamed(name)) ?? 0);
  }

  next(draft: ProgramDraft): boolean {
    const trace = this.#trace, programs = this.#programs, program = this.#made;
    if (program >= this.total) return false;
    this.#made++;
    const from = programs?.start[program] ?? 0, length = programs === undefined ? 1 : programs.start[program + 1]! - from, row = programs?.nodeRow[from] ?? program;
    // Room for all of its nodes at once: growing forgets what stands there.
    draft.ensure(length);
    draft.arrivalUs = this.#arrivalUs(row);
    draft.program = program;
    draft.agent = this.#agentOf[row];
    draft.callClass = this.#classOf?.[row] ?? 0;
    draft.weight = 1;
    draft.length = length;
    draft.id = rowId(trace, row);
    draft.ids = [];
    draft.graph = undefined;
    if (programs?.isGraph[program] === 1) this.#graph(draft, programs);
    else {
      this.#call(draft, 0, row, 0);
      if (length > 1) this.#chain(draft, programs!.nodeRow.subarray(from, from + length));
    }
    return true;
  }

  /** The calls that go on from the first, each after the tool of the one before and its own wait. */
  #chain(draft: ProgramDraft, rows: Int32Array): void {
    const { toolUs, afterUs } = this.#trace;
    for (let k = 1; k < rows.length; k++) this.#call(draft, k, rows[k]!, (toolUs?.[rows[k - 1]!] ?? 0) + Math.max(0, afterUs?.[rows[k]!] ?? 0));
    draft.ids = Array.from(rows, (row) => rowId(this.#trace, row));
  }

  /** Calls that branch, join or begin at several places. */
  #graph(draft: ProgramDraft, programs: TracePrograms): void {
    const { graph, thinkUs } = graphOf(this.#trace, programs, draft.program, (row) => this.#arrivalUs(row)), from = programs.start[draft.program]!, ids: string[] = [];
    for (let node = 0; node < draft.length; node++) {
      const row = programs.nodeRow[from + node]!;
      if (row >= 0) this.#call(draft, node, row, thinkUs[node]!);
      else { draft.thinkUs[node] = draft.serviceUs[node] = draft.firstTokenUs[node] = draft.promptTokens[node] = draft.outputTokens[node] = draft.timeoutUs[node] = draft.cancelUs[node] = 0; draft.pin[node] = -1; }
      ids.push(row >= 0 ? rowId(this.#trace, row) : '');
    }
    draft.ids = ids;
    draft.graph = graph;
  }

  #arrivalUs(row: number): number { return Math.round(this.#trace.arrivalUs[row] / this.#speed); }

  #call(draft: ProgramDraft, at: number, row: number, thinkUs: number): void {
    const prompt = this.#trace.promptTokens[row], output = this.#trace.outputTokens[row];
    draft.thinkUs[at] = thinkUs;
    draft.serviceUs[at] = this.#isPriced ? NaN : slotServiceUs(prompt, output, this.#prefillRate, this.#decodeRate);
    draft.firstTokenUs[at] = this.#isPriced ? NaN : slotFirstTokenUs(prompt, output, this.#prefillRate, this.#decodeRate);
    draft.promptTokens[at] = prompt;
    draft.outputTokens[at] = output;
    draft.pin[at] = -1;
    draft.timeoutUs[at] = 0;
    draft.cancelUs[at] = 0;
  }
}
