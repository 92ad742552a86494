// One program under way: how far each of its nodes has come.
import { NEED_ALL, NEED_SETTLED, type ProgramPlan } from './plan.ts';

/** Waits for its parents, or has not been woken. */
export const STATE_PENDING = 0;
/** Its parents are met: a human, a pause, or the wait before another attempt. */
export const STATE_THINKING = 1;
/** A call that this instant asks for, and one that the dispatcher has. */
export const STATE_ASKED = 2;
export const STATE_FLYING = 3;
/** Waits for a place of its tool, or uses one. */
export const STATE_TOOL_QUEUE = 4;
export const STATE_TOOL = 5;
/** Ended: well; lost; nobody wanted it any more. */
export const STATE_DONE = 6;
export const STATE_LOST = 7;
export const STATE_WITHDRAWN = 8;

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
    this.asleep = Uint8Array.from(graph?.dormant ?? []);
    if (graph === undefined) return;
    for (let i = 0; i < n; i++) {
      if (graph.dormant[i] === 0) for (const parent of graph.parents[i]!) { this.wanted[parent]!++; if (graph.dormant[parent] === 0) this.open[i]!++; }
    }
  }

  /** Neither over nor asleep: something may still come of it. */
  isOpen(node: number): boolean { return this.state[node]! < STATE_DONE && this.asleep[node] === 0; }

  /** True where all that the node needs has come. Of its parents one has just ended. */
  isMet(node: number): boolean {
    const need = this.plan.graph!.need[node]!;
    return need > 0 ? this.well[node]! >= need : this.open[node] === 0 && this.well[node]! > 0;
  }

  /** True where what it needs cannot come any more. */
  isHopeless(node: number, isParentLost: boolean): boolean {
    const need = this.plan.graph!.need[node]!;
    if (need === NEED_ALL) return isParentLost;
    if (need === NEED_SETTLED) return this.open[node] === 0 && this.well[node] === 0;
    return this.well[node]! + this.open[node]! < need;
  }
}
