// A recorder that lets somebody watch: the same counts and digests, and every lifecycle event told on. Used only where somebody asks.
import type { CallSlot, CallTable } from '../../src/dispatch/calls.ts';
import type { StepRecord } from '../engine/batch/step-record.ts';
import type { Lifecycle } from '../../src/observe/lifecycle.ts';
import { Recorder, type RecorderOptions } from './recorder.ts';

/** Told of every lifecycle event after the recorder has counted it, of places given back after a preemption, and of the end of the window. */
export interface Watcher extends Lifecycle {
  resume(call: CallSlot, engine: number, nowUs: number): void;
  /** Of batch engines: every step when it is planned, so that they step one by one; and from when on a call's time belongs to another part (PART_…). */
  step?(record: Readonly<StepRecord>): void;
  part?(call: CallSlot, part: number, nowUs: number): void;
  close(endUs: number): void;
}

/** Makes a watcher for one replication. `ids`: names of calls by slot, where a trace gives them; known from the first arrival on. */
export type Watch = (calls: CallTable, ids: () => readonly string[] | undefined) => Watcher;

export class WatchedRecorder extends Recorder {
  readonly #watcher: Watcher;
  constructor(options: RecorderOptions, watcher: Watcher) {
    super(options);
    this.#watcher = watcher;
  }
  override arrive(call: CallSlot, nowUs: number): void { super.arrive(call, nowUs); this.#watcher.arrive(call, nowUs); }
  override grant(call: CallSlot, engine: number, nowUs: number): void { super.grant(call, engine, nowUs); this.#watcher.grant(call, engine, nowUs); }
  override schedule(call: CallSlot, engine: number, nowUs: number): void { super.schedule(call, engine, nowUs); this.#watcher.schedule(call, engine, nowUs); }
  override firstToken(call: CallSlot, engine: number, nowUs: number): void { super.firstToken(call, engine, nowUs); this.#watcher.firstToken(call, engine, nowUs); }
  override preempt(call: CallSlot, engine: number, nowUs: number): void { super.preempt(call, engine, nowUs); this.#watcher.preempt(call, engine, nowUs); }
  override finish(call: CallSlot, engine: number, nowUs: number): void { super.finish(call, engine, nowUs); this.#watcher.finish(call, engine, nowUs); }
  override drop(call: CallSlot, reason: number, wasRunning: boolean, nowUs: number): void { super.drop(call, reason, wasRunning, nowUs); this.#watcher.drop(call, reason, wasRunning, nowUs); }
  override close(endUs: number): Readonly<Record<string, number>> { const checks = super.close(endUs); this.#watcher.close(endUs); return checks; }
}
