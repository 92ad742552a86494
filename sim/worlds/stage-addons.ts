// The add-ons of one replication: the gate that keeps programs out, and the desk that tells engines whose prefix stays.
import { AdmissionGate } from '../../src/addons/admission-gate.ts';
import type { CallSlot, CallTable } from '../../src/dispatch/calls.ts';
import type { Lifecycle } from '../../src/observe/lifecycle.ts';
import type { Policy } from '../../src/policies/policy.ts';
import { cacheTokens } from '../addons.ts';
import type { Retainer } from '../engine/batch/retainer.ts';
import type { Model } from '../scenario.ts';

/** Where the last call of a program was served, how many were, and when its first came. */
interface Seen { engine: number; calls: number; readonly startUs: number }

export class StageAddons {
  readonly #calls: CallTable;
  readonly #gate: AdmissionGate | undefined;
  /** One an engine, where prefixes stay. */
  readonly #retainers: Retainer[] = [];
  readonly #keeps: boolean;
  readonly #seen = new Map<number, Seen>();

  constructor({ addons, engines }: Model, calls: CallTable) {
    this.#calls = calls;
    const chosen = addons?.admission;
    this.#keeps = addons?.retention !== undefined;
    if (chosen !== undefined) this.#gate = new AdmissionGate(chosen.definition.create({ calls, capacityTokens: engines.count * cacheTokens(engines), options: chosen.options }), calls);
  }

  /** Engines in the order of their numbers. */
  add(retainer: Retainer | undefined): void { if (retainer !== undefined) this.#retainers.push(retainer); }

  /** The policy of a queue in front of the engines. */
  before(policy: Policy): Policy { return this.#gate?.before(policy) ?? policy; }

  /** The same listener, and the desk. */
  hearing(lifecycle: Lifecycle): Lifecycle {
    if (!this.#keeps) return lifecycle;
    return {
      arrive: (call, nowUs) => { this.#arrive(call, nowUs); lifecycle.arrive(call, nowUs); },
      grant: (call, engine, nowUs) => { lifecycle.grant(call, engine, nowUs); },
      schedule: (call, engine, nowUs) => { lifecycle.schedule(call, engine, nowUs); },
      firstToken: (call, engine, nowUs) => { lifecycle.firstToken(call, engine, nowUs); },
      preempt: (call, engine, nowUs) => { lifecycle.preempt(call, engine, nowUs); },
      finish: (call, engine, nowUs) => { lifecycle.finish(call, engine, nowUs); },
      drop: (call, reason, wasRunning, nowUs) => { lifecycle.drop(call, reason, wasRunning, nowUs); },
    };
  }

  /** An engine has begun to serve a call for the first time. */
  scheduled(engine: number, call: CallSlot, nowUs: number): void {
    if (!this.#keeps) return;
    const program = this.#calls.program[call], seen = this.#seen.get(program);
    if (seen === undefined) return;
    const isFollowUp = seen.calls++ > 0, last = seen.engine;
    seen.engine = engine;
    this.#retainers[engine].schedule(program, nowUs - this.#calls.arrivedUs[call], isFollowUp, nowUs);
    // Its prefix stayed elsewhere for nothing.
    if (last >= 0 && last !== engine) this.#retainers[last].schedule(program, 0, false, nowUs);
  }

  /** Time passes outside the engines for a program. */
  toolStart(program: number, tool: number, nowUs: number): void {
    const seen = this.#seen.get(program);
    if (seen !== undefined && seen.engine >= 0) this.#retainers[seen.engine].toolStart(program, tool, seen.startUs, nowUs);
  }

  /** What they did so far, over all engines. */
  metrics(): Readonly<Record<string, number>> {
    const sums: Record<string, number> = { ...this.#gate?.admission.metrics() };
    for (const retainer of this.#retainers) for (const [name, value] of Object.entries(retainer.metrics())) sums[name] = (sums[name] ?? 0) + value;
    return sums;
  }

  programEnd(program: number, nowUs: number): void {
    this.#gate?.programEnd(program, nowUs);
    const seen = this.#keeps ? this.#seen.get(program) : undefined;
    if (seen === undefined) return;
    this.#seen.delete(program);
    if (seen.engine >= 0) this.#retainers[seen.engine].programEnd(program, seen.calls, nowUs);
  }

  #arrive(call: CallSlot, nowUs: number): void {
    const program = this.#calls.program[call], seen = this.#seen.get(program);
    if (seen === undefined) this.#seen.set(program, { engine: -1, calls: 0, startUs: nowUs });
    else if (seen.engine >= 0) this.#retainers[seen.engine].arrive(program, nowUs);
  }
}
