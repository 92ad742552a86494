// Which programs are under way, and which ended with a round: the same book for all shells, read in the core's own order.
import { CALL_RUNNING, CALL_WAITING, type CallSlot } from '../../src/dispatch/calls.ts';
import type { DispatchCore } from '../../src/dispatch/core.ts';
import type { Policy } from '../../src/policies/policy.ts';
import type { ProgramPort } from '../../src/programs/runner.ts';
import { ProgramRunner } from '../../src/programs/runner.ts';
import { STATE_DONE, STATE_FLYING } from '../../src/programs/program-run.ts';
import { promptTokensOf } from '../workload/program-prompts.ts';
import { RunningProgram, workOf, type ProgramTable, type ProgramWork } from '../workload/programs.ts';
import { slotFirstTokenUs, slotServiceUs } from '../workload/replay.ts';
import { ProgramDraft, type Workload } from '../workload/workload.ts';
import { aloneEndsUs } from './alone-path.ts';
import { attemptBegun, attemptEnded } from './node-times.ts';
import { pathOf } from './program-path.ts';
import type { ShellPort } from './program-port.ts';
import type { Stage } from './stage.ts';

export class ProgramBook implements ProgramPort<RunningProgram> {
  readonly runner: ProgramRunner<RunningProgram, ProgramWork>;
  /** Programs of several calls, by the slot of a call in flight. */
  readonly table: ProgramTable;
  /** Set by the shell that plays it. */
  workload: Workload | undefined;
  readonly #draft = new ProgramDraft();
  readonly #stage: Stage;
  readonly #port: ShellPort;
  /** All programs so far have one call each. */
  #areSingle = true;
  /** Policies that keep rows of programs, and those that hear of tools, wherever they sit; known once all are built. */
  #forgetting: Policy[] | undefined;
  #toolHearing: Policy[] | undefined;
  /** Agents written as functions are programs whose end only they know: a call of theirs ends none. */
  readonly #callsAreParts: boolean;

  constructor(stage: Stage, port: ShellPort) {
    this.#stage = stage;
    this.#port = port;
    this.table = stage.programs;
    this.runner = new ProgramRunner<RunningProgram, ProgramWork>(this, { tools: stage.model.tools ?? [], onDirty: () => { port.onDirty(); } });
    this.#callsAreParts = (stage.model.scripts?.length ?? 0) > 0;
  }

  /** A program of several nodes starts now. */
  begin(draft: ProgramDraft): RunningProgram { return new RunningProgram(workOf(draft)); }

  /** Call when an engine has served the call to its end, before the dispatcher's round. */
  served(call: CallSlot, outputTokens: number): void {
    const run = this.table.runOf(call);
    if (run === undefined) return;
    const node = this.table.nodeOf(call);
    run.outputTokens[node] = outputTokens;
    this.runner.served(run, node);
  }

  /** Notes what the calls that end with a round were doing, and what those that are lost have produced. Call after each flush, before engines are told. */
  callsEnded(core: DispatchCore, nowUs: number): void {
    const { table } = this, stage = this.#stage, { calls, recorder, engines } = stage;
    for (let i = 0; i < core.endedCount; i++) {
      const call = core.ended[i]!, run = table.runOf(call), well = calls.outcome[call] === 0;
      if (run !== undefined) attemptEnded(run, table.nodeOf(call), call, nowUs, stage);
      if (well) continue;
      const tokens = calls.grantedUs[call]! >= 0 ? (engines[calls.engine[call]!]?.producedTokens?.(call, nowUs) ?? 0) : 0;
      if (run !== undefined) run.wastedTokens += tokens;
      recorder.cutOff(call, tokens, run?.state[table.nodeOf(call)] === STATE_FLYING);
    }
  }

  /** Programs whose last call was served, or that lost a call, end here. Call after each flush, before slots are reused. */
  roundEnded(core: DispatchCore, nowUs: number): void {
    const { table } = this;
    if (core.endedCount === 0 && !(this.#areSingle && table.wereUsed)) return;
    const { calls, recorder, work, alone } = this.#stage;
    this.#forgetting ??= this.#stage.policies.filter((policy) => policy.programEnd !== undefined);
    for (let i = 0; i < core.endedCount; i++) {
      const call = core.ended[i]!, run = table.take(call), well = calls.outcome[call] === 0;
      if (run !== undefined) {
        const node = table.nodeOf(call);
        if (well && run.state[node] !== STATE_DONE) { run.wastedTokens += calls.outputTokens[call]!; recorder.wasted(run.plan.callClass, calls.outputTokens[call]!); }
        this.runner.verdict(run, node, well, nowUs);
      } else if (!this.#callsAreParts) {
        if (well && alone !== undefined) work.serviceUs[call] = alone.us(calls.promptTokens[call]!, work.outputTokens[call]!);
        if (well) recorder.wholeCall(call, nowUs, work, this.#areSingle);
        else recorder.programLost(calls.callClass[call]!);
        this.#forget(calls.program[call]!, nowUs);
      }
    }
    // No program of several calls can have ended in the round in which the first one began.
    if (this.#areSingle && table.wereUsed) { this.#areSingle = false; recorder.programsDiffer(); }
  }

  // ---- what the runner asks for

  submit(run: RunningProgram, node: number, nowUs: number): void {
    const { context } = run.plan;
    if (context !== undefined) {
      const prompt = run.promptTokens[node] = promptTokensOf(run, context, node), output = run.outputTokens[node]!, rates = context.slotRates;
      // Where the workload says what a call needs, that is what it needs.
      if (rates !== undefined && Number.isNaN(run.plan.serviceUs[node])) {
        run.serviceUs[node] = slotServiceUs(prompt, output, rates.prefill, rates.decode);
        run.plan.firstTokenUs[node] = slotFirstTokenUs(prompt, output, rates.prefill, rates.decode);
      }
    }
    attemptBegun(run, node, nowUs);
    this.#port.submit(run, node, nowUs);
  }

  withdraw(run: RunningProgram, node: number, nowUs: number): void { this.#port.withdraw(run, node, nowUs); }
  wait(run: RunningProgram, node: number, us: number, nowUs: number): void { this.#port.wait(run, node, us, nowUs); }

  toolStart(run: RunningProgram, node: number, nowUs: number): void {
    this.table.outside.set(run.program, { run, node });
    this.#stage.addons.toolStart(run.program, run.plan.graph?.pool[node] ?? -1, nowUs);
    for (const policy of this.#hearing()) policy.toolStart?.(run.program, nowUs);
  }

  toolEnd(run: RunningProgram, node: number, nowUs: number): void {
    if (this.table.outside.get(run.program)?.node === node) this.table.outside.delete(run.program);
    for (const policy of this.#hearing()) policy.toolEnd?.(run.program, nowUs);
  }

  closed(run: RunningProgram, nowUs: number): void {
    const { recorder, alone, heard, pictures, model } = this.#stage, { plan, outcome } = run, responseUs = run.outcomeUs - plan.arrivalUs;
    if (outcome === 'completed') {
      const endsUs = aloneEndsUs(run, alone, heard?.heldAlone(run)), aloneUs = Math.max(...endsUs), path = pathOf(run, endsUs);
      recorder.programEnd(plan.callClass, responseUs, aloneUs, run.usefulTokens, plan.agent);
      recorder.programPath(plan.callClass, path.us, run.outcomeUs - run.startUs);
      pictures?.add(run, path.nodes, aloneUs, model.classes[plan.callClass] ?? 'all');
    } else {
      recorder.programLost(plan.callClass, outcome === 'abandoned');
      recorder.wasted(plan.callClass, run.usefulTokens);
    }
    this.table.begun.delete(run);
    if (run.wasRefused) this.#stage.unasked += run.unasked;
    // Nobody says of a client that died that its session is over: policies find out for themselves.
    if (run.outcome !== 'abandoned') this.#forget(run.program, nowUs);
    if (run.outcome === 'completed') this.#follow(run, nowUs);
  }

  /** Whose program was lost asks for no other: engines that refuse would be asked for ever. */
  #follow({ plan }: RunningProgram, nowUs: number): void {
    const draft = this.#draft;
    if (this.workload?.follow?.(plan, nowUs, draft) !== true) return;
    draft.arrivalUs = nowUs;
    this.runner.start(this.begin(draft));
  }

  #hearing(): readonly Policy[] { return this.#toolHearing ??= this.#stage.policies.filter((policy) => policy.toolStart !== undefined || policy.toolEnd !== undefined); }

  #forget(program: number, nowUs: number): void {
    this.#stage.addons.programEnd(program, nowUs);
    for (const policy of this.#forgetting ??= this.#stage.policies.filter((one) => one.programEnd !== undefined)) policy.programEnd!(program, nowUs);
  }
}

/** Tells the recorder of every program that is open when the window ends. Call before the recorder is closed. */
export function tellOpenPrograms({ calls, programs, recorder, model, openScripts }: Stage, endUs: number): void {
  for (const { plan } of programs.begun) recorder.programOpen(plan.callClass, endUs - plan.arrivalUs);
  for (const [life, callClass] of openScripts) if (life.firstUs >= 0) recorder.programOpen(callClass, endUs - life.firstUs);
  if ((model.scripts?.length ?? 0) > 0) return;
  for (let c = 0; c < calls.capacity; c++)
    if ((calls.state[c] === CALL_WAITING || calls.state[c] === CALL_RUNNING) && programs.runOf(c) === undefined) recorder.programOpen(calls.callClass[c], endUs - calls.arrivedUs[c]);
}
