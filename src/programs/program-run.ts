// One program under way: how far each of its nodes has come.
import { NEED_ALL, NEED_SETTLED, type ProgramPlan } from './plan.ts';

/** Waits for its parents, or has not been woken; its parents are met, and it has not begun. */
export const STATE_PENDING = 0;
export const STATE_MET = 1;
/** A human, a pause, or the wait before another attempt. */
export const STATE_THINKING = 2;
/** A call that this instant asks for, and one that the dispatcher has. */
export const STATE_ASKED = 3;
export const STATE_FLYING = 4;
/** Waits for a place of its tool, or uses one. */
export const STATE_TOOL_QUEUE = 5;
export const STATE_TOOL = 6;
/** Ended: well; lost; nobody wanted it any more. */
export const STATE_DONE = 7;
export const STATE_LOST = 8;
export const STATE_WITHDRAWN = 9;

export const isOver = (state: number): boolean => state >= STATE_DONE;

export type ProgramOutcome = 'completed' | 'failed' | 'abandoned';

/** The runner alone writes. */
export class ProgramRun<P extends ProgramPlan = ProgramPlan> {
  readonly plan: P;
  /** Number of the program, below 2^30. */
  readonly program: number;
  readonly state: Uint8Array;
  /** Attempts of a call that were begun. */
  readonly attempts: Uint8Array;
  /** When the parents of a node were met, and when it ended, in µs; −1 before. */
  readonly metUs: Float64Array;
  readonly endUs: Float64Array;
  /** Parents that ended well; parents that may still; children that still want it. Empty for chains. */
  readonly well: Int32Array;
  readonly open: Int32Array;
  readonly wanted: Int32Array;
  /** Lost one of its parents. */
  readonly hasLost: Uint8Array;
  /** Dormant nodes that nobody has woken. */
  readonly asleep: Uint8Array;
  /** Nodes that have begun and not ended. */
  active = 0;
  /** Calls that have been submitted and of which the dispatcher has not said the last word. */
  inFlight = 0;
  startUs = -1;
  /** Set when the program is decided: nothing of it begins after that. */
  outcome: ProgramOutcome | undefined;
  outcomeUs = -1;

  constructor(plan: P, program: number) {
    const { length: n, graph } = plan;
    this.plan = plan;
    this.program = program;
    this.state = new Uint8Array(n);
    this.attempts = new Uint8Array(n);
    this.metUs = new Float64Array(n).fill(-1);
    this.endUs = new Float64Array(n).fill(-1);
    this.well = new Int32Array(graph ? n : 0);
    this.open = new Int32Array(graph ? n : 0);
    this.wanted = new Int32Array(graph ? n : 0);
    this.hasLost = new Uint8Array(graph ? n : 0);
    this.asleep = Uint8Array.from(graph?.dormant ?? []);
    if (graph === undefined) return;
    for (let i = 0; i < n; i++) {
      if (graph.dormant[i] === 0) for (const parent of graph.parents[i]!) { this.wanted[parent]!++; if (graph.dormant[parent] === 0) this.open[i]!++; }
    }
  }

  /** Neither over nor asleep: something may still come of it. */
  isOpen(node: number): boolean { return this.state[node]! < STATE_DONE && this.asleep[node] === 0; }

  /** True where all that the node needs has come. */
  isMet(node: number): boolean {
    const need = this.plan.graph!.need[node]!;
    if (need > 0) return this.well[node]! >= need;
    return this.open[node] === 0 && (this.well[node]! > 0 || this.plan.graph!.parents[node]!.length === 0) && !(need === NEED_ALL && this.hasLost[node] === 1);
  }

  /** Counts anew what a node waits for and who waits for it: it has just been woken. */
  recount(node: number): void {
    const { parents, children } = this.plan.graph!;
    this.well[node] = this.open[node] = this.wanted[node] = 0;
    for (const parent of parents[node]!) {
      if (this.state[parent] === STATE_DONE) this.well[node]!++;
      else if (this.isOpen(parent)) this.open[node]!++;
      else if (this.state[parent] === STATE_LOST) this.hasLost[node] = 1;
    }
    for (const child of children[node]!) if (this.waits(child)) this.wanted[node]!++;
  }

  /** Has not begun, and is awake. */
  waits(node: number): boolean { return this.state[node] === STATE_PENDING && this.asleep[node] === 0; }

  /** True where what it needs cannot come any more. Who merely sleeps may still be woken. */
  isHopeless(node: number): boolean {
    const need = this.plan.graph!.need[node]!;
    if (this.hasLost[node] === 0) return false;
    if (need === NEED_SETTLED) return this.open[node] === 0 && this.well[node] === 0;
    return need === NEED_ALL || this.well[node]! + this.open[node]! < need;
  }
}
