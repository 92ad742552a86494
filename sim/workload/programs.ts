// Programs of several calls in the laboratory: their plan, what each call asks for, and what it truly needs; and how far each has come.
import type { CallSlot } from '../../src/dispatch/calls.ts';
import { NODE_CALL, NODES_MAX, type ProgramPlan } from '../../src/programs/plan.ts';
import { ProgramRun, STATE_DONE } from '../../src/programs/program-run.ts';
import { PATH_LENGTH } from '../measure/path-parts.ts';
import type { ProgramContext } from './context.ts';
import type { ProgramDraft } from './workload.ts';

/** A plan with its columns of truth, one entry a node; entries of tools and joins mean nothing. */
export interface ProgramWork extends ProgramPlan {
  readonly program: number; readonly agent: number; readonly callClass: number; readonly weight: number; readonly arrivalUs: number; readonly id: string; readonly ids: readonly string[];
  readonly serviceUs: Float64Array; readonly firstTokenUs: Float64Array; readonly promptTokens: Int32Array; readonly outputTokens: Int32Array;
  readonly pin: Int32Array; readonly timeoutUs: Float64Array; readonly cancelUs: Float64Array;
  /** How prompts grow out of what was said before; absent: `promptTokens` are whole prompts. */
  readonly context?: ProgramContext | undefined;
}

/** A program under way, as the shells hold it. */
export class RunningProgram extends ProgramRun<ProgramWork> {
  /** Slot of the last attempt of each call, for as long as it is in flight, and the handle of an application's dispatcher. */
  readonly call: Int32Array;
  readonly handle: Float64Array;
  /** What each call really asked for, what it got, and what it needed of a slot. */
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
  readonly serviceUs: Float64Array;
  /** What each node was doing: µs by PATH_PARTS, node by node; and when its last attempt was asked for, or ended. */
  readonly partUs: Float64Array;
  readonly markUs: Float64Array;
  /** Output tokens of calls that were lost or that nobody wanted in the end. */
  wastedTokens = 0;
  /** An engine refused a call of it at its door. */
  wasRefused = false;

  constructor(work: ProgramWork) {
    super(work, work.program);
    this.call = new Int32Array(work.length).fill(-1);
    this.handle = new Float64Array(work.length);
    this.promptTokens = work.promptTokens.slice(0, work.length);
    this.outputTokens = work.outputTokens.slice(0, work.length);
    this.serviceUs = work.serviceUs.slice(0, work.length);
    this.partUs = new Float64Array(work.length * PATH_LENGTH);
    this.markUs = new Float64Array(work.length);
  }

  isCall(node: number): boolean { return this.plan.graph === undefined || this.plan.graph.kind[node] === NODE_CALL; }

  /** Orders the call among those of its program: attempts of one node differ. */
  ordinal(node: number): number { return node + (this.attempts[node]! - 1) * NODES_MAX; }

  /** Calls that the node's own call has waited for, as ordinals; nothing for chains. */
  parentOrdinals(node: number): readonly number[] | undefined {
    return this.plan.graph?.callParents[node]!.filter((parent) => this.state[parent] === STATE_DONE).map((parent) => this.ordinal(parent));
  }

  /** Calls that ended well, with what they got: all that the program has to show. */
  get usefulTokens(): number { return this.#sum((node) => (this.state[node] === STATE_DONE ? this.outputTokens[node]! : 0)); }

  /** Output tokens of all its calls, were none lost and none withdrawn. */
  plannedTokens(sizeOf: (node: number) => number): number { return this.#sum(sizeOf); }

  /** Calls that were never asked for. */
  get unasked(): number { return this.#sum((node) => (this.attempts[node] === 0 ? 1 : 0)); }

  #sum(of: (node: number) => number): number {
    let sum = 0;
    for (let node = 0; node < this.plan.length; node++) if (this.isCall(node)) sum += of(node);
    return sum;
  }
}

/** Copies a draft, which its workload will overwrite. A plan that it holds is its own already. */
export function workOf(draft: ProgramDraft): ProgramWork {
  const n = draft.length;
  return {
    program: draft.program, agent: draft.agent, callClass: draft.callClass, weight: draft.weight, arrivalUs: draft.arrivalUs, id: draft.id, ids: draft.ids, length: n,
    thinkUs: draft.thinkUs.slice(0, n), serviceUs: draft.serviceUs.slice(0, n), firstTokenUs: draft.firstTokenUs.slice(0, n),
    promptTokens: draft.promptTokens.slice(0, n), outputTokens: draft.outputTokens.slice(0, n), pin: draft.pin.slice(0, n),
    timeoutUs: draft.timeoutUs.slice(0, n), cancelUs: draft.cancelUs.slice(0, n),
    ...(draft.graph ? { graph: draft.graph } : {}), ...(draft.context ? { context: draft.context } : {}), ...(draft.abandonAt >= 0 ? { abandonAt: draft.abandonAt } : {}),
  };
}

/** The id of a call for files. */
export const idOf = (work: ProgramWork, node: number): string => work.ids[node] ?? (work.graph === undefined ? work.id : '');

/** Programs by the slot of their calls in flight. */
export class ProgramTable {
  readonly #runs: (RunningProgram | undefined)[] = [];
  #nodes = new Int32Array(64);
  /** Calls in flight of programs of several. */
  open = 0;
  /** Programs whose first call has arrived and that are not over, those that think included. */
  readonly begun = new Set<RunningProgram>();
  /** Node with which a program is outside the engines, by program: a tool or a pause, the one begun last. */
  readonly outside = new Map<number, { readonly run: RunningProgram; readonly node: number }>();
  /** A program of several calls was met. */
  wereUsed = false;

  set(call: CallSlot, run: RunningProgram, node: number): void {
    this.wereUsed = true;
    this.begun.add(run);
    while (this.#runs.length <= call) this.#runs.push(undefined);
    if (call >= this.#nodes.length) { const wide = new Int32Array(Math.max(call + 1, 2 * this.#nodes.length)); wide.set(this.#nodes); this.#nodes = wide; }
    this.#runs[call] = run;
    this.#nodes[call] = node;
    this.open++;
  }

  /** The program of a call, forgotten from now on. */
  take(call: CallSlot): RunningProgram | undefined {
    const run = this.runOf(call);
    if (run !== undefined) { this.#runs[call] = undefined; this.open--; }
    return run;
  }

  runOf(call: CallSlot): RunningProgram | undefined { return this.open === 0 ? undefined : this.#runs[call]; }
  /** Of a call that has a program, or had it until it was taken. */
  nodeOf(call: CallSlot): number { return this.#nodes[call]!; }
}
