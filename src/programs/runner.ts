// Runs programs: told what has ended, it says what begins. A state machine without I/O, the same in both worlds; it never sees a clock, an engine or a promise.
import { backoffUs, NO_RETRY } from './failure.ts';
import { NODE_CALL, NODE_TOOL, type ProgramPlan } from './plan.ts';
import {
  isOver, STATE_ASKED, STATE_DONE, STATE_FLYING, STATE_LOST, STATE_MET, STATE_PENDING, STATE_THINKING, STATE_TOOL, STATE_TOOL_QUEUE, STATE_WITHDRAWN, type ProgramOutcome, type ProgramRun,
} from './program-run.ts';
import { ToolPools, type ToolPool } from './tools.ts';

/** What a shell does for the runner. Called from `settle` alone; none may call back into it. */
export interface ProgramPort<R> {
  /** A call wants service: its attempt number stands in `run.attempts`. */
  submit(run: R, node: number, nowUs: number): void;
  /** A call in flight is not wanted any more. Its end is still to be told by `verdict`. */
  withdraw(run: R, node: number, nowUs: number): void;
  /** Call `timeOver(run, node)` so many µs from now, unless it is over by then. */
  wait(run: R, node: number, us: number, nowUs: number): void;
  /** The program is outside the engines with this node: it uses a tool or thinks, or waits for the tool. */
  toolStart?(run: R, node: number, nowUs: number): void;
  toolEnd?(run: R, node: number, nowUs: number): void;
  /** Nothing of the program will begin any more; calls of it may still be in flight, being withdrawn. */
  decided?(run: R, nowUs: number): void;
  /** The last word on its last call has been said: nobody will hear of the program again. */
  closed(run: R, nowUs: number): void;
}

const TOLD_START = 0, TOLD_SERVED = 1, TOLD_LOST = 2, TOLD_TIME = 3;

interface Told<R> { readonly what: number; readonly run: R; readonly node: number }

/**
 * Inputs are buffered with `start`, `served`, `lost`, `timeOver` and `verdict`; `settle` applies those of an instant in an order of their own
 * (program, node, kind), never in that in which they came. O(edges that change) an input; O(1) for chains.
 */
export class ProgramRunner<R extends ProgramRun<P>, P extends ProgramPlan = ProgramPlan> {
  readonly tools: ToolPools<R>;
  /** Called when the first input of a round is buffered: `settle` is wanted at the end of the instant, before the dispatcher decides. */
  readonly onDirty: () => void;
  readonly #port: ProgramPort<R>;
  #told: Told<R>[] = [];
  #nowUs = 0;
  /** Nodes whose parents are met and that have not begun. */
  readonly #ready: { run: R; node: number }[] = [];
  /** Calls that this instant asks for. */
  readonly #asked: { run: R; node: number }[] = [];
  /** Programs under way. */
  open = 0;

  constructor(port: ProgramPort<R>, options: { readonly tools?: readonly ToolPool[]; readonly onDirty: () => void }) {
    this.#port = port;
    this.tools = new ToolPools(options.tools ?? []);
    this.onDirty = options.onDirty;
  }

  get isDirty(): boolean { return this.#told.length > 0; }

  /** A session starts. */
  start(run: R): void { this.open++; this.#tell(TOLD_START, run, 0); }
  /** A call was served to its end. */
  served(run: R, node: number): void { this.#tell(TOLD_SERVED, run, node); }
  /** What was to take time has taken it. */
  timeOver(run: R, node: number): void { this.#tell(TOLD_TIME, run, node); }
  /** The dispatcher has ended a call: nothing more will come of this attempt. */
  verdict(run: R, node: number, well: boolean, nowUs: number): void {
    run.inFlight--;
    if (!well && run.state[node] === STATE_FLYING) this.#tell(TOLD_LOST, run, node);
    else if (run.outcome !== undefined && run.inFlight === 0) this.#close(run, nowUs);
  }

  #tell(what: number, run: R, node: number): void {
    if (this.#told.push({ what, run, node }) === 1) this.onDirty();
  }

  /** Applies what was told, and says what follows from it. Nothing is left over. */
  settle(nowUs: number): void {
    const told = this.#told;
    if (told.length === 0) return;
    this.#told = [];
    this.#nowUs = nowUs;
    if (told.length > 1) told.sort((a, b) => a.run.program - b.run.program || a.node - b.node || a.what - b.what);
    for (const { what, run, node } of told) {
      switch (what) {
        case TOLD_START: this.#start(run); break;
        case TOLD_SERVED: if (run.state[node] === STATE_FLYING) this.#done(run, node); break;
        case TOLD_TIME: this.#timeOver(run, node); break;
        default: if (run.state[node] === STATE_FLYING) this.#lostAttempt(run, node);
      }
      this.#beginReady();
      if (run.active === 0 && run.outcome === undefined) this.#decide(run, 'completed');
    }
    for (let pool = 0; pool < this.tools.pools.length; pool++) this.#admit(pool);
    this.#submitAsked();
  }

  #start(run: R): void {
    const { plan } = run, { graph } = plan;
    run.startUs = this.#nowUs;
    for (let node = 0; node < (graph ? plan.length : 1); node++) if (graph === undefined || (graph.parents[node]!.length === 0 && graph.dormant[node] === 0)) this.#met(run, node);
  }

  #timeOver(run: R, node: number): void {
    const state = run.state[node]!;
    if (state === STATE_TOOL) {
      this.#freeTool(run, node);
      this.#done(run, node);
    } else if (state === STATE_THINKING) {
      if (run.attempts[node] === 0) this.#port.toolEnd?.(run, node, this.#nowUs);
      this.#begin(run, node);
    }
  }

  /** The parents of a node are met. */
  #met(run: R, node: number): void {
    run.state[node] = STATE_MET;
    run.active++;
    run.metUs[node] = this.#nowUs;
    this.#ready.push({ run, node });
  }

  #beginReady(): void {
    for (let at = 0; at < this.#ready.length; at++) {
      const { run, node } = this.#ready[at]!;
      if (run.state[node] !== STATE_MET) continue;
      const us = run.plan.thinkUs[node]!;
      if (us === 0) { this.#begin(run, node); continue; }
      run.state[node] = STATE_THINKING;
      this.#port.toolStart?.(run, node, this.#nowUs);
      this.#port.wait(run, node, us, this.#nowUs);
    }
    this.#ready.length = 0;
  }

  /** A node that has thought begins its work. */
  #begin(run: R, node: number): void {
    const graph = run.plan.graph, kind = graph === undefined ? NODE_CALL : graph.kind[node]!;
    if (kind === NODE_CALL) { this.#submit(run, node); return; }
    if (kind === NODE_TOOL && graph!.toolUs[node]! > 0) { this.#useTool(run, node, graph!.pool[node]!); return; }
    this.#done(run, node);
  }

  #submit(run: R, node: number): void {
    run.attempts[node]!++;
    if (run.plan.abandonAt === node) { this.#decide(run, 'abandoned'); return; }
    run.state[node] = STATE_ASKED;
    this.#asked.push({ run, node });
  }

  /** What was asked for and let go in one instant is never asked for. */
  #submitAsked(): void {
    for (const { run, node } of this.#asked) {
      if (run.state[node] !== STATE_ASKED) continue;
      run.state[node] = STATE_FLYING;
      run.inFlight++;
      this.#port.submit(run, node, this.#nowUs);
    }
    this.#asked.length = 0;
  }

  // ---- tools

  #useTool(run: R, node: number, pool: number): void {
    this.#port.toolStart?.(run, node, this.#nowUs);
    // Who asks in the instant in which a place is freed comes after those who wait already.
    if (pool >= 0 && !this.tools.take(pool, run, node)) { run.state[node] = STATE_TOOL_QUEUE; return; }
    this.#workTool(run, node);
  }

  #workTool(run: R, node: number): void {
    run.state[node] = STATE_TOOL;
    this.#port.wait(run, node, run.plan.graph!.toolUs[node]!, this.#nowUs);
  }

  #freeTool(run: R, node: number): void {
    const pool = run.plan.graph!.pool[node]!;
    if (pool >= 0) this.tools.free(pool);
    this.#port.toolEnd?.(run, node, this.#nowUs);
  }

  #admit(pool: number): void {
    for (let next = this.tools.next(pool, wantsTool); next !== undefined; next = this.tools.next(pool, wantsTool)) this.#workTool(next.run, next.node);
  }

  // ---- ends

  #end(run: R, node: number, state: number): void {
    if (run.state[node] !== STATE_PENDING) run.active--;
    run.state[node] = state;
    run.endUs[node] = this.#nowUs;
  }

  #done(run: R, node: number): void {
    const graph = run.plan.graph;
    if (graph === undefined) {
      this.#end(run, node, STATE_DONE);
      if (node + 1 < run.plan.length) this.#met(run, node + 1);
      else this.#decide(run, 'completed');
      return;
    }
    // Before it counts as ended, so that whoever waits for those whom it wakes does not begin.
    const woken = graph.wakes[node]!.filter((other) => run.asleep[other] === 1);
    if (woken.length > 0) wake(run, woken);
    this.#end(run, node, STATE_DONE);
    for (const child of graph.children[node]!) this.#parentEnded(run, child, true);
    for (const other of woken) this.#look(run, other);
  }

  #parentEnded(run: R, node: number, well: boolean): void {
    if (run.outcome !== undefined || !run.waits(node)) return;
    run.open[node]!--;
    if (well) run.well[node]!++;
    else run.hasLost[node] = 1;
    this.#look(run, node);
  }

  /** A node that waits may begin now, or never. */
  #look(run: R, node: number): void {
    if (run.outcome !== undefined || !run.waits(node)) return;
    // Who is woken too late for all that wait for it is not wanted any more.
    if (run.wanted[node] === 0 && run.plan.graph!.children[node]!.some((child) => run.asleep[child] === 0)) this.#withdraw(run, node);
    else if (run.isMet(node)) {
      this.#letGo(run, node);
      this.#met(run, node);
    } else if (run.isHopeless(node)) this.#lose(run, node);
  }

  /** A node wants its parents no more: those whom nobody else wants are withdrawn. */
  #letGo(run: R, node: number): void {
    for (const parent of run.plan.graph!.parents[node]!) if (run.isOpen(parent) && --run.wanted[parent]! === 0) this.#withdraw(run, parent);
  }

  #withdraw(run: R, node: number): void {
    const wasPending = run.state[node] === STATE_PENDING;
    this.#stop(run, node);
    if (wasPending) this.#letGo(run, node);
  }

  /** Ends a node that nobody wants, whatever it does. */
  #stop(run: R, node: number): void {
    const state = run.state[node]!;
    this.#end(run, node, STATE_WITHDRAWN);
    if (state === STATE_FLYING) this.#port.withdraw(run, node, this.#nowUs);
    else if (state === STATE_TOOL) this.#freeTool(run, node);
    else if (state === STATE_TOOL_QUEUE || (state === STATE_THINKING && run.attempts[node] === 0)) this.#port.toolEnd?.(run, node, this.#nowUs);
  }

  #lostAttempt(run: R, node: number): void {
    const rule = run.plan.graph?.failure[node] ?? NO_RETRY;
    if (run.attempts[node]! < rule.attempts) {
      run.state[node] = STATE_THINKING;
      this.#port.wait(run, node, backoffUs(rule, run.attempts[node]!), this.#nowUs);
    } else if (rule.then === 'branch') this.#lose(run, node);
    else {
      this.#end(run, node, STATE_LOST);
      this.#decide(run, 'failed');
    }
  }

  /** A branch ends here. What cannot do without it is lost too; a program that loses one of its ends fails. */
  #lose(run: R, node: number): void {
    const { children } = run.plan.graph!, wasPending = run.state[node] === STATE_PENDING;
    this.#end(run, node, STATE_LOST);
    if (wasPending) this.#letGo(run, node);
    if (children[node]!.every((child) => run.asleep[child] === 1)) { this.#decide(run, 'failed'); return; }
    for (const child of children[node]!) this.#parentEnded(run, child, false);
  }

  #decide(run: R, outcome: ProgramOutcome): void {
    if (run.outcome !== undefined) return;
    run.outcome = outcome;
    run.outcomeUs = this.#nowUs;
    for (let node = 0; node < run.plan.length && run.active > 0; node++) if (run.state[node] !== STATE_PENDING && !isOver(run.state[node]!)) this.#stop(run, node);
    this.#port.decided?.(run, this.#nowUs);
    if (run.inFlight === 0) this.#close(run, this.#nowUs);
  }

  #close(run: R, nowUs: number): void { this.open--; this.#port.closed(run, nowUs); }
}

/** Those who wake count anew, and those around them count them. */
function wake(run: ProgramRun, woken: readonly number[]): void {
  const { parents, children } = run.plan.graph!;
  for (const node of woken) run.asleep[node] = 0;
  for (const node of woken) {
    run.recount(node);
    for (const parent of parents[node]!) if (!woken.includes(parent)) run.wanted[parent]!++;
    for (const child of children[node]!) if (!woken.includes(child)) run.open[child]!++;
  }
}

const wantsTool = (run: ProgramRun, node: number): boolean => run.state[node] === STATE_TOOL_QUEUE;
